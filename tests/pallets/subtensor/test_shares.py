import pytest

from ganglion.frame.dispatch import InvariantBroken
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.shares import Shares

ALPHA = 10**9


@pytest.fixture
def shares(chain):
    return chain[Shares]


def test_stake_is_remembered_by_hotkey_coldkey_and_subnet(chain, shares, who):
    shares.add(who("hot"), who("cold"), 1, 10 * ALPHA)
    shares.add(who("hot"), who("other"), 1, 5 * ALPHA)
    assert shares.of(who("hot"), who("cold"), 1) == 10 * ALPHA
    assert shares.of_hotkey(who("hot"), 1) == 15 * ALPHA
    assert shares.of(who("hot"), who("cold"), 2) == 0
    assert chain[Accounts].staking_hotkeys[who("cold")] == (who("hot"),)


def test_a_dividend_reaches_every_staker_in_proportion(shares, who):
    shares.add(who("hot"), who("big"), 1, 30 * ALPHA)
    shares.add(who("hot"), who("small"), 1, 10 * ALPHA)
    shares.pay_dividend(who("hot"), 1, 4 * ALPHA)
    assert shares.of(who("hot"), who("big"), 1) == 33 * ALPHA
    assert shares.of(who("hot"), who("small"), 1) == 11 * ALPHA


def test_removing_everything_leaves_nothing_stored(chain, shares, who):
    before = chain.world.state.changes()
    shares.add(who("hot"), who("cold"), 1, ALPHA)
    shares.remove(who("hot"), who("cold"), 1, ALPHA)
    assert (who("hot"), who("cold"), 1) not in shares.alpha_v2
    assert (who("hot"), 1) not in shares.total_hotkey_alpha
    assert shares.total_alpha_staked[1] == 0
    assert set(before) <= set(chain.world.state.changes())


def test_removing_more_than_the_stake_does_nothing(shares, who):
    shares.add(who("hot"), who("cold"), 1, ALPHA)
    shares.remove(who("hot"), who("cold"), 1, ALPHA + 1)
    assert shares.of(who("hot"), who("cold"), 1) == ALPHA


def test_the_stakes_of_a_coldkey_add_up_over_its_hotkeys(shares, who):
    shares.add(who("one"), who("cold"), 1, 2 * ALPHA)
    shares.add(who("two"), who("cold"), 1, 3 * ALPHA)
    assert shares.of_coldkey(who("cold"), 1) == 5 * ALPHA


def test_stakers_of_a_hotkey_are_listed_with_their_stakes(shares, who):
    shares.add(who("hot"), who("cold"), 1, ALPHA)
    shares.add(who("hot"), who("cold"), 2, 2 * ALPHA)
    assert sorted(shares.stakers(who("hot"))) == [(who("cold"), 1, ALPHA), (who("cold"), 2, 2 * ALPHA)]


def test_alpha_that_no_pool_accounts_for_is_noticed(shares, who):
    shares.add(who("hot"), who("cold"), 1, ALPHA)
    shares.total_alpha_staked[1] += 1
    with pytest.raises(InvariantBroken):
        shares.try_state()


def test_shares_that_do_not_add_up_are_noticed(shares, who):
    shares.add(who("hot"), who("cold"), 1, ALPHA)
    shares.add(who("hot"), who("other"), 1, ALPHA)
    shares.try_state()
    del shares.alpha_v2[who("hot"), who("other"), 1]
    with pytest.raises(InvariantBroken, match="shares of"):
        shares.try_state()
