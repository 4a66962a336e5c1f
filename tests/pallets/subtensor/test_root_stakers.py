import pytest

from ganglion.frame.dispatch import InvariantBroken
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.shares import Shares


@pytest.fixture
def stakers(chain):
    return chain[RootStakers]


def test_stakers_are_numbered_in_order_of_coming(stakers, who):
    for name in ("one", "two", "one"):
        stakers.add(who(name))
    assert stakers.num_staking_coldkeys.get() == 2
    assert stakers.staking_coldkeys_by_index[1] == who("two")


def test_the_last_takes_the_number_of_whoever_leaves(stakers, who):
    for name in ("one", "two", "three"):
        stakers.add(who(name))
    stakers.remove_if_gone(who("one"))
    assert stakers.staking_coldkeys_by_index[0] == who("three")
    assert stakers.num_staking_coldkeys.get() == 2
    stakers.try_state()


def test_whoever_still_has_stake_stays(chain, stakers, who):
    stakers.add(who("one"))
    chain[Shares].add(who("hot"), who("one"), 0, 1)
    stakers.remove_if_gone(who("one"))
    assert stakers.staking_coldkeys[who("one")] == 0


def test_a_gap_in_the_numbers_is_noticed(stakers, who):
    stakers.add(who("one"))
    stakers.num_staking_coldkeys.set(2)
    with pytest.raises(InvariantBroken):
        stakers.try_state()
