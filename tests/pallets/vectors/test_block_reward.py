"""The vectors of the halving curve through the coinbase: issuance in storage, reward in storage."""

import pytest

from ganglion.economy.emission import SUPPLY_CAP_RAO
from ganglion.pallets.subtensor.coinbase import Coinbase
from ganglion.pallets.subtensor.treasury import Treasury


@pytest.fixture
def reward_at(chain):
    """What the block after an issuance mints, as the coinbase stores it."""

    def reward(issuance):
        chain[Treasury].total_issuance.set(issuance)
        chain[Coinbase].on_initialize()
        return chain[Coinbase].block_emission.get()

    return reward


def test_a_block_mints_what_is_recorded_for_its_issuance(reward_at, vectors):
    for case in vectors("emission.json")["cases"]:
        assert reward_at(case["issuance"]) == case["block_emission"], case


def test_the_reward_halves_exactly_at_each_recorded_threshold(reward_at, vectors):
    for step in vectors("emission.json")["thresholds"]:
        first = step["first_issuance"]
        rewards = [reward_at(issuance) for issuance in (first - 1, first, min(first + 1, SUPPLY_CAP_RAO))]
        assert rewards == [step["before"], step["at"], step["after"]], step
