"""Errors of SubtensorModule: the index is the wire's, the sentence is what a user reads.

Source: subtensor pallets/subtensor/src/macros/errors.rs, in the order of spec 475.
"""

from __future__ import annotations

from ganglion.frame.dispatch import Error


class RootNetworkDoesNotExist(Error, index=0):
    """The root network (netuid 0) is missing from this chain."""


class InvalidIpType(Error, index=1):
    """The IP type must be 4 or 6."""


class InvalidIpAddress(Error, index=2):
    """The IP address is not one that others could reach, or does not fit its type."""


class InvalidPort(Error, index=3):
    """The port must not be 0."""


class HotKeyNotRegisteredInSubNet(Error, index=4):
    """The hotkey has no uid on this subnet."""


class HotKeyAccountNotExists(Error, index=5):
    """Nobody has registered or staked to this hotkey yet."""


class HotKeyNotRegisteredInNetwork(Error, index=6):
    """The hotkey has no uid on any subnet."""


class NonAssociatedColdKey(Error, index=7):
    """The hotkey belongs to another coldkey."""


class NotEnoughStake(Error, index=8):
    """The stake is too small for this action."""


class NotEnoughStakeToWithdraw(Error, index=9):
    """The stake held with this hotkey is smaller than the amount asked for."""


class NotEnoughStakeToSetWeights(Error, index=10):
    """The hotkey's stake weight is below the threshold for setting weights."""


class NotEnoughStakeToSetChildkeys(Error, index=11):
    """The parent hotkey's own stake is below the minimum for lending to children."""


class NotEnoughBalanceToStake(Error, index=12):
    """The coldkey's free balance does not cover the amount."""


class BalanceWithdrawalError(Error, index=13):
    """The amount could not be taken from the coldkey's balance."""


class ZeroBalanceAfterWithdrawn(Error, index=14):
    """Taking the amount would have emptied the account."""


class NeuronNoValidatorPermit(Error, index=15):
    """Only a validator with a permit may weigh others than itself."""


class WeightVecNotEqualSize(Error, index=16):
    """There must be exactly one weight for each uid."""


class DuplicateUids(Error, index=17):
    """A uid occurs twice among those weighed."""


class UidVecContainInvalidOne(Error, index=18):
    """One of the uids does not exist on this subnet."""


class WeightVecLengthIsLow(Error, index=19):
    """Fewer uids are weighed than the subnet demands."""


class TooManyRegistrationsThisBlock(Error, index=20):
    """This block's registrations on the subnet are used up: try the next block."""


class HotKeyAlreadyRegisteredInSubNet(Error, index=21):
    """The hotkey already has a uid on this subnet."""


class NewHotKeyIsSameWithOld(Error, index=22):
    """The new hotkey is the old one."""


class NewHotKeyNotCleanForRootSwap(Error, index=23):
    """The new hotkey already has root stake or root claims, which cannot be merged."""


class InvalidWorkBlock(Error, index=24):
    """The work is for a block in the future or too long ago."""


class InvalidDifficulty(Error, index=25):
    """The work does not meet the difficulty."""


class InvalidSeal(Error, index=26):
    """The work is not the seal of this block, nonce and key."""


class MaxWeightExceeded(Error, index=27):
    """One weight is a larger share of the sum than the subnet allows."""


class HotKeyAlreadyDelegate(Error, index=28):
    """The hotkey is a delegate already."""


class SettingWeightsTooFast(Error, index=29):
    """Weights were set too recently: wait until the subnet's rate limit has passed."""


class IncorrectWeightVersionKey(Error, index=30):
    """The version key is older than the one that the subnet demands."""


class ServingRateLimitExceeded(Error, index=31):
    """The endpoint was announced too recently: wait until the serving rate limit has passed."""


class UidsLengthExceedUidsInSubNet(Error, index=32):
    """More uids are weighed than the subnet has."""


class NetworkTxRateLimitExceeded(Error, index=33):
    """A subnet was registered too recently: wait until the rate limit has passed."""


class DelegateTxRateLimitExceeded(Error, index=34):
    """The take was changed too recently: wait until the rate limit has passed."""


class HotKeySetTxRateLimitExceeded(Error, index=35):
    """The hotkey was set or swapped too recently."""


class StakingRateLimitExceeded(Error, index=36):
    """Stake was moved too often in this block."""


class SubNetRegistrationDisabled(Error, index=37):
    """Registration is switched off."""


class TooManyRegistrationsThisInterval(Error, index=38):
    """This interval's registrations are used up."""


class TransactorAccountShouldBeHotKey(Error, index=39):
    """The transaction must be signed by the hotkey."""


