import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.neuron.scoring import MovingScores

BOTH = frozenset({"a", "b"})


def test_a_newcomer_begins_at_zero_and_earns_its_way():
    scores = MovingScores().blended({"a": 1.0}, BOTH, 0.25)
    assert scores.of("a") == 0.25
    assert scores.of("b") == 0.0


def test_who_is_not_measured_counts_as_zero():
    assert MovingScores({"a": 0.8}).blended({}, BOTH, 0.5).of("a") == 0.4


def test_a_deregistered_hotkey_is_forgotten():
    assert "a" not in MovingScores({"a": 0.8}).blended({"a": 1.0}, frozenset({"b"}), 0.5).by_hotkey


@pytest.mark.parametrize("score", [-0.1, 1.1, math.nan, math.inf])
def test_a_measurement_outside_the_unit_interval_is_refused(score):
    with pytest.raises(ValueError, match="outside"):
        MovingScores().blended({"a": score}, BOTH, 0.5)


@given(st.lists(st.floats(0, 1), max_size=30), st.floats(0.01, 1))
def test_scores_stay_in_the_unit_interval(measurements, alpha):
    scores = MovingScores()
    for measured in measurements:
        scores = scores.blended({"a": measured}, BOTH, alpha)
        assert 0 <= scores.of("a") <= 1 + 1e-12
