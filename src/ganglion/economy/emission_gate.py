"""The gate on emission: subnets with a small share of the demand get still less, those with a large one more.

A share s passes by the factor 1 / (1 + (bar / s)**h): half of it at the *bar*, nearly all above, hardly any
far below. The bar is the share of the subnet in a given rank, or where the largest shares together reach a
given part of all.
Source: RaoFoundation/subtensor pallets/subtensor/src/coinbase/subnet_emissions.rs, spec 443. The power goes
by logarithm in I32F32, as the flows' does; its last bits on the real chain are not known here.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import accumulate

from ganglion.fixed import I32F32, U64F64
from ganglion.fixed.transcendental import exp, ln

DEFAULT_RANK = 32
DEFAULT_QUANTILE = 11_252_513_884_962_826_240
"""0.61 with 53 bits, as the chain has it."""

DEFAULT_EXPONENT = 3 << 64
BAR_INTERVAL = 360
"""Blocks for which a bar stands."""


def emission_bar(shares: Sequence[int], rank: int, quantile: int) -> int:
    """The bar (U64F64) for these shares; 0 if nobody has any. A rank of 0 asks for the quantile (U64F64)."""
    largest = sorted((share for share in shares if share > 0), reverse=True)
    if not largest:
        return 0
    if rank:
        return largest[min(rank, len(largest)) - 1]
    reached = zip(largest, accumulate(largest, U64F64.add), strict=True)
    return next((share for share, total in reached if total >= quantile), largest[-1])


def gated_shares(shares: Sequence[int], bar: int, exponent: int) -> tuple[int, ...]:
    """Shares (U64F64) that passed the gate, made to sum to one. A bar of 0 lets all pass as they are.

    If nothing of any share passed, all stand, so that the block's TAO is not stranded.
    """
    if not bar:
        return tuple(shares)
    passed = [U64F64.mul(share, _factor(share, bar, exponent)) for share in shares]
    total = reduce(U64F64.add, passed, 0)
    return tuple(U64F64.safe_div(share, total) for share in passed) if total else tuple(shares)


def _factor(share: int, bar: int, exponent: int) -> int:
    if not share:
        return 0
    below = _power(U64F64.div(bar, share), exponent)
    return U64F64.div(U64F64.one, U64F64.add(U64F64.one, below))


def _power(base: int, exponent: int) -> int:
    """base**exponent (U64F64) by logarithm, between 0 and what I32F32 holds."""
    logarithm = ln(I32F32, I32F32.convert(base, U64F64))
    if logarithm is None:
        return 0
    power = I32F32.mul(I32F32.convert(exponent, U64F64), logarithm)
    result = exp(I32F32, power)
    if result is None:  # the series left the range, on the way to something very large or very small
        result = I32F32.max if power > 0 else 0
    return U64F64.convert(result, I32F32)
