"""A subnet's pool, price and pots. Source: subtensor pallets/subtensor/src/rpc_info/dynamic_info.rs."""

from __future__ import annotations

from ganglion.frame.primitives import AlphaBalance, NetUid, TaoBalance
from ganglion.frame.world import World
from ganglion.pallets.fixed_point import I96F32Raw
from ganglion.pallets.subtensor.api.subnet_fields import identity_fields, only, pool_fields
from ganglion.pallets.subtensor.types import SubnetIdentity
from ganglion.scale import Struct
from ganglion.scale.types import AccountId, Compact, Vec, u8, u16, u64, u128


class DynamicInfo(Struct, path="pallet_subtensor::rpc_info::dynamic_info::DynamicInfo"):
    """A subnet's pool, price and pots."""

    netuid: Compact[NetUid]
    owner_hotkey: AccountId
    owner_coldkey: AccountId
    subnet_name: Vec[Compact[u8]]
    token_symbol: Vec[Compact[u8]]
    tempo: Compact[u16]
    last_step: Compact[u64]
    blocks_since_last_step: Compact[u64]
    emission: Compact[u64]
    alpha_in: Compact[AlphaBalance]
    alpha_out: Compact[AlphaBalance]
    tao_in: Compact[TaoBalance]
    alpha_out_emission: Compact[AlphaBalance]
    alpha_in_emission: Compact[AlphaBalance]
    tao_in_emission: Compact[TaoBalance]
    pending_alpha_emission: Compact[AlphaBalance]
    pending_root_emission: Compact[TaoBalance]
    subnet_volume: Compact[u128]
    network_registered_at: Compact[u64]
    subnet_identity: SubnetIdentity | None
    moving_price: I96F32Raw


def dynamic_info(world: World, netuid: int) -> DynamicInfo:
    """The pool, price and pots of an existing subnet."""
    fields = identity_fields(world, netuid) | pool_fields(world, netuid)
    renamed = {
        "subnet_name": fields["name"],
        "token_symbol": fields["symbol"],
        "subnet_identity": fields["identity"],
        "emission": fields["subnet_emission"],
    }
    return DynamicInfo(**only(fields | renamed, DynamicInfo))
