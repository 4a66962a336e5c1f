"""Moving and median prices of subnets.

The moving price is an average whose weight grows with the age of a subnet, so that a young subnet's price
reaches emission slowly. It counts a price above one TAO as one.

Source: pallets/subtensor/src/staking/stake_utils.rs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ganglion.fixed import I96F32, U64F64

DEFAULT_HALVING_BLOCKS = 201_600
# 0.000003 as I96F32.
DEFAULT_MOVING_ALPHA = 12_884


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How a moving price follows: `moving_alpha` raw I96F32, `halving_blocks` a number of blocks."""

    moving_alpha: int = DEFAULT_MOVING_ALPHA
    halving_blocks: int = DEFAULT_HALVING_BLOCKS

    def weight(self, blocks: int) -> int:
        """Weight of the newest price (U64F64), that many blocks after the start."""
        since = U64F64.from_int(blocks)
        age = U64F64.safe_div(since, U64F64.add(since, U64F64.from_int(self.halving_blocks)))
        return U64F64.mul(U64F64.convert(self.moving_alpha, I96F32), age)


def moving_price(moving: int, price: int, now: int, first_emission_block: int, smoothing: Smoothing) -> int:
    """The moving price (I96F32) after block `now`, from the stored one and the spot price (U64F64).

    Called after the block's coinbase has used the stored one. The block of the start call is the one
    before `first_emission_block`.
    """
    weight = smoothing.weight(max(now - max(first_emission_block - 1, 0), 0))
    newest = U64F64.mul(weight, min(price, U64F64.one))
    rest = U64F64.mul(U64F64.sub(U64F64.one, weight), U64F64.convert(moving, I96F32))
    return I96F32.convert(U64F64.add(newest, rest), U64F64)


def median_price(prices: Iterable[int]) -> int:
    """Median of the positive prices (U64F64): of an even number the mean of the middle two; one if none."""
    positive = sorted(price for price in prices if price > 0)
    if not positive:
        return U64F64.one
    middle = len(positive) // 2
    if len(positive) % 2:
        return positive[middle]
    return U64F64.add(positive[middle - 1], positive[middle]) >> 1
