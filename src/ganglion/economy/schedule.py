"""When a subnet's epoch runs: every `tempo` blocks since the last, or when its owner's trigger is reached.

At most so many epochs run in one block; the others are put off by one block.

Source: pallets/subtensor/src/coinbase/run_coinbase.rs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

MAX_TEMPO = 50_400
NEVER = 2**64 - 1


@dataclass(frozen=True, slots=True)
class EpochClock:
    """Blocks, all of them: `trigger` is the owner's (or a deferral's) block, 0 for none; tempo 0 is never.

    `since_success` counts blocks since an epoch last succeeded, a net under any drift.
    """

    tempo: int
    last_epoch: int
    trigger: int = 0
    since_success: int = 0

    def is_due(self, now: int) -> bool:
        """Whether the epoch should run at block `now`."""
        if self.tempo == 0:
            return False
        triggered = 0 < self.trigger <= now
        return triggered or self.since_success > MAX_TEMPO or now - self.last_epoch >= self.tempo

    def blocks_left(self, now: int) -> int:
        """Blocks until the next epoch by tempo alone, as the freeze window counts them; NEVER for tempo 0."""
        return max(self.last_epoch + self.tempo - now, 0) if self.tempo else NEVER

    def next_start(self) -> int | None:
        """The block at which the next epoch is expected, a trigger included; None for tempo 0."""
        if self.tempo == 0:
            return None
        by_tempo = self.last_epoch + self.tempo
        return min(by_tempo, self.trigger) if self.trigger else by_tempo


def due_epochs(clocks: Iterable[tuple[int, EpochClock]], now: int, most: int) -> tuple[list[int], list[int]]:
    """(netuids whose epoch runs at block `now`, netuids put off to the next), in the order given.

    The order is that of the stored keys: netuids by their little-endian bytes, so 256 precedes 1.
    """
    due = [netuid for netuid, clock in clocks if clock.is_due(now)]
    return due[:most], due[most:]
