import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mean_pinball_loss

from ganglion.subnets.forecast.loss import naive, pinball, step_size, weights

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


def test_the_loss_is_the_mean_pinball_loss_with_the_point_as_one_more_median(rng):
    truth, points = rng.normal(size=(2, 6, 4))
    quantiles = np.sort(rng.normal(size=(6, 4, 5)), axis=2)
    losses = pinball(points, quantiles, truth, LEVELS)
    for row in range(6):
        each = [
            mean_pinball_loss(truth[row], quantiles[row, :, k], alpha=level) for k, level in enumerate(LEVELS)
        ]
        each.append(mean_pinball_loss(truth[row], points[row], alpha=0.5))
        assert losses[row] == pytest.approx(np.mean(each))


def test_the_true_quantiles_lose_least(rng):
    truth = rng.normal(size=(1, 20_000))
    true = np.array([-1.6449, -0.6745, 0.0, 0.6745, 1.6449])

    def lost(centre, width):
        quantiles = np.broadcast_to(centre + width * true, (1, 20_000, 5))
        return float(pinball(np.full_like(truth, centre), quantiles, truth, LEVELS)[0])

    best = lost(0.0, 1.0)
    assert all(best < lost(*other) for other in [(0.0, 0.0), (0.0, 0.7), (0.0, 1.4), (0.3, 1.0), (0.0, 10.0)])


def test_the_naive_forecast_spreads_as_the_history_changed():
    history = np.array([[0.0, 1.0, 0.0, 1.0, 0.0, 1.0]])
    points, quantiles = naive(history, 2, np.array([0.1, 0.5, 0.9]))
    assert points.tolist() == [[1.0, 1.0]]
    assert quantiles[0].tolist() == [[0.0, 2.0, 2.0], [1.0, 1.0, 1.0]]


@given(st.floats(0.001, 1e6), st.floats(-1000, 1000))
def test_weights_make_series_comparable_whatever_their_units(factor, offset):
    history = np.random.default_rng(1).normal(size=(1, 20))
    moved = (history + offset) * factor
    assert step_size(moved)[0] == pytest.approx(step_size(history)[0] * factor, rel=1e-3)
    assert weights(moved, np.array([factor]))[0] == pytest.approx(
        weights(history, np.array([1.0]))[0] / factor, rel=1e-3
    )


def test_a_jump_nobody_foresees_counts_no_more_than_four_steps():
    history = np.array([[0.0, 1.0, 0.0, 1.0]])
    assert weights(history, np.array([2.0]))[0] * 2.0 == 2.0
    assert weights(history, np.array([1e6]))[0] * 1e6 == 4.0


def test_a_flat_series_has_a_positive_step():
    assert step_size(np.zeros((1, 5)))[0] > 0
    assert step_size(np.full((1, 5), 7.0))[0] > 0
