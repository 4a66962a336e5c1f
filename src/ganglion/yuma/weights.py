"""Weights as validators submit them: scaling to u16 and the limit on a single weight.

Source: subtensor pallets/subtensor/src/epoch/math.rs and src/subnets/weights.rs.
"""

from collections.abc import Sequence

from ganglion.fixed import I32F32, u16_to_proportion
from ganglion.yuma.rows import U16_MAX

HALF = I32F32.one // 2
# Above this a u16 times 65535 no longer fits in I32F32, so the chain divides before it multiplies.
LARGEST_MULTIPLIED_FIRST = 32768


def max_upscale(values: Sequence[int]) -> list[int]:
    """u16 values scaled so that the largest becomes 65535, rounded half away from zero."""
    largest = max(values, default=0)
    if largest == 0:
        return list(values)
    if largest > LARGEST_MULTIPLIED_FIRST:
        factor = (U16_MAX << 32) // largest
        return [min((value * factor + HALF) >> 32, U16_MAX) for value in values]
    return [(((value * U16_MAX << 32) // largest) + HALF) >> 32 for value in values]


def sum_to_u16(values: Sequence[int]) -> list[int]:
    """u16 values scaled to sum to 65535, each floored; zeros stay."""
    total = sum(values)
    return [value * U16_MAX // total for value in values] if total else list(values)


def within_limit(values: Sequence[int], limit: int) -> bool:
    """No value's share of the sum exceeds the u16 proportion `limit`, both floored to I32F32."""
    largest_share = I32F32.from_ratio(max(values, default=0), sum(values))
    return largest_share <= u16_to_proportion(limit)
