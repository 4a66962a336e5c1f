import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.neuron.validator import NOTHING, Case, Draw, Truth
from ganglion.subnets.forecast.disguise import WINDOW
from ganglion.subnets.forecast.loss import naive, step_size
from ganglion.subnets.forecast.questions import ForecastKey
from ganglion.subnets.forecast.scorer import ForecastValidator, score
from ganglion.subnets.forecast.task import MAX_HORIZON, TASK, ForecastAnswer, ForecastRequest

UNIT = st.floats(0, 1)
VALIDATOR = ForecastValidator(live_every=4)


def asked(seed=1):
    return ForecastValidator(live_every=0).challenges([None], Draw(np.random.default_rng(seed), 0, 1))[0]


def case(challenge, answer, uid=0, latency_s=0.0):
    return Case(uid, f"hotkey{uid}", uid, challenge, answer, latency_s)


def graded(challenge, *answers):
    cases = [case(challenge, answer, uid) for uid, answer in enumerate(answers)]
    return VALIDATOR.grades(cases, Truth())


def known(challenge, share=1.0, spread=0.0):
    """An answer between the naive points (share 0) and the truth (1), with `spread` steps either way."""
    history, truth = np.asarray(challenge.request.series), np.asarray(challenge.key.futures)
    points = history[:, -1:] + share * (truth - history[:, -1:])
    width = spread * step_size(history)[:, None, None] * np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    return ForecastAnswer.of(points, points[:, :, None] + width)


def test_all_miners_are_asked_the_same_and_the_question_does_not_contain_its_answer():
    first, second = ForecastValidator().challenges([None] * 2, Draw(np.random.default_rng(1), 0, 1))
    assert first == second
    assert set(first.request.model_dump()) == {"series", "horizon", "levels"}
    shown = {value for values in first.request.series for value in values}
    assert not shown & {value for steps in first.key.futures for value in steps}


def test_the_truth_at_once_is_worth_everything():
    challenge = asked()
    [grade] = graded(challenge, known(challenge))
    assert grade.quality == pytest.approx(1.0, abs=1e-6)
    assert grade.score == pytest.approx(1.0, abs=1e-6)


def test_better_is_worth_more():
    challenge = asked()
    scores = [graded(challenge, known(challenge, share, 0.2))[0].score for share in (0.3, 0.4, 0.5)]
    assert 0 < scores[0] < scores[1] < scores[2] < 1


def test_the_naive_forecast_and_no_change_are_worth_nothing():
    challenge = asked()
    history = np.asarray(challenge.request.series)
    said = naive(history, MAX_HORIZON, np.asarray(challenge.request.levels))
    [grade] = graded(challenge, ForecastAnswer.of(*said))
    assert grade.score < 1e-12
    assert graded(challenge, known(challenge, 0.0)) == [NOTHING]


def test_quantiles_too_wide_take_a_good_points_worth():
    challenge = asked()
    assert graded(challenge, known(challenge, 0.9, 50.0)) == [NOTHING]


def test_huge_forecasts_are_worth_nothing():
    challenge = asked()
    shape = np.shape(challenge.key.futures)
    huge = ForecastAnswer.of(np.full(shape, 1e12), np.full((*shape, 5), -1e12))
    assert graded(challenge, huge) == [NOTHING]


def test_no_answer_and_one_that_does_not_fit_are_worth_nothing_and_cost_others_nothing():
    challenge = asked()
    good = known(challenge, 0.8, 0.1)
    points, quantiles = good.arrays()
    others = [
        None,
        ForecastAnswer.of(points[:-1], quantiles[:-1]),
        ForecastAnswer.of(points[:, :-1], quantiles[:, :-1]),
        ForecastAnswer.of(points, quantiles[:, :, :-1]),
    ]
    alone = graded(challenge, good)
    assert graded(challenge, *others, good) == [NOTHING] * 4 + alone


def test_of_equal_and_nearly_equal_answers_the_one_registered_first_is_paid(rng):
    challenge = asked()
    one = known(challenge, 0.8, 0.1)
    points, quantiles = one.arrays()
    moved = 0.2 * step_size(np.asarray(challenge.request.series))[:, None] * rng.normal(size=points.shape)
    near = ForecastAnswer.of(points + moved, quantiles + moved[:, :, None])
    older, copy, near_copy = graded(challenge, one, one, near)
    assert older.score > 0
    assert copy.score == near_copy.score == 0
    assert copy.quality == older.quality
    reordered = [case(challenge, one, 2), case(challenge, one, 1)]
    assert [grade.score for grade in VALIDATOR.grades(reordered, Truth())] == [0, older.score]


def test_who_was_asked_something_else_has_no_part_in_the_round():
    challenge, other = asked(1), asked(2)
    cases = [case(challenge, known(challenge)), case(other, known(other), 1)]
    assert VALIDATOR.grades(cases, Truth())[1] == NOTHING


