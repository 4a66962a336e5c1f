"""Closing a subnet: its pool's TAO goes to those who hold its alpha, the protocol among them.

Source: pallets/subtensor/src/staking/remove_stake.rs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ganglion.economy.errors import U64_MAX, U128_MAX
from ganglion.economy.fractions import fraction_u16, part_of
from ganglion.fixed import U64F64, U96F32


@dataclass(frozen=True, slots=True)
class Dissolution:
    """Rao for each stake, in the order given, and rao for the protocol, which are recycled."""

    payouts: tuple[int, ...]
    protocol: int


def dissolve(pot_rao: int, stakes: Sequence[int], protocol_alpha: int) -> Dissolution:
    """Share the pot by alpha: floors first, then one rao each to the largest remainders.

    Ties go to the earlier stake, the protocol comes last. Without any alpha nobody is paid.
    """
    holdings = [*stakes, protocol_alpha]
    total = sum(holdings)
    if not total:
        return Dissolution((0,) * len(stakes), 0)
    products = [min(pot_rao * alpha, U128_MAX) for alpha in holdings]
    shares = [min(product // total, U64_MAX) for product in products]
    left_over = max(pot_rao - sum(shares), 0)
    by_remainder = sorted(range(len(holdings)), key=lambda holder: -(products[holder] % total))
    for holder in by_remainder[:left_over]:
        shares[holder] += 1
    return Dissolution(tuple(shares[:-1]), shares[-1])


def owner_refund(lock_rao: int, alpha_issuance: int, cut_u16: int, price: int) -> int:
    """What an owner gets back of a lock: less the worth of the cut of all alpha, at `price` (raw U64F64).

    The owner's alpha is floored before it is priced, and its worth after. Raises: OutOfRange.
    """
    earned_alpha = U96F32.to_u64(part_of(alpha_issuance, fraction_u16(cut_u16)))
    earned_rao = U96F32.to_u64(part_of(earned_alpha, U96F32.convert(price, U64F64)))
    return max(lock_rao - earned_rao, 0)
