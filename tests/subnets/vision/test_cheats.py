import statistics

import numpy as np
import pytest

from ganglion.neuron.report import RoundScored
from ganglion.subnets.vision.cheats import Constant, Guess, Late
from ganglion.subnets.vision.data import private_digits
from ganglion.subnets.vision.kinds import CheatKind, ModelKind
from ganglion.subnets.vision.models import make_model
from ganglion.subnets.vision.task import CLASSES


@pytest.mark.parametrize("make", [Guess, lambda rng: Constant(int(rng.integers(CLASSES)))])
async def test_answers_without_a_look_are_right_by_chance_only(rng, make):
    drawn = private_digits(1).drawn(5000, rng)
    assert np.mean(await make(rng).labels(drawn.images) == drawn.labels) == pytest.approx(0.1, abs=0.03)


async def test_the_late_miner_is_right_after_its_delay(rng):
    class Clock:
        slept = 0.0

        async def sleep(self, seconds):
            self.slept += seconds

    clock, model, drawn = Clock(), make_model(ModelKind.KNN, 1), private_digits(1).drawn(200, rng)
    labels = await Late(model, clock, 9.0).labels(drawn.images)
    assert clock.slept == 9.0
    assert np.array_equal(labels, model.labels(drawn.images))


async def test_cheats_end_below_a_twentieth_of_the_median_honest_miner(subnet, tmp_path):
    honest = [await subnet.miner(kind) for kind in ModelKind]
    cheats = [await subnet.miner(kind) for kind in CheatKind]
    await subnet.sync()
    validator = subnet.validator(tmp_path)
    await subnet.sync()
    await subnet.sync()
    for _ in range(6):
        await validator.step()
    moving = validator.state.moving()
    median = statistics.median(moving.of(hotkey) for hotkey in honest)
    assert max(moving.of(hotkey) for hotkey in cheats) < 0.05 * median
    earned = [moving.of(hotkey) for hotkey in honest]
    assert earned == sorted(earned, reverse=True)
    weights = dict(zip(subnet.ledger.weights.uids, subnet.ledger.weights.values, strict=True))
    paid = [weights.get(subnet.ledger.neurons[hotkey].uid, 0) for hotkey in honest + cheats]
    assert max(paid[4:]) < 0.05 * statistics.median(paid[:4])


async def test_a_copier_gets_nothing_out_of_miners_which_admit_validators_only(subnet, tmp_path):
    await subnet.miner(ModelKind.KNN)
    copier = await subnet.miner(CheatKind.COPIER)
    validator = subnet.validator(tmp_path)
    await subnet.sync()
    await subnet.sync()
    await validator.step()
    scored = next(event for event in subnet.events.seen if isinstance(event, RoundScored))
    accuracy = {miner.hotkey: (miner.accuracy, miner.outcome) for miner in scored.miners}
    assert accuracy[copier][1] == "ok"
    assert accuracy[copier][0] < 0.3


async def test_a_copier_repeats_what_a_careless_miner_tells_it(subnet, tmp_path):
    careless = await subnet.miner(ModelKind.KNN, open_to_all=True)
    copier = await subnet.miner(CheatKind.COPIER)
    validator = subnet.validator(tmp_path)
    await subnet.sync()
    await subnet.sync()
    await validator.step()
    scored = next(event for event in subnet.events.seen if isinstance(event, RoundScored))
    latency = {miner.hotkey: miner.latency for miner in scored.miners}
    accuracy = {miner.hotkey: miner.accuracy for miner in scored.miners}
    assert accuracy[copier] > 0.5
    assert set(latency) == {careless, copier}
