"""What a neuron tells about itself: one JSON object per line, for whoever started it.

Every line has `event` and `hotkey`; the other fields are those of the event's class below. Human-readable
logs go elsewhere (stderr).
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from typing import ClassVar, Protocol, TextIO

log = logging.getLogger(__name__)


class Event(Protocol):
    """A frozen dataclass with a name."""

    event: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Ready:
    """The neuron runs: a miner listens on `url`, a validator's is empty. `seconds` since its start."""

    event: ClassVar[str] = "ready"
    role: str
    kind: str
    netuid: int
    url: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Serving:
    """The miner's axon is on the chain under `uid`."""

    event: ClassVar[str] = "serving"
    netuid: int
    uid: int
    url: str


@dataclass(frozen=True, slots=True)
class MinerScore:
    """One miner in one round. `quality` as the subnet measures it, in [0, 1] (0 without an answer),
    `latency` in seconds, `score` the moving score in [0, 1], `outcome` "ok" or the fault.
    """

    uid: int
    hotkey: str
    quality: float
    latency: float
    score: float
    outcome: str


@dataclass(frozen=True, slots=True)
class RoundAsked:
    """A validator asked a round at `block`, which took `seconds`. `outcomes`: "ok" or the fault -> how many
    miners. `waiting`: how many rounds before it wait to be graded.
    """

    event: ClassVar[str] = "asked"
    netuid: int
    round: int
    block: int
    seconds: float
    outcomes: dict[str, int]
    waiting: int


@dataclass(frozen=True, slots=True)
class RoundScored:
    """A validator graded a round. `block` is the one at which it asked."""

    event: ClassVar[str] = "round"
    netuid: int
    round: int
    block: int
    miners: tuple[MinerScore, ...]


@dataclass(frozen=True, slots=True)
class WeightsSet:
    """A validator's weights are in a block. Values u16."""

    event: ClassVar[str] = "weights"
    netuid: int
    block: int
    uids: tuple[int, ...]
    values: tuple[int, ...]


class Reporter(Protocol):
    """Takes events."""

    def report(self, event: Event) -> None:
        """Tell `event`. Never fails."""
        ...


class LineReporter:
    """Writes events of one hotkey as JSON lines."""

    def __init__(self, stream: TextIO, hotkey: str) -> None:
        self._stream = stream
        self._hotkey = hotkey
        self._open = True

    def report(self, event: Event) -> None:
        """See `Reporter.report`. After the reader is gone, lines are dropped."""
        if not self._open:
            return
        line = json.dumps({"event": event.event, "hotkey": self._hotkey, **asdict(event)})  # type: ignore[call-overload]
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except OSError as error:
            self._open = False
            log.warning("events reader=gone error=%s", error)
