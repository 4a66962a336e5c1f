import pytest

from ganglion.frame.dispatch import InvariantBroken
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.subnet_account import subnet_account


def test_a_new_hotkey_belongs_to_the_coldkey_that_associates_it(chain, who):
    chain.call(Accounts.try_associate_hotkey, who("hot"), by="cold")
    accounts = chain[Accounts]
    assert accounts.owns(who("cold"), who("hot"))
    assert accounts.owned_hotkeys[who("cold")] == (who("hot"),)
    assert accounts.staking_hotkeys[who("cold")] == (who("hot"),)


def test_an_owned_hotkey_keeps_its_owner(chain, who):
    chain.call(Accounts.try_associate_hotkey, who("hot"), by="cold")
    chain.call(Accounts.try_associate_hotkey, who("hot"), by="thief")
    assert chain[Accounts].owner_of(who("hot")) == who("cold")
    assert chain[Accounts].owned_hotkeys[who("thief")] == ()


def test_a_subnets_account_cannot_be_a_hotkey(chain):
    with chain.refuses(errors.CannotUseSystemAccount):
        chain.call(Accounts.try_associate_hotkey, subnet_account(3), by="cold")


def test_a_hotkey_listed_by_the_wrong_coldkey_is_noticed(chain, who):
    chain.call(Accounts.try_associate_hotkey, who("hot"), by="cold")
    chain[Accounts].owned_hotkeys[who("other")] = (who("hot"),)
    with pytest.raises(InvariantBroken):
        chain[Accounts].try_state()
