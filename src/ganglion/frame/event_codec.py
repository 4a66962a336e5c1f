"""Codecs of events, built from a runtime's declarations."""

from __future__ import annotations

from typing import Any

from ganglion.frame.event import Event, EventRecord, Phase
from ganglion.scale import Codec, Codecs, ScaleError
from ganglion.scale.codec import take
from ganglion.scale.description import Composite, Field, TypeInfo, VariantInfo, Variants
from ganglion.scale.structure_codecs import FieldsCodec, docs_of
from ganglion.scale.types import H256, Vec


class PalletEventsCodec(Codec):
    """One pallet's events: an index byte, then the fields."""

    min_size = 1

    def __init__(self, pallet: str, crate: str, events: tuple[type[Event], ...], codecs: Codecs) -> None:
        self.name = f"{crate}::Event"
        self.pallet = pallet
        self.crate = crate
        self.events = {event.scale_index: codecs.fields_of(event) for event in events}

    def write(self, value: Event, out: bytearray) -> None:
        fields = self.events.get(value.scale_index) if isinstance(value, Event) else None
        if fields is None:
            raise ScaleError(f"{value!r} is no event of {self.pallet}")
        out.append(value.scale_index)
        fields.write(value, out)

    def read(self, data: bytes, at: int) -> tuple[Event, int]:
        index = take(data, at, 1, self.name)[0]
        fields = self.events.get(index)
        if fields is None:
            raise ScaleError(f"{self.pallet} has no event {index}")
        return fields.read(data, at + 1)

    def describe(self) -> TypeInfo:
        arms = tuple(
            VariantInfo(codec.cls.scale_name, index, codec.fields(), docs_of(codec.cls))
            for index, codec in sorted(self.events.items())
        )
        return TypeInfo(Variants(arms), (self.crate, "pallet", "Event"))


class RuntimeEventCodec(Codec):
    """Any event of the runtime: the pallet's index byte, then the pallet's event."""

    name = "RuntimeEvent"
    min_size = 2

    def __init__(self, crate: str) -> None:
        self.crate = crate
        self._pallets: dict[int, PalletEventsCodec] = {}
        self._by_class: dict[type[Event], tuple[int, FieldsCodec]] = {}

    def complete(self, pallets: dict[int, PalletEventsCodec]) -> None:
        """Set the pallets, after construction since storage may hold events."""
        self._pallets = dict(sorted(pallets.items()))
        self._by_class = {
            fields.cls: (index, fields)
            for index, codec in self._pallets.items()
            for fields in codec.events.values()
        }

    def pallet_of(self, event: Event) -> str:
        """The name of the pallet that declares an event."""
        return self._pallets[self._by_class[type(event)][0]].pallet

    def write(self, value: Event, out: bytearray) -> None:
        place = self._by_class.get(type(value))
        if place is None:
            raise ScaleError(f"{value!r} is no event of this runtime")
        index, fields = place
        out.append(index)
        out.append(value.scale_index)
        fields.write(value, out)

    def read(self, data: bytes, at: int) -> tuple[Event, int]:
        index = take(data, at, 1, self.name)[0]
        codec = self._pallets.get(index)
        if codec is None:
            raise ScaleError(f"RuntimeEvent: there is no pallet {index}")
        return codec.read(data, at + 1)

    def describe(self) -> TypeInfo:
        arms = tuple(
            VariantInfo(codec.pallet, index, (Field(None, codec),)) for index, codec in self._pallets.items()
        )
        return TypeInfo(Variants(arms), (self.crate, "RuntimeEvent"))


class EventRecordCodec(Codec):
    """A phase, an event, and an empty list of topics."""

    name = "EventRecord"
    min_size = 4

    def __init__(self, event: RuntimeEventCodec, codecs: Codecs) -> None:
        self._event = event
        self._phase = codecs.of(Phase)
        self._topics = codecs.of(Vec[H256])
        self._topic = codecs.of(H256)

    def write(self, value: EventRecord, out: bytearray) -> None:
        if value.encoded:
            out += value.encoded
            return
        self._phase.write(value.phase, out)
        self._event.write(value.event, out)
        out.append(0)

    def read(self, data: bytes, at: int) -> tuple[Any, int]:
        phase, at = self._phase.read(data, at)
        event, at = self._event.read(data, at)
        _, at = self._topics.read(data, at)
        return EventRecord(phase, event), at

    def describe(self) -> TypeInfo:
        fields = (Field("phase", self._phase), Field("event", self._event), Field("topics", self._topics))
        params = (("E", self._event), ("T", self._topic))
        return TypeInfo(Composite(fields), ("frame_system", "EventRecord"), params)
