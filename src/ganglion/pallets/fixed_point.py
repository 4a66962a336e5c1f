"""Fixed-point numbers on the wire: one integer named `bits`, the width of its fraction in the type.

To Python a value is the raw integer that `ganglion.fixed` computes with. Metadata spells the fraction's
width as a type-level binary number, most significant bit innermost, as the chain's own types do.
Source: substrate-fixed v0.6.0 src/lib.rs, typenum src/uint.rs.
"""

from __future__ import annotations

from typing import Annotated, Any

from ganglion.scale.codec import Codec
from ganglion.scale.description import Composite, Field, TypeInfo
from ganglion.scale.primitives import IntCodec


class TypeNumberCodec(Codec):
    """A number that exists only as a type; no value of it is ever written."""

    def __init__(self, name: str, path: tuple[str, ...], parts: tuple[Codec, ...] = ()) -> None:
        self.name = name
        self.path = path
        self.parts = parts

    def write(self, value: Any, out: bytearray) -> None:
        """Nothing: the type has no values."""

    def read(self, data: bytes, at: int) -> tuple[None, int]:
        return None, at

    def describe(self) -> TypeInfo:
        fields = tuple(Field(name, part) for name, part in zip(("msb", "lsb"), self.parts, strict=False))
        params = tuple(zip(("U", "B"), self.parts, strict=False))
        return TypeInfo(Composite(fields), self.path, params)


_TERM = TypeNumberCodec("UTerm", ("substrate_typenum", "uint", "UTerm"))
_BITS = tuple(TypeNumberCodec(name, ("substrate_typenum", "bit", name)) for name in ("B0", "B1"))


def type_number(number: int) -> TypeNumberCodec:
    """`number` as a type."""
    if number == 0:
        return _TERM
    parts = (type_number(number >> 1), _BITS[number & 1])
    return TypeNumberCodec(
        f"UInt<{parts[0].name}, {parts[1].name}>", ("substrate_typenum", "uint", "UInt"), parts
    )


class FixedPointCodec(IntCodec):
    """A fixed-point number as its raw integer."""

    def __init__(self, name: str, bits: int, fraction_bits: int, signed: bool) -> None:
        super().__init__(bits, signed)
        self.name = name
        self.bits = IntCodec(bits, signed)
        self.fraction = type_number(fraction_bits)
        self.path = ("substrate_fixed", f"Fixed{'I' if signed else 'U'}{bits}")

    def describe(self) -> TypeInfo:
        return TypeInfo(Composite((Field("bits", self.bits),)), self.path, (("Frac", self.fraction),))


I32F32Raw = Annotated[int, FixedPointCodec("I32F32", 64, 32, signed=True)]
I64F64Raw = Annotated[int, FixedPointCodec("I64F64", 128, 64, signed=True)]
I96F32Raw = Annotated[int, FixedPointCodec("I96F32", 128, 32, signed=True)]
U64F64Raw = Annotated[int, FixedPointCodec("U64F64", 128, 64, signed=False)]
U96F32Raw = Annotated[int, FixedPointCodec("U96F32", 128, 32, signed=False)]
