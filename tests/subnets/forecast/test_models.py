from itertools import pairwise

import numpy as np
import pytest

from ganglion.subnets.forecast.disguise import WINDOW, plain
from ganglion.subnets.forecast.kinds import ModelKind
from ganglion.subnets.forecast.models import answered, make_model
from ganglion.subnets.forecast.questions import LEVELS
from ganglion.subnets.forecast.series import held_out_series
from ganglion.subnets.forecast.task import MAX_HORIZON, ForecastRequest


@pytest.fixture(scope="module")
def models():
    return {kind: make_model(kind, 1) for kind in ModelKind}


def true_quality(model):
    """(MASE, CRPS per step) on undisguised windows that nobody learned from: the smaller the better. The
    quantiles are taken for an ensemble.
    """
    windows = plain(held_out_series(), 1500, np.random.default_rng(8))
    points, quantiles = model.forecast(windows.history, np.asarray(LEVELS))
    unit = np.abs(np.diff(windows.history, axis=1)).mean(axis=1)[:, None]
    absolute = np.abs(windows.future - points) / unit
    off = np.abs(quantiles - windows.future[:, :, None]).mean(axis=2)
    among = np.abs(quantiles[:, :, :, None] - quantiles[:, :, None, :]).mean(axis=(2, 3))
    return float(absolute.mean()), float(((off - among / 2) / unit).mean())


def test_kinds_are_listed_best_first_by_their_true_quality(models):
    measured = [true_quality(models[kind]) for kind in ModelKind]
    for better, worse in pairwise(measured):
        assert better[0] < worse[0]
        assert better[1] < worse[1]
    assert measured[0][1] < 0.8 * measured[-1][1]


@pytest.mark.parametrize("kind", ModelKind)
def test_the_same_seed_gives_the_same_model(models, kind):
    history = plain(held_out_series(), 20, np.random.default_rng(2)).history
    levels = np.asarray(LEVELS)
    for one, other in zip(
        models[kind].forecast(history, levels), make_model(kind, 1).forecast(history, levels), strict=True
    ):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("kind", ModelKind)
def test_a_forecast_moves_with_its_series(models, kind):
    history = plain(held_out_series(), 20, np.random.default_rng(2)).history
    levels = np.asarray(LEVELS)
    points, _ = models[kind].forecast(history, levels)
    moved, _ = models[kind].forecast(history * 40 - 7, levels)
    assert moved == pytest.approx(points * 40 - 7, rel=1e-6)


@pytest.mark.parametrize("kind", ModelKind)
@pytest.mark.parametrize("length", [8, WINDOW - 1, 512])
@pytest.mark.parametrize(
    "shape", [np.zeros_like, np.sin, np.square, lambda at: np.where(at % 2, 1e9, -1e9), lambda at: at * 1e-12]
)
def test_every_series_within_bounds_gets_an_answer_that_fits(models, kind, length, shape):
    values = tuple(shape(np.arange(length, dtype=float)).tolist())
    request = ForecastRequest(series=(values,), horizon=MAX_HORIZON, levels=(0.01, 0.5, 0.99))
    assert answered(models[kind], request).fits(request)


def test_fewer_steps_are_the_first_of_more(models):
    values = tuple(np.sin(np.arange(WINDOW) / 3).tolist())
    model = models[ModelKind.AUTOREGRESSION]
    one, twelve = (
        answered(model, ForecastRequest(series=(values,), horizon=horizon, levels=(0.5,)))
        for horizon in (1, 12)
    )
    assert one.points[0] == twelve.points[0][:1]
