"""Proportions in [0, 1]: u16 in storage (x / 65535), I32F32 in arithmetic.

The way there and back loses one unit for most values, because both directions floor.
Source: subtensor pallets/subtensor/src/epoch/math.rs.
"""

from ganglion.fixed.format import I32F32

U16_MAX = 0xFFFF


def u16_to_proportion(value: int) -> int:
    """u16 to raw I32F32: value / 65535, floored."""
    return I32F32.from_ratio(value, U16_MAX)


def proportion_to_u16(raw: int) -> int:
    """Raw I32F32 to u16: floor(value * 65535), saturated to 0..65535."""
    return I32F32.to_u16(I32F32.mul(raw, I32F32.from_int(U16_MAX)))
