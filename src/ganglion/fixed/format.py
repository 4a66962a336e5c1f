"""Fixed-point formats: how many bits, how many of them behind the point, signed or not.

Terms: *raw* is value x 2**fraction_bits as a Python int. *Saturating* results stop at the
format's ends; *checked* ones are None instead; *safe* ones are 0 (or a given default) instead.
Rounding: products and narrowing drop bits toward minus infinity, quotients toward zero.
Source: substrate-fixed v0.6.0, src/arith.rs and src/convert.rs; subtensor
primitives/safe-math/src/lib.rs.
"""

from dataclasses import dataclass, field

_U64_MAX = (1 << 64) - 1


def divide_toward_zero(numerator: int, divisor: int) -> int:
    """Integer quotient with the fraction cut off. Raises ZeroDivisionError."""
    if numerator >= 0 and divisor > 0:
        return numerator // divisor
    quotient = abs(numerator) // abs(divisor)
    return quotient if (numerator < 0) == (divisor < 0) else -quotient


@dataclass(frozen=True, slots=True)
class Format:
    """One fixed-point type. All operands and results are raw integers of this format."""

    name: str
    total_bits: int
    fraction_bits: int
    signed: bool
    min: int = field(init=False)
    max: int = field(init=False)
    one: int = field(init=False)
    largest: int = field(init=False)
    """The largest whole number."""

    def __post_init__(self) -> None:
        sign_bits = 1 if self.signed else 0
        object.__setattr__(self, "min", -(1 << (self.total_bits - 1)) if self.signed else 0)
        object.__setattr__(self, "max", (1 << (self.total_bits - sign_bits)) - 1)
        object.__setattr__(self, "one", 1 << self.fraction_bits)
        object.__setattr__(self, "largest", self.max >> self.fraction_bits)

    def saturate(self, raw: int) -> int:
        """The representable raw value nearest to `raw`."""
        return self.max if raw > self.max else self.min if raw < self.min else raw

    def checked(self, raw: int) -> int | None:
        """`raw`, or None when the format cannot hold it."""
        return raw if self.min <= raw <= self.max else None

    # -- into the format ------------------------------------------------------------

    def from_int(self, number: int) -> int:
        """Whole number to raw, saturating."""
        raw = number << self.fraction_bits
        return raw if self.min <= raw <= self.max else self.saturate(raw)

    def from_ratio(self, numerator: int, denominator: int) -> int:
        """numerator / denominator of whole numbers, cut toward zero; 0 for a zero denominator."""
        if 0 <= numerator <= self.largest and 0 < denominator <= self.largest:  # nearly always
            return (numerator << self.fraction_bits) // denominator
        return self.safe_div(self.from_int(numerator), self.from_int(denominator))

    def convert(self, raw: int, source: "Format") -> int:
        """A raw value of `source` to this format: narrowing floors, then saturates."""
        shift = self.fraction_bits - source.fraction_bits
        raw = raw << shift if shift >= 0 else raw >> -shift
        return raw if self.min <= raw <= self.max else self.saturate(raw)

    # -- out of the format ----------------------------------------------------------

    def floor(self, raw: int) -> int:
        """The whole number at or below, not limited in width."""
        return raw >> self.fraction_bits

    def to_u16(self, raw: int) -> int:
        """Floor, saturated to 0..2**16 - 1."""
        return min(max(raw >> self.fraction_bits, 0), 0xFFFF)

    def to_u64(self, raw: int) -> int:
        """Floor, saturated to 0..2**64 - 1."""
        whole = raw >> self.fraction_bits
        return whole if 0 <= whole <= _U64_MAX else 0 if whole < 0 else _U64_MAX

    def to_i64(self, raw: int) -> int:
        """Floor, saturated to -2**63..2**63 - 1."""
        return min(max(raw >> self.fraction_bits, -(1 << 63)), (1 << 63) - 1)

    # -- saturating arithmetic ------------------------------------------------------

    def add(self, a: int, b: int) -> int:
        """a + b, saturating."""
        raw = a + b
        return raw if self.min <= raw <= self.max else self.saturate(raw)

    def sub(self, a: int, b: int) -> int:
        """a - b, saturating; so below zero an unsigned format gives 0."""
        raw = a - b
        return raw if self.min <= raw <= self.max else self.saturate(raw)

    def mul(self, a: int, b: int) -> int:
        """a * b floored, saturating."""
        raw = (a * b) >> self.fraction_bits
        return raw if self.min <= raw <= self.max else self.saturate(raw)

    def div(self, a: int, b: int) -> int:
        """a / b cut toward zero, saturating. Raises ZeroDivisionError."""
        return self.saturate(divide_toward_zero(a << self.fraction_bits, b))

    # -- checked and safe arithmetic ------------------------------------------------

    def checked_add(self, a: int, b: int) -> int | None:
        """a + b, or None on overflow."""
        return self.checked(a + b)

    def checked_sub(self, a: int, b: int) -> int | None:
        """a - b, or None on overflow."""
        return self.checked(a - b)

    def checked_mul(self, a: int, b: int) -> int | None:
        """a * b floored, or None on overflow."""
        return self.checked((a * b) >> self.fraction_bits)

    def checked_div(self, a: int, b: int) -> int | None:
        """a / b cut toward zero, or None on overflow or a zero divisor."""
        return self.checked(divide_toward_zero(a << self.fraction_bits, b)) if b else None

    def safe_div(self, a: int, b: int, default: int = 0) -> int:
        """a / b cut toward zero, or `default` (raw) on overflow or a zero divisor."""
        if b == 0:
            return default
        raw = a << self.fraction_bits
        quotient = raw // b if raw >= 0 and b > 0 else divide_toward_zero(raw, b)
        return quotient if self.min <= quotient <= self.max else default

    # -- rounding within the format ---------------------------------------------------

    def checked_round(self, raw: int) -> int | None:
        """Nearest whole value, halves away from zero; None on overflow."""
        half = self.one >> 1
        magnitude = (abs(raw) + half) >> self.fraction_bits << self.fraction_bits
        return self.checked(magnitude if raw >= 0 else -magnitude)


I32F32 = Format("I32F32", 64, 32, signed=True)
I64F64 = Format("I64F64", 128, 64, signed=True)
I96F32 = Format("I96F32", 128, 32, signed=True)
U64F64 = Format("U64F64", 128, 64, signed=False)
U96F32 = Format("U96F32", 128, 32, signed=False)
