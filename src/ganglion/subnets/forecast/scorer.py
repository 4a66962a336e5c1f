"""What an answer is worth.

All miners of a round are asked the same, so that luck is the same for all. `skill` is one less the loss as a
share of the naive forecast's, summed over all series in comparable units. The score is (skill / 0.5) ** 3, at
most one, less up to a tenth for latency. Saying that nothing will change is the naive forecast, and worth
nothing; a point without a spread and a spread too wide are worth less than that. Nobody foresees noise: the
best of our models has a skill of 0.26, and nobody need hope for 0.5.

The questions with known answers are graded at once; every few rounds one has live prices too, and is graded,
all of it, when their last step is on the chain. The miner's signature has fixed its answer long before.

Whose forecasts of the disguised series differ from those of a miner registered earlier by less than 0.28 of a
series' mean step is its copy, and gets nothing. One model trained twice from other seeds differs by up to
0.18, our two most alike kinds by 0.39 at least; who blurs a copy until it passes loses a tenth of its pay.
Live prices do not count for that: where they hardly move, the honest agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ganglion.neuron.copies import originals
from ganglion.neuron.protocols import Neuron
from ganglion.neuron.validator import NOTHING, Case, Challenge, Draw, Grade, Truth, Validator
from ganglion.subnets.forecast import loss
from ganglion.subnets.forecast.prices import PriceHistory
from ganglion.subnets.forecast.questions import ForecastKey, question
from ganglion.subnets.forecast.series import public_series
from ganglion.subnets.forecast.task import TASK, Floats, ForecastAnswer, ForecastRequest

_STEEPNESS = 3
_FULL = 0.5  # the skill which is paid in full
_LATENCY_SHARE = 0.1
_ALIKE = 0.28

ForecastCase: TypeAlias = Case[ForecastRequest, ForecastAnswer]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question whose truth is known. `kept` (n,) says which of its series have one; of those, `history`
    and `future` (kept, steps), the naive loss and the weight (kept,). `units` are the step sizes of the
    disguised series, which come first.
    """

    levels: Floats
    kept: NDArray[np.bool_]
    future: Floats
    naive_loss: Floats
    weight: Floats
    units: Floats

    @classmethod
    def of(cls, challenge: Challenge[ForecastRequest], truth: Truth) -> Self:
        """Raises: TypeError for a challenge of another subnet."""
        request, key = challenge.request, challenge.key
        if not isinstance(key, ForecastKey):
            raise TypeError(f"{type(key).__name__} is no key of this subnet")
        futures = [np.asarray(steps) for steps in key.futures] + [price.future(truth) for price in key.live]
        kept = np.array([future is not None for future in futures])
        future = np.stack([future for future in futures if future is not None])
        history = np.asarray(request.series)[kept]
        levels = np.asarray(request.levels)
        naive_loss = loss.pinball(*loss.naive(history, request.horizon, levels), future, levels)
        return cls(
            levels=levels,
            kept=kept,
            future=future,
            naive_loss=naive_loss,
            weight=loss.weights(history, naive_loss),
            units=loss.step_size(history[: len(key.futures)]),
        )

    def skill(self, answer: ForecastAnswer) -> float:
        """At most one; zero for the naive forecast, below for worse."""
        points, quantiles = answer.arrays()
        missed = loss.pinball(points[self.kept], quantiles[self.kept], self.future, self.levels)
        return float(1 - (self.weight * missed).sum() / (self.weight * self.naive_loss).sum())

    def profile(self, answer: ForecastAnswer) -> Floats:
        """The quantiles of the disguised series in units of their steps, (series, horizon, levels)."""
        _, quantiles = answer.arrays()
        return quantiles[: len(self.units)] / self.units[:, None, None]


class ForecastValidator(Validator[ForecastRequest, ForecastAnswer]):
    """Asks for `series` disguised series; every `live_every` rounds (0: never) for live prices too."""

    task = TASK
    key = ForecastKey
    wants_prices = True

    def __init__(self, *, series: int = 32, live_every: int = 4) -> None:
        self._series = series
        self._live_every = live_every
        self._prices = PriceHistory()

    def challenges(self, miners: Sequence[Neuron], draw: Draw) -> list[Challenge[ForecastRequest]]:
        """One question for all."""
        self._prices.observe(draw.block, draw.prices)
        is_live = self._live_every > 0 and draw.round % self._live_every == 0
        asked = question(
            tuple(public_series().values()), self._series, self._prices if is_live else None, draw
        )
        return [asked] * len(miners)

    def grades(self, cases: Sequence[ForecastCase], truth: Truth) -> list[Grade]:
        """Skill, and what it pays; copies, and answers which do not fit the question, get nothing."""
        if not cases:
            return []
        asked = cases[0].challenge
        answered = Answered.of(asked, truth)
        fitting = {case.hotkey: case for case in cases if _fits(case, asked.request)}
        paid = _originals(list(fitting.values()), answered)
        return [
            _grade(case, answered, paid=case.hotkey in paid) if case.hotkey in fitting else NOTHING
            for case in cases
        ]


def _fits(case: ForecastCase, request: ForecastRequest) -> bool:
    """Whether it answers the round's question, and was asked no other."""
    return case.answer is not None and case.answer.fits(request) and case.challenge.request == request


def _originals(cases: Sequence[ForecastCase], answered: Answered) -> frozenset[str]:
    # Profiles are made once: every pair of miners is compared.
    profiles = {id(case.answer): answered.profile(case.answer) for case in cases if case.answer is not None}

    def alike(older: ForecastAnswer, newer: ForecastAnswer) -> bool:
        return float(np.abs(profiles[id(older)] - profiles[id(newer)]).mean()) < _ALIKE

    return originals(cases, alike)


def _grade(case: ForecastCase, answered: Answered, *, paid: bool) -> Grade:
    if case.answer is None:
        return NOTHING
    quality = max(0.0, answered.skill(case.answer))
    return Grade(quality, score(quality, case.latency_s / TASK.timeout_s) if paid else 0.0)


def score(skill: float, lateness: float) -> float:
    """The score in [0, 1] for `skill` in [0, 1] and `lateness`, the share of the allowed time which was
    used.
    """
    return float(min(1.0, skill / _FULL) ** _STEEPNESS * (1 - _LATENCY_SHARE * min(1.0, max(0.0, lateness))))
