"""The portable type registry: every type that metadata mentions, numbered and described in bytes.

Source: scale-info's portable format (metadata V14 and V15).
"""

from __future__ import annotations

from ganglion.scale.codec import Codec
from ganglion.scale.containers import SomeCodec
from ganglion.scale.description import (
    Array,
    CompactOf,
    Composite,
    Definition,
    Field,
    Primitive,
    Sequence,
    Tuple,
    TypeInfo,
    Variants,
)
from ganglion.scale.errors import ScaleError
from ganglion.scale.primitives import TEXT, write_compact

PRIMITIVES = (
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "u256",
    "i8", "i16", "i32", "i64", "i128", "i256",
)  # fmt: skip


class PortableTypes:
    """Numbers types in the order in which they are first mentioned; equal types share a number."""

    def __init__(self) -> None:
        self._ids: dict[int, int] = {}
        self._held: list[Codec] = []
        self._same: dict[TypeInfo, int] = {}
        self._types: list[TypeInfo] = []

    def id_of(self, codec: Codec) -> int:
        """The number of a type; the type and all that it mentions are recorded."""
        if isinstance(codec, SomeCodec):
            return self.id_of(codec.item)
        known = self._ids.get(id(codec))
        if known is not None:
            return known
        info = codec.describe()
        number = self._same.get(info)
        if number is None:
            number = len(self._types)
            self._types.append(info)
            self._same[info] = number
        self._ids[id(codec)] = number
        self._held.append(codec)  # an id() is only good while the object lives
        return number

    def encode(self) -> bytes:
        """Vec<PortableType>. Describing a type may mention new ones, which follow it."""
        body = bytearray()
        written = 0
        while written < len(self._types):
            write_compact(written, body)
            self._write_type(self._types[written], body)
            written += 1
        out = bytearray()
        write_compact(written, out)
        return bytes(out + body)

    def write_fields(self, fields: tuple[Field, ...], out: bytearray) -> None:
        """Vec<Field>: optional name, type, optional type name, docs."""
        write_compact(len(fields), out)
        for field in fields:
            write_optional_text(field.name, out)
            write_compact(self.id_of(field.codec), out)
            write_optional_text(field.codec.name, out)
            write_texts(field.docs, out)

    def _write_type(self, info: TypeInfo, out: bytearray) -> None:
        write_texts(info.path, out)
        write_compact(len(info.params), out)
        for name, codec in info.params:
            TEXT.write(name, out)
            out.append(codec is not None)
            if codec is not None:
                write_compact(self.id_of(codec), out)
        self._write_definition(info.definition, out)
        write_texts(info.docs, out)

    def _write_definition(self, definition: Definition, out: bytearray) -> None:
        match definition:
            case Composite(fields):
                out.append(0)
                self.write_fields(fields, out)
            case Variants(variants):
                out.append(1)
                write_compact(len(variants), out)
                for variant in variants:
                    TEXT.write(variant.name, out)
                    self.write_fields(variant.fields, out)
                    out.append(variant.index)
                    write_texts(variant.docs, out)
            case Sequence(item):
                out.append(2)
                write_compact(self.id_of(item), out)
            case Array(item, length):
                out.append(3)
                out += length.to_bytes(4, "little")
                write_compact(self.id_of(item), out)
            case Tuple(items):
                out.append(4)
                write_compact(len(items), out)
                for item in items:
                    write_compact(self.id_of(item), out)
            case Primitive(name):
                out.append(5)
                out.append(PRIMITIVES.index(name))
            case CompactOf(item):
                out.append(6)
                write_compact(self.id_of(item), out)
            case _:
                raise ScaleError(f"{definition!r} is no definition of a type")


def write_texts(texts: tuple[str, ...], out: bytearray) -> None:
    """Vec<str>."""
    write_compact(len(texts), out)
    for text in texts:
        TEXT.write(text, out)


def write_optional_text(text: str | None, out: bytearray) -> None:
    """Option<str>."""
    out.append(text is not None)
    if text is not None:
        TEXT.write(text, out)
