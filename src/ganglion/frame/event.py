"""Events: what pallets tell the world.

    class Transfer(Event, index=2):
        sender: AccountId
        ...

An event is a frozen dataclass; `positional` ones have unnamed fields on the wire, as many of the real
chain's do. A field named `from_` is `from` on the wire.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, dataclass_transform

from ganglion.scale import Enum
from ganglion.scale.record import record
from ganglion.scale.types import u32


@dataclass_transform(frozen_default=True)
class Event:
    """Base of all events. `index` is the event's number in its pallet, `name` its name on the wire."""

    scale_index: ClassVar[int] = -1
    scale_name: ClassVar[str] = ""
    scale_positional: ClassVar[bool] = False

    def __init_subclass__(cls, index: int, name: str = "", positional: bool = False) -> None:
        super().__init_subclass__()
        cls.scale_index = index
        cls.scale_name = name or cls.__name__
        cls.scale_positional = positional
        record(cls)


class Phase(Enum, path="frame_system::Phase"):
    """When in a block an event happened."""


class ApplyExtrinsic(Phase, index=0, positional=True):
    extrinsic_index: u32


class Finalization(Phase, index=1): ...


class Initialization(Phase, index=2): ...


@dataclass(slots=True)
class EventRecord:
    """An event with its phase, and the bytes of both once it was told (empty before). Never changed."""

    phase: Phase
    event: Event
    encoded: bytes = field(default=b"", compare=False, repr=False)
