"""From a type annotation to its codec."""

from __future__ import annotations

import enum
import types
import typing
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from ganglion.scale.codec import Codec
from ganglion.scale.containers import (
    Err,
    MapCodec,
    Ok,
    OptionCodec,
    ResultCodec,
    SetCodec,
    Some,
    SomeCodec,
    TupleCodec,
    VecCodec,
)
from ganglion.scale.errors import ScaleError
from ganglion.scale.markers import Marker
from ganglion.scale.primitives import BOOL, TEXT, UNIT
from ganglion.scale.structure import Enum, Struct
from ganglion.scale.structure_codecs import EnumCodec, FieldsCodec, IntEnumCodec, StructCodec


class Codecs:
    """The codecs of one runtime's types: one codec a type, found by annotation.

    A runtime binds the types that only it knows (`RuntimeCall`, `RuntimeEvent`) before it asks for types
    that contain them.
    """

    def __init__(self) -> None:
        self._known: dict[Any, Codec] = {bool: BOOL, str: TEXT, None: UNIT, type(None): UNIT}

    def bind(self, annotation: Any, codec: Codec) -> None:
        """Use `codec` for `annotation` from now on."""
        self._known[annotation] = codec

    def of(self, annotation: Any) -> Codec:
        """The codec of a type. Raises ScaleError if the annotation declares none."""
        known = self._known.get(annotation)
        if known is None:
            known = self._known[annotation] = self._build(annotation)
        return known

    def fields_of(self, cls: type) -> FieldsCodec:
        """The codec of a dataclass's fields alone (an event's, a call's arguments)."""
        codec = FieldsCodec(cls, positional=getattr(cls, "scale_positional", False))
        self._complete(codec)
        return codec

    def _build(self, annotation: Any) -> Codec:
        origin = get_origin(annotation)
        if origin is Annotated:
            return self._annotated(annotation)
        if origin in (types.UnionType, typing.Union):
            return self._union(annotation)
        if origin is not None:
            return self._generic(origin, get_args(annotation))
        if isinstance(annotation, type):
            return self._class(annotation)
        raise ScaleError(f"{annotation!r} has no SCALE encoding")

    def _annotated(self, annotation: Any) -> Codec:
        codec: Codec | None = None
        for mark in annotation.__metadata__:
            if isinstance(mark, Codec):
                codec = mark
            elif isinstance(mark, Marker):
                codec = mark.apply(self.of(annotation.__origin__) if codec is None else codec)
        return self.of(annotation.__origin__) if codec is None else codec

    def _union(self, annotation: Any) -> Codec:
        arms = [arm for arm in get_args(annotation) if arm is not type(None)]
        if [get_origin(arm) for arm in arms] == [Ok, Err]:
            return ResultCodec(*(self.of(get_args(arm)[0]) for arm in arms))
        if len(arms) != 1:
            raise ScaleError(f"{annotation!r} is neither an option nor a result")
        return OptionCodec(self.of(arms[0]))

    def _generic(self, origin: Any, args: tuple[Any, ...]) -> Codec:
        if origin is tuple:
            if args == ():
                return UNIT
            if len(args) == 2 and args[1] is Ellipsis:
                return VecCodec(self.of(args[0]))
            return TupleCodec(tuple(self.of(arg) for arg in args))
        if origin is dict:
            return MapCodec(self.of(args[0]), self.of(args[1]))
        if origin is frozenset:
            return SetCodec(self.of(args[0]))
        if origin is Some:
            return SomeCodec(self.of(args[0]))
        raise ScaleError(f"{origin!r} has no SCALE encoding")

    def _class(self, cls: type) -> Codec:
        if issubclass(cls, enum.IntEnum):
            return IntEnumCodec(cls)
        if issubclass(cls, Struct):
            struct = StructCodec(cls)
            self._known[cls] = struct
            self._complete(struct)
            return struct
        if issubclass(cls, Enum):
            choice = EnumCodec(cls)
            self._known[cls] = choice
            for arm in choice.arms.values():
                self._complete(arm)
            choice.params = tuple((name, self.of(param)) for name, param in cls.scale_params.items())
            return choice
        raise ScaleError(f"{cls!r} has no SCALE encoding")

    def _complete(self, codec: FieldsCodec) -> None:
        hints = get_type_hints(codec.cls, include_extras=True)
        names = codec.cls.__dataclass_fields__
        codec.complete({name: self.of(hints[name]) for name in names})
