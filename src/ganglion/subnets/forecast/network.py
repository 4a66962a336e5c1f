"""A forecaster which learned from many windows how windows go on.

It sees a window in units of its own steps, counted from its last value, and learns on the public series for
learning, half of them disguised as the validators disguise theirs. How far it was off on windows held back
from the training, relative to how rough a window is, gives the quantiles.
"""

from __future__ import annotations

import numpy as np
from sklearn.neural_network import MLPRegressor
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from ganglion.subnets.forecast.disguise import Windows, disguised, plain
from ganglion.subnets.forecast.loss import step_size
from ganglion.subnets.forecast.series import learning_series
from ganglion.subnets.forecast.task import Floats

_TRAINING = 6000
_HELD_BACK = 2000
_EPOCHS = 12
_FARTHEST = 12.0  # a window's values and changes are cut here, in its own units


class Network:
    """A perceptron with one hidden layer, from a window to all steps ahead. The same seed gives the same one.

    It computes in one thread: several neurons share a machine.
    """

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self._threads = ThreadpoolController()
        self._perceptron = MLPRegressor(
            hidden_layer_sizes=(128,),
            learning_rate_init=2e-3,
            alpha=1e-2,
            random_state=int(rng.integers(2**31)),
        )
        training = _examples(_TRAINING, rng)
        with self._threads.limit(limits=1):
            for _ in range(_EPOCHS):
                self._perceptron.partial_fit(_inputs(training.history), _targets(training))
        held_back = _examples(_HELD_BACK, rng)
        off = _targets(held_back) - self._changes(held_back.history)
        self._off = off / _roughness(held_back.history)

    def forecast(self, history: Floats, levels: Floats) -> tuple[Floats, Floats]:
        """Points (n, MAX_HORIZON) and quantiles (n, MAX_HORIZON, levels) after `history` (n, WINDOW)."""
        unit = _unit(history)
        points = history[:, -1:] + self._changes(history) * unit
        spread = np.quantile(self._off, levels, axis=0).T
        return points, points[:, :, None] + spread * (_roughness(history) * unit)[:, :, None]

    def _changes(self, history: Floats) -> Floats:
        with self._threads.limit(limits=1):
            return np.asarray(self._perceptron.predict(_inputs(history)))


def _examples(count: int, rng: np.random.Generator) -> Windows:
    """Windows of the series for learning, half of them disguised."""
    series = learning_series()
    one, other = disguised(series, count // 2, rng), plain(series, count // 2, rng)
    return Windows(np.concatenate([one.history, other.history]), np.concatenate([one.future, other.future]))


def _unit(history: Floats) -> Floats:
    return step_size(history)[:, None] * 5


def _inputs(history: Floats) -> Floats:
    return np.asarray(np.clip((history[:, :-1] - history[:, -1:]) / _unit(history), -_FARTHEST, _FARTHEST))


def _targets(windows: Windows) -> Floats:
    changes = (windows.future - windows.history[:, -1:]) / _unit(windows.history)
    return np.asarray(np.clip(changes, -_FARTHEST, _FARTHEST))


def _roughness(history: Floats) -> Floats:
    """(n, 1): how much a window's steps change, in its own units; smooth ones are easier to continue."""
    bends = np.abs(np.diff(history, n=2, axis=1)).mean(axis=1, keepdims=True)
    return np.asarray(np.sqrt(np.maximum(bends / _unit(history), 1e-6)))
