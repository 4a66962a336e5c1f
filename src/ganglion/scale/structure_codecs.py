"""Codecs of the classes declared with `structure`."""

from __future__ import annotations

import enum
from operator import attrgetter
from typing import Any

from ganglion.scale.codec import Codec, take
from ganglion.scale.containers import bare
from ganglion.scale.description import Composite, Field, TypeInfo, VariantInfo, Variants
from ganglion.scale.errors import ScaleError
from ganglion.scale.structure import Enum, Struct


def docs_of(cls: type) -> tuple[str, ...]:
    """The docstring's lines, unless it is the signature that `dataclass` writes when there is none."""
    text = cls.__doc__ or ""
    if text.startswith(f"{cls.__name__}("):
        return ()
    return tuple(line.strip() for line in text.strip().splitlines())


class FieldsCodec(Codec):
    """The fields of a struct or of an enum's arm, in order, without anything around them."""

    def __init__(self, cls: type[Any], positional: bool) -> None:
        self.name = cls.__name__
        self.cls = cls
        self.positional = positional
        self.names: tuple[str, ...] = ()
        self.codecs: tuple[Codec, ...] = ()

    def complete(self, fields: dict[str, Codec]) -> None:
        """Set the fields, after construction since a type may contain itself."""
        self.names = tuple(fields)
        self.codecs = tuple(fields.values())
        self.min_size = sum(codec.min_size for codec in self.codecs)
        self._parts = attrgetter(*self.names) if len(self.names) > 1 else self._few_parts
        self._writes = tuple(bare(codec).write for codec in self.codecs)

    def _few_parts(self, value: Any) -> tuple[Any, ...]:
        return tuple(getattr(value, name) for name in self.names)

    def write(self, value: Any, out: bytearray) -> None:
        if not isinstance(value, self.cls):
            raise ScaleError(f"{value!r} is not a {self.name}")
        for write, part in zip(self._writes, self._parts(value), strict=True):
            write(part, out)

    def read(self, data: bytes, at: int) -> tuple[Any, int]:
        parts = []
        for codec in self.codecs:
            part, at = codec.read(data, at)
            parts.append(part)
        return self.cls(*parts), at

    def fields(self) -> tuple[Field, ...]:
        """The fields as metadata describes them."""
        named = (None if self.positional else name.rstrip("_") for name in self.names)
        return tuple(Field(name, codec) for name, codec in zip(named, self.codecs, strict=True))

    def describe(self) -> TypeInfo:
        return TypeInfo(Composite(self.fields()))


class StructCodec(FieldsCodec):
    """A `Struct` subclass."""

    def __init__(self, cls: type[Struct]) -> None:
        super().__init__(cls, cls.scale_positional)
        self.name = cls.scale_path[-1]
        self.path = cls.scale_path

    def describe(self) -> TypeInfo:
        return TypeInfo(Composite(self.fields()), self.path, docs=docs_of(self.cls))


class EnumCodec(Codec):
    """An `Enum` subclass: one byte of index, then the arm's fields."""

    min_size = 1

    def __init__(self, cls: type[Enum]) -> None:
        self.cls = cls
        self.path = cls.scale_path
        self.name = self.path[-1]
        self.arms = {
            index: FieldsCodec(arm, arm.scale_positional) for index, arm in sorted(cls.scale_arms.items())
        }
        self.params: tuple[tuple[str, Codec | None], ...] = ()

    def write(self, value: Enum, out: bytearray) -> None:
        arm = self.arms.get(value.scale_index) if isinstance(value, self.cls) else None
        if arm is None:
            raise ScaleError(f"{value!r} is not a {self.name}")
        out.append(value.scale_index)
        arm.write(value, out)

    def read(self, data: bytes, at: int) -> tuple[Any, int]:
        index = take(data, at, 1, self.name)[0]
        arm = self.arms.get(index)
        if arm is None:
            raise ScaleError(f"{self.name}: there is no variant {index}")
        return arm.read(data, at + 1)

    def describe(self) -> TypeInfo:
        return TypeInfo(
            Variants(
                tuple(
                    VariantInfo(arm.cls.scale_name, index, arm.fields(), docs_of(arm.cls))
                    for index, arm in self.arms.items()
                )
            ),
            self.path,
            self.params,
            docs_of(self.cls),
        )


class IntEnumCodec(Codec):
    """An `IntEnum` as one byte."""

    min_size = 1

    def __init__(self, cls: type[enum.IntEnum]) -> None:
        self.cls = cls
        self.path: tuple[str, ...] = getattr(cls, "scale_path", (cls.__name__,))
        self.name = self.path[-1]

    def write(self, value: enum.IntEnum, out: bytearray) -> None:
        if not isinstance(value, self.cls):
            raise ScaleError(f"{value!r} is not a {self.name}")
        out.append(value)

    def read(self, data: bytes, at: int) -> tuple[enum.IntEnum, int]:
        index = take(data, at, 1, self.name)[0]
        try:
            return self.cls(index), at + 1
        except ValueError as error:
            raise ScaleError(f"{self.name}: there is no variant {index}") from error

    def describe(self) -> TypeInfo:
        arms = tuple(VariantInfo(arm.name.rstrip("_"), arm.value) for arm in sorted(self.cls))
        return TypeInfo(Variants(arms), self.path)
