"""A runtime: which pallets, under which indices, with which extensions and interfaces.

Assembling reads the declarations once and derives everything from them: codecs of calls, events, errors
and storage, call weights, and (in `metadata`) what clients are told. A runtime holds no state; `on` puts
it onto one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_type_hints

from ganglion.frame.api import RuntimeApi, api_id, api_methods
from ganglion.frame.call import (
    CallEntry,
    PalletCallsCodec,
    RuntimeCall,
    RuntimeCallCodec,
    docs_of_function,
)
from ganglion.frame.dispatch import (
    DispatchClass,
    DispatchError,
    DispatchFailed,
    DispatchInfo,
    Error,
    Module,
    ModuleError,
    Pays,
    Refused,
    Weight,
)
from ganglion.frame.event import Event, EventRecord
from ganglion.frame.event_codec import (
    EventRecordCodec,
    PalletEventsCodec,
    RuntimeEventCodec,
)
from ganglion.frame.extrinsic import ExtrinsicBytesCodec, RawExtrinsic
from ganglion.frame.pallet import (
    Pallet,
    Section,
    constants,
    declared,
    dependencies,
    storage_items,
)
from ganglion.frame.storage import StorageItem
from ganglion.frame.version import RuntimeVersion
from ganglion.frame.world import World
from ganglion.scale import Codec, Codecs
from ganglion.scale.description import Field

if TYPE_CHECKING:
    from ganglion.frame.extension import TransactionExtension
    from ganglion.state.overlay import Overlay


@dataclass(frozen=True)
class CallWeight:
    """What a call costs: work, which share of the block it uses, and whether it pays."""

    ref_time: int
    class_: DispatchClass = DispatchClass.Normal
    pays: Pays = Pays.Yes
    proof_size: int = 0

    @cached_property
    def info(self) -> DispatchInfo:
        """The same as a dispatch info."""
        return DispatchInfo(Weight(self.ref_time, self.proof_size), self.class_, self.pays)


UNWEIGHED = CallWeight(10_000_000)
"""A call that the table does not name. Not free, so that forgetting one invites nobody to spam it."""

WeightRule = CallWeight | Callable[["Runtime", RuntimeCall], DispatchInfo]
"""A fixed weight, or one that depends on the arguments (a batch's on its items)."""


@dataclass(frozen=True)
class AssembledPallet:
    """A pallet's declarations, resolved."""

    index: int
    pallet: type[Pallet]
    storage: tuple[StorageItem, ...]
    constants: tuple[tuple[str, Codec, Any], ...]
    calls: PalletCallsCodec | None
    events: PalletEventsCodec | None
    errors: tuple[type[Error], ...]

    @property
    def name(self) -> str:
        return self.pallet.name


class Runtime:
    """See the module. `constant_values` replaces declared constants, by `Pallet.WireName`."""

    def __init__(
        self,
        version: RuntimeVersion,
        pallets: Mapping[int, type[Pallet]],
        *,
        crate: str,
        extensions: Sequence[type[TransactionExtension]] = (),
        apis: Sequence[type[RuntimeApi]] = (),
        weights: Mapping[str, WeightRule] | None = None,
        constant_values: Mapping[str, Any] | None = None,
    ) -> None:
        self.crate = crate
        self.codecs = Codecs()
        self.call_codec = RuntimeCallCodec(crate)
        self.event_codec = RuntimeEventCodec(crate)
        self.codecs.bind(RuntimeCall, self.call_codec)
        self.codecs.bind(Event, self.event_codec)
        self.codecs.bind(RawExtrinsic, ExtrinsicBytesCodec(self))
        self.codecs.bind(EventRecord, EventRecordCodec(self.event_codec, self.codecs))
        self.extensions = tuple(extensions)
        self.apis = tuple(apis)
        self.weights = weights or {}
        self._constant_values = constant_values or {}
        ordered = dict(sorted(pallets.items()))
        self.section_classes: tuple[type[Section], ...] = (
            *(cls for pallet in ordered.values() for cls in (pallet, *pallet.sections)),
            *self.extensions,
            *self.apis,
        )
        self._known = {cls.__name__: cls for cls in self.section_classes}
        if len(self._known) != len(self.section_classes):
            raise TypeError("two sections have the same class name")
        self._plans: dict[type[Section], _Plan] = {}
        self.pallets = tuple(self._assemble(index, pallet) for index, pallet in ordered.items())
        for cls in (*self.extensions, *self.apis):
            self._plans[cls] = _Plan({}, {}, dependencies(cls, self._known))
        self.call_codec.complete({p.index: p.calls for p in self.pallets if p.calls})
        self.event_codec.complete({p.index: p.events for p in self.pallets if p.events})
        self._error_index = {
            error: (pallet.index, error.scale_index) for pallet in self.pallets for error in pallet.errors
        }
        self.api_methods = {
            f"{cls.trait}_{method.name}": (cls, method)
            for cls in self.apis
            for method in api_methods(cls, self.codecs)
        }
        self.version = version.with_apis(tuple((api_id(cls.trait), cls.trait_version) for cls in self.apis))

    def on(self, state: Overlay) -> World:
        """The runtime on a state."""
        return World(self, state)

    def bind(self, cls: type[Section], section: Section, world: World) -> None:
        """Give a section its storage, constants and the sections that it names."""
        plan = self._plans[cls]
        for attribute, (kind, item) in plan.storage.items():
            setattr(section, attribute, kind(item, world))
        for attribute, value in plan.constants.items():
            setattr(section, attribute, value)
        world.link(section, plan.uses)

    def info(self, call: RuntimeCall) -> DispatchInfo:
        """What a call is expected to cost, from the runtime's table of weights."""
        rule = self.weights.get(call.path, UNWEIGHED)
        return rule.info if isinstance(rule, CallWeight) else rule(self, call)

    def call(self, function: Any, *args: Any, **named: Any) -> RuntimeCall:
        """A call by the method that carries it out: `runtime.call(Balances.transfer_all, dest, True)`."""
        entry = self._entry_of(function)
        names = [field.name for field in entry.fields]
        given = dict(zip(names, args, strict=False)) | named
        if len(args) > len(names) or given.keys() != set(names):
            raise TypeError(f"{entry.pallet}.{entry.function} takes {names}, not {list(given)}")
        return RuntimeCall(entry.pallet, entry.function, tuple(given[name] for name in names))

    def dispatch_error(self, failure: DispatchFailed) -> DispatchError:
        """A failure as the chain records it."""
        if isinstance(failure, Refused):
            return failure.error
        if isinstance(failure, Error):
            index, error = self._error_index[type(failure)]
            return Module(ModuleError(index, bytes((error, 0, 0, 0))))
        raise TypeError(f"{failure!r} is neither a pallet's error nor the runtime's")

    def error_of(self, error: ModuleError) -> type[Error] | None:
        """The declared error behind an index, or None."""
        for cls, place in self._error_index.items():
            if place == (error.index, error.error[0]):
                return cls
        return None

    def _entry_of(self, function: Any) -> CallEntry:
        for _, codec in self.call_codec.by_name.values():
            entry = codec.by_name.get(function.__name__)
            if entry is not None and getattr(entry.section, entry.function) is function:
                return entry
        raise TypeError(f"{function!r} is no call of this runtime")

    def _assemble(self, index: int, pallet: type[Pallet]) -> AssembledPallet:
        storage: list[StorageItem] = []
        shown: list[tuple[str, Codec, Any]] = []
        calls: list[CallEntry] = []
        for cls in (pallet, *pallet.sections):
            items = storage_items(cls, pallet.name, self.codecs)
            values = {
                attribute: (name, codec, self._constant_values.get(f"{pallet.name}.{name}", value))
                for attribute, (name, codec, value) in constants(cls, self.codecs).items()
            }
            storage += [item for _, item in items.values()]
            shown += values.values()
            calls += self._calls(cls, pallet)
            plain = {attribute: value for attribute, (_, _, value) in values.items()}
            self._plans[cls] = _Plan(items, plain, dependencies(cls, self._known))
        _check_unique(pallet, "call index", [entry.index for entry in calls])
        _check_unique(pallet, "call", [entry.function for entry in calls])
        _check_unique(pallet, "storage item", [item.name for item in storage])
        events = declared(pallet, Event)
        return AssembledPallet(
            index,
            pallet,
            tuple(storage),
            tuple(shown),
            PalletCallsCodec(pallet.name, pallet.crate, tuple(calls)) if calls else None,
            PalletEventsCodec(pallet.name, pallet.crate, events, self.codecs) if events else None,
            declared(pallet, Error),
        )

    def _calls(self, cls: type[Section], pallet: type[Pallet]) -> list[CallEntry]:
        entries = []
        for name, function in vars(cls).items():
            info = getattr(function, "call_info", None)
            if info is None:
                continue
            hints = get_type_hints(function, vars(sys.modules[cls.__module__]), include_extras=True)
            hints.pop("return", None)
            hints.pop("origin", None)
            fields = tuple(Field(arg.rstrip("_"), self.codecs.of(hint)) for arg, hint in hints.items())
            entries.append(CallEntry(pallet.name, name, info.index, fields, cls, docs_of_function(function)))
        return entries


def _check_unique(pallet: type[Pallet], what: str, values: Sequence[int | str]) -> None:
    seen: set[int | str] = set()
    for value in values:
        if value in seen:
            raise TypeError(f"{pallet.name} declares {what} {value} twice")
        seen.add(value)


@dataclass(frozen=True)
class _Plan:
    """What a section is given when it is put onto a world."""

    storage: dict[str, tuple[Any, StorageItem]]
    constants: dict[str, Any]
    uses: dict[str, type[Section]]
