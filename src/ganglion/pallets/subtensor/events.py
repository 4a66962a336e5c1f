"""Events of SubtensorModule. Most carry their values without names on the wire.

Source: subtensor pallets/subtensor/src/macros/events.rs, indices of spec 475.
"""

from __future__ import annotations

from ganglion.frame.dispatch import DispatchError
from ganglion.frame.event import Event
from ganglion.frame.primitives import (
    AlphaBalance,
    BlockNumber,
    NetUid,
    NetUidStorageIndex,
    PerU16,
    TaoBalance,
)
from ganglion.pallets.fixed_point import U64F64Raw
from ganglion.pallets.subtensor.types import ConsensusMode
from ganglion.scale.types import H160, H256, AccountId, Bytes, Compact, Vec, i16, u8, u16, u32, u64

# -- subnets


class NetworkAdded(Event, index=0, positional=True):
    """A subnet was registered."""

    netuid: NetUid
    mechanism: u16


class NetworkRemoved(Event, index=1, positional=True):
    """A subnet was dissolved."""

    netuid: NetUid


class NetworkRateLimitSet(Event, index=59, positional=True):
    """Blocks between two subnet registrations changed."""

    blocks: u64


class NetworkImmunityPeriodSet(Event, index=60, positional=True):
    """Blocks during which a new subnet cannot be pruned changed."""

    blocks: u64


class StartCallDelaySet(Event, index=61, positional=True):
    """Blocks from a subnet's registration to its earliest start changed."""

    blocks: u64


class NetworkMinLockCostSet(Event, index=62, positional=True):
    """The least lock cost changed."""

    cost: TaoBalance


class SubnetLimitSet(Event, index=63, positional=True):
    """How many subnets there may be changed."""

    limit: u16


class NetworkLockCostReductionIntervalSet(Event, index=64, positional=True):
    """Blocks in which one lock decays changed."""

    blocks: u64


class SubnetOwnerHotkeySet(Event, index=95, positional=True):
    """A subnet's owner chose another hotkey."""

    netuid: NetUid
    hotkey: AccountId


class FirstEmissionBlockNumberSet(Event, index=96, positional=True):
    """A subnet was started: emission begins at `block`."""

    netuid: NetUid
    block: u64


class SymbolUpdated(Event, index=106):
    """A subnet's token has another symbol."""

    netuid: NetUid
    symbol: Bytes


class SubnetOwnerChanged(Event, index=139):
    """A subnet has another owner."""

    netuid: NetUid
    old_coldkey: AccountId
    new_coldkey: AccountId


class SubnetIdentitySet(Event, index=79, positional=True):
    """A subnet presents itself anew."""

    netuid: NetUid


class SubnetIdentityRemoved(Event, index=80, positional=True):
    """A subnet's identity is gone."""

    netuid: NetUid


class ChainIdentitySet(Event, index=78, positional=True):
    """A coldkey presents itself anew."""

    coldkey: AccountId


# -- neurons


class NeuronRegistered(Event, index=7, positional=True):
    """A hotkey received a uid."""

    netuid: NetUid
    uid: u16
    hotkey: AccountId


class AxonServed(Event, index=29, positional=True):
    """A neuron told where it serves."""

    netuid: NetUid
    hotkey: AccountId


class PrometheusServed(Event, index=30, positional=True):
    """A neuron told where it serves its metrics."""

    netuid: NetUid
    hotkey: AccountId


# -- weights


class WeightsSet(Event, index=5, positional=True):
    """A validator set weights."""

    storage_index: NetUidStorageIndex
    uid: u16


class WeightsCommitted(Event, index=86, positional=True):
    """A validator committed to the hash of its weights."""

    hotkey: AccountId
    storage_index: NetUidStorageIndex
    commit_hash: H256


class WeightsRevealed(Event, index=87, positional=True):
    """A validator revealed the weights behind a commit."""

    hotkey: AccountId
    storage_index: NetUidStorageIndex
    commit_hash: H256


class WeightsBatchRevealed(Event, index=88, positional=True):
    """A validator revealed several commits."""

    hotkey: AccountId
    netuid: NetUid
    commit_hashes: Vec[H256]


