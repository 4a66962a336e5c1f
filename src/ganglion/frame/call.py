"""Calls: the functions of pallets that the outside may ask for.

    @call(index=3)
    def transfer_keep_alive(self, origin: Origin, dest: MultiAddress, value: Compact[TaoBalance]) -> None:

The names, order and types of the arguments after `origin` are those of the wire.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ganglion.scale import Codec, ScaleError
from ganglion.scale.codec import take
from ganglion.scale.description import Field, TypeInfo, VariantInfo, Variants
from ganglion.scale.record import record

F = TypeVar("F", bound=Callable[..., Any])

MAX_CALL_DEPTH = 32
"""How deeply calls may nest in calls. The real chain allows 256 levels; a limit of our own keeps every
node's answer the same whatever its stack, and no honest batch comes near it."""


@dataclass(frozen=True)
class CallInfo:
    """What the decorator knows: the call's index in its pallet."""

    index: int


def call(index: int) -> Callable[[F], F]:
    """Declare a method as the pallet's call number `index`."""

    def mark(function: F) -> F:
        function.call_info = CallInfo(index)  # type: ignore[attr-defined]
        return function

    return mark


@record
class RuntimeCall:
    """A call with its arguments, in the wire's order."""

    pallet: str
    function: str
    args: tuple[Any, ...] = ()

    @property
    def path(self) -> str:
        """`Pallet.function`."""
        return f"{self.pallet}.{self.function}"


@dataclass(frozen=True)
class CallEntry:
    """A call of an assembled runtime."""

    pallet: str
    function: str
    index: int
    fields: tuple[Field, ...]
    section: type[Any]
    docs: tuple[str, ...]


class PalletCallsCodec(Codec):
    """One pallet's calls: an index byte, then the arguments."""

    min_size = 1

    def __init__(self, pallet: str, crate: str, entries: tuple[CallEntry, ...]) -> None:
        self.name = f"{crate}::Call"
        self.pallet = pallet
        self.crate = crate
        self.by_index = {entry.index: entry for entry in entries}
        self.by_name = {entry.function: entry for entry in entries}

    def write(self, value: RuntimeCall, out: bytearray) -> None:
        entry = self.by_name.get(value.function)
        if entry is None:
            raise ScaleError(f"{self.pallet} has no call {value.function}")
        if len(value.args) != len(entry.fields):
            raise ScaleError(f"{value.path} takes {len(entry.fields)} arguments, not {len(value.args)}")
        out.append(entry.index)
        for field, arg in zip(entry.fields, value.args, strict=True):
            field.codec.write(arg, out)

    def read(self, data: bytes, at: int) -> tuple[RuntimeCall, int]:
        index = take(data, at, 1, self.name)[0]
        entry = self.by_index.get(index)
        if entry is None:
            raise ScaleError(f"{self.pallet} has no call {index}")
        at += 1
        args = []
        for field in entry.fields:
            arg, at = field.codec.read(data, at)
            args.append(arg)
        return RuntimeCall(self.pallet, entry.function, tuple(args)), at

    def describe(self) -> TypeInfo:
        arms = tuple(
            VariantInfo(entry.function, index, entry.fields, entry.docs)
            for index, entry in sorted(self.by_index.items())
        )
        return TypeInfo(Variants(arms), (self.crate, "pallet", "Call"))


class RuntimeCallCodec(Codec):
    """Any call of the runtime: the pallet's index byte, then the pallet's call."""

    name = "RuntimeCall"
    min_size = 2

    def __init__(self, crate: str) -> None:
        self.crate = crate
        self.by_index: dict[int, PalletCallsCodec] = {}
        self.by_name: dict[str, tuple[int, PalletCallsCodec]] = {}
        self._nesting = threading.local()

    def complete(self, pallets: dict[int, PalletCallsCodec]) -> None:
        """Set the pallets, after construction since calls may contain calls."""
        self.by_index = dict(sorted(pallets.items()))
        self.by_name = {codec.pallet: (index, codec) for index, codec in self.by_index.items()}

    def entry(self, value: RuntimeCall) -> CallEntry:
        """The declaration of a call."""
        return self.by_name[value.pallet][1].by_name[value.function]

    def write(self, value: RuntimeCall, out: bytearray) -> None:
        if not isinstance(value, RuntimeCall) or value.pallet not in self.by_name:
            raise ScaleError(f"{value!r} is no call of this runtime")
        index, codec = self.by_name[value.pallet]
        out.append(index)
        codec.write(value, out)

    def read(self, data: bytes, at: int) -> tuple[RuntimeCall, int]:
        index = take(data, at, 1, self.name)[0]
        codec = self.by_index.get(index)
        if codec is None:
            raise ScaleError(f"RuntimeCall: there is no pallet {index}")
        depth = getattr(self._nesting, "depth", 0)
        if depth == MAX_CALL_DEPTH:
            raise ScaleError(f"RuntimeCall: calls nest deeper than {MAX_CALL_DEPTH}")
        self._nesting.depth = depth + 1
        try:
            return codec.read(data, at + 1)
        finally:
            self._nesting.depth = depth

    def describe(self) -> TypeInfo:
        arms = tuple(
            VariantInfo(codec.pallet, index, (Field(None, codec),)) for index, codec in self.by_index.items()
        )
        return TypeInfo(Variants(arms), (self.crate, "RuntimeCall"))


def docs_of_function(function: Callable[..., Any]) -> tuple[str, ...]:
    """The docstring's lines, as metadata carries them."""
    return tuple((inspect.getdoc(function) or "").splitlines())
