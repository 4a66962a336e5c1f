from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganglion.neuron.validator import NOTHING, Draw, Truth
from ganglion.subnets.text.challenge import Questioner
from ganglion.subnets.text.reference import reference_of
from ganglion.subnets.text.scorer import TextValidator, falling, judged, rising
from ganglion.subnets.text.task import TASK
from ganglion.subnets.text.words import tokens
from text_cases import made_case, model_of

QUESTIONER = Questioner(7, period=360)
CHALLENGE = QUESTIONER.challenge(1000, np.random.default_rng(5))
VALUE = st.floats(-10, 10)


@pytest.fixture
def validator():
    return TextValidator(QUESTIONER)


def honest(challenge, seed):
    return "".join(model_of("blend").texts(challenge.request, np.random.default_rng(seed)))


def paid(validator, challenge):
    """An honest text which is worth something."""
    texts = (honest(challenge, seed) for seed in range(50))
    return next(text for text in texts if score(validator, made_case(challenge, text)) > 0.2)


def score(validator, *cases):
    return validator.grades(cases, Truth())[0].score


def test_all_miners_of_a_round_are_asked_alike(validator):
    challenges = validator.challenges([None] * 3, Draw(np.random.default_rng(1), block=5, round=1))
    assert len(challenges) == 3
    assert len({challenge.request.prompt for challenge in challenges}) == 1


def test_grading_the_same_cases_again_gives_the_same_grades(validator, challenge):
    cases = [made_case(challenge, honest(challenge, uid), uid=uid) for uid in range(5)]
    grades = validator.grades(cases, Truth())
    reference_of.cache_clear()
    assert TextValidator(Questioner(99, period=1)).grades(cases, Truth()) == grades
    assert any(grade.score > 0 for grade in grades)


def test_of_copies_only_the_earliest_registered_is_paid(validator, challenge):
    text = paid(validator, challenge)
    first = made_case(challenge, text, uid=9, registered_at=100)
    changed = [token if at % 4 else "it" for at, token in enumerate(tokens(text))]
    copy = made_case(challenge, " ".join(changed), uid=1, registered_at=200)
    grades = validator.grades([copy, first], Truth())
    assert grades[0] == NOTHING
    assert grades[1].score > 0


@pytest.mark.parametrize("early", ["of the", "the"])
def test_a_few_words_registered_early_make_nobody_a_copy(validator, challenge, early):
    text = paid(validator, challenge) + " of the"
    late = made_case(challenge, text, uid=2, registered_at=9)
    assert validator.grades([made_case(challenge, early), late], Truth())[1].score > 0


def test_texts_of_one_model_are_no_copies(validator, challenge):
    cases = [made_case(challenge, honest(challenge, seed), uid=seed) for seed in range(30)]
    alone = [validator.grades([case], Truth())[0] for case in cases]
    assert validator.grades(cases, Truth()) == alone


def test_no_answer_and_an_empty_one_are_worth_nothing(validator, challenge):
    cases = [made_case(challenge, None, uid=1), made_case(challenge, " \n", uid=2)]
    assert validator.grades(cases, Truth()) == [NOTHING, NOTHING]


def test_the_continuation_which_can_be_looked_up_is_worth_nothing(validator, challenge):
    assert score(validator, made_case(challenge, challenge.key.continuation)) == 0


def test_genuine_text_would_earn_most_were_it_the_miners_own():
    """A model which writes as people do would be paid best."""
    worth = {"genuine": [], "blend": []}
    for number in range(40):
        asked = QUESTIONER.challenge(number * 36, np.random.default_rng(number))
        reference, genuine = reference_of(asked.key.split), asked.key.continuation
        for name, text in (("genuine", genuine), ("blend", honest(asked, number))):
            judgement = judged(reference, asked.request, genuine, text)
            worth[name].append(replace(judgement, originality=1.0).steep)
    assert np.mean(worth["genuine"]) > 1.2 * np.mean(worth["blend"])


def test_latency_costs_a_twentieth_at_most(validator, challenge):
    text = paid(validator, challenge)
    at_once = score(validator, made_case(challenge, text))
    late = score(validator, made_case(challenge, text, latency_s=TASK.timeout_s))
    beyond = score(validator, made_case(challenge, text, latency_s=10 * TASK.timeout_s))
    assert late == beyond == pytest.approx(0.95 * at_once)


def test_a_short_answer_is_worth_less_and_words_beyond_the_limit_are_not_read(challenge):
    text = honest(challenge, 3)

    def judge(answer):
        reference = reference_of(challenge.key.split)
        return judged(reference, challenge.request, challenge.key.continuation, answer)

    assert judge(text + " And much more of it." * 50) == judge(text)
    assert judge(" ".join(tokens(text)[: challenge.request.max_tokens // 4])).length == pytest.approx(0.5)


@given(st.lists(st.one_of(st.none(), st.text(max_size=300)), max_size=4), st.floats(0, 100))
@settings(max_examples=50)
def test_whatever_miners_answer_everyone_gets_a_grade(texts, latency_s):
    cases = [made_case(CHALLENGE, text, uid=uid, latency_s=latency_s) for uid, text in enumerate(texts)]
    grades = TextValidator(QUESTIONER).grades(cases, Truth())
    assert len(grades) == len(cases)
    assert all(0 <= grade.score <= grade.quality <= 1 for grade in grades)


@given(VALUE, VALUE)
def test_more_of_a_good_thing_is_never_worth_less(one, other):
    low, high = sorted((one, other))
    assert 0 <= rising(low, -1.0, 2.0) <= rising(high, -1.0, 2.0) <= 1
    assert falling(low, -1.0, 2.0) >= falling(high, -1.0, 2.0)
