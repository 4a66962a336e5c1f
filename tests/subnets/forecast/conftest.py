"""Rounds of the forecast subnet without a network: real validators, real miners, real grades."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from ganglion.neuron.miner import Caller, Surroundings
from ganglion.neuron.protocols import Neuron
from ganglion.neuron.scoring import MovingScores
from ganglion.neuron.validator import Case, Draw, Truth
from ganglion.subnets.forecast.package import make_miner
from ganglion.subnets.forecast.scorer import ForecastValidator
from ganglion.subnets.forecast.task import TASK

CALLER = Caller(hotkey="validator", stake_rao=10**12, validator_permit=True)


@dataclass
class VirtualClock:
    """Time which passes only while somebody sleeps."""

    now: float = 0.0

    def now_ns(self) -> int:
        return int(self.now * 1e9)

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def neuron(uid: int) -> Neuron:
    return Neuron(uid, f"hotkey{uid}", "cold", 0, False, 0, 0.0, 0.0, None, registered_at=uid)


@dataclass
class Contest:
    """Miners of some kinds, uid by uid, and their moving scores after rounds of one validator."""

    seed: int
    validator: ForecastValidator = field(default_factory=lambda: ForecastValidator(live_every=0))
    moving: MovingScores = field(default_factory=MovingScores)

    async def start(self, kinds) -> None:
        self.kinds = tuple(kinds)
        self.miners, self.clocks = [], []
        for uid, kind in enumerate(self.kinds):
            miner, clock = make_miner(kind, self.seed * 100 + uid, {}), VirtualClock()
            await miner.start(Surroundings(clock, None, tuple))
            self.miners.append(miner)
            self.clocks.append(clock)

    async def round(self, number: int) -> list:
        draw = Draw(np.random.default_rng([self.seed, number]), number, number)
        neurons = [neuron(uid) for uid in range(len(self.miners))]
        cases = []
        for each, challenge in zip(neurons, self.validator.challenges(neurons, draw), strict=True):
            clock = self.clocks[each.uid]
            started = clock.now
            answer = await self.miners[each.uid].answer(challenge.request, CALLER)
            latency_s = clock.now - started
            in_time = answer if latency_s <= TASK.timeout_s else None
            cases.append(Case(each.uid, each.hotkey, each.registered_at, challenge, in_time, latency_s))
        grades = self.validator.grades(cases, Truth())
        measured = {case.hotkey: grade.score for case, grade in zip(cases, grades, strict=True)}
        self.moving = self.moving.blended(measured, frozenset(measured), 0.1)
        return grades

    async def run(self, rounds: int) -> list[float]:
        """The moving score of every uid after `rounds`."""
        for number in range(1, rounds + 1):
            await self.round(number)
        return [self.moving.of(f"hotkey{uid}") for uid in range(len(self.miners))]


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.fixture
def contest():
    return Contest
