"""Errors of Crowdloan. Source: subtensor pallets/crowdloan/src/lib.rs; their order: spec 475."""

from __future__ import annotations

from ganglion.frame.dispatch import Error


class DepositTooLow(Error, index=0):
    """The creator's deposit is too low."""


class CapTooLow(Error, index=1):
    """The cap is too low."""


class MinimumContributionTooLow(Error, index=2):
    """The least contribution is below what any crowdloan must ask."""


class CannotEndInPast(Error, index=3):
    """The end has passed."""


class BlockDurationTooShort(Error, index=4):
    """The crowdloan would end too soon."""


class BlockDurationTooLong(Error, index=5):
    """The crowdloan would end too late."""


class InsufficientBalance(Error, index=6):
    """The account cannot pay so much."""


class Overflow(Error, index=7):
    """A number became too great."""


class InvalidCrowdloanId(Error, index=8):
    """There is no such crowdloan, or none is being finalized."""


class CapRaised(Error, index=9):
    """The cap is raised already."""


class ContributionPeriodEnded(Error, index=10):
    """The time for contributions is over."""


class ContributionTooLow(Error, index=11):
    """The contribution is below the least that the crowdloan takes."""


class InvalidOrigin(Error, index=12):
    """Only the creator may do this."""


class AlreadyFinalized(Error, index=13):
    """The crowdloan is finalized."""


class AlreadyFinalizing(Error, index=14):
    """A crowdloan is being finalized, and its call may not finalize another."""


class ContributionPeriodNotEnded(Error, index=15):
    """The time for contributions is not over."""


class NoContribution(Error, index=16):
    """The account has contributed nothing."""


class CapNotRaised(Error, index=17):
    """The cap is not raised."""


class Underflow(Error, index=18):
    """A number became less than nothing."""


class CallUnavailable(Error, index=19):
    """The crowdloan's call is not on chain any more."""


class NotReadyToDissolve(Error, index=20):
    """There are contributions to be refunded first."""


class DepositCannotBeWithdrawn(Error, index=21):
    """The creator's deposit stays while the crowdloan does."""


class MaxContributorsReached(Error, index=22):
    """The crowdloan has as many contributors as it may have."""


class InvalidFinalizationConfig(Error, index=23):
    """A crowdloan needs either a call or a target address."""


class MaxContributionReached(Error, index=24):
    """The contributor has given as much as one may."""


class MaximumContributionTooLow(Error, index=25):
    """The most that one may give is below the least, or below what the creator has given."""


class MinimumContributionTooHigh(Error, index=26):
    """The least contribution is above the most that one may give."""


class FundsNotSettled(Error, index=27):
    """The crowdloan's call has not taken what was raised."""
