"""Conviction, and the change of owners by it."""

import pytest

from ganglion.economy.lock_moves import OWNER_PROTECTION_BLOCKS
from ganglion.economy.locks import Lock
from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.conviction import Conviction
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.lock_books import LockBooks
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.system import System


@pytest.fixture
def netuid(chain):
    """A subnet with two neurons of `miner` and `rival`."""
    netuid = chain.subnet()
    chain.neuron(netuid, "hot", "miner")
    chain.neuron(netuid, "rival_hot", "rival")
    return netuid


@pytest.fixture
def lock(chain, who, netuid):
    """Stake 100 TAO and lock all of that for a hotkey."""

    def locked(coldkey, hotkey, perpetual=False):
        alpha = chain.stake(netuid, "hot", coldkey, 100)
        chain.call(Locks.set_perpetual_lock, netuid, perpetual, by=coldkey)
        chain.call(Locks.lock_stake, who(hotkey), netuid, alpha, by=coldkey)
        return alpha

    return locked


def owners(chain, netuid):
    return chain[Subnets].subnet_owner[netuid], chain[Subnets].subnet_owner_hotkey[netuid]


def years_pass(chain, netuid):
    chain[System].number.set(chain[Subnets].network_registered_at[netuid] + OWNER_PROTECTION_BLOCKS)


def test_a_subnet_without_locks_has_no_leader(chain, who, netuid):
    assert chain[Conviction].leader(netuid) is None
    assert chain[Conviction].total(netuid) == chain[Conviction].of_hotkey(who("hot"), netuid) == 0


def test_conviction_is_that_of_all_locks_for_a_hotkey(chain, who, netuid, lock):
    lock("one", "hot")
    lock("two", "hot", perpetual=True)
    lock("three", "owner_hotkey")
    lock("four", "owner_hotkey", perpetual=True)
    chain[System].number.set(10_000)
    of = {name: chain[Locks].of(who(name), netuid).conviction for name in ("one", "two", "three", "four")}
    conviction = chain[Conviction]
    assert conviction.of_hotkey(who("hot"), netuid) == of["one"] + of["two"]
    assert conviction.of_hotkey(who("owner_hotkey"), netuid) == of["three"] + of["four"]
    assert conviction.total(netuid) == sum(of.values())
    assert conviction.leader(netuid) == who("owner_hotkey")


def test_among_equals_the_greatest_key_leads(chain, who, netuid):
    for hotkey in ("hot", "rival_hot"):
        rules = chain[LockBooks].rules(netuid, who(hotkey), perpetual=True)
        chain[LockBooks].put_aggregate(netuid, who(hotkey), rules, Lock(1_000, 1_000 << 64, chain.number))
    assert chain[Conviction].leader(netuid) == max(who("hot"), who("rival_hot"))


def test_the_leading_hotkey_s_owner_gets_an_old_subnet_at_its_next_epoch(chain, who, netuid, lock):
    lock("one", "rival_hot", perpetual=True)
    chain.stake(netuid, "hot", "two", 1)
    years_pass(chain, netuid)
    assert chain[EpochSchedule].is_due(netuid)
    for section in chain.world.sections:
        section.on_initialize()
    assert owners(chain, netuid) == (who("rival"), who("rival_hot"))
    assert chain.events(events.SubnetOwnerChanged) == [
        events.SubnetOwnerChanged(netuid, who("owner"), who("rival"))
    ]
    chain.world.try_state()


def test_aggregates_change_their_roles_with_the_owner(chain, who, netuid, lock):
    mine = lock("one", "rival_hot", perpetual=True)
    his = lock("two", "owner_hotkey", perpetual=True)
    lock("three", "rival_hot")
    lock("four", "rival_hot", perpetual=True)
    years_pass(chain, netuid)
    chain[Conviction].change_owner(netuid)
    books = chain[LockBooks]
    assert owners(chain, netuid) == (who("rival"), who("rival_hot"))
    assert books.hotkey_lock[netuid, who("owner_hotkey")].locked_mass == his
    assert books.hotkey_lock[netuid, who("rival_hot")] is None
    assert books.decaying_hotkey_lock[netuid, who("rival_hot")] is None
    owned = books.owner_lock[netuid]
    assert owned.locked_mass > mine
    assert owned.conviction == owned.locked_mass << 64
    assert books.decaying_owner_lock[netuid].locked_mass > 0
    chain.world.try_state()


def test_a_young_subnet_stays_its_owner_s(chain, who, netuid, lock):
    lock("one", "rival_hot", perpetual=True)
    years_pass(chain, netuid)
    chain[System].number.set(chain[System].number.get() - 1)
    chain[Conviction].change_owner(netuid)
    assert owners(chain, netuid) == (who("owner"), who("owner_hotkey"))


def test_a_little_conviction_changes_nothing(chain, who, netuid):
    alpha = chain.stake(netuid, "hot", "one", 100)
    chain.call(Locks.set_perpetual_lock, netuid, True, by="one")
    chain.call(Locks.lock_stake, who("rival_hot"), netuid, alpha // 20, by="one")
    years_pass(chain, netuid)
    chain[Conviction].change_owner(netuid)
    assert owners(chain, netuid) == (who("owner"), who("owner_hotkey"))


def test_an_owner_whose_hotkey_leads_stays_with_the_hotkey_chosen(chain, who, netuid, lock):
    chain[Accounts].create(who("owner"), who("owner_too"))
    lock("one", "owner_too", perpetual=True)
    years_pass(chain, netuid)
    chain[Conviction].change_owner(netuid)
    assert owners(chain, netuid) == (who("owner"), who("owner_hotkey"))


def test_a_leader_without_uid_gets_one(chain, who, netuid, lock):
    chain[Accounts].create(who("rival"), who("unseated"))
    lock("one", "unseated", perpetual=True)
    years_pass(chain, netuid)
    chain[Conviction].change_owner(netuid)
    assert chain[Neurons].uid(netuid, who("unseated")) is not None
    assert owners(chain, netuid) == (who("rival"), who("unseated"))


def test_a_leader_for_whom_there_is_no_uid_gets_nothing(chain, who, netuid, lock):
    chain[Accounts].create(who("rival"), who("unseated"))
    lock("one", "unseated", perpetual=True)
    years_pass(chain, netuid)
    chain[Hyperparameters].max_allowed_uids[netuid] = 0
    chain[Conviction].change_owner(netuid)
    assert owners(chain, netuid) == (who("owner"), who("owner_hotkey"))


def test_a_hotkey_that_nobody_owns_cannot_lead_to_an_owner(chain, who, netuid, lock):
    lock("one", "rival_hot", perpetual=True)
    del chain[Accounts].owner[who("rival_hot")]
    years_pass(chain, netuid)
    chain[Conviction].change_owner(netuid)
    assert owners(chain, netuid) == (who("owner"), who("owner_hotkey"))
