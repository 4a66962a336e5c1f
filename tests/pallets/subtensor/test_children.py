"""Asking for children: who may, when it takes effect, and what it does to weights and dividends."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganglion.economy.payout import Pots
from ganglion.frame.dispatch import BadOrigin
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.alpha_burn import AlphaBurn
from ganglion.pallets.subtensor.child_links import WHOLE, ChildLinks
from ganglion.pallets.subtensor.childkey_takes import ChildkeyTakes
from ganglion.pallets.subtensor.children import Children
from ganglion.pallets.subtensor.dissolution import Dissolution
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_moves import StakeMoves
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix

TAO = 10**9
SET = Children.set_children


@pytest.fixture
def netuid(chain):
    """A started subnet with the neurons `parent` and `child`, each of its own coldkey."""
    netuid = chain.subnet()
    for name in ("parent", "child"):
        chain.neuron(netuid, name)
    chain.advance()
    return netuid


def ask(chain, netuid, *children, parent="parent"):
    asked = tuple((part, chain.who(name)) for part, name in children)
    chain.call(SET, chain.who(parent), netuid, asked, by=f"{parent}_coldkey")


def epoch(chain, netuid):
    """Let an epoch slot fall on the next block."""
    chain[Hyperparameters].tempo[netuid] = 1
    chain.advance()


def test_a_change_waits_for_its_cooldown_and_the_next_epoch(chain, netuid, who):
    chain[Children].pending_child_key_cooldown.set(5)
    ask(chain, netuid, (WHOLE, "child"))
    asked_at = chain.number
    scheduled = events.SetChildrenScheduled(who("parent"), netuid, asked_at + 5, ((WHOLE, who("child")),))
    assert chain.events(events.SetChildrenScheduled) == [scheduled]
    epoch(chain, netuid)
    chain.advance(4)
    assert chain.number == asked_at + 5
    assert chain[ChildLinks].children(who("parent"), netuid) == {}
    chain.advance()
    assert chain[ChildLinks].children(who("parent"), netuid) == {who("child"): WHOLE}
    assert chain.events(events.SetChildren)
    assert (netuid, who("parent")) not in chain[Children].pending_child_keys


def test_after_the_cooldown_nothing_happens_without_an_epoch(chain, netuid, who):
    chain[Children].pending_child_key_cooldown.set(0)
    ask(chain, netuid, (WHOLE, "child"))
    chain.advance(5)
    assert chain[ChildLinks].children(who("parent"), netuid) == {}


def test_before_the_start_a_change_takes_effect_at_once(chain, who):
    netuid = chain.subnet(started=False)
    chain.call(Accounts.try_associate_hotkey, who("parent"), by="parent_coldkey")
    ask(chain, netuid, (WHOLE, "owner_hotkey"))
    assert chain[ChildLinks].parents(who("owner_hotkey"), netuid) == {who("parent"): WHOLE}
    assert chain.events(events.SetChildren)


def test_a_change_that_became_impossible_is_dropped(chain, netuid, who):
    chain[Children].pending_child_key_cooldown.set(0)
    ask(chain, netuid, (1, "child"))
    ask(chain, netuid, (1, "parent"), parent="child")
    chain.advance()
    epoch(chain, netuid)
    links = [chain[ChildLinks].children(who(name), netuid) for name in ("parent", "child")]
    assert sorted(map(len, links)) == [0, 1]
    assert list(chain[Children].pending_child_keys.under(netuid)) == []


def test_an_empty_list_takes_all_back(chain, netuid, who):
    chain[Children].pending_child_key_cooldown.set(0)
    chain[ChildLinks].set_children(who("parent"), netuid, ((5, who("child")),))
    ask(chain, netuid)
    chain.advance()
    epoch(chain, netuid)
    assert chain[ChildLinks].children(who("parent"), netuid) == {}


def test_children_may_be_changed_once_in_150_blocks(chain, netuid):
    ask(chain, netuid, (1, "child"))
    chain.advance(149)
    with chain.refuses(errors.TxRateLimitExceeded):
        ask(chain, netuid)
    chain.advance()
    ask(chain, netuid)


@pytest.mark.parametrize(
    ("children", "error"),
    [
        ([(1, "child"), (2, "child")], errors.DuplicateChild),
        ([(1, "parent")], errors.InvalidChild),
        ([(1, str(number)) for number in range(6)], errors.TooManyChildren),
        ([(WHOLE, "child"), (1, "other")], errors.ProportionOverflow),
    ],
)
def test_what_cannot_be_linked_is_refused(chain, netuid, children, error):
    with chain.refuses(error):
        ask(chain, netuid, *children)


def test_the_root_network_has_no_children(chain, netuid):
    with chain.refuses(errors.RegistrationNotPermittedOnRootSubnet):
        ask(chain, 0, (1, "child"))


def test_no_subnet_is_no_subnet(chain, netuid):
    with chain.refuses(errors.SubnetNotExists):
        ask(chain, 9, (1, "child"))


def test_strangers_lend_nothing_of_others(chain, netuid, who):
    with chain.refuses(errors.NonAssociatedColdKey):
        chain.call(SET, who("parent"), netuid, ((1, who("child")),), by="stranger")


def test_a_parent_needs_stake_worth_the_threshold_to_lend_but_not_to_stop(chain, netuid):
    chain[StakeWeights].stake_threshold.set(10 * TAO)
    ask(chain, netuid)
    with chain.refuses(errors.NotEnoughStakeToSetChildkeys):
        ask(chain, netuid, (1, "parent"), parent="child")
    chain.stake(netuid, "child", "child_coldkey", 20)
    ask(chain, netuid, (1, "parent"), parent="child")


def test_the_owners_hotkey_needs_no_stake_to_lend(chain, netuid, who):
    chain[StakeWeights].stake_threshold.set(10 * TAO)
    chain.call(SET, who("owner_hotkey"), netuid, ((1, who("child")),), by="owner")


def test_only_root_sets_the_cooldown(chain, root, stranger):
    chain.call(Children.set_pending_childkey_cooldown, 3, by=root)
    assert chain[Children].pending_child_key_cooldown.get() == 3
    with chain.refuses(BadOrigin):
        chain.call(Children.set_pending_childkey_cooldown, 4, by=stranger)


def test_what_is_lent_counts_for_the_child_and_no_longer_for_the_parent(chain, netuid, who):
    chain.stake(netuid, "parent", "parent_coldkey", 100)
    weights = chain[StakeWeights]
    before = weights.of_hotkey(who("parent"), netuid)
    chain[ChildLinks].set_children(who("parent"), netuid, ((WHOLE, who("child")),))
    assert weights.of_hotkey(who("parent"), netuid).alpha == 0
    assert weights.of_hotkey(who("child"), netuid).alpha == before.alpha


@pytest.fixture
def paying(chain, netuid, who):
    """The child votes with the parent's stake, all of which it has borrowed, and earns all dividends."""
    chain.stake(netuid, "parent", "parent_coldkey", 100)
    chain[ChildLinks].set_children(who("parent"), netuid, ((WHOLE, who("child")),))
    chain[Neurons].validator_permit[netuid] = (False, False, True)
    chain[VoteMatrix].weights[netuid, 2] = ((0, 65_535),)
    chain.advance()
    chain[Neurons].note_update(netuid, 0, 2)
    chain[Pools].add_alpha_out(netuid, 40 * TAO)
    return netuid


