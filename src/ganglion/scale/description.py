"""How a type describes itself in metadata (scale-info): path, parameters and definition.

References to other types are codecs here; `portable.py` turns them into numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganglion.scale.codec import Codec


@dataclass(frozen=True)
class Field:
    """A field of a struct or variant; `name` is None in tuple-like ones."""

    name: str | None
    codec: Codec
    docs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Composite:
    """A struct: fields in order."""

    fields: tuple[Field, ...]


@dataclass(frozen=True)
class VariantInfo:
    """One arm of an enum with its index on the wire."""

    name: str
    index: int
    fields: tuple[Field, ...] = ()
    docs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variants:
    """An enum: its arms, in order of index."""

    variants: tuple[VariantInfo, ...]


@dataclass(frozen=True)
class Sequence:
    """Any number of one type, with a length in front."""

    item: Codec


@dataclass(frozen=True)
class Array:
    """A fixed number of one type."""

    item: Codec
    length: int


@dataclass(frozen=True)
class Tuple:
    """Several types in a row."""

    items: tuple[Codec, ...]


@dataclass(frozen=True)
class Primitive:
    """A built-in type by its scale-info name (`u8`, `bool`, `str`, ...)."""

    name: str


@dataclass(frozen=True)
class CompactOf:
    """An integer in compact form."""

    item: Codec


Definition = Composite | Variants | Sequence | Array | Tuple | Primitive | CompactOf


@dataclass(frozen=True)
class TypeInfo:
    """A type as metadata shows it. `params` are (name, type or None for a skipped one)."""

    definition: Definition
    path: tuple[str, ...] = ()
    params: tuple[tuple[str, Codec | None], ...] = ()
    docs: tuple[str, ...] = ()
