"""What an annotation may carry besides a codec: instructions that build one from the codec before them.

`Annotated[int, U16, Newtype("subtensor_runtime_common::NetUid")]` reads left to right: start with a u16,
then name it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from ganglion.scale.codec import Codec
from ganglion.scale.containers import ArrayCodec, BoundedCodec, NewtypeCodec, VecCodec
from ganglion.scale.errors import ScaleError
from ganglion.scale.primitives import U8, BytesCodec, CompactCodec, IntCodec


class Marker(ABC):
    """Makes a codec from the one that the annotation has given so far."""

    @abstractmethod
    def apply(self, codec: Codec) -> Codec:
        """The codec of the marked type. Raises ScaleError if the mark does not fit the type."""


@dataclass(frozen=True)
class Newtype(Marker):
    """A named composite with one field; `path` is written with `::`."""

    path: str
    field: str | None = None
    shown: Codec | None = None

    def apply(self, codec: Codec) -> Codec:
        return NewtypeCodec(codec, tuple(self.path.split("::")), self.field, self.shown)


@dataclass(frozen=True)
class CompactForm(Marker):
    """The compact form of an unsigned integer or of a newtype around one."""

    def apply(self, codec: Codec) -> Codec:
        inner = codec
        while isinstance(inner, NewtypeCodec):
            inner = inner.inner
        if not isinstance(inner, IntCodec) or inner.signed:
            raise ScaleError(f"{codec.name} has no compact form")
        return CompactCodec(codec, inner.maximum)


@dataclass(frozen=True)
class Bounded(Marker):
    """BoundedVec (or WeakBoundedVec) of at most `bound` items or bytes."""

    bound: int
    path: str = "bounded_collections::bounded_vec::BoundedVec"

    def apply(self, codec: Codec) -> Codec:
        if isinstance(codec, VecCodec):
            item = codec.item
        elif isinstance(codec, BytesCodec):
            item = U8
        else:
            raise ScaleError(f"{codec.name} is not a vector")
        return BoundedCodec(codec, item, self.bound, tuple(self.path.split("::")))


@dataclass(frozen=True)
class Length(Marker):
    """A fixed number of items: turns `Vec<T>` into `[T; n]`."""

    length: int

    def apply(self, codec: Codec) -> Codec:
        if not isinstance(codec, VecCodec):
            raise ScaleError(f"{codec.name} is not a vector")
        return ArrayCodec(codec.item, self.length)
