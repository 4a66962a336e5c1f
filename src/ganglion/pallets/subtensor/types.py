"""What SubtensorModule stores: endpoints, identities, positions, keys of rate limits.

Source: subtensor pallets/subtensor/src/lib.rs and utils/rate_limiting.rs, layouts of spec 475.
"""

from __future__ import annotations

import enum
from typing import Annotated

from ganglion.frame.primitives import AlphaBalance, NetUid, Percent, TaoBalance
from ganglion.pallets.fixed_point import U64F64Raw
from ganglion.scale import Enum, Struct, named
from ganglion.scale.markers import Bounded
from ganglion.scale.types import AccountId, Bytes, i64, u8, u16, u32, u64, u128

ROOT_NETUID = 0
"""The root network: TAO staked there counts on every subnet."""

ZERO_ACCOUNT = bytes(32)
"""What reads of an absent account give where an item has no optional form."""


class SafeFloat(Struct, path="share_pool::SafeFloat"):
    """A decimal float: mantissa * 10**exponent."""

    mantissa: u128
    exponent: i64


class LockState(Struct, path="pallet_subtensor::staking::lock::LockState"):
    """Alpha locked by a coldkey, and the conviction that it has gathered at `last_update` (a block)."""

    locked_mass: AlphaBalance
    conviction: U64F64Raw
    last_update: u64


class MinerCollateralState(Struct, path="pallet_subtensor::pallet::MinerCollateralState"):
    """A miner's collateral on a subnet."""

    locked: AlphaBalance
    drain_ratio: U64F64Raw
    min_locked: AlphaBalance
    earned: AlphaBalance


class AxonInfo(Struct, path="pallet_subtensor::pallet::AxonInfo"):
    """Where a neuron serves. `ip` is the address as an integer, `ip_type` 4 or 6."""

    block: u64
    version: u32
    ip: u128
    port: u16
    ip_type: u8
    protocol: u8
    placeholder1: u8
    placeholder2: u8


class PrometheusInfo(Struct, path="pallet_subtensor::pallet::PrometheusInfo"):
    """Where a neuron serves its metrics."""

    block: u64
    version: u32
    ip: u128
    port: u16
    ip_type: u8


class NeuronCertificate(Struct, path="pallet_subtensor::pallet::NeuronCertificate"):
    """A neuron's TLS key: the algorithm's number and at most 64 bytes."""

    public_key: Annotated[Bytes, Bounded(64)]
    algorithm: u8


class ChainIdentity(Struct, path="pallet_subtensor::pallet::ChainIdentityV2"):
    """How a coldkey presents itself."""

    name: Bytes
    url: Bytes
    github_repo: Bytes
    image: Bytes
    discord: Bytes
    description: Bytes
    additional: Bytes


class SubnetIdentity(Struct, path="pallet_subtensor::pallet::SubnetIdentityV3"):
    """How a subnet presents itself."""

    subnet_name: Bytes
    github_repo: Bytes
    subnet_contact: Bytes
    subnet_url: Bytes
    discord: Bytes
    description: Bytes
    logo_url: Bytes
    additional: Bytes


class SubnetLease(Struct, path="pallet_subtensor::subnets::leasing::SubnetLease"):
    """A subnet paid for by a crowdloan and run by its beneficiary. `end_block` None: for ever."""

    beneficiary: AccountId
    coldkey: AccountId
    hotkey: AccountId
    emissions_share: Percent
    end_block: u32 | None
    netuid: NetUid
    cost: TaoBalance


@named("pallet_subtensor::pallet::RecycleOrBurnEnum")
class RecycleOrBurn(enum.IntEnum):
    """What becomes of the pay of the owner's own miners."""

    Burn = 0
    Recycle = 1


@named("pallet_subtensor::pallet::ConsensusMode")
class ConsensusMode(enum.IntEnum):
    """Which consensus liquid alpha compares votes with: this epoch's, the one before, or as it fits."""

    Current = 0
    Previous = 1
    Auto = 2


@named("pallet_subtensor::EpochConsensus")
class EpochConsensus(enum.IntEnum):
    """How a subnet's epoch finds consensus."""

    Yuma = 0
    Null = 1


@named("pallet_subtensor::utils::rate_limiting::Hyperparameter")
class Hyperparameter(enum.IntEnum):
    """Hyperparameters whose changes by an owner are rate limited each on its own."""

    Unknown = 0
    ServingRateLimit = 1
    MaxDifficulty = 2
    AdjustmentAlpha = 3
    MaxWeightLimit = 4
    ImmunityPeriod = 5
    MinAllowedWeights = 6
    Kappa = 7
    Rho = 8
    ActivityCutoff = 9
    PowRegistrationAllowed = 10
    MinBurn = 11
    MaxBurn = 12
    BondsMovingAverage = 13
    BondsPenalty = 14
    CommitRevealEnabled = 15
    LiquidAlphaEnabled = 16
    AlphaValues = 17
    WeightCommitInterval = 18
    TransferEnabled = 19
    AlphaSigmoidSteepness = 20
    Yuma3Enabled = 21
    BondsResetEnabled = 22
    ImmuneNeuronLimit = 23
    RecycleOrBurn = 24
    MaxAllowedUids = 25
    BurnHalfLife = 26
    BurnIncreaseMult = 27
    SubnetEmissionEnabled = 28
    MinChildkeyTake = 29
    ActivityCutoffFactorMilli = 30
    TriggerEpoch = 31
    CollateralLockShare = 32
    CollateralDrainRatio = 33
    LiquidAlphaConsensusMode = 34
    EpochConsensus = 35
    BurnRegistrationAllowed = 36


class RateLimitKey(Enum, path="pallet_subtensor::RateLimitKey"):
    """What a rate limit remembers the last block of."""


class SetSNOwnerHotkey(RateLimitKey, index=0, positional=True):
    netuid: NetUid


class OwnerHyperparamUpdate(RateLimitKey, index=1, positional=True):
    netuid: NetUid
    hyperparameter: Hyperparameter


class NetworkLastRegistered(RateLimitKey, index=2): ...


class LastTxBlock(RateLimitKey, index=3, positional=True):
    account: AccountId


class LastTxBlockChildKeyTake(RateLimitKey, index=4, positional=True):
    account: AccountId


class LastTxBlockDelegateTake(RateLimitKey, index=5, positional=True):
    account: AccountId


class AddStakeBurnLimit(RateLimitKey, index=6, name="AddStakeBurn", positional=True):
    netuid: NetUid


U16_MAX = (1 << 16) - 1
MAX_SUBNETS = 4096
"""Netuids that fit into a storage index beside the mechanism's number."""


def storage_index(netuid: int, mechanism: int) -> int:
    """The key of what is stored for each mechanism of a subnet; that of mechanism 0 is the netuid.

    A mechanism that no u16 can name has the greatest key, under which nothing is: such are asked for.
    """
    return min(mechanism * MAX_SUBNETS + netuid, U16_MAX)


def split_index(index: int) -> tuple[int, int]:
    """Netuid and mechanism of a storage index."""
    mechanism, netuid = divmod(index, MAX_SUBNETS)
    return netuid, mechanism
