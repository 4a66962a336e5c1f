"""How far a forecast was off, and against what it is held.

The loss of a forecast is the mean pinball loss over its quantiles, the point counting as one more median:
the usual estimate of half the CRPS. It is the smaller the truer, and nobody improves it by saying what he
does not believe. The naive forecast, a random walk, says that the last value stays, spread as it changed
over as many steps within the history.
"""

from __future__ import annotations

import numpy as np

from ganglion.subnets.forecast.task import Floats

_TINY = 1e-9
_JUMP = 4.0


def pinball(points: Floats, quantiles: Floats, truth: Floats, levels: Floats) -> Floats:
    """Mean loss of each series, (n,): points (n, h), quantiles (n, h, levels), truth (n, h)."""
    error = truth[:, :, None] - quantiles
    of_quantiles = np.maximum(levels * error, (levels - 1) * error).sum(axis=2)
    of_points = np.abs(truth - points) / 2
    return np.asarray(((of_quantiles + of_points) / (len(levels) + 1)).mean(axis=1))


def naive(history: Floats, horizon: int, levels: Floats) -> tuple[Floats, Floats]:
    """Points (n, horizon) and quantiles (n, horizon, levels) of a random walk from `history` (n, window)."""
    last = history[:, -1]
    changes = [np.quantile(history[:, k:] - history[:, :-k], levels, axis=1).T for k in range(1, horizon + 1)]
    return np.repeat(last[:, None], horizon, axis=1), last[:, None, None] + np.stack(changes, axis=1)


def step_size(history: Floats) -> Floats:
    """Mean absolute change from step to step, (n,): the unit in which series are comparable."""
    magnitude = np.abs(history).max(axis=1)
    change = np.abs(np.diff(history, axis=1)).mean(axis=1)
    return np.asarray(np.maximum(change, _TINY * np.maximum(magnitude, _TINY)))


def weights(history: Floats, naive_loss: Floats) -> Floats:
    """The weight of each series, (n,): one over its step size; less where even the naive loss shows a jump
    that nobody could foresee, so that one such series does not decide alone.
    """
    return np.asarray(1 / np.maximum(step_size(history), naive_loss / _JUMP))
