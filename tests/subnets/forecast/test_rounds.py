"""Rounds as they are: signed questions and answers over HTTP, a validator's loop, prices that come."""

from contextlib import AsyncExitStack

import numpy as np
import pytest

from ganglion.subnets.forecast.disguise import WINDOW
from ganglion.subnets.forecast.package import PACKAGE
from ganglion.subnets.forecast.scorer import ForecastValidator
from ganglion.subnets.forecast.task import MAX_HORIZON
from subnet_on_loopback import Subnet


@pytest.fixture
async def subnet(tmp_path):
    async with AsyncExitStack() as ends:
        yield Subnet(PACKAGE, tmp_path / "wallets", ends)


def grades(scored):
    return {miner.hotkey: miner for miner in scored.miners}


async def test_a_copier_gets_nothing_out_of_miners_which_admit_validators_only(subnet, tmp_path):
    honest = await subnet.miner("autoregression")
    copier = await subnet.miner("copier")
    validator = await subnet.known_validator(tmp_path)
    await validator.step()
    miners = grades(subnet.events.scored()[1])
    assert miners[honest].quality > 0.1
    assert miners[copier].outcome == "ok"
    assert miners[copier].score < 1e-9 < miners[honest].score
    assert miners[copier].quality < 1e-9


async def test_a_copier_is_not_paid_for_what_a_careless_miner_tells_it(subnet, tmp_path):
    careless = await subnet.miner("autoregression", open_to_all=True)
    copier = await subnet.miner("copier")
    validator = await subnet.known_validator(tmp_path)
    await validator.step()
    miners = grades(subnet.events.scored()[1])
    assert miners[copier].quality == miners[careless].quality > 0.1
    assert miners[careless].score > 0
    assert miners[copier].score == 0


async def test_a_live_question_is_graded_when_its_prices_have_come_also_by_a_validator_started_anew(
    subnet, tmp_path
):
    subnet.ledger.price = lambda block: {0: 1.0, 1: 0.02 + 0.004 * np.sin(block / 5)}
    miner = await subnet.miner("autoregression")
    validator = await subnet.known_validator(tmp_path, ForecastValidator(series=8, live_every=WINDOW))
    for _ in range(WINDOW):
        await validator.step()
    due = subnet.ledger.block + MAX_HORIZON
    assert set(subnet.events.scored()) == set(range(1, WINDOW))
    anew = subnet.validator(tmp_path, ForecastValidator(series=8, live_every=WINDOW))
    while subnet.ledger.block < due - 1:
        await anew.step()
        assert WINDOW not in subnet.events.scored()
    await anew.step()
    scored = subnet.events.scored()[WINDOW]
    assert subnet.ledger.block == due
    assert grades(scored)[miner].quality > 0
