"""Which blocks the chain has reached, at the same small cost however many strangers want to know."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from ganglion.neuron.errors import ChainError
from ganglion.neuron.protocols import Clock

log = logging.getLogger(__name__)

_PAUSE_S = 6.0
_TIMEOUT_S = 5.0


class NewestBlock:
    """The newest block which `ask` told, asked at most once in some seconds."""

    def __init__(self, ask: Callable[[], Awaitable[int]], clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._known = 0
        self._asked_at: float | None = None

    async def known(self, wanted: int) -> int:
        """The newest block known; the chain is asked only if it is before `wanted`. A chain which does not
        answer has reached no new block.
        """
        now = self._clock.monotonic()
        is_fresh = self._asked_at is not None and now - self._asked_at < _PAUSE_S
        if self._known < wanted and not is_fresh:
            self._asked_at = now  # before the answer: others do not ask meanwhile
            try:
                async with asyncio.timeout(_TIMEOUT_S):
                    self._known = max(self._known, await self._ask())
            except (ChainError, TimeoutError) as error:
                log.info("evidence withheld as before: no newest block: %s", error)
        return self._known
