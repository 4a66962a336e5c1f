"""The messages of the forecast subnet: histories out; points and quantiles per step ahead back, all bounded.

A request asks about several series at once, each the same number of steps ahead and at the same levels.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from ganglion.neuron.task import Message, Task

MAX_SERIES = 64
MIN_HISTORY = 8
MAX_HISTORY = 512
MAX_HORIZON = 12
MAX_LEVELS = 9
MAX_VALUE = 1e9
"""Largest magnitude of a value in a request."""
MAX_FORECAST = 1e12
"""Largest magnitude of a value in an answer."""

Floats = NDArray[np.float64]

Value = Annotated[float, Field(ge=-MAX_VALUE, le=MAX_VALUE)]
History = Annotated[tuple[Value, ...], Field(min_length=MIN_HISTORY, max_length=MAX_HISTORY)]
Level = Annotated[float, Field(gt=0, lt=1)]
Forecast = Annotated[float, Field(ge=-MAX_FORECAST, le=MAX_FORECAST)]
Quantiles = Annotated[tuple[Forecast, ...], Field(min_length=1, max_length=MAX_LEVELS)]
Steps = Field(min_length=1, max_length=MAX_HORIZON)
Batch = Field(min_length=1, max_length=MAX_SERIES)


class ForecastRequest(Message):
    """Continue each of `series` (values in equal steps of time, oldest first) by `horizon` steps; give
    quantiles at `levels`, ascending.
    """

    series: Annotated[tuple[History, ...], Batch]
    horizon: Annotated[int, Field(ge=1, le=MAX_HORIZON)]
    levels: Annotated[tuple[Level, ...], Field(min_length=1, max_length=MAX_LEVELS)]

    @field_validator("levels")
    @classmethod
    def _ascends(cls, levels: tuple[float, ...]) -> tuple[float, ...]:
        if any(low >= high for low, high in pairwise(levels)):
            raise ValueError("levels do not ascend")
        return levels


class ForecastAnswer(Message):
    """`points` (series, horizon) and `quantiles` (series, horizon, levels), none below the one before it."""

    points: Annotated[tuple[Annotated[tuple[Forecast, ...], Steps], ...], Batch]
    quantiles: Annotated[tuple[Annotated[tuple[Quantiles, ...], Steps], ...], Batch]

    @model_validator(mode="after")
    def _is_regular(self) -> Self:
        horizons = {len(steps) for steps in (*self.points, *self.quantiles)}
        levels = {len(step) for steps in self.quantiles for step in steps}
        if len(self.points) != len(self.quantiles) or len(horizons) != 1 or len(levels) != 1:
            raise ValueError("points and quantiles do not have one horizon and one number of levels")
        if np.any(np.diff(np.asarray(self.quantiles), axis=2) < 0):
            raise ValueError("quantiles descend")
        return self

    @classmethod
    def of(cls, points: Floats, quantiles: Floats) -> Self:
        """The answer of `points` (series, horizon) and `quantiles` (series, horizon, levels), to nine
        digits: more would be bytes without meaning.
        """
        return cls(
            points=tuple(tuple(_short(value) for value in steps) for steps in points.tolist()),
            quantiles=tuple(
                tuple(tuple(_short(value) for value in step) for step in steps)
                for steps in quantiles.tolist()
            ),
        )

    def arrays(self) -> tuple[Floats, Floats]:
        """(series, horizon) points and (series, horizon, levels) quantiles."""
        return np.asarray(self.points), np.asarray(self.quantiles)

    def fits(self, request: ForecastRequest) -> bool:
        """Whether it answers as many series, steps and levels as `request` asks."""
        shape = np.shape(self.quantiles)
        return shape == (len(request.series), request.horizon, len(request.levels))


TASK = Task(
    name="forecast",
    path="/forecast",
    request=ForecastRequest,
    answer=ForecastAnswer,
    max_request=1024 * 1024,
    max_answer=256 * 1024,
    timeout_s=5.0,
)


def _short(value: float) -> float:
    return float(f"{value:.9g}")
