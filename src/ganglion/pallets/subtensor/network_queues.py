"""Launches and closings of subnets that wait for another block.

On the real chain a closed subnet is cleared away over many blocks, and launches wait for that. Here a
launch happens at once or is refused, so nothing ever waits; clients look here before and after they launch.
Source: spec 475, pallet_subtensor::subnets::{subnet, dissolution}.
"""

from __future__ import annotations

import enum

from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid, TaoBalance
from ganglion.frame.storage import StorageValue, storage
from ganglion.pallets.fixed_point import U64F64Raw
from ganglion.pallets.subtensor.types import SubnetIdentity
from ganglion.scale import Struct, named
from ganglion.scale.types import AccountId, Bytes, Vec, u16, u32, u64, u128


class NetworkRegistrationInfo(Struct, path="pallet_subtensor::subnets::subnet::NetworkRegistrationInfo"):
    """A launch that waits."""

    coldkey: AccountId
    hotkey: AccountId
    mechid: u16
    identity: SubnetIdentity | None
    lock_amount: TaoBalance
    median_subnet_alpha_price: U64F64Raw
    registration_block: u64
    lock_id: u32


@named("pallet_subtensor::subnets::dissolution::DissolveCleanupPhase")
class DissolveCleanupPhase(enum.IntEnum):
    """What is being cleared away."""

    SubnetRootDividendsRootClaimable = 0
    SubnetRootDividendsRootClaimed = 1
    AlphaInOutStakesGetTotalAlphaValue = 2
    AlphaInOutStakesSettleStakes = 3
    AlphaInOutStakesAlpha = 4
    AlphaInOutStakesHotkeyTotals = 5
    AlphaInOutStakesLocks = 6
    AlphaInOutStakesDecayingLocks = 7
    AlphaInOutStakes = 8
    ProtocolLiquidity = 9
    PurgeNetuid = 10
    NetworkIsNetworkMember = 11
    NetworkParameters = 12
    NetworkMapParameters = 13
    NetworkUpdateWeightsOnRoot = 14
    NetworkChildkeyTake = 15
    NetworkChildkeys = 16
    NetworkParentkeys = 17
    NetworkLastHotkeyEmissionOnNetuid = 18
    NetworkTotalHotkeyAlphaLastEpoch = 19
    NetworkTransactionKeyLastBlock = 20
    NetworkLock = 21
    NetworkDecayingLock = 22
    SubnetBasketHoldingsToRoot = 23
    NetworkPendingBasketDeposits = 24
    NetworkAlphaAssetCounters = 25


class DissolveCleanupStatus(Struct, path="pallet_subtensor::subnets::dissolution::DissolveCleanupStatus"):
    """How far the clearing of a subnet has come."""

    netuid: NetUid
    phase: DissolveCleanupPhase
    last_key: Bytes | None
    subnet_total_alpha_value: u128 | None
    subnet_distributed_tao: u128 | None


class NetworkQueues(Section):
    """What waits: nothing."""

    network_registration_queue: StorageValue[Vec[NetworkRegistrationInfo]] = storage(default=())
    dissolve_cleanup_queue: StorageValue[Vec[NetUid]] = storage(default=())
    current_dissolve_cleanup_status: StorageValue[DissolveCleanupStatus | None] = storage()
