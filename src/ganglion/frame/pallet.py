"""What a pallet is made of.

A pallet is a class that declares storage, constants, events, errors, calls and hooks; a large one is a
pallet of *sections*, each a class of the same form in its own file, which together are one pallet on the
wire. A pallet or section names those it uses as annotated attributes, which are filled in by type:

    class Faucet(Pallet, crate="pallet_faucet"):
        balances: Balances

Names behind such annotations may be imported for type checking only, so two sections may use each other.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, get_args, get_origin

from ganglion.frame.dispatch import Error
from ganglion.frame.event import Event
from ganglion.frame.storage import KINDS, StorageDeclaration, StorageItem
from ganglion.scale import Codecs

if TYPE_CHECKING:
    from ganglion.crypto.beacon import Pulse
    from ganglion.frame.call import RuntimeCall
    from ganglion.frame.equivocation import Equivocation
    from ganglion.frame.world import World


@dataclass(frozen=True)
class ConstantDeclaration:
    """What `constant(...)` was given."""

    value: Any
    name: str | None


def constant(value: Any, name: str | None = None) -> Any:
    """Declare a constant that metadata shows: `existential_deposit: TaoBalance = constant(500)`."""
    return ConstantDeclaration(value, name)


@dataclass(frozen=True)
class InherentData:
    """What the author of a block puts into it unasked.

    `timestamp_ms` is Unix time in milliseconds; `shield_key` the encapsulation key that the author announces,
    None if it keeps none; `pulses` those of the chain's beacon that the author has, in order of rounds;
    `equivocations` what the consensus engine has proven since the block before.
    """

    timestamp_ms: int
    shield_key: bytes | None = None
    pulses: tuple[Pulse, ...] = ()
    equivocations: tuple[Equivocation, ...] = ()


class Section:
    """Part of a pallet, on a world. See the module."""

    def __init__(self, world: World) -> None:
        self.world = world

    def emit(self, event: Event) -> None:
        """Tell the world of a change."""
        self.world.emit(event)

    def on_initialize(self) -> None:
        """Runs when a block opens, before its extrinsics."""

    def on_finalize(self) -> None:
        """Runs when a block closes, after its extrinsics."""

    def inherent(self, data: InherentData) -> RuntimeCall | None:
        """The call that the block's author must include, if any."""
        return None

    def guard(self, who: bytes, call: RuntimeCall) -> None:
        """Look at every call that `who` makes, be it directly or inside others. Raises: DispatchFailed."""

    def build_genesis(self, config: Any) -> None:
        """Write the first block's state from the pallet's `Genesis` value."""

    def try_state(self) -> None:
        """Raises InvariantBroken if what this section stores contradicts itself."""


class Pallet(Section):
    """A pallet. `crate` and `name` are its names on the wire; `declares`: modules with its events, errors."""

    crate: ClassVar[str] = ""
    name: ClassVar[str] = ""
    sections: ClassVar[tuple[type[Section], ...]] = ()
    declares: ClassVar[tuple[ModuleType, ...]] = ()
    genesis: ClassVar[type[Any] | None] = None
    """The Struct that the chain spec gives for this pallet, or None if it needs nothing."""

    def __init_subclass__(
        cls,
        crate: str = "",
        name: str = "",
        sections: tuple[type[Section], ...] = (),
        declares: tuple[ModuleType, ...] = (),
    ) -> None:
        super().__init_subclass__()
        cls.crate = crate or f"pallet_{cls.__name__.lower()}"
        cls.name = name or cls.__name__
        cls.sections = sections
        cls.declares = declares


def evaluate(cls: type, annotation: Any) -> Any:
    """An annotation of `cls` as a type (annotations are text under `from __future__ import annotations`)."""
    if isinstance(annotation, str):
        return eval(annotation, vars(sys.modules[cls.__module__]))
    return annotation


def declared_annotations(cls: type[Section]) -> dict[str, tuple[type, Any]]:
    """Attribute -> (class that annotates it, annotation), base classes first, framework classes left out."""
    found: dict[str, tuple[type, Any]] = {}
    for base in reversed(cls.__mro__):
        if base in (object, Section, Pallet):
            continue
        for attribute, annotation in inspect.get_annotations(base).items():
            found[attribute] = (base, annotation)
    return found


def storage_items(cls: type[Section], pallet: str, codecs: Codecs) -> dict[str, tuple[type, StorageItem]]:
    """Attribute -> (bound class, item) of the storage that a section declares."""
    items = {}
    for attribute, (base, annotation) in declared_annotations(cls).items():
        declaration = getattr(cls, attribute, None)
        if not isinstance(declaration, StorageDeclaration):
            continue
        alias = evaluate(base, annotation)
        kind, args = get_origin(alias), get_args(alias)
        keys = _key_types(kind, args)
        if len(keys) != len(declaration.hashers):
            raise TypeError(
                f"{cls.__name__}.{attribute}: {len(keys)} keys, {len(declaration.hashers)} hashers"
            )
        value = args[-1] if declaration.has_default else _without_none(args[-1])
        item = StorageItem(
            pallet,
            declaration.name or camel(attribute),
            declaration,
            tuple(codecs.of(key) for key in keys),
            codecs.of(value),
        )
        items[attribute] = (kind, item)
    return items


def constants(cls: type[Section], codecs: Codecs) -> dict[str, tuple[str, Any, Any]]:
    """Attribute -> (wire name, codec, value) of the constants that a section declares."""
    found = {}
    for attribute, (base, annotation) in declared_annotations(cls).items():
        declaration = getattr(cls, attribute, None)
        if isinstance(declaration, ConstantDeclaration):
            codec = codecs.of(evaluate(base, annotation))
            found[attribute] = (declaration.name or camel(attribute), codec, declaration.value)
    return found


def dependencies(cls: type[Section], known: dict[str, type[Section]]) -> dict[str, type[Section]]:
    """Attribute -> section class for the annotated attributes without value that name a known section."""
    found = {}
    for attribute, (_, annotation) in declared_annotations(cls).items():
        name = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
        section = known.get(name.rsplit(".", 1)[-1])
        if section is not None and not hasattr(cls, attribute):
            found[attribute] = section
    return found


def declared(cls: type[Pallet], kind: type[Any]) -> tuple[type[Any], ...]:
    """The events or errors of a pallet, its sections and the modules it names, in order of index."""
    places: list[Mapping[str, Any]] = [vars(module) for module in cls.declares]
    places += [vars(section) for section in (cls, *cls.sections)]
    found: dict[int, type[Any]] = {}
    for place in places:
        for value in place.values():
            if isinstance(value, type) and issubclass(value, kind) and value not in (Event, Error):
                index: int = value.scale_index  # type: ignore[attr-defined]
                if found.setdefault(index, value) is not value:
                    raise TypeError(
                        f"{cls.name}: {value.__name__} and {found[index].__name__} share index {index}"
                    )
    return tuple(found[index] for index in sorted(found))


def camel(attribute: str) -> str:
    """`total_issuance` -> `TotalIssuance`."""
    return "".join(word[:1].upper() + word[1:] for word in attribute.split("_"))


def _key_types(kind: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    if kind not in KINDS:
        raise TypeError(f"{kind} is no storage class")
    return get_args(args[0]) if KINDS[kind] is None else args[:-1]


def _without_none(annotation: Any) -> Any:
    arms = [arm for arm in get_args(annotation) if arm is not type(None)]
    if get_origin(annotation) is None or type(None) not in get_args(annotation):
        raise TypeError(f"{annotation!r} without a default must be an optional type")
    return reduce(or_, arms)
