"""Root validators as the first parents of a new subnet."""

import pytest

from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.child_links import WHOLE, ChildLinks
from ganglion.pallets.subtensor.root_network import RootNetwork
from ganglion.pallets.subtensor.root_parents import RootParents
from ganglion.pallets.subtensor.stake_weight import StakeWeights

TOGGLE = RootParents.set_auto_parent_delegation_enabled


@pytest.fixture
def validators(chain, who):
    """Two validators on the root network."""
    for name in ("one", "two"):
        chain.call(RootNetwork.root_register, who(name), by=f"{name}_coldkey")
        chain.advance()
    return chain


def test_root_validators_lend_all_to_the_owner_of_a_new_subnet(validators, who):
    netuid = validators.subnet()
    parents = validators[ChildLinks].parents(who("owner_hotkey"), netuid)
    assert parents == {who("one"): WHOLE, who("two"): WHOLE}
    assert len(validators.events(events.SetChildren)) == 2


def test_the_new_owners_hotkey_weighs_what_they_have_on_the_root_network(validators, who):
    validators.stake(0, "one", "staker", 10)
    netuid = validators.subnet()
    assert validators[StakeWeights].of_hotkey(who("owner_hotkey"), netuid).tao == 10 * 10**9


def test_who_objected_lends_nothing(validators, who):
    validators.call(TOGGLE, who("one"), False, by="one_coldkey")
    told = [events.AutoParentDelegationEnabledSet(who("one"), False)]
    assert validators.events(events.AutoParentDelegationEnabledSet) == told
    netuid = validators.subnet()
    assert validators[ChildLinks].parents(who("owner_hotkey"), netuid) == {who("two"): WHOLE}


def test_a_validator_is_no_parent_of_itself(validators, who):
    netuid = validators.subnet("one_coldkey", "one")
    assert validators[ChildLinks].parents(who("one"), netuid) == {who("two"): WHOLE}


def test_who_has_too_little_stake_is_left_out(validators, who):
    validators[StakeWeights].stake_threshold.set(5 * 10**9)
    validators.stake(0, "two", "staker", 10)
    netuid = validators.subnet()
    assert validators[ChildLinks].parents(who("owner_hotkey"), netuid) == {who("two"): WHOLE}


def test_only_the_owner_of_a_root_validator_may_choose(validators, who):
    with validators.refuses(errors.NonAssociatedColdKey):
        validators.call(TOGGLE, who("one"), False, by="stranger")
    netuid = validators.subnet()
    validators.neuron(netuid, "miner")
    with validators.refuses(errors.HotKeyNotRegisteredInSubNet):
        validators.call(TOGGLE, who("miner"), False, by="miner_coldkey")
