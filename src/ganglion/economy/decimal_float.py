"""Decimal floats: the numbers in which shares of a stake pool are kept.

A value is mantissa * 10**exponent with 21 significant digits: fine enough that one rao moves a share of the
largest stake, coarse enough that a tenth of a rao does not. *Normal* means 10**20 < mantissa <= 10**21
(the top belongs to the range, the bottom does not); zero is (0, 0). Excess digits are dropped, never rounded.

Source: primitives/share-pool/src/lib.rs.
"""

from dataclasses import dataclass

from ganglion.economy.errors import U64_MAX, require

MANTISSA_MAX = 10**21
MANTISSA_MIN = 10**20 + 1
_DIGITS = 21
# Aligned by this many decades or more, nothing is left of the smaller operand.
_OUT_OF_SIGHT = 22
_TEN_TO: tuple[int, ...] = tuple(10**power for power in range(_OUT_OF_SIGHT + 1))


@dataclass(frozen=True, slots=True)
class DecimalFloat:
    """mantissa * 10**exponent, normal or zero; build it with `normal` or `from_u64`."""

    mantissa: int
    exponent: int

    def __bool__(self) -> bool:
        return self.mantissa != 0

    def __add__(self, other: "DecimalFloat") -> "DecimalFloat":
        """The sum; digits below the larger operand's last one are dropped first."""
        if not other:
            return self
        if not self:
            return other
        exponent, left, right = _aligned(self, other)
        return normal(left + right, exponent)

    def __sub__(self, other: "DecimalFloat") -> "DecimalFloat":
        """The difference, aligned as for the sum; zero where it would be negative."""
        if not other:
            return self
        exponent, left, right = _aligned(self, other)
        return normal(max(left - right, 0), exponent)

    def __truediv__(self, other: "DecimalFloat") -> "DecimalFloat":
        """The quotient. Raises ZeroDivisionError."""
        return normal(
            self.mantissa * _TEN_TO[_DIGITS] // other.mantissa, self.exponent - other.exponent - _DIGITS
        )

    def floor_u64(self) -> int:
        """The whole part, at most 2**64 - 1."""
        if self.exponent >= 0:
            # The mantissa of a normal value alone is already above u64.
            return U64_MAX if self else 0
        return min(self.mantissa // _TEN_TO[min(-self.exponent, _OUT_OF_SIGHT)], U64_MAX)


ZERO = DecimalFloat(0, 0)


def _aligned(one: DecimalFloat, other: DecimalFloat) -> tuple[int, int, int]:
    """(larger exponent, mantissas in units of it)."""
    gap = one.exponent - other.exponent
    if gap >= 0:
        return one.exponent, one.mantissa, other.mantissa // _TEN_TO[min(gap, _OUT_OF_SIGHT)]
    return other.exponent, one.mantissa // _TEN_TO[min(-gap, _OUT_OF_SIGHT)], other.mantissa


def normal(mantissa: int, exponent: int) -> DecimalFloat:
    """The normal form of mantissa * 10**exponent (mantissa >= 0); excess digits are dropped."""
    if mantissa == 0:
        return ZERO
    if not MANTISSA_MIN <= mantissa <= MANTISSA_MAX:
        spare = len(str(mantissa)) - _DIGITS
        mantissa = mantissa // 10**spare if spare > 0 else mantissa * 10**-spare
        exponent += spare
        if mantissa < MANTISSA_MIN:  # the power of ten itself: that is the top of the range below
            mantissa, exponent = mantissa * 10, exponent - 1
    return DecimalFloat(mantissa, exponent)


def from_u64(value: int) -> DecimalFloat:
    """A whole number. Raises: OutOfRange."""
    return normal(require("value", value), 0)


def from_u64f64(raw: int) -> DecimalFloat:
    """A share in the old format (U64F64, raw), which is only ever read."""
    whole, fraction = divmod(raw, 2**64)
    return normal(whole, 0) + normal(fraction, 0) / normal(2**64, 0)


def mul_div(value: DecimalFloat, factor: DecimalFloat, divisor: DecimalFloat) -> DecimalFloat:
    """value * factor / divisor: an exact product, then one cut. Raises ZeroDivisionError."""
    mantissa = value.mantissa * factor.mantissa // divisor.mantissa
    return normal(mantissa, value.exponent + factor.exponent - divisor.exponent)
