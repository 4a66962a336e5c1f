"""Transactions on their way to the peers: CometBFT asks for them, and carries each to all of them.

What the pool takes in is given out once. What still waits some blocks later is given out again, since a
peer may have been away; peers that know it drop it unread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import islice

from ganglion.frame.executive import CheckedExtrinsic

MOST_WAITING = 32_768
"""Transactions that wait to be given out; those beyond are left to the repetition."""

REPEATED_EVERY = 16
"""Blocks after which what waits in the pool is given out again."""

MOST_REPEATED = 1_024
DEFAULT_BYTES = 1 << 20


class Gossip:
    """See the module. For one thread."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque(maxlen=MOST_WAITING)

    def take(self, raw: bytes) -> None:
        """A transaction that entered the pool."""
        self._waiting.append(raw)

    def repeat(self, number: int, ready: Callable[[], tuple[CheckedExtrinsic, ...]]) -> None:
        """After block `number`: give out again what is ready, from time to time."""
        if number % REPEATED_EVERY == 0 and not self._waiting:
            self._waiting.extend(checked.extrinsic.raw for checked in islice(ready(), MOST_REPEATED))

    def give(self, most_bytes: int) -> list[bytes]:
        """The next transactions to carry on, oldest first; 0 means a bound of our own."""
        room = most_bytes or DEFAULT_BYTES
        given: list[bytes] = []
        while self._waiting and len(self._waiting[0]) <= room:
            raw = self._waiting.popleft()
            room -= len(raw)
            given.append(raw)
        return given
