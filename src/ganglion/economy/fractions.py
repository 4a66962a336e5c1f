"""Stored fractions as U96F32: x / max, cut. Every rule of the economy that takes a share starts here."""

from functools import lru_cache

from ganglion.economy.errors import U16_MAX, U64_MAX, require
from ganglion.fixed import U96F32

# The default TAO weight, about 5.27 %, in parts of 2**64 - 1.
DEFAULT_TAO_WEIGHT_U64 = 971_718_665_099_567_868


@lru_cache(maxsize=4_096)
def fraction_u16(value_u16: int) -> int:
    """Takes and the owner cut: value / 65535 as U96F32.  Raises: OutOfRange."""
    return U96F32.from_ratio(require("value_u16", value_u16, U16_MAX), U16_MAX)


@lru_cache(maxsize=4_096)
def fraction_u64(value_u64: int) -> int:
    """TAO weight, child proportions, childkey burn: value / (2**64 - 1) as U96F32.  Raises: OutOfRange."""
    return U96F32.from_ratio(require("value_u64", value_u64), U64_MAX)


def part_of(amount: int, fraction: int) -> int:
    """amount * fraction (U96F32), still U96F32. `amount` is whole (u64)."""
    return U96F32.saturate(amount * fraction)
