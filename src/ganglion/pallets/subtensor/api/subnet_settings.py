"""A subnet's settings and owner, in two old layouts.

Source: subtensor pallets/subtensor/src/rpc_info/subnet_info.rs.
"""

from __future__ import annotations

from typing import Annotated

from ganglion.frame.primitives import NetUid, TaoBalance
from ganglion.frame.world import World
from ganglion.pallets.subtensor.api.subnet_fields import Fields, identity_fields, setting_fields
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.types import SubnetIdentity
from ganglion.scale import Struct
from ganglion.scale.markers import Length
from ganglion.scale.types import AccountId, Compact, Vec, u16, u64

Connection = Annotated[Vec[u16], Length(2)]
SCALING_LAW_POWER = 50


class SubnetInfo(Struct, path="pallet_subtensor::rpc_info::subnet_info::SubnetInfo"):
    """A subnet's settings and owner."""

    netuid: Compact[NetUid]
    rho: Compact[u16]
    kappa: Compact[u16]
    difficulty: Compact[u64]
    immunity_period: Compact[u16]
    max_allowed_validators: Compact[u16]
    min_allowed_weights: Compact[u16]
    max_weights_limit: Compact[u16]
    scaling_law_power: Compact[u16]
    subnetwork_n: Compact[u16]
    max_allowed_uids: Compact[u16]
    blocks_since_last_step: Compact[u64]
    tempo: Compact[u16]
    network_modality: Compact[u16]
    network_connect: Vec[Connection]
    emission_values: Compact[u64]
    burn: Compact[TaoBalance]
    owner: AccountId


class SubnetInfov2(Struct, path="pallet_subtensor::rpc_info::subnet_info::SubnetInfov2"):
    """The same with the subnet's identity."""

    netuid: Compact[NetUid]
    rho: Compact[u16]
    kappa: Compact[u16]
    difficulty: Compact[u64]
    immunity_period: Compact[u16]
    max_allowed_validators: Compact[u16]
    min_allowed_weights: Compact[u16]
    max_weights_limit: Compact[u16]
    scaling_law_power: Compact[u16]
    subnetwork_n: Compact[u16]
    max_allowed_uids: Compact[u16]
    blocks_since_last_step: Compact[u64]
    tempo: Compact[u16]
    network_modality: Compact[u16]
    network_connect: Vec[Connection]
    emission_value: Compact[u64]
    burn: Compact[TaoBalance]
    owner: AccountId
    identity: SubnetIdentity | None


def subnet_info(world: World, netuid: int) -> SubnetInfo:
    """Settings and owner of an existing subnet."""
    return SubnetInfo(**_fields(world, netuid), emission_values=0)


def subnet_info_v2(world: World, netuid: int) -> SubnetInfov2:
    """Settings, owner and identity of an existing subnet."""
    identity = identity_fields(world, netuid)["identity"]
    return SubnetInfov2(**_fields(world, netuid), emission_value=0, identity=identity)


def _fields(world: World, netuid: int) -> Fields:
    settings = setting_fields(world, netuid)
    same = ("rho", "kappa", "difficulty", "immunity_period", "min_allowed_weights", "tempo", "burn")
    return {name: settings[name] for name in same} | {
        "netuid": netuid,
        "max_weights_limit": settings["max_weights_limit"],
        "max_allowed_validators": settings["max_validators"],
        "scaling_law_power": SCALING_LAW_POWER,
        "subnetwork_n": settings["num_uids"],
        "max_allowed_uids": settings["max_uids"],
        "blocks_since_last_step": world[EpochSchedule].blocks_since_last_step[netuid],
        "network_modality": 0,
        "network_connect": (),
        "owner": identity_fields(world, netuid)["owner_coldkey"],
    }
