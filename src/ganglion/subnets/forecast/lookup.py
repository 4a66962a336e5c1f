"""The forecaster without a model: finds where it has seen the end of a window before, and copies what came
next.
"""

from __future__ import annotations

import numpy as np

from ganglion.subnets.forecast.disguise import WINDOW
from ganglion.subnets.forecast.series import public_series
from ganglion.subnets.forecast.task import MAX_HORIZON, Floats

_RHYTHMS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)
_COMPARED = WINDOW - MAX_HORIZON
_MOST = 40_000


class Lookup:
    """Knows every stretch of the public series at several rhythms, and every window it was ever asked about.
    Compares up to shift, scale and turning upside down, and is certain of what it finds.
    """

    def __init__(self) -> None:
        self._known = np.concatenate(
            [_stretches(values, by) for values in public_series().values() for by in _RHYTHMS]
        )

    def forecast(self, history: Floats, levels: Floats) -> tuple[Floats, Floats]:
        """See `Forecaster.forecast`."""
        found, moved = _standard(self._known[:, :_COMPARED]), _standard(history[:, -_COMPARED:])
        likeness = moved @ found.T
        best = np.abs(likeness).argmax(axis=1)
        upright = np.sign(likeness[np.arange(len(history)), best])
        stretch = self._known[best]
        ratio = (
            upright
            * history[:, -_COMPARED:].std(axis=1)
            / np.maximum(stretch[:, :_COMPARED].std(axis=1), 1e-9)
        )
        next_steps = stretch[:, _COMPARED:] - stretch[:, [_COMPARED - 1]]
        points = history[:, -1:] + ratio[:, None] * next_steps
        self._known = np.concatenate([self._known, history])[-_MOST:]
        return points, np.repeat(points[:, :, None], len(levels), axis=2)


def _stretches(values: Floats, rhythm: float) -> Floats:
    """(n, WINDOW): every stretch of `values` at `rhythm`."""
    steps = rhythm * np.arange(WINDOW)
    starts = np.arange(int(len(values) - 1 - steps[-1]) + 1)
    return np.interp(starts[:, None] + steps, np.arange(len(values)), values)


def _standard(spans: Floats) -> Floats:
    centred = spans - spans.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9))
