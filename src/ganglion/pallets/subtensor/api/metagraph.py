"""Metagraphs: all of a subnet in one answer, or the parts that a client names.

Source: subtensor pallets/subtensor/src/rpc_info/metagraph.rs, layouts of spec 475.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ganglion.fixed import I64F64
from ganglion.frame.primitives import AlphaBalance, NetUid, PerU16, TaoBalance
from ganglion.frame.world import World
from ganglion.pallets.fixed_point import I96F32Raw
from ganglion.pallets.subtensor.api.subnet_fields import (
    identity_fields,
    neuron_fields,
    only,
    pool_fields,
    presence_fields,
    setting_fields,
)
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.types import AxonInfo, ChainIdentity, SubnetIdentity, storage_index
from ganglion.scale import Struct
from ganglion.scale.containers import Some
from ganglion.scale.types import AccountId, Compact, Vec, u8, u16, u64, u128


class Metagraph(Struct, path="pallet_subtensor::rpc_info::metagraph::Metagraph"):
    """A subnet: state, hyperparameters, and vectors by uid."""

    netuid: Compact[NetUid]
    name: Vec[Compact[u8]]
    symbol: Vec[Compact[u8]]
    identity: SubnetIdentity | None
    network_registered_at: Compact[u64]
    owner_hotkey: AccountId
    owner_coldkey: AccountId
    block: Compact[u64]
    tempo: Compact[u16]
    last_step: Compact[u64]
    blocks_since_last_step: Compact[u64]
    subnet_emission: Compact[u64]
    alpha_in: Compact[AlphaBalance]
    alpha_out: Compact[AlphaBalance]
    tao_in: Compact[TaoBalance]
    alpha_out_emission: Compact[AlphaBalance]
    alpha_in_emission: Compact[AlphaBalance]
    tao_in_emission: Compact[TaoBalance]
    pending_alpha_emission: Compact[AlphaBalance]
    pending_root_emission: Compact[TaoBalance]
    subnet_volume: Compact[u128]
    moving_price: I96F32Raw
    rho: Compact[u16]
    kappa: Compact[u16]
    min_allowed_weights: Compact[u16]
    max_weights_limit: Compact[u16]
    weights_version: Compact[u64]
    weights_rate_limit: Compact[u64]
    activity_cutoff: Compact[u64]
    max_validators: Compact[u16]
    num_uids: Compact[u16]
    max_uids: Compact[u16]
    burn: Compact[TaoBalance]
    difficulty: Compact[u64]
    registration_allowed: bool
    pow_registration_allowed: bool
    immunity_period: Compact[u16]
    min_difficulty: Compact[u64]
    max_difficulty: Compact[u64]
    min_burn: Compact[TaoBalance]
    max_burn: Compact[TaoBalance]
    adjustment_alpha: Compact[u64]
    adjustment_interval: Compact[u16]
    target_regs_per_interval: Compact[u16]
    max_regs_per_block: Compact[u16]
    serving_rate_limit: Compact[u64]
    commit_reveal_weights_enabled: bool
    commit_reveal_period: Compact[u64]
    liquid_alpha_enabled: bool
    alpha_high: Compact[u16]
    alpha_low: Compact[u16]
    bonds_moving_avg: Compact[u64]
    hotkeys: Vec[AccountId]
    coldkeys: Vec[AccountId]
    identities: Vec[ChainIdentity | None]
    axons: Vec[AxonInfo]
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
    tao_dividends_per_hotkey: Vec[tuple[AccountId, Compact[TaoBalance]]]
    alpha_dividends_per_hotkey: Vec[tuple[AccountId, Compact[AlphaBalance]]]
    collateral_locked: Vec[Compact[AlphaBalance]]
    collateral_min: Vec[Compact[AlphaBalance]]
    collateral_earned: Vec[Compact[AlphaBalance]]


class SelectiveMetagraph(Struct, path="pallet_subtensor::rpc_info::metagraph::SelectiveMetagraph"):
    """Parts of a metagraph; what was not asked for is None."""

    netuid: Compact[NetUid]
    name: Vec[Compact[u8]] | None = None
    symbol: Vec[Compact[u8]] | None = None
    identity: Some[SubnetIdentity | None] | None = None
    network_registered_at: Compact[u64] | None = None
    owner_hotkey: AccountId | None = None
    owner_coldkey: AccountId | None = None
    block: Compact[u64] | None = None
    tempo: Compact[u16] | None = None
    last_step: Compact[u64] | None = None
    blocks_since_last_step: Compact[u64] | None = None
    subnet_emission: Compact[u64] | None = None
    alpha_in: Compact[AlphaBalance] | None = None
    alpha_out: Compact[AlphaBalance] | None = None
    tao_in: Compact[TaoBalance] | None = None
    alpha_out_emission: Compact[AlphaBalance] | None = None
    alpha_in_emission: Compact[AlphaBalance] | None = None
    tao_in_emission: Compact[TaoBalance] | None = None
    pending_alpha_emission: Compact[AlphaBalance] | None = None
    pending_root_emission: Compact[TaoBalance] | None = None
    subnet_volume: Compact[u128] | None = None
    moving_price: I96F32Raw | None = None
    rho: Compact[u16] | None = None
    kappa: Compact[u16] | None = None
    min_allowed_weights: Compact[u16] | None = None
    max_weights_limit: Compact[u16] | None = None
    weights_version: Compact[u64] | None = None
    weights_rate_limit: Compact[u64] | None = None
    activity_cutoff: Compact[u64] | None = None
    max_validators: Compact[u16] | None = None
    num_uids: Compact[u16] | None = None
    max_uids: Compact[u16] | None = None
    burn: Compact[TaoBalance] | None = None
    difficulty: Compact[u64] | None = None
    registration_allowed: bool | None = None
    pow_registration_allowed: bool | None = None
    immunity_period: Compact[u16] | None = None
    min_difficulty: Compact[u64] | None = None
    max_difficulty: Compact[u64] | None = None
    min_burn: Compact[TaoBalance] | None = None
    max_burn: Compact[TaoBalance] | None = None
    adjustment_alpha: Compact[u64] | None = None
    adjustment_interval: Compact[u16] | None = None
    target_regs_per_interval: Compact[u16] | None = None
    max_regs_per_block: Compact[u16] | None = None
    serving_rate_limit: Compact[u64] | None = None
    commit_reveal_weights_enabled: bool | None = None
    commit_reveal_period: Compact[u64] | None = None
    liquid_alpha_enabled: bool | None = None
    alpha_high: Compact[u16] | None = None
    alpha_low: Compact[u16] | None = None
    bonds_moving_avg: Compact[u64] | None = None
    hotkeys: Vec[AccountId] | None = None
    coldkeys: Vec[AccountId] | None = None
    identities: Vec[ChainIdentity | None] | None = None
    axons: Vec[AxonInfo] | None = None
    active: Vec[bool] | None = None
    validator_permit: Vec[bool] | None = None
    pruning_score: Vec[Compact[u16]] | None = None
    last_update: Vec[Compact[u64]] | None = None
    emission: Vec[Compact[AlphaBalance]] | None = None
    dividends: Vec[Compact[PerU16]] | None = None
    incentives: Vec[Compact[PerU16]] | None = None
    consensus: Vec[Compact[PerU16]] | None = None
    trust: Vec[Compact[PerU16]] | None = None
    rank: Vec[Compact[u16]] | None = None
    block_at_registration: Vec[Compact[u64]] | None = None
    alpha_stake: Vec[Compact[AlphaBalance]] | None = None
    tao_stake: Vec[Compact[TaoBalance]] | None = None
    total_stake: Vec[Compact[TaoBalance]] | None = None
    tao_dividends_per_hotkey: Vec[tuple[AccountId, Compact[TaoBalance]]] | None = None
    alpha_dividends_per_hotkey: Vec[tuple[AccountId, Compact[AlphaBalance]]] | None = None
    validators: Vec[Compact[u16]] | None = None
    commitments: Vec[tuple[AccountId, Vec[Compact[u8]]]] | None = None
    collateral_locked: Vec[Compact[AlphaBalance]] | None = None
    collateral_min: Vec[Compact[AlphaBalance]] | None = None
    collateral_earned: Vec[Compact[AlphaBalance]] | None = None


PARTS = tuple(SelectiveMetagraph.__dataclass_fields__)
"""Names of the parts by the index with which clients ask for them."""


def metagraph(world: World, netuid: int, mechanism: int = 0) -> Metagraph:
    """The metagraph of an existing subnet, with the votes' results of one mechanism."""
    fields = (
        identity_fields(world, netuid)
        | pool_fields(world, netuid)
        | setting_fields(world, netuid)
        | neuron_fields(world, netuid, mechanism)
        | presence_fields(world, netuid)
        | {"netuid": storage_index(netuid, mechanism)}
    )
    return Metagraph(**only(fields, Metagraph))


