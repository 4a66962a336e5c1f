"""The codec of one type: values to SCALE bytes and back, and the type's own description.

A codec is built once per type and reused. `write` appends to a buffer and `read` walks one, so that
nested types cost no copies; `encode` and `decode` are the whole-value forms. Decoding is strict: a
non-canonical compact, a bool that is neither 0 nor 1, or bytes left over are errors, as in the chain's
own codec (parity-scale-codec). Decoded values are immutable or must be treated so.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from ganglion.scale.description import TypeInfo
from ganglion.scale.errors import ScaleError


class Codec(ABC):
    """Encodes and decodes the values of one type."""

    name: str
    """How the type is written, for example `Vec<u8>`; the metadata's type name of a field."""

    min_size: int = 0
    """The fewest bytes that a value can take: bounds what a claimed length may ask for."""

    @abstractmethod
    def write(self, value: Any, out: bytearray) -> None:
        """Append the encoding of `value`. Raises ScaleError if the value does not fit."""

    @abstractmethod
    def read(self, data: bytes, at: int) -> tuple[Any, int]:
        """Decode one value at offset `at`; the value and the offset after it. Raises ScaleError."""

    @abstractmethod
    def describe(self) -> TypeInfo:
        """The type as metadata describes it, other types being named by their codecs."""

    def encode(self, value: Any) -> bytes:
        """The encoding of `value`. Raises ScaleError if the value does not fit."""
        out = bytearray()
        self.write(value, out)
        return bytes(out)

    def encode_each(self, values: list[Any]) -> list[bytes]:
        """The encoding of each value. Raises ScaleError."""
        return [self.encode(value) for value in values]

    def decode(self, data: bytes) -> Any:
        """The value that `data` encodes, all of it. Raises ScaleError."""
        value, end = self.read(data, 0)
        if end != len(data):
            raise ScaleError(f"{self.name}: {len(data) - end} bytes left over after the value")
        return value

    def __repr__(self) -> str:
        return f"<codec {self.name}>"


def take(data: bytes, at: int, size: int, name: str) -> bytes:
    """`size` bytes at `at`. Raises ScaleError if there are fewer."""
    end = at + size
    if end > len(data):
        raise ScaleError(f"{name}: needs {size} bytes, {len(data) - at} are left")
    return data[at:end]
