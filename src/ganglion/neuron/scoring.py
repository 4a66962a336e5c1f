"""Moving scores: what a validator thinks of each miner, averaged over rounds.

Scores belong to hotkeys, not to uids: whoever takes over a uid begins at zero, and so does every newcomer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class MovingScores:
    """Exponential moving averages in [0, 1], keyed by hotkey."""

    by_hotkey: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, hotkey: str) -> float:
        """The score of `hotkey`; 0 when it has none."""
        return self.by_hotkey.get(hotkey, 0.0)

    def blended(
        self, measured: Mapping[str, float], registered: frozenset[str], alpha: float
    ) -> MovingScores:
        """The scores after one round: `measured * alpha + old * (1 - alpha)`.

        A registered hotkey which was not measured counts as measured at zero; others are forgotten. `alpha`
        in (0, 1]. Raises: ValueError for a measurement outside [0, 1] (NaN included).
        """
        for hotkey, score in measured.items():
            if not 0.0 <= score <= 1.0:
                raise ValueError(f"score {score} of {hotkey} outside [0, 1]")
        known = sorted((self.by_hotkey.keys() | measured.keys()) & registered)
        blended = {key: measured.get(key, 0.0) * alpha + self.of(key) * (1 - alpha) for key in known}
        return MovingScores(MappingProxyType(blended))
