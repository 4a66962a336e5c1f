"""Codecs of containers: sequences, arrays, tuples, options, maps, sets and named wrappers."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence, Set, Sized
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

from ganglion.scale import description
from ganglion.scale.codec import Codec, take
from ganglion.scale.description import (
    Array,
    Composite,
    Field,
    Tuple,
    TypeInfo,
    VariantInfo,
    Variants,
)
from ganglion.scale.errors import ScaleError
from ganglion.scale.primitives import IntCodec, read_compact, write_compact

T = TypeVar("T")


@dataclass(frozen=True)
class Some(Generic[T]):
    """A present value inside an option whose value is itself an option: `Some[X | None] | None`."""

    value: T


class VecCodec(Codec):
    """Vec<T> as a tuple. Vectors of fixed-width integers are read and written in one go."""

    min_size = 1

    def __init__(self, item: Codec) -> None:
        self.name = f"Vec<{item.name}>"
        self.item = item

    def write(self, value: Iterable[Any], out: bytearray) -> None:
        items = _sized(value, self.name)
        write_compact(len(items), out)
        if isinstance(self.item, IntCodec) and self.item.size in _CAST:
            out += _integers(self.item, items)
            return
        write = self.item.write
        for item in items:
            write(item, out)

    def read(self, data: bytes, at: int) -> tuple[tuple[Any, ...], int]:
        count, at = read_compact(data, at)
        return _read_items(self.item, count, data, at, self.name)

    def describe(self) -> TypeInfo:
        return TypeInfo(description.Sequence(self.item))


class ArrayCodec(Codec):
    """[T; n] as a tuple of n items."""

    def __init__(self, item: Codec, length: int) -> None:
        self.name = f"[{item.name}; {length}]"
        self.item = item
        self.length = length
        self.min_size = item.min_size * length

    def write(self, value: Iterable[Any], out: bytearray) -> None:
        items = _sized(value, self.name)
        if len(items) != self.length:
            raise ScaleError(f"{self.name}: {len(items)} items")
        for item in items:
            self.item.write(item, out)

    def read(self, data: bytes, at: int) -> tuple[tuple[Any, ...], int]:
        return _read_items(self.item, self.length, data, at, self.name)

    def describe(self) -> TypeInfo:
        return TypeInfo(Array(self.item, self.length))


class TupleCodec(Codec):
    """(A, B, ...) as a tuple."""

    def __init__(self, items: tuple[Codec, ...]) -> None:
        self.name = f"({', '.join(item.name for item in items)})"
        self.items = items
        self.min_size = sum(item.min_size for item in items)

    def write(self, value: Iterable[Any], out: bytearray) -> None:
        values = _sized(value, self.name)
        if len(values) != len(self.items):
            raise ScaleError(f"{self.name}: {len(values)} items")
        for item, part in zip(self.items, values, strict=True):
            item.write(part, out)

    def read(self, data: bytes, at: int) -> tuple[tuple[Any, ...], int]:
        values = []
        for item in self.items:
            value, at = item.read(data, at)
            values.append(value)
        return tuple(values), at

    def describe(self) -> TypeInfo:
        return TypeInfo(Tuple(self.items))


class OptionCodec(Codec):
    """Option<T>: None or a value."""

    min_size = 1

    def __init__(self, item: Codec) -> None:
        self.name = f"Option<{item.name}>"
        self.item = item

    def write(self, value: Any, out: bytearray) -> None:
        if value is None:
            out.append(0)
        else:
            out.append(1)
            self.item.write(value, out)

    def read(self, data: bytes, at: int) -> tuple[Any, int]:
        tag = take(data, at, 1, self.name)[0]
        if tag > 1:
            raise ScaleError(f"{self.name}: tag {tag} is neither 0 nor 1")
        return self.item.read(data, at + 1) if tag else (None, at + 1)

    def describe(self) -> TypeInfo:
        some = VariantInfo("Some", 1, (Field(None, self.item),))
        return TypeInfo(Variants((VariantInfo("None", 0), some)), ("Option",), (("T", self.item),))


class SomeCodec(Codec):
    """The inside of an option of an option: `Some(None)` must differ from `None`."""

    def __init__(self, item: Codec) -> None:
        self.name = item.name
        self.item = item
        self.min_size = item.min_size

    def write(self, value: Some[Any], out: bytearray) -> None:
        if not isinstance(value, Some):
            raise ScaleError(f"{self.name}: {value!r} is not wrapped in Some")
        self.item.write(value.value, out)

    def read(self, data: bytes, at: int) -> tuple[Some[Any], int]:
        value, at = self.item.read(data, at)
        return Some(value), at

    def describe(self) -> TypeInfo:
        return self.item.describe()


@dataclass(frozen=True)
class Ok(Generic[T]):
    """The good end of a result; a result is written `Ok[T] | Err[E]`."""

    value: T


@dataclass(frozen=True)
class Err(Generic[T]):
    """The bad end of a result."""

    error: T


class ResultCodec(Codec):
    """Result<T, E>."""

    min_size = 1

    def __init__(self, ok: Codec, err: Codec) -> None:
        self.name = f"Result<{ok.name}, {err.name}>"
        self.ok = ok
        self.err = err

    def write(self, value: Ok[Any] | Err[Any], out: bytearray) -> None:
        match value:
            case Ok(inside):
                out.append(0)
                self.ok.write(inside, out)
            case Err(error):
                out.append(1)
                self.err.write(error, out)
            case _:
                raise ScaleError(f"{value!r} is not a {self.name}")

    def read(self, data: bytes, at: int) -> tuple[Ok[Any] | Err[Any], int]:
        tag = take(data, at, 1, self.name)[0]
        if tag > 1:
            raise ScaleError(f"{self.name}: tag {tag} is neither 0 nor 1")
        value, at = (self.err if tag else self.ok).read(data, at + 1)
        return (Err(value) if tag else Ok(value)), at

    def describe(self) -> TypeInfo:
        arms = (
            VariantInfo("Ok", 0, (Field(None, self.ok),)),
            VariantInfo("Err", 1, (Field(None, self.err),)),
        )
        return TypeInfo(Variants(arms), ("Result",), (("T", self.ok), ("E", self.err)))


class MapCodec(Codec):
    """BTreeMap<K, V> as a dict; written in ascending order of key."""

    min_size = 1

    def __init__(self, key: Codec, value: Codec) -> None:
        self.name = f"BTreeMap<{key.name}, {value.name}>"
        self.key, self.value = key, value
        self.pairs = VecCodec(TupleCodec((key, value)))

    def write(self, value: Mapping[Any, Any], out: bytearray) -> None:
        if not isinstance(value, Mapping):
            raise ScaleError(f"{value!r} is not a mapping")
        write_compact(len(value), out)
        keys = _ascending(value, self.name)
        values = [value[key] for key in keys]
        pairs = zip(bare(self.key).encode_each(keys), bare(self.value).encode_each(values), strict=True)
        out += b"".join(chain.from_iterable(pairs))

    def read(self, data: bytes, at: int) -> tuple[dict[Any, Any], int]:
        pairs, at = self.pairs.read(data, at)
        return dict(pairs), at

    def describe(self) -> TypeInfo:
        params = (("K", self.key), ("V", self.value))
        return TypeInfo(Composite((Field(None, self.pairs),)), ("BTreeMap",), params)


class SetCodec(Codec):
    """BTreeSet<T> as a frozenset; written in ascending order."""

    min_size = 1

    def __init__(self, item: Codec) -> None:
        self.name = f"BTreeSet<{item.name}>"
        self.item = item
        self.items = VecCodec(item)

    def write(self, value: Set[Any], out: bytearray) -> None:
        if not isinstance(value, Set):
            raise ScaleError(f"{value!r} is not a set")
        self.items.write(_ascending(value, self.name), out)

    def read(self, data: bytes, at: int) -> tuple[frozenset[Any], int]:
        items, at = self.items.read(data, at)
        return frozenset(items), at

    def describe(self) -> TypeInfo:
        return TypeInfo(Composite((Field(None, self.items),)), ("BTreeSet",), (("T", self.item),))


class NewtypeCodec(Codec):
    """A named type around one other: the same bytes and the same Python value, another name."""

    def __init__(
        self, inner: Codec, path: tuple[str, ...], field: str | None = None, shown: Codec | None = None
    ) -> None:
        """`shown` is what metadata describes in place of `inner` (U256 is shown as four u64)."""
        self.name = path[-1]
        self.inner = inner
        self.path = path
        self.field = field
        self.shown = shown or inner
        self.min_size = inner.min_size

    def write(self, value: Any, out: bytearray) -> None:
        self.inner.write(value, out)

    def read(self, data: bytes, at: int) -> tuple[Any, int]:
        return self.inner.read(data, at)

    def describe(self) -> TypeInfo:
        return TypeInfo(Composite((Field(self.field, self.shown),)), self.path)


def bare(codec: Codec) -> Codec:
    """What a newtype is around, however deep: the same bytes with fewer calls."""
    while isinstance(codec, NewtypeCodec):
        codec = codec.inner
    return codec


class BoundedCodec(Codec):
    """BoundedVec<T, S>: a vector (or bytes) of at most `bound` items."""

    min_size = 1

    def __init__(self, inner: Codec, item: Codec, bound: int, path: tuple[str, ...]) -> None:
        self.name = f"{path[-1]}<{item.name}>"
        self.inner = inner
        self.item = item
        self.bound = bound
        self.path = path

    def write(self, value: Any, out: bytearray) -> None:
        if isinstance(value, Sized) and len(value) > self.bound:
            raise ScaleError(f"{self.name}: {len(value)} items, at most {self.bound} are allowed")
        self.inner.write(value, out)

    def read(self, data: bytes, at: int) -> tuple[Any, int]:
        count, _ = read_compact(data, at)
        if count > self.bound:
            raise ScaleError(f"{self.name}: {count} items, at most {self.bound} are allowed")
        return self.inner.read(data, at)

    def describe(self) -> TypeInfo:
        params = (("T", self.item), ("S", None))
        return TypeInfo(Composite((Field(None, self.inner),)), self.path, params)


def _sized(value: Iterable[Any], name: str) -> tuple[Any, ...] | list[Any]:
    if isinstance(value, (tuple, list)):
        return value
    if isinstance(value, (str, bytes, bytearray)) or not isinstance(value, Sequence):
        raise ScaleError(f"{name}: {value!r} is not a sequence")
    return tuple(value)


def _ascending(keys: Iterable[Any], name: str) -> list[Any]:
    try:
        return sorted(keys)
    except TypeError as error:
        raise ScaleError(f"{name}: its keys have no order") from error


def _read_items(item: Codec, count: int, data: bytes, at: int, name: str) -> tuple[tuple[Any, ...], int]:
    # A length that the remaining bytes cannot hold must fail before anything is allocated. Items without
    # bytes would let a length of 2**30 cost nothing to send, so they count as one byte.
    if count * max(1, item.min_size) > len(data) - at:
        raise ScaleError(f"{name}: {count} items do not fit in {len(data) - at} bytes")
    if isinstance(item, IntCodec) and item.size in _CAST:
        return _read_integers(item, count, data, at)
    values = []
    read = item.read
    for _ in range(count):
        value, at = read(data, at)
        values.append(value)
    return tuple(values), at


_CAST = {1: "b", 2: "h", 4: "i", 8: "q"}


def _read_integers(item: IntCodec, count: int, data: bytes, at: int) -> tuple[tuple[int, ...], int]:
    end = at + count * item.size
    return struct.unpack(_layout(item, count), data[at:end]), end


def _integers(item: IntCodec, values: Sequence[int]) -> bytes:
    try:
        return struct.pack(_layout(item, len(values)), *values)
    except struct.error as error:
        raise ScaleError(f"one of {values!r} is not a {item.name}") from error


def _layout(item: IntCodec, count: int) -> str:
    letter = _CAST[item.size]
    return f"<{count}{letter if item.signed else letter.upper()}"
