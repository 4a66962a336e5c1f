"""Fixed-point arithmetic with the chain's widths, roundings and saturations.

A number is its *raw* integer: value x 2**fraction_bits. Formats operate on raw integers:

>>> from ganglion.fixed import I32F32
>>> half = I32F32.div(I32F32.from_int(1), I32F32.from_int(2))
>>> half == I32F32.one // 2
True

Source: substrate-fixed v0.6.0 and subtensor primitives/safe-math/src/lib.rs.
"""

from ganglion.fixed.format import I32F32, I64F64, I96F32, U64F64, U96F32, Format
from ganglion.fixed.proportion import U16_MAX, proportion_to_u16, u16_to_proportion
from ganglion.fixed.transcendental import exp, exp_safe, ln, log2, sqrt

__all__ = [
    "I32F32",
    "I64F64",
    "I96F32",
    "U16_MAX",
    "U64F64",
    "U96F32",
    "Format",
    "exp",
    "exp_safe",
    "ln",
    "log2",
    "proportion_to_u16",
    "sqrt",
    "u16_to_proportion",
]
