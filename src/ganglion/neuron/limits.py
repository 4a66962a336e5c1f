"""Who may call a miner, and how often.

A caller is admitted when it is registered on the subnet and holds a validator permit or at least
`min_stake_rao`. The stake rule lets validators in before the first epoch has given permits; together they
keep miners from passing their challenges on to each other.
"""

from __future__ import annotations

from dataclasses import dataclass

from ganglion.neuron.protocols import Clock, Metagraph


class Admission:
    """The callers of the newest metagraph. Before the first one, nobody is admitted."""

    def __init__(self, *, min_stake_rao: int, blacklist: frozenset[str] = frozenset()) -> None:
        self._min_stake_rao = min_stake_rao
        self._blacklist = blacklist
        self._admitted: frozenset[str] = frozenset()

    def update(self, metagraph: Metagraph) -> None:
        """Take over who is registered, permitted and staked now."""
        self._admitted = frozenset(
            neuron.hotkey
            for neuron in metagraph.neurons
            if (neuron.validator_permit or neuron.stake_rao >= self._min_stake_rao)
            and neuron.hotkey not in self._blacklist
        )

    def admits(self, hotkey: str) -> bool:
        """Whether this hotkey may call."""
        return hotkey in self._admitted


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class CallerLimit:
    """A token bucket per caller: `burst` requests at once, `per_second` sustained.

    Ask only for admitted callers: their number bounds the memory.
    """

    def __init__(self, clock: Clock, *, per_second: float, burst: int) -> None:
        self._clock = clock
        self._per_second = per_second
        self._burst = burst
        self._buckets: dict[str, _Bucket] = {}

    def allows(self, hotkey: str) -> bool:
        """Take one token of this caller. False when there is none."""
        now = self._clock.monotonic()
        bucket = self._buckets.setdefault(hotkey, _Bucket(self._burst, now))
        gained = (now - bucket.filled_at) * self._per_second
        bucket.tokens = min(self._burst, bucket.tokens + gained)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True
