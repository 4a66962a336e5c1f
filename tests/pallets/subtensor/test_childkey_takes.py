"""Childkey takes: bounds, rate limit, and the least that holds for all."""

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.pallets.admin_utils import errors as admin_errors
from ganglion.pallets.admin_utils.subnet_settings import SubnetSettings
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.childkey_takes import ChildkeyTakes
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule

SET = ChildkeyTakes.set_childkey_take


@pytest.fixture
def hotkey(chain, who):
    """The hotkey `hot` of `cold`, on a chain with the subnets 1 and 2."""
    chain.subnet("owner", "owner_hotkey")
    chain.subnet("second", "second_hotkey")
    chain.call(Accounts.try_associate_hotkey, who("hot"), by="cold")
    return who("hot")


def test_an_owner_sets_the_take_of_each_subnet_apart(chain, hotkey):
    chain.call(SET, hotkey, 1, 500, by="cold")
    assert (chain[ChildkeyTakes].of(hotkey, 1), chain[ChildkeyTakes].of(hotkey, 2)) == (500, 0)
    assert chain.events(events.ChildKeyTakeSet) == [events.ChildKeyTakeSet(hotkey, 500)]


def test_a_stranger_cannot(chain, hotkey):
    with chain.refuses(errors.NonAssociatedColdKey):
        chain.call(SET, hotkey, 1, 500, by="stranger")


def test_a_subnet_that_does_not_exist_is_refused(chain, hotkey):
    with chain.refuses(errors.SubnetNotExists):
        chain.call(SET, hotkey, 9, 500, by="cold")
    with chain.refuses(errors.NonAssociatedColdKey):
        chain.call(SET, hotkey, 9, 500, by="stranger")


def test_a_take_out_of_bounds_is_refused(chain, hotkey):
    chain[ChildkeyTakes].min_childkey_take.set(100)
    for take in (99, 11_797):
        with chain.refuses(errors.InvalidChildkeyTake):
            chain.call(SET, hotkey, 1, take, by="cold")
    chain.call(SET, hotkey, 1, 11_796, by="cold")


def test_raising_waits_for_the_rate_limit_but_lowering_does_not(chain, hotkey):
    chain[ChildkeyTakes].tx_childkey_take_rate_limit.set(3)
    chain.call(SET, hotkey, 1, 500, by="cold")
    chain.call(SET, hotkey, 1, 400, by="cold")
    with chain.refuses(errors.TxChildkeyTakeRateLimitExceeded):
        chain.call(SET, hotkey, 1, 401, by="cold")
    chain.call(SET, hotkey, 2, 500, by="cold")
    chain.advance(3)
    chain.call(SET, hotkey, 1, 401, by="cold")


ROOT_CALLS = {
    ChildkeyTakes.sudo_set_min_childkey_take: ("min_childkey_take", events.MinChildKeyTakeSet),
    ChildkeyTakes.sudo_set_max_childkey_take: ("max_childkey_take", events.MaxChildKeyTakeSet),
    ChildkeyTakes.sudo_set_tx_childkey_take_rate_limit: (
        "tx_childkey_take_rate_limit",
        events.TxChildKeyTakeRateLimitSet,
    ),
}


@pytest.mark.parametrize("function", ROOT_CALLS, ids=lambda function: function.__name__)
def test_root_and_nobody_else_sets_the_bounds(chain, function, root, stranger):
    item, event = ROOT_CALLS[function]
    with chain.refuses(BadOrigin):
        chain.call(function, 77, by=stranger)
    chain.call(function, 77, by=root)
    assert getattr(chain[ChildkeyTakes], item).get() == 77
    assert chain.events(event) == [event(77)]


def test_an_owner_sets_the_least_take_of_its_subnet(chain, hotkey, stranger):
    netuid = chain.subnet()
    chain[EpochSchedule].restart(netuid)
    call = SubnetSettings.sudo_set_min_childkey_take_per_subnet
    with chain.refuses(BadOrigin):
        chain.call(call, netuid, 300, by=stranger)
    with chain.refuses(admin_errors.InvalidValue):
        chain.call(call, netuid, 11_797, by="owner")
    chain.call(call, netuid, 300, by="owner")
    assert chain[ChildkeyTakes].of(hotkey, netuid) == chain[ChildkeyTakes].least(netuid) == 300
    assert chain.events(events.MinChildKeyTakePerSubnetSet) == [
        events.MinChildKeyTakePerSubnetSet(netuid, 300)
    ]
