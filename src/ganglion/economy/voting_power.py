"""Voting power: an average of a validator's stake over epochs, for governance outside this chain.

Source: pallets/subtensor/src/utils/voting_power.rs.
"""

from ganglion.economy.errors import U64_MAX, require

ONE = 10**18
DEFAULT_WEIGHT = 3_570_000_000_000_000
"""Two weeks of epochs at the default tempo bring it 63 % of the way to a new stake."""
DISABLE_GRACE_BLOCKS = 100_800


def voting_power(previous: int, stake: int, weight: int = DEFAULT_WEIGHT) -> int:
    """The average (alpha-rao, floored) after an epoch with `stake`; `weight` in parts of 10**18.

    Raises: OutOfRange.
    """
    require("weight", weight, ONE)
    return min((weight * stake + (ONE - weight) * previous) // ONE, U64_MAX)


def is_forgotten(previous: int, new: int, least: int) -> bool:
    """Whether the entry goes: it was at the least and fell below. Growing from 0 it may be smaller."""
    return new < least <= previous