POTS = Pots(owner=0, server=0, validator=40 * TAO, root=0)


def test_a_child_without_take_passes_all_dividends_to_its_parent(chain, paying):
    before = chain.stake_of("parent", "parent_coldkey", paying)
    chain[Payout].run_epoch(paying, POTS)
    gain = chain.stake_of("parent", "parent_coldkey", paying) - before
    assert gain == pytest.approx(40 * TAO, abs=20)
    assert chain.stake_of("child", "child_coldkey", paying) < 20


def test_a_child_keeps_its_take(chain, paying, who):
    chain.call(ChildkeyTakes.set_childkey_take, who("child"), paying, 6_553, by="child_coldkey")
    chain[Payout].run_epoch(paying, POTS)
    kept = chain.stake_of("child", "child_coldkey", paying)
    assert kept == pytest.approx(40 * TAO * 6_553 // 65_535, rel=10**-6)


def test_the_least_take_of_the_subnet_counts_also_for_who_chose_none(chain, paying):
    chain[Hyperparameters].min_childkey_take_per_subnet[paying] = 6_553
    chain[Payout].run_epoch(paying, POTS)
    kept = chain.stake_of("child", "child_coldkey", paying)
    assert kept == pytest.approx(40 * TAO * 6_553 // 65_535, rel=10**-6)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    proportions=st.lists(st.integers(0, WHOLE), min_size=1, max_size=4),
    take=st.integers(0, 65_535),
    pot=st.integers(0, 10**15),
)
def test_parents_and_child_share_a_dividend_without_making_alpha(make_chain, who, proportions, take, pot):
    chain = make_chain()
    netuid = chain.subnet()
    chain.neuron(netuid, "child")
    for at, proportion in enumerate(proportions):
        chain[Accounts].create(who(f"c{at}"), who(f"parent{at}"))
        chain[Shares].add(who(f"parent{at}"), who(f"c{at}"), netuid, 10**12 + at)
        chain[ChildLinks].set_children(who(f"parent{at}"), netuid, ((proportion, who("child")),))
    chain[Shares].add(who("child"), who("child_coldkey"), netuid, 10**11)
    chain[StakeWeights].childkey_take[who("child"), netuid] = take
    weights = chain[Payout]._dividend_weights(netuid, {who("child"): pot})
    assert pot - len(proportions) - 2 <= sum(weights.values()) <= pot


def test_links_go_with_their_subnet(chain, netuid, who, root):
    chain[Children].pending_child_keys[netuid, who("x")] = (((1, who("y")),), 9)
    chain[ChildLinks].set_children(who("parent"), netuid, ((5, who("child")),))
    chain.call(Dissolution.root_dissolve_network, netuid, by=root)
    assert list(chain[StakeWeights].child_keys.items()) == list(chain[StakeWeights].parent_keys.items()) == []
    assert list(chain[Children].pending_child_keys.items()) == []
    assert not chain[Subnets].exists(netuid)
    assert netuid not in dict(chain[EpochSchedule].last_epoch_block.items())


THRESHOLD = 50 * TAO


@pytest.fixture
def lent(chain, netuid):
    """`parent` lends all its stake to `child` where lending takes a stake of 50 TAO; its stake there."""
    chain[StakeWeights].stake_threshold.set(THRESHOLD)
    alpha = chain.stake(netuid, "parent", "parent_coldkey", 100)
    chain[ChildLinks].set_children(chain.who("parent"), netuid, [(WHOLE, chain.who("child"))])
    return alpha


def leave(chain, netuid, alpha):
    """Take so much stake from the parent, and let the block end."""
    chain.call(Staking.remove_stake, chain.who("parent"), netuid, alpha, by="parent_coldkey")
    chain.advance()


def weight(chain, netuid, name):
    return chain[StakeWeights].of_hotkey(chain.who(name), netuid).alpha


def rests(chain):
    return chain.who("parent") in chain[StakeWeights].childkey_threshold_suspended


def test_links_rest_when_the_parent_s_stake_falls_below_the_threshold(chain, netuid, lent, who):
    assert weight(chain, netuid, "child") == lent
    leave(chain, netuid, lent * 9 // 10)
    assert rests(chain)
    assert weight(chain, netuid, "child") == 0
    assert weight(chain, netuid, "parent") == chain.stake_of("parent", "parent_coldkey", netuid)
    assert chain[ChildLinks].children(who("parent"), netuid) == {who("child"): WHOLE}


def test_they_work_again_when_the_stake_is_back(chain, netuid, lent):
    leave(chain, netuid, lent * 9 // 10)
    chain.stake(netuid, "parent", "parent_coldkey", 100)
    assert rests(chain)
    chain.advance()
    assert not rests(chain)
    assert weight(chain, netuid, "child") == chain.stake_of("parent", "parent_coldkey", netuid)


def test_who_keeps_enough_stake_is_looked_at_and_left_alone(chain, netuid, lent):
    leave(chain, netuid, lent // 10)
    assert not rests(chain)
    assert list(chain[Children].childkey_threshold_checks.items()) == []


def test_the_owner_s_links_on_its_own_subnet_never_rest(chain, netuid, lent, who):
    chain[Subnets].subnet_owner_hotkey[netuid] = who("parent")
    leave(chain, netuid, lent * 9 // 10)
    assert rests(chain)
    assert weight(chain, netuid, "child") == chain.stake_of("parent", "parent_coldkey", netuid)


def test_a_change_whose_parent_became_poor_while_it_waited_is_dropped(chain, netuid, who):
    chain[Children].pending_child_key_cooldown.set(0)
    chain[StakeWeights].stake_threshold.set(THRESHOLD)
    alpha = chain.stake(netuid, "parent", "parent_coldkey", 100)
    ask(chain, netuid, (WHOLE, "child"))
    arguments = who("parent"), who("child"), netuid, netuid, alpha
    chain.call(StakeMoves.move_stake, *arguments, by="parent_coldkey")
    chain.advance()
    epoch(chain, netuid)
    assert chain[ChildLinks].children(who("parent"), netuid) == {}
    assert (netuid, who("parent")) not in chain[Children].pending_child_keys


def test_links_do_not_rest_once_a_parent_that_dividends_made_rich_asks_anew(chain, netuid, lent, who):
    leave(chain, netuid, lent * 9 // 10)
    chain[Shares].pay_dividend(who("parent"), netuid, lent)
    chain[Pools].add_alpha_out(netuid, lent)
    chain.advance()
    assert rests(chain)
    chain[Children].pending_child_key_cooldown.set(0)
    ask(chain, netuid, (WHOLE, "child"))
    chain.advance()
    epoch(chain, netuid)
    chain.advance()
    assert not rests(chain)


def test_at_a_threshold_of_zero_nothing_is_looked_at(chain, netuid, lent):
    chain[StakeWeights].stake_threshold.set(0)
    chain.call(Staking.remove_stake, chain.who("parent"), netuid, lent * 9 // 10, by="parent_coldkey")
    assert list(chain[Children].childkey_threshold_checks.items()) == []


def test_stake_that_is_burnt_or_handed_over_counts_as_left(chain, netuid, lent, who):
    chain.call(AlphaBurn.burn_alpha, who("parent"), lent * 5 // 10, netuid, by="parent_coldkey")
    assert who("parent") in chain[Children].childkey_threshold_checks
    chain.advance()
    left = chain.stake_of("parent", "parent_coldkey", netuid) * 8 // 10
    arguments = who("parent"), who("child"), netuid, netuid, left
    chain.call(StakeMoves.move_stake, *arguments, by="parent_coldkey")
    chain.advance()
    assert rests(chain)


def test_dividends_pass_by_parents_whose_links_rest(chain, netuid, lent, who):
    leave(chain, netuid, lent * 9 // 10)
    assert chain[StakeWeights].parents_of(who("child"), netuid) == ()
    assert chain[Payout]._dividend_weights(netuid, {who("child"): 1_000}) == {who("child"): 1_000}
