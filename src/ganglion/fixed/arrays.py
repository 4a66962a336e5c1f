"""I32F32 on numpy arrays, with the bits of the scalar format.

`mul`, `div` and the like take any int64 raw values. The `share_` functions are the fast forms for
uint64 raw values in [0, 1], which is what nearly all of an epoch consists of. Arrays have one
dimension or more: numpy checks 0-dimensional integers for overflow, and here wrapping is meant.
"""

import numpy as np
from numpy.typing import NDArray

from ganglion.fixed.format import I32F32
from ganglion.fixed.transcendental import E_I9F23

Raws = NDArray[np.int64]
Shares = NDArray[np.uint64]

FRACTION = np.uint64(32)
LOW_BITS = np.uint64(0xFFFF_FFFF)
PIECE = 1 << 14
SHARE_ONE = np.uint64(I32F32.one)


# -- shares: uint64 in [0, 2**32] -------------------------------------------------------


def share_mul(a: Shares, b: Shares) -> Shares:
    """a * b floored. The product wraps only for 1 * 1, which the last term restores."""
    return ((a * b) >> FRACTION) | (a & b & SHARE_ONE)


def share_div(a: Shares, b: Shares) -> Shares:
    """a / b floored, for a <= b; 0 / 0 is 0. b may exceed 1, up to 2**63 raw."""
    divisor: Shares = np.maximum(b, np.uint64(1))
    is_one = a >> FRACTION
    # For a = 1 the shifted value wraps to 0; 2**64 // b is taken as (2**64 - b) // b + 1.
    quotient: Shares = ((a << FRACTION) - is_one * divisor) // divisor
    return quotient + is_one


def share_to_u16(a: Shares) -> NDArray[np.uint16]:
    """floor(a * 65535), saturated to u16, for a below 2**48 raw. In pieces: a may be a whole matrix."""
    result = np.empty(len(a), dtype=np.uint16)
    for start in range(0, len(a), PIECE):
        scaled = (a[start : start + PIECE] * np.uint64(0xFFFF)) >> FRACTION
        result[start : start + PIECE] = np.minimum(scaled, np.uint64(0xFFFF))
    return result


def share_of_u64(a: Shares, amount: int) -> Shares:
    """floor(a * amount) for a u64 amount, as I96F32 gives it."""
    high, low = np.uint64(amount >> 32), np.uint64(amount & 0xFFFF_FFFF)
    return a * high + ((a * low) >> FRACTION)


# -- raw values: int64, the whole range -------------------------------------------------


def add(a: Raws, b: Raws) -> Raws:
    """a + b, saturating."""
    total = a + b
    overflow = ((a ^ total) & (b ^ total)) < 0
    return np.where(overflow, _end_towards(a), total)


def sub(a: Raws, b: Raws) -> Raws:
    """a - b, saturating."""
    difference = a - b
    overflow = ((a ^ b) & (a ^ difference)) < 0
    return np.where(overflow, _end_towards(a), difference)


def mul(a: Raws, b: Raws) -> Raws:
    """a * b floored, saturating. The 128-bit product is built from 32-bit halves."""
    a_high, a_low = a >> 32, a & 0xFFFF_FFFF
    b_high, b_low = b >> 32, b & 0xFFFF_FFFF
    left, right = a_high * b_low, a_low * b_high
    carried = ((a_low.view(np.uint64) * b_low.view(np.uint64)) >> FRACTION).view(np.int64)
    low = (left & 0xFFFF_FFFF) + (right & 0xFFFF_FFFF) + carried
    high = a_high * b_high + (left >> 32) + (right >> 32) + (low >> 32)
    overflow = (high >= 1 << 31) | (high < -(1 << 31))
    return np.where(overflow, _end_towards(high), (high << 32) | (low & 0xFFFF_FFFF))


def div(a: Raws, b: Raws) -> Raws:
    """a / b cut toward zero, saturating; 0 where b is 0."""
    quotient, overflow = _divide(a, b)
    return np.where(overflow, _end_towards(a ^ b), quotient)


def safe_div(a: Raws, b: Raws) -> Raws:
    """a / b cut toward zero; 0 where b is 0 or the quotient overflows."""
    quotient, overflow = _divide(a, b)
    return np.where(overflow, np.int64(0), quotient)


def exp_safe(x: Raws) -> Raws:
    """e**x of x clamped to [-20, 20], term by term as the scalar `exp`."""
    clamped = np.clip(x, -I32F32.from_int(20), I32F32.from_int(20))
    magnitude = np.abs(clamped)
    result, term = magnitude + I32F32.one, magnitude
    whole, fraction = magnitude >> 32, magnitude & 0xFFFF_FFFF
    for power in range(2, I32F32.fraction_bits):
        # term * x >> 32 without leaving 64 bits: terms stay below 2**58, x below 2**37.
        low = ((term & 0xFFFF_FFFF) * fraction).view(np.uint64) >> FRACTION
        term = (term * whole + (term >> 32) * fraction + low.view(np.int64)) // power
        result += term
    one = np.full_like(result, I32F32.one)
    result = np.where(clamped < 0, div(one, result), result)
    return np.where(clamped == I32F32.one, np.int64(E_I9F23 << 9), result)


def _end_towards(sign: Raws) -> Raws:
    """The format's end with the sign of the given values."""
    return np.where(sign < 0, np.int64(I32F32.min), np.int64(I32F32.max))


def _divide(a: Raws, b: Raws) -> tuple[Raws, NDArray[np.bool_]]:
    """Quotient cut toward zero and where it does not fit; 0 where b is 0."""
    negative = (a ^ b) < 0
    divisor = np.where(b == 0, np.uint64(1), _magnitude(b))
    whole, remainder = np.divmod(_magnitude(a), divisor)
    low = _fraction_of(remainder, divisor)
    lowest = negative & (whole == 1 << 31) & (low == 0)
    overflow = (whole >= 1 << 31) & ~lowest & (b != 0)
    magnitude = ((whole << FRACTION) | low).view(np.int64)
    return np.where(b == 0, np.int64(0), np.where(negative, -magnitude, magnitude)), overflow


def _magnitude(a: Raws) -> Shares:
    """|a| as uint64, also of -2**63."""
    return np.where(a < 0, -a, a).view(np.uint64)


def _fraction_of(remainder: Shares, divisor: Shares) -> Shares:
    """The 32 bits behind the point of remainder / divisor, for remainder < divisor <= 2**63.

    Long division in steps as wide as the largest divisor leaves room for.
    """
    room = 64 - int(divisor.max(initial=1)).bit_length()
    step = next(width for width in (32, 16, 8, 4, 2, 1) if width <= max(room, 1))
    bits = np.zeros_like(remainder)
    for _ in range(32 // step):
        digit, remainder = np.divmod(remainder << np.uint64(step), divisor)
        bits = (bits << np.uint64(step)) | digit
    return bits