def test_grading_is_pure_and_survives_the_way_through_the_evidence():
    challenge = asked()
    cases = [case(challenge, known(challenge, 0.2 + uid / 10, 0.2), uid, uid / 10) for uid in range(5)]
    read = [
        replace(
            each,
            challenge=replace(
                challenge,
                request=ForecastRequest.model_validate_json(challenge.request.model_dump_json()),
                key=ForecastKey.model_validate_json(challenge.key.model_dump_json()),
            ),
            answer=ForecastAnswer.model_validate_json(each.answer.model_dump_json()),
        )
        for each in cases
    ]
    assert VALIDATOR.grades(cases, Truth()) == VALIDATOR.grades(cases, Truth())
    assert ForecastValidator().grades(read, Truth()) == VALIDATOR.grades(cases, Truth())


def test_a_round_without_miners_is_graded():
    assert VALIDATOR.grades([], Truth()) == []


@given(UNIT, UNIT, UNIT)
def test_more_skill_never_pays_less(low, high, lateness):
    low, high = sorted((low, high))
    assert 0 <= score(low, lateness) <= score(high, lateness) <= 1


@given(UNIT, st.floats(0, 100))
def test_latency_costs_a_tenth_at_most(skill, lateness):
    assert score(skill, lateness) >= 0.9 * score(skill, 0.0) - 1e-12


class Market:
    """Prices which rise and fall, by block; subnet 3 does not move."""

    def price(self, block):
        return {1: 0.02 + 0.004 * np.sin(block / 5), 2: 5.0 + 0.01 * block, 3: 1.0}

    def watched(self, rounds, validator):
        """The challenge of the last of `rounds`, a block apart."""
        for number in range(1, rounds + 1):
            draw = Draw(np.random.default_rng(number), 1000 + number, number, self.price(1000 + number))
            challenge = validator.challenges([None], draw)[0]
        return challenge

    def truth(self, challenge):
        return Truth({block: self.price(block) for block in challenge.price_blocks})


@pytest.fixture
def live():
    return Market().watched(WINDOW, ForecastValidator(series=8, live_every=4))


def test_live_prices_are_asked_about_every_few_rounds_once_enough_are_known():
    assert Market().watched(60, ForecastValidator(live_every=4)).due_block == 0
    assert Market().watched(WINDOW + 1, ForecastValidator(live_every=4)).due_block == 0
    assert Market().watched(WINDOW, ForecastValidator(live_every=0)).due_block == 0


def test_a_live_question_is_due_when_its_last_step_is_on_the_chain(live):
    assert live.due_block == max(live.price_blocks) == 1000 + WINDOW + MAX_HORIZON
    assert live.price_blocks == tuple(range(1000 + WINDOW + 1, live.due_block + 1))
    assert len(live.request.series) == 8 + 2
    assert {price.netuid for price in live.key.live} == {1, 2}


def test_no_part_of_a_live_question_says_how_its_prices_go_on(live):
    assert len(live.key.futures) == 8
    assert "price" not in json.loads(live.key.model_dump_json())


def test_what_came_decides_of_a_live_answer(live):
    truth = Market().truth(live)
    known_series = np.asarray(live.key.futures)
    live_series = np.stack([price.future(truth) for price in live.key.live])
    right = np.concatenate([known_series, live_series])
    last = np.asarray(live.request.series)[8:, -1:]
    half = np.concatenate([known_series, np.repeat(last, MAX_HORIZON, axis=1)])
    said = [ForecastAnswer.of(points, np.repeat(points[:, :, None], 5, axis=2)) for points in (right, half)]
    [best], [worse] = (VALIDATOR.grades([case(live, answer)], truth) for answer in said)
    assert best.quality == pytest.approx(1.0, abs=1e-6)
    assert worse.score < best.score


def test_a_subnet_which_is_gone_when_its_prices_are_due_does_not_count(live):
    gone = Truth({block: {1: Market().price(block)[1]} for block in live.price_blocks})
    points = np.zeros((10, MAX_HORIZON))
    points[:8] = live.key.futures
    for row, price in enumerate(live.key.live, start=8):
        if price.netuid == 1:
            points[row] = price.future(gone)
    answer = ForecastAnswer.of(points, np.repeat(points[:, :, None], 5, axis=2))
    [grade] = VALIDATOR.grades([case(live, answer)], gone)
    assert grade.quality == pytest.approx(1.0, abs=1e-6)


def test_a_live_question_shows_no_units_by_which_to_know_the_subnet(live):
    shown = np.asarray(live.request.series)[8:]
    prices = [[Market().price(block)[netuid] for block in range(1001, 1065)] for netuid in (1, 2)]
    for row in shown:
        assert all(abs(row[-1] - real[-1]) > 1e-6 for real in prices)
        assert max(abs(np.corrcoef(row, real)[0, 1]) for real in prices) > 1 - 1e-9


def test_the_largest_live_question_is_within_bounds_of_the_task():
    validator = ForecastValidator(series=56, live_every=1)
    for number in range(1, WINDOW + 1):
        prices = {netuid: 1 + 0.1 * np.sin(netuid + number) for netuid in range(1, 30)}
        draw = Draw(np.random.default_rng(number), number, number, prices)
        challenge = validator.challenges([None], draw)[0]
    assert len(challenge.key.live) == 8
    assert len(challenge.request.model_dump_json()) < TASK.max_request
