"""Miners which try to earn without a model of their own.

random    quantiles drawn between the least and the greatest value of the history.
constant  zero, always.
last      the last value, without a spread.
naive     the very forecast which answers are held against.
echo      the end of the history once more.
wide      a model's forecast with quantiles so wide that nothing falls outside.
lookup    the continuation of the most similar stretch of a public series or of a question asked before.
late      has a model, but holds its answer back until the time is over.
copier    passes the question on to the other miners and answers what they say in the middle; what nobody
          tells it, it takes from what it heard last.
twin      has the model which every other twin has, and blurs its answers a little.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import numpy as np

from ganglion.neuron.client import Answer
from ganglion.neuron.miner import Caller, Surroundings
from ganglion.subnets.forecast import loss
from ganglion.subnets.forecast.kinds import CheatKind, ModelKind
from ganglion.subnets.forecast.lookup import Lookup
from ganglion.subnets.forecast.miners import ForecastMiner
from ganglion.subnets.forecast.models import Forecaster, make_model
from ganglion.subnets.forecast.task import MAX_HORIZON, TASK, Floats, ForecastAnswer, ForecastRequest

LATE_S = 3 * TASK.timeout_s
_TWINS_SEED = 0
_BLUR = 0.1  # of a mean step
_WIDTH = 10.0


class Rule:
    """A forecaster which is a function of history and levels."""

    def __init__(self, rule: Callable[[Floats, Floats], tuple[Floats, Floats]]) -> None:
        self.forecast = rule


def certain(points: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """`points` (n, horizon) with every quantile upon them."""
    return points, np.repeat(points[:, :, None], len(levels), axis=2)


def constant(history: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """Zero."""
    return certain(np.zeros((len(history), MAX_HORIZON)), levels)


def last(history: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """The last value."""
    return certain(np.repeat(history[:, -1:], MAX_HORIZON, axis=1), levels)


def naive(history: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """The forecast which answers are held against."""
    return loss.naive(history, MAX_HORIZON, levels)


def echo(history: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """The end of the history once more."""
    return certain(history[:, -MAX_HORIZON:], levels)


class Random:
    """Anything that was there before."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def forecast(self, history: Floats, levels: Floats) -> tuple[Floats, Floats]:
        """See `Forecaster.forecast`."""
        low, high = history.min(axis=1)[:, None, None], history.max(axis=1)[:, None, None]
        drawn = low + (high - low) * self._rng.uniform(size=(len(history), MAX_HORIZON, len(levels)))
        return drawn[:, :, 0], np.sort(drawn, axis=2)


class Wide:
    """The forecast of `model` with quantiles ten times as far apart."""

    def __init__(self, model: Forecaster) -> None:
        self._model = model

    def forecast(self, history: Floats, levels: Floats) -> tuple[Floats, Floats]:
        """See `Forecaster.forecast`."""
        points, quantiles = self._model.forecast(history, levels)
        return points, points[:, :, None] + _WIDTH * (quantiles - points[:, :, None])


class Blurred:
    """The forecast of `model`, each series moved by a little chance."""

    def __init__(self, model: Forecaster, rng: np.random.Generator) -> None:
        self._model = model
        self._rng = rng

    def forecast(self, history: Floats, levels: Floats) -> tuple[Floats, Floats]:
        """See `Forecaster.forecast`."""
        points, quantiles = self._model.forecast(history, levels)
        blur = _BLUR * loss.step_size(history)[:, None] * self._rng.normal(size=points.shape)
        return points + blur, quantiles + blur[:, :, None]


class Cheat(ForecastMiner):
    """A miner which answers by a trick."""

    def make(self, seed: int) -> Forecaster:
        """See `ForecastMiner.make`. Raises: ValueError for a cheat which is no forecaster."""
        rng = np.random.default_rng(seed)
        match self.kind:
            case CheatKind.RANDOM:
                return Random(rng)
            case CheatKind.WIDE:
                return Wide(make_model(ModelKind.AUTOREGRESSION, seed))
            case CheatKind.LOOKUP:
                return Lookup()
            case CheatKind.TWIN:
                return Blurred(make_model(ModelKind.ENSEMBLE, _TWINS_SEED), rng)
            case _:
                rules = {CheatKind.CONSTANT: constant, CheatKind.LAST: last, CheatKind.ECHO: echo}
                return Rule(rules.get(CheatKind(self.kind), naive))


class Late(ForecastMiner):
    """A good answer, too late."""

    def make(self, seed: int) -> Forecaster:
        """See `ForecastMiner.make`."""
        return make_model(ModelKind.AUTOREGRESSION, seed)

    async def start(self, surroundings: Surroundings) -> None:
        """Make the model, and keep the clock."""
        self._surroundings = surroundings
        await super().start(surroundings)

    async def answer(self, request: ForecastRequest, caller: Caller) -> ForecastAnswer:
        """After `LATE_S` seconds."""
        await self._surroundings.clock.sleep(LATE_S)
        return await super().answer(request, caller)


class Copier(ForecastMiner):
    """What the other miners say in the middle, asked in this miner's own name."""

    def make(self, seed: int) -> Forecaster:
        """See `ForecastMiner.make`. For what nobody ever told it."""
        return Rule(naive)

    async def start(self, surroundings: Surroundings) -> None:
        """Learn how to ask others."""
        self._surroundings = surroundings
        self._heard: ForecastAnswer | None = None
        await super().start(surroundings)

    async def answer(self, request: ForecastRequest, caller: Caller) -> ForecastAnswer:
        """See `Miner.answer`."""
        client = self._surroundings.client
        outcomes = await asyncio.gather(
            *(client.ask(peer, TASK, request) for peer in self._surroundings.peers())
        )
        told = [outcome.value for outcome in outcomes if isinstance(outcome, Answer)]
        told = [answer for answer in told if answer.fits(request)]
        if told:
            points, quantiles = zip(*(answer.arrays() for answer in told), strict=True)
            self._heard = ForecastAnswer.of(np.median(points, axis=0), np.median(quantiles, axis=0))
        if self._heard is None or not self._heard.fits(request):
            return await super().answer(request, caller)
        return self._heard


def make_cheat(kind: CheatKind, seed: int) -> ForecastMiner:
    """A cheat of `kind`."""
    return {CheatKind.LATE: Late, CheatKind.COPIER: Copier}.get(kind, Cheat)(kind, seed)
