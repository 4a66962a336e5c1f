"""Codecs of numbers, bools, text and bytes.

Source: the SCALE specification (integers little endian; compact integers in four modes).
"""

from __future__ import annotations

from typing import Any

from ganglion.scale.codec import Codec, take
from ganglion.scale.description import Array, CompactOf, Primitive, Sequence, Tuple, TypeInfo
from ganglion.scale.errors import ScaleError


class IntCodec(Codec):
    """A fixed-width integer of 8 to 256 bits, little endian, two's complement when signed."""

    def __init__(self, bits: int, signed: bool = False) -> None:
        self.name = f"{'i' if signed else 'u'}{bits}"
        self.size = self.min_size = bits // 8
        self.signed = signed
        self.minimum = -(1 << (bits - 1)) if signed else 0
        self.maximum = (1 << (bits - signed)) - 1

    def write(self, value: int, out: bytearray) -> None:
        out += self.encode(value)

    def encode(self, value: int) -> bytes:
        try:
            return value.to_bytes(self.size, "little", signed=self.signed)
        except (OverflowError, AttributeError) as error:
            raise ScaleError(f"{value!r} is not a {self.name}") from error

    def encode_each(self, values: list[int]) -> list[bytes]:
        size, signed = self.size, self.signed
        try:
            return [value.to_bytes(size, "little", signed=signed) for value in values]
        except (OverflowError, AttributeError):
            return super().encode_each(values)  # which tells the value that does not fit

    def decode(self, data: bytes) -> int:
        if len(data) != self.size:
            raise ScaleError(f"{self.name}: {len(data)} bytes, not {self.size}")
        return int.from_bytes(data, "little", signed=self.signed)

    def read(self, data: bytes, at: int) -> tuple[int, int]:
        end = at + self.size
        if end > len(data):
            raise ScaleError(f"{self.name}: needs {self.size} bytes, {len(data) - at} are left")
        return int.from_bytes(data[at:end], "little", signed=self.signed), end

    def describe(self) -> TypeInfo:
        return TypeInfo(Primitive(self.name))


class BoolCodec(Codec):
    """A bool: one byte, 0 or 1."""

    name = "bool"
    min_size = 1

    def write(self, value: bool, out: bytearray) -> None:
        if value is not True and value is not False:
            raise ScaleError(f"{value!r} is not a bool")
        out.append(value)

    def read(self, data: bytes, at: int) -> tuple[bool, int]:
        byte = take(data, at, 1, self.name)[0]
        if byte > 1:
            raise ScaleError(f"bool: byte {byte} is neither 0 nor 1")
        return byte == 1, at + 1

    def describe(self) -> TypeInfo:
        return TypeInfo(Primitive(self.name))


class UnitCodec(Codec):
    """The empty tuple: no bytes."""

    name = "()"

    def write(self, value: Any, out: bytearray) -> None:
        if value not in ((), None):
            raise ScaleError(f"{value!r} is not the empty tuple")

    def read(self, data: bytes, at: int) -> tuple[tuple[()], int]:
        return (), at

    def describe(self) -> TypeInfo:
        return TypeInfo(Tuple(()))