class FaucetDisabled(Error, index=40):
    """This chain has no faucet."""


class NotSubnetOwner(Error, index=41):
    """Only the subnet's owner may do this."""


class RegistrationNotPermittedOnRootSubnet(Error, index=42):
    """This is not possible on the root network."""


class StakeTooLowForRoot(Error, index=43):
    """The root network is full and the hotkey's stake is not above its weakest member's."""


class AllNetworksInImmunity(Error, index=44):
    """Every subnet is still immune."""


class NotEnoughBalanceToPaySwapHotKey(Error, index=45):
    """The coldkey's balance does not cover the fee of swapping a hotkey."""


class NotRootSubnet(Error, index=46):
    """This is only possible on the root network."""


class CanNotSetRootNetworkWeights(Error, index=47):
    """Weights of the root network cannot be set."""


class NoNeuronIdAvailable(Error, index=48):
    """The subnet is full and none of its neurons may be replaced."""


class DelegateTakeTooLow(Error, index=49):
    """The take is below the minimum, or not below the present one."""


class DelegateTakeTooHigh(Error, index=50):
    """The take is above the maximum."""


class NoWeightsCommitFound(Error, index=51):
    """There is no commit of weights to reveal."""


class InvalidRevealCommitHashNotMatch(Error, index=52):
    """What is revealed is not what was committed."""


class CommitRevealEnabled(Error, index=53):
    """The subnet takes only committed weights: commit first, reveal later."""


class CommitRevealDisabled(Error, index=54):
    """The subnet takes no commits: set weights directly."""


class LiquidAlphaDisabled(Error, index=55):
    """Liquid alpha is switched off on this subnet."""


class AlphaHighTooLow(Error, index=56):
    """The upper bond smoothing factor is too low."""


class AlphaLowOutOfRange(Error, index=57):
    """The lower bond smoothing factor is out of range or above the upper one."""


class ColdKeyAlreadyAssociated(Error, index=58):
    """The new coldkey already has hotkeys or stake."""


class NotEnoughBalanceToPaySwapColdKey(Error, index=59):
    """The coldkey's balance does not cover the fee of swapping a coldkey."""


class InvalidChild(Error, index=60):
    """A hotkey cannot be its own child."""


class DuplicateChild(Error, index=61):
    """The same child is named twice."""


class ProportionOverflow(Error, index=62):
    """The children's proportions exceed the whole."""


class TooManyChildren(Error, index=63):
    """A hotkey may have five children on a subnet."""


class TxRateLimitExceeded(Error, index=64):
    """This was done too recently: wait until the rate limit has passed."""


class ColdkeySwapAnnouncementNotFound(Error, index=65):
    """No swap of this coldkey has been announced."""


class ColdkeySwapTooEarly(Error, index=66):
    """The delay after the announcement has not passed."""


class ColdkeySwapReannouncedTooEarly(Error, index=67):
    """The delay before a new announcement has not passed."""


class AnnouncedColdkeyHashDoesNotMatch(Error, index=68):
    """The new coldkey is not the one announced."""


class ColdkeySwapAlreadyDisputed(Error, index=69):
    """The swap of this coldkey is disputed already."""


class NewColdKeyIsHotkey(Error, index=70):
    """The new coldkey is in use as a hotkey."""


class InvalidChildkeyTake(Error, index=71):
    """The childkey take is out of bounds."""


class TxChildkeyTakeRateLimitExceeded(Error, index=72):
    """The childkey take was raised too recently: wait until the rate limit has passed."""


class InvalidIdentity(Error, index=73):
    """A field of the identity is too long."""


class MechanismDoesNotExist(Error, index=74):
    """There is no such mechanism."""


class StakeUnavailable(Error, index=75):
    """The stake is locked."""


class SubnetNotExists(Error, index=76):
    """There is no subnet with this netuid."""


class TooManyUnrevealedCommits(Error, index=77):
    """Too many commits wait to be revealed."""


class ExpiredWeightCommit(Error, index=78):
    """The time to reveal this commit has passed."""


class RevealTooEarly(Error, index=79):
    """The time to reveal this commit has not come."""


class InputLengthsUnequal(Error, index=80):
    """The lists must be of the same length."""


class CommittingWeightsTooFast(Error, index=81):
    """Weights were committed too recently: wait until the subnet's rate limit has passed."""


class AmountTooLow(Error, index=82):
    """The amount is below the minimum."""


class InsufficientLiquidity(Error, index=83):
    """The subnet's pool is too small for this amount."""


class SlippageTooHigh(Error, index=84):
    """The price would move past the limit given."""


class TransferDisallowed(Error, index=85):
    """The subnet does not allow stake to change hands."""


