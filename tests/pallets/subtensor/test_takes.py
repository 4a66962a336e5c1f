import pytest

from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.takes import DEFAULT_TAKE, Takes


@pytest.fixture
def delegate(chain, who):
    chain.call(Accounts.try_associate_hotkey, who("hot"), by="cold")
    return who("hot")


def test_an_owner_lowers_its_take(chain, who, delegate):
    chain.call(Takes.decrease_take, delegate, 100, by="cold")
    assert chain[Takes].delegates[delegate] == 100
    assert chain.events(events.TakeDecreased) == [events.TakeDecreased(who("cold"), delegate, 100)]


def test_an_owner_raises_its_take_once_in_the_rate_limit(chain, delegate):
    chain[Takes].delegates[delegate] = 0
    chain.call(Takes.increase_take, delegate, 100, by="cold")
    with chain.refuses(errors.DelegateTxRateLimitExceeded):
        chain.call(Takes.increase_take, delegate, 200, by="cold")
    chain[Takes].tx_delegate_take_rate_limit.set(2)
    chain.advance(3)
    chain.call(Takes.increase_take, delegate, 200, by="cold")
    assert chain[Takes].delegates[delegate] == 200


def test_lowering_a_take_is_not_rate_limited(chain, delegate):
    chain.call(Takes.decrease_take, delegate, 100, by="cold")
    chain.call(Takes.decrease_take, delegate, 50, by="cold")
    assert chain[Takes].delegates[delegate] == 50


@pytest.mark.parametrize("call", [Takes.decrease_take, Takes.increase_take])
def test_a_stranger_cannot_change_a_take(chain, delegate, call):
    with chain.refuses(errors.NonAssociatedColdKey):
        chain.call(call, delegate, 100, by="stranger")


@pytest.mark.parametrize("call", [Takes.decrease_take, Takes.increase_take])
def test_a_hotkey_that_nobody_owns_has_no_take_to_change(chain, who, call):
    with chain.refuses(errors.HotKeyAccountNotExists):
        chain.call(call, who("unknown"), 100, by="cold")


def test_a_take_above_the_maximum_is_refused(chain, delegate):
    with chain.refuses(errors.DelegateTakeTooHigh):
        chain.call(Takes.increase_take, delegate, DEFAULT_TAKE + 1, by="cold")


def test_a_take_below_the_minimum_is_refused(chain, delegate):
    chain[Takes].min_delegate_take.set(10)
    with chain.refuses(errors.DelegateTakeTooLow):
        chain.call(Takes.decrease_take, delegate, 9, by="cold")


def test_a_change_in_the_wrong_direction_is_refused(chain, delegate):
    chain[Takes].delegates[delegate] = 100
    with chain.refuses(errors.DelegateTakeTooLow):
        chain.call(Takes.decrease_take, delegate, 100, by="cold")
    with chain.refuses(errors.DelegateTakeTooLow):
        chain.call(Takes.increase_take, delegate, 100, by="cold")
