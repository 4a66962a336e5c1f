"""What the market knows of miners from asking them: how fast they answer and how often they fail.

A miner which failed rests: first for a second, then twice as long each time, at most a minute, until it
answers again; one which only refused, as busy ones do, for a second each time. It is asked before its rest is
over only where nobody else is left.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ganglion.neuron.client import Fault

_NEW = 0.2
"""Weight of the newest figure in a moving average."""
_REMEMBERED = 64
_ENOUGH = 8
_FIRST_REST_S = 1.0
_LONGEST_REST_S = 60.0


@dataclass(slots=True)
class Pace:
    """How long something takes. `mean_s` is a moving average, None before the first figure."""

    mean_s: float | None = None
    _recent: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def note(self, seconds: float) -> None:
        """It took so long."""
        self.mean_s = seconds if self.mean_s is None else self.mean_s + _NEW * (seconds - self.mean_s)
        self._recent.append(seconds)

    def note_at_least(self, seconds: float) -> None:
        """It was broken off after so long: news only if it is longer than usual."""
        if self.mean_s is None or seconds > self.mean_s:
            self.note(seconds)

    def usual_s(self) -> float | None:
        """Within this time nineteen of twenty came; None before there are enough."""
        if len(self._recent) < _ENOUGH:
            return None
        return sorted(self._recent)[math.ceil(0.95 * len(self._recent)) - 1]


@dataclass(slots=True)
class Record:
    """One miner. `whole` is the pace of complete answers, `first` that of streams' first pieces;
    `fault_rate` a moving average in [0, 1]; `rests_until` a monotonic time.
    """

    whole: Pace = field(default_factory=Pace)
    first: Pace = field(default_factory=Pace)
    answered: int = 0
    failed: int = 0
    fault_rate: float = 0.0
    last_fault: Fault | None = None
    in_flight: int = 0
    rests_until: float = 0.0
    _in_a_row: int = 0

    def pace(self, *, streams: bool) -> Pace:
        """The pace which a customer feels."""
        return self.first if streams else self.whole

    def succeeded(self) -> None:
        """It gave a complete, valid answer."""
        self.answered += 1
        self.fault_rate -= _NEW * self.fault_rate
        self._in_a_row = 0
        self.rests_until = 0.0

    def failed_by(self, fault: Fault, now: float) -> None:
        """It gave none. It rests from `now` on."""
        self.failed += 1
        self.fault_rate += _NEW * (1 - self.fault_rate)
        self.last_fault = fault
        self.rests_until = now + min(_FIRST_REST_S * 2**self._in_a_row, _LONGEST_REST_S)
        if fault is not Fault.REFUSED:
            self._in_a_row = min(self._in_a_row + 1, 16)

    @contextmanager
    def asked(self) -> Iterator[None]:
        """A request is under way."""
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1


@dataclass(slots=True)
class Records:
    """The miners of one subnet, by hotkey."""

    _by_hotkey: dict[str, Record] = field(default_factory=dict)

    def of(self, hotkey: str) -> Record:
        """The record of this miner, a new one at first."""
        return self._by_hotkey.setdefault(hotkey, Record())

    def keep(self, hotkeys: Collection[str]) -> None:
        """Forget everybody else."""
        self._by_hotkey = {key: record for key, record in self._by_hotkey.items() if key in hotkeys}
