"""Who may call a miner, and how often.

A caller is admitted when it is registered on the subnet and holds a validator permit or at least
`min_stake_rao`, or when the operator's whitelist names it; the blacklist goes before all. The stake rule
lets validators in before the first epoch has given permits; together they keep miners from passing their
challenges on to each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ganglion.neuron.access import AccessLists
from ganglion.neuron.miner import Caller
from ganglion.neuron.protocols import Clock, Metagraph


class Admission:
    """The callers of the newest metagraph. Before the first one, only the whitelist is admitted."""

    def __init__(self, *, min_stake_rao: int, lists: AccessLists | None = None) -> None:
        self._min_stake_rao = min_stake_rao
        self._lists = lists or AccessLists()
        self._registered: Mapping[str, Caller] = {}

    def update(self, metagraph: Metagraph) -> None:
        """Take over who is registered, permitted and staked now, and what the lists say."""
        self._lists.refresh()
        self._registered = {
            neuron.hotkey: Caller(neuron.hotkey, neuron.stake_rao, neuron.validator_permit)
            for neuron in metagraph.neurons
        }

    def caller(self, hotkey: str) -> Caller | None:
        """What is known of this hotkey, if it may call; None if not."""
        if hotkey in self._lists.blacklisted:
            return None
        caller = self._registered.get(hotkey)
        if hotkey in self._lists.whitelisted:
            return caller or Caller(hotkey, 0, validator_permit=False)
        if caller and (caller.validator_permit or caller.stake_rao >= self._min_stake_rao):
            return caller
        return None


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
