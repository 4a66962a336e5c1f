"""A subnet's hyperparameters, in two fixed layouts and as a list of names and values.

Source: subtensor pallets/subtensor/src/rpc_info/subnet_info.rs.
"""

from __future__ import annotations

from ganglion.fixed import I32F32
from ganglion.frame.primitives import TaoBalance
from ganglion.frame.world import World
from ganglion.pallets.fixed_point import I32F32Raw, U64F64Raw
from ganglion.pallets.subtensor.api.subnet_fields import Fields, only, setting_fields
from ganglion.pallets.subtensor.childkey_takes import ChildkeyTakes
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.scale import Enum, Struct
from ganglion.scale.types import Bytes, Compact, u16, u32, u64, u128


class SubnetHyperparams(Struct, path="pallet_subtensor::rpc_info::subnet_info::SubnetHyperparams"):
    """The settings that the first interface knew."""

    rho: Compact[u16]
    kappa: Compact[u16]
    immunity_period: Compact[u16]
    min_allowed_weights: Compact[u16]
    max_weights_limit: Compact[u16]
    tempo: Compact[u16]
    min_difficulty: Compact[u64]
    max_difficulty: Compact[u64]
    weights_version: Compact[u64]
    weights_rate_limit: Compact[u64]
    adjustment_interval: Compact[u16]
    activity_cutoff: Compact[u64]
    registration_allowed: bool
    target_regs_per_interval: Compact[u16]
    min_burn: Compact[TaoBalance]
    max_burn: Compact[TaoBalance]
    bonds_moving_avg: Compact[u64]
    max_regs_per_block: Compact[u16]
    serving_rate_limit: Compact[u64]
    max_validators: Compact[u16]
    adjustment_alpha: Compact[u64]
    difficulty: Compact[u64]
    commit_reveal_period: Compact[u64]
    commit_reveal_weights_enabled: bool
    alpha_high: Compact[u16]
    alpha_low: Compact[u16]
    liquid_alpha_enabled: bool


class SubnetHyperparamsV2(
    SubnetHyperparams, path="pallet_subtensor::rpc_info::subnet_info::SubnetHyperparamsV2"
):
    """And those that the second added."""

    alpha_sigmoid_steepness: I32F32Raw
    yuma_version: Compact[u16]
    subnet_is_active: bool
    transfers_enabled: bool
    bonds_reset_enabled: bool
    user_liquidity_enabled: bool


class HyperparamValue(Enum, path="pallet_subtensor::rpc_info::subnet_info::HyperparamValue"):
    """A value with its type."""


class BoolValue(HyperparamValue, index=0, name="Bool", positional=True):
    value: bool


class U16Value(HyperparamValue, index=1, name="U16", positional=True):
    value: Compact[u16]


class U32Value(HyperparamValue, index=2, name="U32", positional=True):
    value: Compact[u32]


class U64Value(HyperparamValue, index=3, name="U64", positional=True):
    value: Compact[u64]


class U128Value(HyperparamValue, index=4, name="U128", positional=True):
    value: Compact[u128]


class TaoValue(HyperparamValue, index=5, name="TaoBalance", positional=True):
    value: Compact[TaoBalance]


class I32F32Value(HyperparamValue, index=6, name="I32F32", positional=True):
    value: I32F32Raw


class U64F64Value(HyperparamValue, index=7, name="U64F64", positional=True):
    value: U64F64Raw


class HyperparamEntry(Struct, path="pallet_subtensor::rpc_info::subnet_info::HyperparamEntry"):
    """A hyperparameter."""

    name: Bytes
    value: HyperparamValue


ENTRIES = {
    "kappa": U16Value,
    "immunity_period": U16Value,
    "min_allowed_weights": U16Value,
    "max_weights_limit": U16Value,
    "tempo": U16Value,
    "weights_version": U64Value,
    "weights_rate_limit": U64Value,
    "activity_cutoff": U64Value,
    "activity_cutoff_factor": U32Value,
    "registration_allowed": BoolValue,
    "target_regs_per_interval": U16Value,
    "min_burn": TaoValue,
    "max_burn": TaoValue,
    "burn_half_life": U16Value,
    "burn_increase_mult": U64F64Value,
    "bonds_moving_avg": U64Value,
    "max_regs_per_block": U16Value,
    "serving_rate_limit": U64Value,
    "max_validators": U16Value,
    "commit_reveal_period": U64Value,
    "commit_reveal_weights_enabled": BoolValue,
    "alpha_high": U16Value,
    "alpha_low": U16Value,
    "liquid_alpha_enabled": BoolValue,
    "alpha_sigmoid_steepness": I32F32Value,
    "yuma_version": U16Value,
    "subnet_is_active": BoolValue,
    "transfers_enabled": BoolValue,
    "bonds_reset_enabled": BoolValue,
    "user_liquidity_enabled": BoolValue,
    "owner_cut_enabled": BoolValue,
    "owner_cut_auto_lock_enabled": BoolValue,
    "min_childkey_take": U16Value,
}
"""The list's entries in its order, with the type of each value."""


def hyperparams(world: World, netuid: int) -> SubnetHyperparams:
    """The first layout, for an existing subnet."""
    return SubnetHyperparams(**only(setting_fields(world, netuid), SubnetHyperparams))


def hyperparams_v2(world: World, netuid: int) -> SubnetHyperparamsV2:
    """The second layout, for an existing subnet."""
    return SubnetHyperparamsV2(**only(_all_fields(world, netuid), SubnetHyperparamsV2))


def hyperparams_v3(world: World, netuid: int) -> tuple[HyperparamEntry, ...]:
    """The list, for an existing subnet."""
    fields = _all_fields(world, netuid)
    return tuple(HyperparamEntry(name.encode(), kind(fields[name])) for name, kind in ENTRIES.items())


def _all_fields(world: World, netuid: int) -> Fields:
    settings = world[Hyperparameters]
    return setting_fields(world, netuid) | {
        "activity_cutoff_factor": settings.activity_cutoff_factor_milli[netuid],
        "burn_half_life": settings.burn_half_life[netuid],
        "burn_increase_mult": settings.burn_increase_mult[netuid],
        "alpha_sigmoid_steepness": I32F32.from_int(settings.alpha_sigmoid_steepness[netuid]),
        "yuma_version": 3 if settings.yuma3_on[netuid] else 2,
        "subnet_is_active": world[Subnets].subtoken_enabled[netuid],
        "transfers_enabled": settings.transfer_toggle[netuid],
        "bonds_reset_enabled": settings.bonds_reset_on[netuid],
        "user_liquidity_enabled": False,
        "owner_cut_enabled": world[SubnetEmission].owner_cut_enabled[netuid],
        "owner_cut_auto_lock_enabled": settings.owner_cut_auto_lock_enabled[netuid],
        "min_childkey_take": world[ChildkeyTakes].least(netuid),
    }
