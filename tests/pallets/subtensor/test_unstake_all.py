import pytest

from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.unstake_all import UnstakeAll

TAO = 10**9


@pytest.fixture
def netuid(chain):
    return chain.subnet()


def test_unstaking_from_all_subnets_empties_each(chain, who, netuid):
    chain.stake(netuid, "owner_hotkey", "cold", 10)
    chain.stake(0, "owner_hotkey", "cold", 10)
    chain.call(UnstakeAll.unstake_all, who("owner_hotkey"), by="cold")
    assert chain.stake_of("owner_hotkey", "cold", netuid) == 0
    assert chain.stake_of("owner_hotkey", "cold", 0) == 0
    assert chain.balance("cold") > 21 * TAO


def test_unstaking_all_alpha_leaves_it_as_tao_on_root(chain, who, netuid):
    chain.stake(netuid, "owner_hotkey", "cold", 10)
    chain.call(UnstakeAll.unstake_all_alpha, who("owner_hotkey"), by="cold")
    assert chain.stake_of("owner_hotkey", "cold", netuid) == 0
    assert 9 * TAO < chain.stake_of("owner_hotkey", "cold", 0) < 10 * TAO


def test_unstaking_all_alpha_where_there_is_none_is_refused(chain, who, netuid):
    with chain.refuses(errors.AmountTooLow):
        chain.call(UnstakeAll.unstake_all_alpha, who("owner_hotkey"), by="cold")
