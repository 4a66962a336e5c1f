import statistics

import numpy as np
import pytest

from ganglion.neuron.miner import Surroundings
from ganglion.subnets.vision.cheats import LATE_S, Cache, Constant, Guess, Late
from ganglion.subnets.vision.data import private_digits
from ganglion.subnets.vision.kinds import CheatKind, ModelKind
from ganglion.subnets.vision.models import make_model
from ganglion.subnets.vision.task import CLASSES, TASK


class SleepingClock:
    slept = 0.0

    async def sleep(self, seconds):
        self.slept += seconds


@pytest.mark.parametrize("make", [Guess, lambda rng: Constant(int(rng.integers(CLASSES)))])
async def test_answers_without_a_look_are_right_by_chance_only(rng, make):
    drawn = private_digits(1).drawn(5000, rng)
    assert np.mean(await make(rng).labels(drawn.images) == drawn.labels) == pytest.approx(0.1, abs=0.03)


async def test_the_late_miner_is_right_after_its_delay(rng):
    clock, model, drawn = SleepingClock(), make_model(ModelKind.SVM, 1), private_digits(1).drawn(200, rng)
    late = Late(1)
    await late.start(Surroundings(clock, None, tuple))
    assert np.array_equal(await late.labels(drawn.images), model.labels(drawn.images))
    assert clock.slept == LATE_S > TASK.timeout_s


async def test_a_cache_is_right_the_second_time_only(rng):
    cache, drawn = Cache(1), private_digits(1).drawn(300, rng)
    await cache.start(Surroundings(SleepingClock(), None, tuple))
    first, second = [await cache.labels(drawn.images) for _ in range(2)]
    assert np.mean(first == drawn.labels) < 0.2
    assert np.mean(second == drawn.labels) > 0.8


@pytest.mark.slow
async def test_cheats_end_below_a_twentieth_of_the_median_honest_miner(subnet, tmp_path):
    honest = [await subnet.miner(kind) for kind in ModelKind]
    first_twin = await subnet.miner(CheatKind.TWIN)
    cheats = [await subnet.miner(kind) for kind in CheatKind]
    await subnet.sync()
    validator = await subnet.known_validator(tmp_path, timeout_s=1.0)
    for _ in range(10):
        await validator.step()
    moving = validator.state.moving()
    median = statistics.median(moving.of(hotkey) for hotkey in honest)
    assert max(moving.of(hotkey) for hotkey in cheats) < 0.05 * median
    assert moving.of(first_twin) > median  # one model is paid once
    earned = [moving.of(hotkey) for hotkey in honest]
    assert earned == sorted(earned, reverse=True)
    weights = dict(zip(subnet.ledger.weights.uids, subnet.ledger.weights.values, strict=True))
    paid = [weights.get(subnet.ledger.neurons[hotkey].uid, 0) for hotkey in honest + cheats]
    assert max(paid[4:]) < 0.05 * statistics.median(paid[:4])


async def test_a_copier_gets_nothing_out_of_miners_which_admit_validators_only(subnet, tmp_path):
    await subnet.miner(ModelKind.KNN)
    copier = await subnet.miner(CheatKind.COPIER)
    validator = await subnet.known_validator(tmp_path)
    await validator.step()
    scored = subnet.events.scored()[1]
    quality = {miner.hotkey: (miner.quality, miner.outcome) for miner in scored.miners}
    assert quality[copier][1] == "ok"
    assert quality[copier][0] < 0.3


async def test_a_copier_of_a_careless_miner_is_found_out(subnet, tmp_path):
    careless = await subnet.miner(ModelKind.KNN, open_to_all=True)
    copier = await subnet.miner(CheatKind.COPIER)
    validator = await subnet.known_validator(tmp_path)
    await validator.step()
    scored = subnet.events.scored()[1]
    quality = {miner.hotkey: miner.quality for miner in scored.miners}
    assert quality[copier] > 0.5
    moving = validator.state.moving()
    assert moving.of(copier) == 0 < moving.of(careless)
