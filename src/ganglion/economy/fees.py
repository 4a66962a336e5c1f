"""Transaction fees: what an extrinsic's weight and length cost, and the alpha that may pay for it.

Source: pallets/transaction-fee/src/lib.rs, runtime/src/lib.rs.
"""

from dataclasses import dataclass

from ganglion.economy.errors import U64_MAX, require
from ganglion.economy.pool import alpha_at_price

# Picoseconds of reference time that cost one rao.
_REF_TIME_PER_RAO = 2000
BASE_REF_TIME = 108_157_000


@dataclass(frozen=True, slots=True)
class Charge:
    """What an extrinsic is charged for: `length` in bytes, `ref_time` in picoseconds, `tip` in rao."""

    length: int
    ref_time: int
    tip: int = 0
    pays: bool = True


def weight_fee(ref_time: int) -> int:
    """Rao for a reference time: the nearest, exact halves down.  Raises: OutOfRange."""
    return (require("ref_time", ref_time) + _REF_TIME_PER_RAO // 2 - 1) // _REF_TIME_PER_RAO


def inclusion_fee(charge: Charge, base_ref_time: int = BASE_REF_TIME, max_ref_time: int | None = None) -> int:
    """Rao for an extrinsic: base, length (one rao per byte) and weight, each rounded alone, and the tip.

    A call that does not pay still gives its tip. No multiplier grows with load. Raises: OutOfRange.
    """
    if not charge.pays:
        return charge.tip
    ref_time = charge.ref_time if max_ref_time is None else min(charge.ref_time, max_ref_time)
    fee = weight_fee(base_ref_time) + charge.length + weight_fee(ref_time)
    return min(fee + charge.tip, U64_MAX)


def alpha_covers(tao_fee: int, price: int, alpha_balance: int) -> bool:
    """Whether an extrinsic that pays in alpha may enter the transaction pool, at a price (U64F64)."""
    return alpha_balance >= alpha_at_price(tao_fee, price)


def alpha_fee(tao_fee: int, price: int, alpha_balance: int) -> int:
    """Alpha-rao taken for a fee in rao: its worth at spot, but ALL there is when that is 0 or too much."""
    return min(alpha_at_price(tao_fee, price) or alpha_balance, alpha_balance)