class BatchWeightsCompleted(Event, index=89, positional=True):
    """A batch of weights went through on every subnet that did not fail by itself."""

    netuids: Vec[Compact[NetUid]]
    hotkey: AccountId


class BatchCompletedWithErrors(Event, index=90):
    """At least one item of a batch of weights failed."""


class BatchWeightItemFailed(Event, index=91, positional=True):
    """An item of a batch of weights failed."""

    netuid: NetUid
    error: DispatchError


class TimelockedWeightsCommitted(Event, index=108, positional=True):
    """A validator committed weights that a beacon round will open."""

    hotkey: AccountId
    storage_index: NetUidStorageIndex
    commit_hash: H256
    reveal_round: u64


class TimelockedWeightsRevealed(Event, index=109, positional=True):
    """The chain opened a validator's weights."""

    storage_index: NetUidStorageIndex
    hotkey: AccountId


# -- epochs


class EpochTriggered(Event, index=136):
    """A subnet's owner asked for an epoch out of turn."""

    netuid: NetUid
    by: AccountId
    fires_at: u64


class EpochDeferred(Event, index=137):
    """The block had no room for this epoch: it runs a block later."""

    netuid: NetUid
    from_block: u64
    to_block: u64


class EpochSkipped(Event, index=138):
    """An epoch did not run because the state it reads contradicts itself."""

    netuid: NetUid
    block: u64


class IncentiveAlphaEmittedToMiners(Event, index=111):
    """What an epoch allots to each uid as miner."""

    netuid: NetUidStorageIndex
    emissions: Vec[AlphaBalance]


class MaxEpochsPerBlockSet(Event, index=40, positional=True):
    """How many epochs a block may run changed."""

    limit: u8


# -- hyperparameters


class MaxAllowedUidsSet(Event, index=10, positional=True):
    netuid: NetUid
    uids: u16


class MaxWeightLimitSet(Event, index=11, positional=True):
    netuid: NetUid
    limit_u16: u16


class DifficultySet(Event, index=12, positional=True):
    netuid: NetUid
    difficulty: u64


class AdjustmentIntervalSet(Event, index=13, positional=True):
    netuid: NetUid
    blocks: u16


class RegistrationPerIntervalSet(Event, index=14, positional=True):
    netuid: NetUid
    target: u16


class MaxRegistrationsPerBlockSet(Event, index=15, positional=True):
    netuid: NetUid
    limit: u16


class ActivityCutoffSet(Event, index=16, positional=True):
    netuid: NetUid
    blocks: u16


class RhoSet(Event, index=17, positional=True):
    netuid: NetUid
    rho: u16


class AlphaSigmoidSteepnessSet(Event, index=18, positional=True):
    netuid: NetUid
    steepness: i16


class KappaSet(Event, index=19, positional=True):
    netuid: NetUid
    kappa_u16: u16


class MinAllowedWeightSet(Event, index=20, positional=True):
    netuid: NetUid
    uids: u16


class WeightsSetRateLimitSet(Event, index=23, positional=True):
    netuid: NetUid
    blocks: u64


class ImmunityPeriodSet(Event, index=24, positional=True):
    netuid: NetUid
    blocks: u16


class BondsMovingAverageSet(Event, index=25, positional=True):
    netuid: NetUid
    millionths: u64


class BondsPenaltySet(Event, index=26, positional=True):
    netuid: NetUid
    penalty_u16: u16


class BondsResetOnSet(Event, index=27, positional=True):
    netuid: NetUid
    enabled: bool


class MaxAllowedValidatorsSet(Event, index=28, positional=True):
    netuid: NetUid
    validators: u16


class WeightsVersionKeySet(Event, index=33, positional=True):
    netuid: NetUid
    version_key: u64


class MinDifficultySet(Event, index=34, positional=True):
    netuid: NetUid
    difficulty: u64


class MaxDifficultySet(Event, index=35, positional=True):
    netuid: NetUid
    difficulty: u64


class ServingRateLimitSet(Event, index=36, positional=True):
    netuid: NetUid
    blocks: u64


