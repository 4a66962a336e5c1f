"""Who works now and who waits: so many requests at once, the others by stake.

The queue is bounded. Where it is full, a newcomer with more stake takes the place of whoever waits with the
least; else it is refused itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from ganglion.neuron.errors import Refusal


@dataclass(slots=True, eq=False)
class _Waiter:
    priority: int
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Gate:
    """At most `running` requests inside, at most `queued` waiting for it."""

    def __init__(self, *, running: int, queued: int) -> None:
        self._running = running
        self._queued = queued
        self._queue: list[_Waiter] = []
        self.in_flight = 0

    @property
    def waiting(self) -> int:
        """How many requests wait now."""
        return len(self._queue)

    @asynccontextmanager
    async def enter(self, priority: int) -> AsyncIterator[None]:
        """Wait for a place and hold it. Higher `priority` goes first, equal ones in the order of arrival.

        Raises: Refusal (503 Busy) when there is no place to wait.
        """
        if self.in_flight < self._running:
            self.in_flight += 1
        else:
            await self._wait(priority)
        try:
            yield
        finally:
            self._leave()

    async def _wait(self, priority: int) -> None:
        if len(self._queue) >= self._queued:
            self._make_room(priority)
        waiter = _Waiter(priority)
        self._queue.append(waiter)
        try:
            await waiter.turn
        except asyncio.CancelledError:
            if waiter in self._queue:
                self._queue.remove(waiter)
            elif not waiter.turn.cancelled():
                self._leave()  # its turn had come when it went away
            raise

    def _make_room(self, priority: int) -> None:
        # Of the least, the last that came: the order of arrival holds among equals.
        least = min(reversed(self._queue), key=lambda waiter: waiter.priority, default=None)
        if least is None or least.priority >= priority:
            raise _busy()
        self._queue.remove(least)
        if not least.turn.done():
            least.turn.set_exception(_busy())

    def _leave(self) -> None:
        if not self._queue:
            self.in_flight -= 1
            return
        following = max(self._queue, key=lambda waiter: waiter.priority)  # the first among equals
        self._queue.remove(following)
        following.turn.set_result(None)


def _busy() -> Refusal:
    return Refusal(503, "Busy", "more requests wait than may; callers with more stake go first")
