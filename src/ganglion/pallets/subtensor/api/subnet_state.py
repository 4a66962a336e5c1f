"""The neurons of a subnet as vectors. Source: subtensor pallets/subtensor/src/rpc_info/show_subnet.rs."""

from __future__ import annotations

from ganglion.frame.primitives import AlphaBalance, NetUid, PerU16, TaoBalance
from ganglion.frame.world import World
from ganglion.pallets.subtensor.api.subnet_fields import neuron_fields, only
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.scale import Struct
from ganglion.scale.types import AccountId, Compact, Vec, u16, u64


class SubnetState(Struct, path="pallet_subtensor::rpc_info::show_subnet::SubnetState"):
    """The neurons of a subnet, by uid."""

    netuid: Compact[NetUid]
    hotkeys: Vec[AccountId]
    coldkeys: Vec[AccountId]
    active: Vec[bool]
    validator_permit: Vec[bool]
    pruning_score: Vec[Compact[u16]]
    last_update: Vec[Compact[u64]]
    emission: Vec[Compact[AlphaBalance]]
    dividends: Vec[Compact[PerU16]]
    incentives: Vec[Compact[PerU16]]
    consensus: Vec[Compact[PerU16]]
    trust: Vec[Compact[PerU16]]
    rank: Vec[Compact[u16]]
    block_at_registration: Vec[Compact[u64]]
    alpha_stake: Vec[Compact[AlphaBalance]]
    tao_stake: Vec[Compact[TaoBalance]]
    total_stake: Vec[Compact[TaoBalance]]
    emission_history: Vec[Vec[Compact[AlphaBalance]]]


def subnet_state(world: World, netuid: int) -> SubnetState:
    """The neurons of an existing subnet. No history of emissions is kept: it is zero for every subnet."""
    fields = neuron_fields(world, netuid)
    none_kept = (0,) * len(fields["hotkeys"])
    history = (none_kept,) * len(world[Subnets].netuids())
    return SubnetState(**only(fields | {"netuid": netuid, "emission_history": history}, SubnetState))
