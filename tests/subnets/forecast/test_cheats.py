import statistics

import numpy as np
import pytest
from scipy.stats import spearmanr

from ganglion.subnets.forecast import loss
from ganglion.subnets.forecast.cheats import LATE_S
from ganglion.subnets.forecast.disguise import disguised, plain
from ganglion.subnets.forecast.kinds import CheatKind, ModelKind
from ganglion.subnets.forecast.lookup import Lookup
from ganglion.subnets.forecast.questions import LEVELS
from ganglion.subnets.forecast.series import held_out_series
from ganglion.subnets.forecast.task import MAX_HORIZON, TASK

ROUNDS = 30


def skill(model, windows):
    levels = np.asarray(LEVELS)
    unit = loss.step_size(windows.history)
    said = loss.pinball(*model.forecast(windows.history, levels), windows.future, levels) / unit
    naive = loss.naive(windows.history, MAX_HORIZON, levels)
    return 1 - said.sum() / (loss.pinball(*naive, windows.future, levels) / unit).sum()


def test_a_lookup_finds_what_is_not_disguised_and_nothing_of_what_is(rng):
    assert skill(Lookup(), plain(held_out_series(), 300, rng)) > 0.9
    assert skill(Lookup(), disguised(held_out_series(), 300, rng)) < 0


def test_a_lookup_which_remembers_a_thousand_series_knows_no_more(rng):
    lookup = Lookup()
    for _ in range(32):
        lookup.forecast(disguised(held_out_series(), 32, rng).history, np.asarray(LEVELS))
    assert skill(lookup, disguised(held_out_series(), 300, rng)) < 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_pay_follows_true_quality_and_cheats_end_below_a_twentieth_of_the_median(contest, seed):
    field = contest(seed)
    await field.start([*ModelKind, *CheatKind, CheatKind.TWIN])
    earned = await field.run(ROUNDS)
    honest, cheats = earned[: len(ModelKind)], earned[len(ModelKind) :]
    # Kinds are listed best first, which test_models measures on other data and in other ways.
    assert spearmanr(honest, range(len(honest), 0, -1)).statistic >= 0.9
    assert max(cheats) < 0.05 * statistics.median(honest)


async def test_of_two_twins_only_the_older_is_paid(contest):
    field = contest(1)
    await field.start([CheatKind.TWIN, CheatKind.TWIN])
    older, younger = await field.run(8)
    assert older > 0.05
    assert younger == 0


async def test_the_late_miner_answers_after_its_delay(contest):
    field = contest(1)
    await field.start([CheatKind.LATE])
    assert TASK.timeout_s < LATE_S
    assert await field.run(2) == [0.0]
    assert field.clocks[0].now == 2 * LATE_S
