import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.subnets.vision.data import private_digits
from ganglion.subnets.vision.scorer import DigitTask, score
from ganglion.subnets.vision.task import ClassifyAnswer

UNIT = st.floats(0, 1)


@pytest.fixture
def challenge(rng):
    return DigitTask(private_digits(1), images=64, allowed_s=2.0).challenge(rng)


def answer(labels):
    return ClassifyAnswer(labels=[int(label) for label in labels])


def test_a_perfect_answer_at_once_is_worth_everything(challenge):
    grade = challenge.grade(answer(challenge.digits.labels), 0.0)
    assert (grade.quality, grade.score) == (1.0, 1.0)


def test_an_answer_of_another_length_is_worth_nothing(challenge):
    for labels in (challenge.digits.labels[:-1], [*challenge.digits.labels, 1], []):
        assert challenge.grade(answer(labels), 0.0).score == 0


def test_the_question_does_not_contain_its_answer(challenge):
    assert set(challenge.request.model_dump()) == {"images"}


def test_chance_and_below_is_worth_nothing():
    assert score(0.1, 0.0) == score(0.0, 0.0) == 0


@given(UNIT, UNIT, UNIT)
def test_more_accuracy_never_pays_less(low, high, lateness):
    low, high = sorted((low, high))
    assert 0 <= score(low, lateness) <= score(high, lateness) <= 1


@given(UNIT, st.floats(0, 100))
def test_latency_costs_a_tenth_at_most(accuracy, lateness):
    assert score(accuracy, lateness) >= 0.9 * score(accuracy, 0.0) - 1e-12


def test_ten_thousand_lucky_rounds_of_guessing_earn_next_to_nothing(rng):
    right = rng.binomial(128, 0.1, 10_000)
    earned = np.mean([score(count / 128, 0.0) for count in right])
    assert earned < 0.001 * score(0.75, 0.0)