class BurnSet(Event, index=37, positional=True):
    netuid: NetUid
    burn: TaoBalance


class MaxBurnSet(Event, index=38, positional=True):
    netuid: NetUid
    burn: TaoBalance


class MinBurnSet(Event, index=39, positional=True):
    netuid: NetUid
    burn: TaoBalance


class TxRateLimitSet(Event, index=41, positional=True):
    blocks: u64


class TxDelegateTakeRateLimitSet(Event, index=42, positional=True):
    blocks: u64


class AdminFreezeWindowSet(Event, index=44, positional=True):
    blocks: u16


class OwnerHyperparamRateLimitSet(Event, index=45, positional=True):
    epochs: u16


class RegistrationAllowed(Event, index=51, positional=True):
    netuid: NetUid
    allowed: bool


class PowRegistrationAllowed(Event, index=52, positional=True):
    """Whether uids can be had for work changed."""

    netuid: NetUid
    allowed: bool


class LiquidAlphaConsensusModeSet(Event, index=146, positional=True):
    """Liquid alpha compares votes with another consensus."""

    netuid: NetUid
    mode: ConsensusMode


class TempoSet(Event, index=53, positional=True):
    netuid: NetUid
    blocks: u16


class RAORecycledForRegistrationSet(Event, index=54, positional=True):
    netuid: NetUid
    recycled: TaoBalance


class StakeThresholdSet(Event, index=55, positional=True):
    stake_rao: u64


class AdjustmentAlphaSet(Event, index=56, positional=True):
    netuid: NetUid
    alpha_u64: u64


class SubnetOwnerCutSet(Event, index=58, positional=True):
    cut_u16: u16


class CommitRevealPeriodsSet(Event, index=101, positional=True):
    netuid: NetUid
    epochs: u64


class CommitRevealEnabled(Event, index=102, positional=True):
    netuid: NetUid
    enabled: bool


class CommitRevealVersionSet(Event, index=107, positional=True):
    version: u16


class MinAllowedUidsSet(Event, index=112, positional=True):
    netuid: NetUid
    uids: u16


class MinNonImmuneUidsSet(Event, index=114, positional=True):
    netuid: NetUid
    uids: u16


class BurnHalfLifeSet(Event, index=129):
    netuid: NetUid
    burn_half_life: u16


class BurnIncreaseMultSet(Event, index=130):
    netuid: NetUid
    burn_increase_mult: U64F64Raw


class ActivityCutoffFactorMilliSet(Event, index=135):
    netuid: NetUid
    factor_milli: u32


class TransferToggle(Event, index=94, positional=True):
    netuid: NetUid
    allowed: bool


# -- child keys


class TxChildKeyTakeRateLimitSet(Event, index=43, positional=True):
    """Blocks before a childkey take may be raised changed."""

    blocks: u64


class MinChildKeyTakeSet(Event, index=46, positional=True):
    """The least childkey take changed."""

    take: PerU16


class MinChildKeyTakePerSubnetSet(Event, index=47, positional=True):
    """The least childkey take on a subnet changed."""

    netuid: NetUid
    take: PerU16


class MaxChildKeyTakeSet(Event, index=48, positional=True):
    """The greatest childkey take changed."""

    take: PerU16


class ChildKeyTakeSet(Event, index=49, positional=True):
    """A child keeps another part of its parents' dividends."""

    hotkey: AccountId
    take: PerU16


class SetChildrenScheduled(Event, index=76, positional=True):
    """A change of a hotkey's children waits until after `block`."""

    hotkey: AccountId
    netuid: NetUid
    block: u64
    children: Vec[tuple[u64, AccountId]]


class SetChildren(Event, index=77, positional=True):
    """A hotkey lends to these children now."""

    hotkey: AccountId
    netuid: NetUid
    children: Vec[tuple[u64, AccountId]]


class AutoParentDelegationEnabledSet(Event, index=131):
    """A root validator chose whether it lends to owners of new subnets."""

    hotkey: AccountId
    enabled: bool


# -- key swaps


