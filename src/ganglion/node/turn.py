"""Fairness between tasks of one thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Turn:
    """Passes the turn to others whenever this task has had it for `length_s`. `now_s` is a steady clock."""

    def __init__(self, now_s: Callable[[], float], length_s: float) -> None:
        self._now_s = now_s
        self._length_s = length_s
        self._ends = now_s() + length_s

    async def pass_on(self) -> None:
        """Let others run if the turn is over."""
        if self._now_s() > self._ends:
            await asyncio.sleep(0)
            self._ends = self._now_s() + self._length_s
