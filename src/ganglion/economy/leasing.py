"""Leased subnets: a crowdloan pays the lock, its contributors share the owner's cut.

A *share* is a contributor's part of what was raised, raw U64F64. The beneficiary has none and gets what is
left.

Source: pallets/subtensor/src/subnets/leasing.rs.
"""

from collections.abc import Sequence

from ganglion.economy.errors import U64_MAX, require
from ganglion.fixed import U64F64


def lease_share(contribution_rao: int, raised_rao: int) -> int:
    """A contributor's share as U64F64, cut.  Raises: OutOfRange."""
    contribution = U64F64.from_int(require("contribution_rao", contribution_rao))
    return U64F64.safe_div(contribution, U64F64.from_int(raised_rao))


def split_refund(left_over_rao: int, shares: Sequence[int]) -> tuple[tuple[int, ...], int]:
    """(rao to each contributor, floored; the rest to the beneficiary) of what the lock did not need."""
    refunds = tuple(U64F64.to_u64(U64F64.mul(share, U64F64.from_int(left_over_rao))) for share in shares)
    return refunds, max(left_over_rao - sum(refunds), 0)


def contributors_part(owner_cut: int, emissions_percent: int) -> int:
    """Alpha-rao of an owner's cut that belongs to the contributors: rounded up, in their favour."""
    return -(-require("owner_cut", owner_cut) * require("emissions_percent", emissions_percent, 100) // 100)


def split_dividends(alpha: int, shares: Sequence[int]) -> tuple[tuple[int, ...], int]:
    """(alpha-rao to each contributor, rounded up; what is left to the beneficiary) of gathered dividends.

    The sum can exceed `alpha` by the roundings; the lease's own stake then covers it.
    """
    whole = U64F64.from_int(require("alpha", alpha))
    payouts = tuple(_ceil(U64F64.mul(share, whole)) for share in shares)
    return payouts, max(alpha - sum(payouts), 0)


def _ceil(value: int) -> int:
    return min(-(-value >> 64), U64_MAX)