def write_compact(value: int, out: bytearray) -> None:
    """Append the compact form of an unsigned integer below 2**536."""
    if not isinstance(value, int) or value < 0 or value.bit_length() > 536:
        raise ScaleError(f"{value!r} has no compact form")
    if value < 1 << 6:
        out.append(value << 2)
    elif value < 1 << 14:
        out += (value << 2 | 1).to_bytes(2, "little")
    elif value < 1 << 30:
        out += (value << 2 | 2).to_bytes(4, "little")
    else:
        size = max(4, (value.bit_length() + 7) // 8)
        out.append((size - 4) << 2 | 3)
        out += value.to_bytes(size, "little")


def read_compact(data: bytes, at: int) -> tuple[int, int]:
    """Decode a compact integer at `at`. Raises ScaleError if it is cut short or not the shortest form."""
    mode = take(data, at, 1, "Compact")[0] & 3
    if mode == 0:
        return data[at] >> 2, at + 1
    if mode == 3:
        size = (data[at] >> 2) + 4
        value = int.from_bytes(take(data, at + 1, size, "Compact"), "little")
        if value < 1 << 30 or (size > 4 and value >> (8 * (size - 1)) == 0):
            raise ScaleError("Compact: not in its shortest form")
        return value, at + 1 + size
    size = 2 * mode
    value = int.from_bytes(take(data, at, size, "Compact"), "little") >> 2
    if value < (1 << 6 if mode == 1 else 1 << 14):
        raise ScaleError("Compact: not in its shortest form")
    return value, at + size


class CompactCodec(Codec):
    """An unsigned integer (or a newtype around one) in compact form."""

    min_size = 1

    def __init__(self, item: Codec, maximum: int) -> None:
        self.name = f"Compact<{item.name}>"
        self.item = item
        self.maximum = maximum

    def write(self, value: int, out: bytearray) -> None:
        if not isinstance(value, int) or value > self.maximum:
            raise ScaleError(f"{value!r} is not a {self.name}")
        write_compact(value, out)

    def read(self, data: bytes, at: int) -> tuple[int, int]:
        value, end = read_compact(data, at)
        if value > self.maximum:
            raise ScaleError(f"{self.name}: {value} is too large")
        return value, end

    def describe(self) -> TypeInfo:
        return TypeInfo(CompactOf(self.item))


class BytesCodec(Codec):
    """Vec<u8> as `bytes`."""

    name = "Vec<u8>"
    min_size = 1

    def __init__(self, byte: Codec) -> None:
        self.byte = byte

    def write(self, value: bytes, out: bytearray) -> None:
        if not isinstance(value, (bytes, bytearray)):
            raise ScaleError(f"{value!r} is not bytes")
        write_compact(len(value), out)
        out += value

    def read(self, data: bytes, at: int) -> tuple[bytes, int]:
        size, at = read_compact(data, at)
        return bytes(take(data, at, size, self.name)), at + size

    def describe(self) -> TypeInfo:
        return TypeInfo(Sequence(self.byte))


class FixedBytesCodec(Codec):
    """[u8; n] as `bytes` of that length."""

    def __init__(self, byte: Codec, length: int) -> None:
        self.name = f"[u8; {length}]"
        self.byte = byte
        self.length = self.min_size = length

    def write(self, value: bytes, out: bytearray) -> None:
        if not isinstance(value, (bytes, bytearray)) or len(value) != self.length:
            raise ScaleError(f"{value!r} is not {self.length} bytes")
        out += value

    def read(self, data: bytes, at: int) -> tuple[bytes, int]:
        return bytes(take(data, at, self.length, self.name)), at + self.length

    def describe(self) -> TypeInfo:
        return TypeInfo(Array(self.byte, self.length))


class TextCodec(Codec):
    """UTF-8 text with its length in bytes in front."""

    name = "str"
    min_size = 1

    def write(self, value: str, out: bytearray) -> None:
        if not isinstance(value, str):
            raise ScaleError(f"{value!r} is not text")
        try:
            data = value.encode()
        except UnicodeEncodeError as error:
            raise ScaleError(f"{value!r} is not valid Unicode") from error
        write_compact(len(data), out)
        out += data

    def read(self, data: bytes, at: int) -> tuple[str, int]:
        size, at = read_compact(data, at)
        try:
            return take(data, at, size, self.name).decode(), at + size
        except UnicodeDecodeError as error:
            raise ScaleError("str: not UTF-8") from error

    def describe(self) -> TypeInfo:
        return TypeInfo(Primitive("str"))


U8, U16, U32, U64, U128, U256 = (IntCodec(bits) for bits in (8, 16, 32, 64, 128, 256))
I8, I16, I32, I64, I128 = (IntCodec(bits, signed=True) for bits in (8, 16, 32, 64, 128))
BOOL = BoolCodec()
UNIT = UnitCodec()
TEXT = TextCodec()
BYTES = BytesCodec(U8)
