from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.neuron.protocols import Neuron
from ganglion.neuron.validator import NOTHING, Case, Draw, Truth
from ganglion.subnets.vision.data import private_digits
from ganglion.subnets.vision.kinds import ModelKind
from ganglion.subnets.vision.models import make_model
from ganglion.subnets.vision.scorer import VisionValidator, score
from ganglion.subnets.vision.task import ClassifyAnswer

UNIT = st.floats(0, 1)
MINERS = [Neuron(uid, f"key{uid}", "cold", 0, False, 0, 0.0, 0.0, None, 10 - uid) for uid in range(4)]


@pytest.fixture
def validator():
    return VisionValidator(private_digits(1), images=192)


@pytest.fixture
def challenges(validator, rng):
    return validator.challenges(MINERS, Draw(rng, block=1, round=1))


def case(miner, challenge, labels, latency_s=0.0):
    answer = None if labels is None else ClassifyAnswer(labels=[int(label) for label in labels])
    return Case(miner.uid, miner.hotkey, miner.registered_at, challenge, answer, latency_s)


def grades(validator, challenges, answers):
    cases = [case(*each) for each in zip(MINERS, challenges, answers, strict=False)]
    return validator.grades(cases, Truth())


def with_errors(key, rng, *, on_probe, elsewhere):
    """The right labels but for so many wrong ones."""
    labels, probe = np.asarray(key.labels), np.asarray(key.probe)
    others = np.setdiff1d(np.arange(len(labels)), probe)
    for where, count in ((probe, on_probe), (others, elsewhere)):
        picked = rng.choice(where, count, replace=False)
        labels[picked] = (labels[picked] + 1) % 10
    return labels


def test_a_perfect_answer_at_once_is_worth_everything(validator, challenges):
    (grade,) = grades(validator, challenges[:1], [challenges[0].key.labels])
    assert (grade.quality, grade.score) == (1.0, 1.0)


def test_an_answer_of_another_length_or_none_is_worth_nothing(validator, challenges):
    labels = list(challenges[0].key.labels)
    for wrong in (labels[:-1], [*labels, 1], [], None):
        assert grades(validator, challenges[:1], [wrong]) == [NOTHING]


def test_the_question_does_not_contain_its_answer(challenges):
    assert set(challenges[0].request.model_dump()) == {"images"}


def test_half_of_each_question_is_common_and_stands_elsewhere_for_each(challenges):
    images = [challenge.request.array() for challenge in challenges]
    probes = [images[at][list(challenge.key.probe)] for at, challenge in enumerate(challenges)]
    assert all(np.array_equal(probes[0], probe) for probe in probes)
    assert len({challenge.key.probe for challenge in challenges}) == len(challenges)
    own = [{image.tobytes() for image in each} for each in images]
    assert all(len(one & other) == 96 for one, other in combinations(own, 2))


def test_of_one_models_answers_only_the_one_registered_first_is_paid(validator, challenges, rng):
    model = make_model(ModelKind.SVM, 1)
    said = [model.labels(challenge.request.array()) for challenge in challenges]
    graded = grades(validator, challenges, said)
    assert [grade.score > 0 for grade in graded] == [False, False, False, True]
    assert min(grade.quality for grade in graded) > 0.8


def test_a_copy_blurred_in_one_of_a_hundred_is_still_a_copy(validator, challenges, rng):
    graded = grades(
        validator,
        challenges[:2],
        [with_errors(challenges[0].key, rng, on_probe=1, elsewhere=0), challenges[1].key.labels],
    )
    assert [grade.score > 0 for grade in graded] == [False, True]


def test_models_of_one_kind_trained_apart_are_no_copies(validator, rng):
    models = [make_model(ModelKind.SVM, seed) for seed in (1, 2)]
    told_apart = 0
    for number in range(12):
        asked = validator.challenges(MINERS[:2], Draw(rng, block=1, round=number))
        said = [m.labels(each.request.array()) for m, each in zip(models, asked, strict=True)]
        told_apart += grades(validator, asked, said)[0].score > 0
    assert told_apart >= 11


def test_the_worse_half_of_an_answer_is_what_is_paid(validator, challenges, rng):
    for on_probe, elsewhere in ((48, 0), (0, 48)):
        labels = with_errors(challenges[0].key, rng, on_probe=on_probe, elsewhere=elsewhere)
        (grade,) = grades(validator, challenges[:1], [labels])
        assert (grade.quality, grade.score) == (0.75, score(0.5, 0.0))


def test_grading_again_gives_the_same(validator, challenges, rng):
    said = [rng.integers(0, 10, 192) for _ in challenges]
    assert grades(validator, challenges, said) == grades(validator, challenges, said)


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
    right = rng.binomial(96, 0.1, (10_000, 2)).min(axis=1)
    earned = np.mean([score(count / 96, 0.0) for count in right])
    assert earned < 0.001 * score(0.75, 0.0)
