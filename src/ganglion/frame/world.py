"""A runtime on a state: what pallets see while they run.

A world belongs to one thread. Several worlds of one runtime may exist side by side, each on its own state.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar, cast

from ganglion.frame.dispatch import (
    NOTHING_REPORTED,
    ArithmeticErrorKind,
    ArithmeticFailed,
    CallFiltered,
    DispatchFailed,
    Outcome,
    PostInfo,
)
from ganglion.frame.event import Event, EventRecord, Initialization, Phase
from ganglion.frame.pallet import Section
from ganglion.scale import ScaleError

if TYPE_CHECKING:
    from ganglion.frame.call import RuntimeCall
    from ganglion.frame.dispatch import DispatchInfo
    from ganglion.frame.origin import Origin
    from ganglion.frame.runtime import Runtime
    from ganglion.state.overlay import Overlay

S = TypeVar("S", bound="Section")

NO_TOPICS = 0
"""The length of an event's list of topics, which is always empty."""


class World:
    """The pallets of a runtime, reading and writing one state. `world[Balances]` is a pallet."""

    def __init__(self, runtime: Runtime, state: Overlay) -> None:
        self.runtime = runtime
        self.state = state
        self.events: list[EventRecord] = []
        self.phase = Initialization()
        self._sections = {cls: cls(self) for cls in runtime.section_classes}
        for cls, section in self._sections.items():
            runtime.bind(cls, section, self)
        self._guards = tuple(each for each in self.sections if type(each).guard is not Section.guard)

    def __getitem__(self, kind: type[S]) -> S:
        return cast(S, self._sections[kind])

    @property
    def sections(self) -> Iterator[Section]:
        """All pallets and sections, in order of pallet index and declaration."""
        return iter(self._sections.values())

    def link(self, section: Section, attributes: dict[str, type[Section]]) -> None:
        """Fill in the sections that a section names."""
        for attribute, kind in attributes.items():
            setattr(section, attribute, self._sections[kind])

    @property
    def phase(self) -> Phase:
        """The part of the block that events are told in."""
        return self._phase

    @phase.setter
    def phase(self, phase: Phase) -> None:
        self._phase = phase
        self._phase_bytes = self.runtime.codecs.of(Phase).encode(phase)

    def emit(self, event: Event) -> None:
        """Record an event at the present phase of the block.

        Raises ScaleError for values that do not fit, which fails the call: when the block closes it is too
        late. The bytes are kept for then.
        """
        encoded = bytearray(self._phase_bytes)
        self.runtime.event_codec.write(event, encoded)
        encoded.append(NO_TOPICS)
        self.events.append(EventRecord(self._phase, event, bytes(encoded)))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What happens inside is undone, events included, if it raises."""
        told = len(self.events)
        self.state.begin()
        try:
            yield
        except BaseException:
            self.state.rollback()
            del self.events[told:]
            raise
        self.state.commit()

    def require_allowed(self, call: RuntimeCall, origin: Origin) -> None:
        """Raises what a section's guard raises, and CallFiltered where the origin may not make the call."""
        if origin.account is not None:
            for section in self._guards:
                section.guard(origin.account, call)
            for allows in origin.filters:
                if not allows(call):
                    raise CallFiltered(call.path)

    def dispatch(self, call: RuntimeCall, origin: Origin) -> PostInfo:
        """Run a call as `origin`, if no section guards against it. A call that fails changes nothing.

        Raises: DispatchFailed, among it CallFiltered where the origin may not make the call.
        """
        self.require_allowed(call, origin)
        entry = self.runtime.call_codec.entry(call)
        function = getattr(self._sections[entry.section], entry.function)
        told = len(self.events)
        self.state.begin()
        try:
            post = function(origin, *call.args)
        except BaseException as error:
            self.state.rollback()
            del self.events[told:]
            if isinstance(error, ScaleError):  # a number left the range of what would be stored or told
                raise ArithmeticFailed(ArithmeticErrorKind.Overflow) from error
            raise
        self.state.commit()
        return post if isinstance(post, PostInfo) else NOTHING_REPORTED

    def attempt(self, call: RuntimeCall, origin: Origin, info: DispatchInfo | None = None) -> Outcome:
        """Run a call as `origin`; how it ended. `info` is its expected cost, where that is known already."""
        failure: DispatchFailed | None = None
        try:
            post = self.dispatch(call, origin)
        except DispatchFailed as raised:
            failure, post = raised, raised.post
        return Outcome(post.apply(self.runtime.info(call) if info is None else info), failure)

    def try_dispatch(self, call: RuntimeCall, origin: Origin) -> DispatchFailed | None:
        """Run a call as `origin`; its failure, or None."""
        try:
            self.dispatch(call, origin)
        except DispatchFailed as failure:
            return failure
        return None

    def try_state(self) -> None:
        """Raises InvariantBroken if any pallet's state contradicts itself."""
        for section in self.sections:
            section.try_state()