class ActivityCutoffTooLow(Error, index=86):
    """The activity cutoff is below the minimum."""


class CallDisabled(Error, index=87):
    """This call is switched off."""


class FirstEmissionBlockNumberAlreadySet(Error, index=88):
    """The subnet has been started already."""


class NeedWaitingMoreBlocksToStarCall(Error, index=89):
    """The subnet is too young to be started."""


class NotEnoughAlphaOutToRecycle(Error, index=90):
    """The subnet has not that much alpha in circulation."""


class CannotBurnOrRecycleOnRootSubnet(Error, index=91):
    """Root stake cannot be burnt or recycled."""


class UnableToRecoverPublicKey(Error, index=92):
    """No public key can be recovered from the signature."""


class InvalidRecoveredPublicKey(Error, index=93):
    """The signature is by another key."""


class SubtokenDisabled(Error, index=94):
    """The subnet has not been started: its alpha cannot be traded yet."""


class HotKeySwapOnSubnetIntervalNotPassed(Error, index=95):
    """The hotkey was swapped on this subnet too recently."""


class KeepStakeBlockedByCollateral(Error, index=96):
    """Collateral holds the stake on the old hotkey."""


class SameNetuid(Error, index=97):
    """Origin and destination are the same subnet."""


class InsufficientTaoBalance(Error, index=98):
    """The account's TAO does not cover the amount."""


class InvalidLeaseBeneficiary(Error, index=99):
    """The beneficiary did not create the crowdloan."""


class LeaseCannotEndInThePast(Error, index=100):
    """A lease must end in the future."""


class LeaseNetuidNotFound(Error, index=101):
    """The leased subnet was not found."""


class LeaseDoesNotExist(Error, index=102):
    """There is no such lease."""


class LeaseHasNoEndBlock(Error, index=103):
    """The lease is perpetual and cannot be ended."""


class LeaseHasNotEnded(Error, index=104):
    """The lease has not ended yet."""


class Overflow(Error, index=105):
    """A number left its range."""


class BeneficiaryDoesNotOwnHotkey(Error, index=106):
    """The hotkey does not belong to the lease's beneficiary."""


class ExpectedBeneficiaryOrigin(Error, index=107):
    """Only the lease's beneficiary may do this."""


class AdminActionProhibitedDuringWeightsWindow(Error, index=108):
    """Hyperparameters are frozen in the last blocks before an epoch."""


class SymbolDoesNotExist(Error, index=109):
    """This is not one of the chain's token symbols."""


class SymbolAlreadyInUse(Error, index=110):
    """Another subnet has this token symbol."""


class IncorrectCommitRevealVersion(Error, index=111):
    """The commit is of another commit-reveal version than the chain's."""


class InvalidRevealRound(Error, index=112):
    """The reveal round lies before the newest known beacon round."""


class RevealPeriodTooLarge(Error, index=113):
    """The reveal period is above the maximum."""


class RevealPeriodTooSmall(Error, index=114):
    """The reveal period is below the minimum."""


class InvalidValue(Error, index=115):
    """The value is out of range."""


class SubnetLimitReached(Error, index=116):
    """There is no room for another subnet, and none that could be pruned."""


class CannotAffordLockCost(Error, index=117):
    """The coldkey's balance does not cover the lock cost of a subnet."""


class EvmKeyAssociateRateLimitExceeded(Error, index=118):
    """The EVM key was associated too recently."""


class EvmKeyAssociationLimitExceeded(Error, index=119):
    """The EVM key is associated with too many uids."""


class SameAutoStakeHotkeyAlreadySet(Error, index=120):
    """Auto-staking goes to this hotkey already."""


class UidMapCouldNotBeCleared(Error, index=121):
    """The subnet's uids could not be rebuilt."""


class TrimmingWouldExceedMaxImmunePercentage(Error, index=122):
    """Too many of the neurons that would stay are immune."""


class ChildParentInconsistency(Error, index=123):
    """A hotkey cannot be parent and child of another at once."""


class InvalidRootClaimThreshold(Error, index=124):
    """The root claim threshold is above the maximum."""


class TooManyUIDsPerMechanism(Error, index=125):
    """Uids times mechanisms exceed what a subnet may hold."""


class VotingPowerTrackingNotEnabled(Error, index=126):
    """Voting power is not tracked on this subnet."""


class InvalidVotingPowerEmaAlpha(Error, index=127):
    """The voting power smoothing factor is above one."""


class Deprecated(Error, index=128):
    """This call does nothing any more."""


class SubnetBuybackRateLimitExceeded(Error, index=129):
    """The subnet bought back too recently."""


