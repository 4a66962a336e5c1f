"""Honest forecasters of visibly different quality, ready within seconds.

autoregression  learns from the window alone: one ridge regression per step ahead on the last twelve values.
short           the same on the last four values: blind to seasons.
momentum        the same on the last three: how the last two changes go on.
ensemble        the mean of five autoregressions and a neural network.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from ganglion.subnets.forecast.disguise import WINDOW
from ganglion.subnets.forecast.kinds import ModelKind
from ganglion.subnets.forecast.loss import step_size
from ganglion.subnets.forecast.task import MAX_HORIZON, Floats, ForecastAnswer, ForecastRequest

_ALONE = {ModelKind.AUTOREGRESSION: (12, 5.0), ModelKind.SHORT: (4, 1.0), ModelKind.MOMENTUM: (3, 1.0)}
_ENSEMBLE = ((8, 1.0), (12, 1.0), (12, 5.0), (16, 1.0), (16, 5.0))
# Orders and penalties of autoregressions.


class Forecaster(Protocol):
    """Continues windows."""

    def forecast(self, history: Floats, levels: Floats) -> tuple[Floats, Floats]:
        """Points (n, MAX_HORIZON) and quantiles (n, MAX_HORIZON, levels) after `history` (n, WINDOW)."""
        ...


class Autoregression:
    """Every step ahead regressed on the last `order` values, within each window; what the regression left
    unexplained there gives the quantiles.
    """

    def __init__(self, order: int, penalty: float) -> None:
        self._order = order
        self._penalty = penalty

    def forecast(self, history: Floats, levels: Floats) -> tuple[Floats, Floats]:
        """Points (n, MAX_HORIZON) and quantiles (n, MAX_HORIZON, levels) after `history` (n, WINDOW)."""
        unit = np.maximum(history.std(axis=1, keepdims=True), step_size(history)[:, None])
        last = history[:, -1:]
        lagged = np.lib.stride_tricks.sliding_window_view((history - last) / unit, self._order, axis=1)
        inputs = np.concatenate(
            [lagged[:, :, :-1] - lagged[:, :, -1:], np.ones((*lagged.shape[:2], 1))], axis=2
        )
        points, quantiles = [], []
        for ahead in range(1, MAX_HORIZON + 1):
            targets = lagged[:, ahead:, -1] - lagged[:, :-ahead, -1]
            known = inputs[:, :-ahead]
            weights = _ridge(known, targets, self._penalty)
            unexplained = targets - np.einsum("nij,nj->ni", known, weights)
            freedom = targets.shape[1] / (targets.shape[1] - self._order / 2)
            point = np.einsum("nj,nj->n", inputs[:, -1], weights)
            spread = np.quantile(unexplained * np.sqrt(freedom), levels, axis=1).T
            points.append(point)
            quantiles.append(point[:, None] + spread)
        return (
            last + np.stack(points, axis=1) * unit,
            last[:, :, None] + np.stack(quantiles, axis=1) * unit[:, :, None],
        )


class Mean:
    """What several forecasters say on average, quantile by quantile."""

    def __init__(self, parts: Sequence[Forecaster]) -> None:
        self._parts = parts

    def forecast(self, history: Floats, levels: Floats) -> tuple[Floats, Floats]:
        """Points (n, MAX_HORIZON) and quantiles (n, MAX_HORIZON, levels) after `history` (n, WINDOW)."""
        points, quantiles = zip(*(part.forecast(history, levels) for part in self._parts), strict=True)
        return np.mean(points, axis=0), np.mean(quantiles, axis=0)


def make_model(kind: ModelKind, seed: int) -> Forecaster:
    """A forecaster of `kind`, trained now where it needs training. The same seed gives the same model."""
    if kind != ModelKind.ENSEMBLE:
        return Autoregression(*_ALONE[kind])
    # Only who trains waits for scikit-learn, two seconds of import.
    from ganglion.subnets.forecast.network import Network  # noqa: PLC0415

    return Mean([*(Autoregression(order, penalty) for order, penalty in _ENSEMBLE), Network(seed)])


def answered(model: Forecaster, request: ForecastRequest) -> ForecastAnswer:
    """The answer of `model` to `request`. Of a long history the newest WINDOW values count; a short one is
    taken to have stood still before.
    """
    history = np.stack([_window(values) for values in request.series])
    points, quantiles = model.forecast(history, np.asarray(request.levels))
    quantiles = np.maximum.accumulate(quantiles, axis=2)
    return ForecastAnswer.of(points[:, : request.horizon], quantiles[:, : request.horizon])


def _window(values: Sequence[float]) -> Floats:
    newest = np.asarray(values[-WINDOW:])
    return np.pad(newest, (WINDOW - len(newest), 0), mode="edge")


def _ridge(inputs: Floats, targets: Floats, penalty: float) -> Floats:
    """Weights (n, m) of n ridge regressions: inputs (n, examples, m), targets (n, examples)."""
    squares = np.einsum("nij,nik->njk", inputs, inputs) + penalty * np.eye(inputs.shape[2])
    products = np.einsum("nij,ni->nj", inputs, targets)
    return np.asarray(np.linalg.solve(squares, products[..., None])[..., 0])