class HotkeySwapped(Event, index=67):
    """A new hotkey took the place of another on all subnets."""

    coldkey: AccountId
    old_hotkey: AccountId
    new_hotkey: AccountId


class EvmKeyAssociated(Event, index=99):
    """A hotkey's uid has an Ethereum address."""

    netuid: NetUid
    hotkey: AccountId
    evm_key: H160
    block_associated: u64


class HotkeySwappedOnSubnet(Event, index=103):
    """A new hotkey took the place of another on a subnet."""

    coldkey: AccountId
    old_hotkey: AccountId
    new_hotkey: AccountId
    netuid: NetUid


class ColdkeySwapAnnounced(Event, index=70):
    """A coldkey announced the hash of the one that shall take over."""

    who: AccountId
    new_coldkey_hash: H256


class ColdkeySwapReset(Event, index=71):
    """Root forgot a coldkey's announcement and dispute."""

    who: AccountId


class ColdkeySwapped(Event, index=72):
    """Everything of a coldkey went to another."""

    old_coldkey: AccountId
    new_coldkey: AccountId


class ColdkeySwapDisputed(Event, index=73):
    """An announced swap was stopped until root decides."""

    coldkey: AccountId


class ColdkeySwapCleared(Event, index=127):
    """An announcement was taken back."""

    who: AccountId


class ColdkeySwapAnnouncementDelaySet(Event, index=82, positional=True):
    """Blocks from an announcement to the swap changed."""

    blocks: BlockNumber


class ColdkeySwapReannouncementDelaySet(Event, index=83, positional=True):
    """Blocks until another announcement may be made changed."""

    blocks: BlockNumber


# -- stake


class StakeAdded(Event, index=2, positional=True):
    """A coldkey staked to a hotkey. `fee` is in rao."""

    coldkey: AccountId
    hotkey: AccountId
    tao: TaoBalance
    alpha: AlphaBalance
    netuid: NetUid
    fee: u64


class StakeRemoved(Event, index=3, positional=True):
    """A coldkey took stake out. `fee` is in alpha-rao."""

    coldkey: AccountId
    hotkey: AccountId
    tao: TaoBalance
    alpha: AlphaBalance
    netuid: NetUid
    fee: u64


class TakeDecreased(Event, index=65, positional=True):
    """A delegate keeps less of its nominators' dividends."""

    coldkey: AccountId
    hotkey: AccountId
    take: PerU16


class TakeIncreased(Event, index=66, positional=True):
    """A delegate keeps more of its nominators' dividends."""

    coldkey: AccountId
    hotkey: AccountId
    take: PerU16


class StakeMoved(Event, index=4, positional=True):
    """Stake went to another hotkey, perhaps on another subnet. `tao` is what it was worth."""

    coldkey: AccountId
    origin_hotkey: AccountId
    origin_netuid: NetUid
    destination_hotkey: AccountId
    destination_netuid: NetUid
    tao: TaoBalance


class StakeTransferred(Event, index=92, positional=True):
    """Stake went to another coldkey."""

    origin_coldkey: AccountId
    destination_coldkey: AccountId
    hotkey: AccountId
    origin_netuid: NetUid
    destination_netuid: NetUid
    tao: TaoBalance


class StakeAndHotkeyTransferred(Event, index=143):
    """Stake was given to another coldkey, with another hotkey. `amount` is what it was worth in rao."""

    origin_coldkey: AccountId
    destination_coldkey: AccountId
    origin_hotkey: AccountId
    destination_hotkey: AccountId
    origin_netuid: NetUid
    destination_netuid: NetUid
    amount: TaoBalance


class StakeSwapped(Event, index=93, positional=True):
    """Stake went to another subnet."""

    coldkey: AccountId
    hotkey: AccountId
    origin_netuid: NetUid
    destination_netuid: NetUid
    tao: TaoBalance


class AutoStakeAdded(Event, index=110):
    """A miner's pay was staked to the hotkey that its owner chose."""

    netuid: NetUid
    destination: AccountId
    hotkey: AccountId
    owner: AccountId
    incentive: AlphaBalance