class NetworkDissolveAlreadyQueued(Error, index=130):
    """The subnet is about to be dissolved already."""


class AddStakeBurnRateLimitExceeded(Error, index=131):
    """Stake was bought and burnt too recently on this subnet."""


class ColdkeySwapAnnounced(Error, index=132):
    """The coldkey is about to be swapped: it may only do what belongs to the swap."""


class ColdkeySwapDisputed(Error, index=133):
    """The swap of this coldkey is disputed: it may do nothing."""


class ColdkeySwapClearTooEarly(Error, index=134):
    """The announcement is too young to be withdrawn."""


class DisabledTemporarily(Error, index=135):
    """This is switched off for now."""


class RegistrationPriceLimitExceeded(Error, index=136):
    """The registration costs more than the limit given."""


class LockHotkeyMismatch(Error, index=137):
    """The coldkey's lock on this subnet is for another hotkey."""


class InsufficientStakeForLock(Error, index=138):
    """The coldkey's stake on the subnet does not cover the lock."""


class NoExistingLock(Error, index=139):
    """The coldkey has no lock on this subnet."""


class ActiveLockExists(Error, index=140):
    """The coldkey already has a lock on this subnet."""


class CannotUseSystemAccount(Error, index=141):
    """An account of the chain itself cannot be used for this."""


class UnlockAmountTooHigh(Error, index=142):
    """More would be unlocked than is locked."""


class WaitingForDissolvedSubnetCleanup(Error, index=143):
    """The netuid's former subnet is still being cleared away."""


class TempoOutOfBounds(Error, index=144):
    """The tempo is out of bounds."""


class ActivityCutoffFactorMilliOutOfBounds(Error, index=145):
    """The activity cutoff factor is out of bounds."""


class EpochTriggerAlreadyPending(Error, index=146):
    """An epoch has been asked for already."""


class AutoEpochAlreadyImminent(Error, index=147):
    """The next epoch comes by itself as soon."""


class DynamicTempoBlockedByCommitReveal(Error, index=148):
    """With commit-reveal on, an epoch out of turn would lose commits."""


class AccountRejectsLockedAlpha(Error, index=149):
    """The receiving coldkey accepts no locked alpha."""


class LockIdOverFlow(Error, index=150):
    """There are no lock ids left."""


class StartCallNotReady(Error, index=151):
    """The subnet cannot be started yet."""


class InsufficientAlphaBalance(Error, index=152):
    """The alpha held does not cover the amount."""


class ColdkeyCollateralIncomplete(Error, index=153):
    """The coldkey's collateral is below what the subnet demands."""


class ColdkeyCollateralPositionsFull(Error, index=154):
    """The coldkey has collateral on as many hotkeys as allowed."""


class BasketHasNoWeights(Error, index=155):
    """The validator's basket has no weights."""


class RootStakeLocked(Error, index=156):
    """Root stake was moved too recently to be taken out."""


class BetaBasketSeedInProgress(Error, index=157):
    """The baskets are still being set up."""


class RootWeightSettingDisabled(Error, index=158):
    """Root weights are switched off."""


class RootClaimTooHeavy(Error, index=159):
    """The claim covers too much for one block."""


class RootWeightCapExceeded(Error, index=160):
    """A root weight is above the cap."""


class BasketDepositPending(Error, index=161):
    """A deposit into the basket is still under way."""


class InvalidBatchLength(Error, index=162):
    """The batch is empty or too long."""


class TooManyStakingHotkeys(Error, index=163):
    """The coldkey stakes to as many hotkeys as allowed."""


class ColdkeySwapTooHeavy(Error, index=164):
    """The coldkey has too much to be swapped in one block."""


class BasketConcentrationCapExceeded(Error, index=165):
    """One subnet would make up too much of the basket."""


class BasketTradingDisabled(Error, index=166):
    """Basket trading is switched off."""


class BasketTradingFrozen(Error, index=167):
    """This validator's basket is frozen."""


class BasketTurnoverBudgetExceeded(Error, index=168):
    """The basket has been traded as much as a day allows."""


class BasketSameSubnet(Error, index=169):
    """The basket trade begins and ends on the same subnet."""


class BasketLiquidityCapExceeded(Error, index=170):
    """The basket trade is too large for the subnet's pool."""


class BasketMinOutNotMet(Error, index=171):
    """The basket trade would give less than the minimum asked."""


class BasketSwapBatchEmpty(Error, index=172):
    """The batch of basket trades is empty."""


class CommitPayloadTooLarge(Error, index=173):
    """The encrypted commit is too large."""


class CommitQueueFull(Error, index=174):
    """The subnet's queue of commits is full."""
