"""Errors of AdminUtils: the index is the wire's, the sentence is what a user reads.

Source: subtensor pallets/admin-utils/src/lib.rs.
"""

from __future__ import annotations

from ganglion.frame.dispatch import Error


class SubnetDoesNotExist(Error, index=0):
    """There is no subnet with this netuid."""


class MaxValidatorsLargerThanMaxUIds(Error, index=1):
    """There cannot be more validators than uids."""


class MaxAllowedUIdsLessThanCurrentUIds(Error, index=2):
    """The subnet has more uids already."""


class BondsMovingAverageMaxReached(Error, index=3):
    """An owner may set the bonds' moving average to 975,000 at most."""


class NegativeSigmoidSteepness(Error, index=4):
    """Only root may set a negative steepness."""


class ValueNotInBounds(Error, index=5):
    """The value is out of bounds."""


class MinAllowedUidsGreaterThanCurrentUids(Error, index=6):
    """The subnet has not that many uids yet."""


class MinAllowedUidsGreaterThanMaxAllowedUids(Error, index=7):
    """The least number of uids must be below the greatest."""


class MaxAllowedUidsLessThanMinAllowedUids(Error, index=8):
    """The greatest number of uids must not be below the least."""


class MaxAllowedUidsGreaterThanDefaultMaxAllowedUids(Error, index=9):
    """No subnet may have that many uids."""


class InvalidValue(Error, index=10):
    """The value is out of range."""


class NotPermittedOnRootSubnet(Error, index=11):
    """This is not possible on the root network."""


class CollateralLockShareTooHigh(Error, index=14):
    """At most 62258 of 65535 parts of the price can become collateral."""


class CollateralDrainRatioOutOfBounds(Error, index=15):
    """The drain ratio must be above 0 and at most 10."""