class AutoStakeDestinationSet(Event, index=113):
    """A coldkey chose where its miners' pay is staked."""

    coldkey: AccountId
    netuid: NetUid
    hotkey: AccountId


class RootClaimed(Event, index=115):
    """A root staker was paid what it was owed; `tao` is what selling gave."""

    coldkey: AccountId
    tao: TaoBalance


class MaxDelegateTakeSet(Event, index=68, positional=True):
    """The greatest take changed."""

    take: PerU16


class MinDelegateTakeSet(Event, index=69, positional=True):
    """The least take changed."""

    take: PerU16


class AlphaRecycled(Event, index=97, positional=True):
    """Stake was given up; its alpha can be mined again."""

    coldkey: AccountId
    hotkey: AccountId
    alpha: AlphaBalance
    netuid: NetUid


class AlphaBurned(Event, index=98, positional=True):
    """Stake was given up for good."""

    coldkey: AccountId
    hotkey: AccountId
    alpha: AlphaBalance
    netuid: NetUid


class AddStakeBurn(Event, index=125):
    """Alpha was bought to be burnt. `amount` is in rao."""

    netuid: NetUid
    hotkey: AccountId
    amount: TaoBalance
    alpha: AlphaBalance


# -- locks, voting power, collateral


class StakeLocked(Event, index=132):
    """A coldkey locked stake for a hotkey."""

    coldkey: AccountId
    hotkey: AccountId
    netuid: NetUid
    amount: AlphaBalance


class LockMoved(Event, index=134):
    """A coldkey's lock is for another hotkey."""

    coldkey: AccountId
    origin_hotkey: AccountId
    destination_hotkey: AccountId
    netuid: NetUid


class PerpetualLockUpdated(Event, index=140):
    """A coldkey's locks on a subnet stay as they are, or unlock with time again."""

    coldkey: AccountId
    netuid: NetUid
    enabled: bool


class RejectLockedAlphaUpdated(Event, index=142):
    """A coldkey refuses locked alpha, or accepts it."""

    coldkey: AccountId
    enabled: bool


class VotingPowerTrackingEnabled(Event, index=120):
    """Voting power is counted on a subnet."""

    netuid: NetUid


class VotingPowerTrackingDisableScheduled(Event, index=121):
    """Voting power will be counted until a block."""

    netuid: NetUid
    disable_at_block: u64


class VotingPowerTrackingDisabled(Event, index=122):
    """Voting power is no longer counted on a subnet, and forgotten."""

    netuid: NetUid


class VotingPowerEmaAlphaSet(Event, index=123):
    """Another weight of the newest stake in voting power, in parts of 10**18."""

    netuid: NetUid
    alpha: u64


class CollateralLocked(Event, index=144):
    """Stake became a miner's collateral."""

    netuid: NetUid
    hotkey: AccountId
    locked: AlphaBalance
    total_locked: AlphaBalance


class MinCollateralSet(Event, index=145):
    """A miner wants to keep so much collateral."""

    netuid: NetUid
    hotkey: AccountId
    min_locked: AlphaBalance


class SubnetLeaseCreated(Event, index=104):
    """A subnet was launched with a crowdloan's money and leased to its creator."""

    beneficiary: AccountId
    lease_id: u32
    netuid: NetUid
    end_block: u32 | None


class SubnetLeaseTerminated(Event, index=105):
    """A lease ended, and its beneficiary owns the subnet."""

    beneficiary: AccountId
    netuid: NetUid


class SubnetLeaseDividendsDistributed(Event, index=124):
    """A contributor or the beneficiary of a lease was paid, in alpha-rao."""

    lease_id: u32
    contributor: AccountId
    alpha: AlphaBalance


class SubnetLeaseDividendSkipped(Event, index=149):
    """A contributor of a lease could not be paid yet."""

    lease_id: u32
    contributor: AccountId
    alpha: AlphaBalance


class TransactionFeePaidWithAlpha(Event, index=128):
    """A transaction was paid for in alpha, which was sold for the author."""

    who: AccountId
    netuid: NetUid
    alpha_fee: AlphaBalance
    tao_amount: TaoBalance
