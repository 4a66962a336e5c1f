"""How much each key may do now: a rate, requests at once, and a budget. The budget is the database's, all
else is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ganglion.market.errors import ApiError
from ganglion.market.keys import Key
from ganglion.neuron.protocols import Clock


@dataclass(slots=True)
class _Use:
    tokens: float
    filled_at: float
    in_flight: int = 0


class KeyLimits:
    """A token bucket per key, which holds a minute's requests, and a count of those under way."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._uses: dict[int, _Use] = {}

    @contextmanager
    def enter(self, key: Key) -> Iterator[None]:
        """Let one request of `key` in. What it costs is known at its end only, so a budget may be overdrawn
        by the requests under way. Raises: ApiError.
        """
        if key.is_spent:
            raise ApiError(429, "insufficient_quota", "insufficient_quota", "the key's budget is spent")
        use = self._filled(key)
        if use.in_flight >= key.parallel:
            message = f"more than {key.parallel} requests of this key at once"
            raise ApiError(429, "rate_limit_error", "too_many_at_once", message)
        if use.tokens < 1:
            message = f"more than {key.per_minute} requests of this key per minute"
            raise ApiError(429, "rate_limit_error", "rate_limit_exceeded", message)
        use.tokens -= 1
        use.in_flight += 1
        try:
            yield
        finally:
            use.in_flight -= 1

    def _filled(self, key: Key) -> _Use:
        now = self._clock.monotonic()
        use = self._uses.setdefault(key.id, _Use(key.per_minute, now))
        gained = (now - use.filled_at) * key.per_minute / 60
        use.tokens = min(key.per_minute, use.tokens + gained)
        use.filled_at = now
        return use
