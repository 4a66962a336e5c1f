"""Time as the node sees it. Engines and pool take a clock, so that a laboratory can give them its own."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Wall time for blocks, steady time for waiting."""

    def now_ms(self) -> int:
        """Unix time in milliseconds."""

    def steady_s(self) -> float:
        """Seconds on a clock that is never set back."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Unix time in milliseconds."""
        return time.time_ns() // 1_000_000

    def steady_s(self) -> float:
        """Seconds on a clock that is never set back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