def selective_metagraph(
    world: World, netuid: int, parts: Iterable[int], mechanism: int = 0
) -> SelectiveMetagraph:
    """The parts with these indices of an existing subnet's metagraph; unknown indices give nothing."""
    whole = metagraph(world, netuid, mechanism)
    wanted = {PARTS[part] for part in parts if part < len(PARTS)} - {"netuid"}
    found = {name: getattr(whole, name) for name in wanted if hasattr(whole, name)}
    if "identity" in found:
        found["identity"] = Some(whole.identity)
    if "validators" in wanted:
        found["validators"] = _validators(world, netuid, whole.validator_permit)
    if "commitments" in wanted:
        found["commitments"] = ()
    return replace(SelectiveMetagraph(netuid), **found)


def _validators(world: World, netuid: int, permits: tuple[bool, ...]) -> tuple[int, ...]:
    """The uids with a permit and more weight than the threshold, lightest first."""
    weights, threshold = world[StakeWeights].of_subnet(netuid), world[StakeWeights].stake_threshold.get()
    heavy = [
        (weight.total, uid)
        for uid, (weight, permit) in enumerate(zip(weights, permits, strict=False))
        if permit and weight.total > I64F64.from_int(threshold)
    ]
    return tuple(uid for _, uid in sorted(heavy))
