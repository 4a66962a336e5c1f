import json

import numpy as np
import pytest
from pydantic import ValidationError

from ganglion.subnets.forecast.task import (
    MAX_HISTORY,
    MAX_HORIZON,
    MAX_LEVELS,
    MAX_SERIES,
    TASK,
    ForecastAnswer,
    ForecastRequest,
)

HISTORY = [float(value) for value in range(8)]


def request(**changes):
    fields = {"series": [HISTORY], "horizon": 2, "levels": [0.1, 0.5]} | changes
    return ForecastRequest.model_validate_json(json.dumps(fields))


def answer(points, quantiles):
    return ForecastAnswer.model_validate_json(json.dumps({"points": points, "quantiles": quantiles}))


def test_messages_survive_their_way():
    sent = request()
    assert ForecastRequest.model_validate_json(sent.model_dump_json()) == sent
    said = answer([[1.0, 2.0]], [[[0.5, 1.0], [1.5, 1.5]]])
    assert ForecastAnswer.model_validate_json(said.model_dump_json()) == said
    assert said.fits(sent)


def test_the_largest_request_and_answer_fit_their_limits():
    widest = -123456789.123456
    levels = tuple((1 + level) / 100 for level in range(MAX_LEVELS))
    largest = ForecastRequest(
        series=((widest,) * MAX_HISTORY,) * MAX_SERIES, horizon=MAX_HORIZON, levels=levels
    )
    assert len(largest.model_dump_json()) <= TASK.max_request
    said = ForecastAnswer.of(
        np.full((MAX_SERIES, MAX_HORIZON), widest), np.full((MAX_SERIES, MAX_HORIZON, MAX_LEVELS), widest)
    )
    assert said.fits(largest)
    assert len(said.model_dump_json()) <= TASK.max_answer


@pytest.mark.parametrize(
    "changes",
    [
        {"series": []},
        {"series": [HISTORY[:7]]},
        {"series": [HISTORY] * (MAX_SERIES + 1)},
        {"series": [HISTORY * 65]},
        {"series": [[*HISTORY, float("nan")]]},
        {"series": [[*HISTORY, float("inf")]]},
        {"series": [[*HISTORY, 1e10]]},
        {"series": [[*HISTORY, "1"]]},
        {"series": [[*HISTORY, None]]},
        {"horizon": 0},
        {"horizon": MAX_HORIZON + 1},
        {"horizon": 2.0},
        {"levels": []},
        {"levels": [0.0, 0.5]},
        {"levels": [0.5, 1.0]},
        {"levels": [0.5, 0.5]},
        {"levels": [0.9, 0.1]},
        {"secret": 1},
    ],
    ids=str,
)
def test_what_is_no_question_is_refused(changes):
    with pytest.raises(ValidationError):
        request(**changes)


@pytest.mark.parametrize(
    ("points", "quantiles"),
    [
        ([[1.0]], [[[float("nan")]]]),
        ([[float("inf")]], [[[1.0]]]),
        ([[1e13]], [[[1.0]]]),
        ([[1.0]], [[[1.0, -1e13]]]),
        ([[1.0]], [[[2.0, 1.0]]]),
        ([[1.0, 1.0]], [[[1.0]]]),
        ([[1.0]], [[[1.0], [1.0]]]),
        ([[1.0], [1.0]], [[[1.0]]]),
        ([[1.0, 1.0]], [[[1.0], [1.0, 2.0]]]),
        ([[1.0], [1.0, 2.0]], [[[1.0]], [[1.0]]]),
        ([], []),
        ([[]], [[]]),
        ([[1.0]], [[[]]]),
        ([["1"]], [[[1.0]]]),
        ([[1.0]], [[[1.0] * (MAX_LEVELS + 1)]]),
    ],
    ids=str,
)
def test_what_is_no_forecast_is_refused(points, quantiles):
    with pytest.raises(ValidationError):
        answer(points, quantiles)


@pytest.mark.parametrize(
    ("points", "quantiles"),
    [
        ([[1.0]], [[[1.0, 1.0]]]),
        ([[1.0, 1.0]], [[[1.0], [1.0]]]),
        ([[1.0, 1.0]] * 2, [[[1.0, 1.0], [1.0, 1.0]]] * 2),
    ],
    ids=["steps", "levels", "series"],
)
def test_a_forecast_of_something_else_does_not_fit(points, quantiles):
    assert not answer(points, quantiles).fits(request())
