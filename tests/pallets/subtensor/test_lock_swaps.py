"""Locks when keys are swapped."""

import pytest

from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.conviction import Conviction
from ganglion.pallets.subtensor.lock_books import LockBooks
from ganglion.pallets.subtensor.lock_swaps import LockSwaps
from ganglion.pallets.subtensor.locks import ACCEPTS_LOCKED_ALPHA, Locks
from ganglion.pallets.system import System

MONTHS = 934_866


@pytest.fixture
def netuid(chain):
    netuid = chain.subnet()
    for hotkey in ("hot", "new"):
        chain.neuron(netuid, hotkey, "miner")
    for coldkey in ("cold", "stable"):
        chain.stake(netuid, "hot", coldkey, 100)
    return netuid


@pytest.fixture
def locked(chain, who, netuid):
    """Lock for a hotkey: `cold` decaying, `stable` perpetual; then months pass. Both locks as they are."""

    def lock(hotkey):
        chain.call(Locks.set_perpetual_lock, netuid, True, by="stable")
        for coldkey in ("cold", "stable"):
            stake = chain.stake_of("hot", coldkey, netuid)
            chain.call(Locks.lock_stake, who(hotkey), netuid, stake, by=coldkey)
        chain[System].number.set(MONTHS)
        return {coldkey: chain[Locks].of(who(coldkey), netuid) for coldkey in ("cold", "stable")}

    return lock


def test_locks_follow_a_swapped_hotkey(chain, who, netuid, locked):
    before = locked("hot")
    conviction = chain[Conviction].of_hotkey(who("hot"), netuid)
    chain[LockSwaps].move_hotkey(who("hot"), who("new"), netuid)
    for coldkey, lock in before.items():
        assert chain[LockBooks].hotkey_of(who(coldkey), netuid) == who("new")
        assert chain[Locks].of(who(coldkey), netuid) == lock
    assert chain[Conviction].by_hotkey(netuid) == {who("new"): conviction}
    chain[LockBooks].try_state()


def test_locks_stay_the_owner_s_when_the_owner_s_hotkey_is_swapped(chain, who, netuid, locked):
    before = locked("owner_hotkey")
    chain[LockSwaps].move_hotkey(who("owner_hotkey"), who("new"), netuid)
    for coldkey, lock in before.items():
        assert chain[LockBooks].individual(who(coldkey), netuid, who("new")) == lock
    assert chain[LockBooks].owner_lock[netuid].locked_mass == before["stable"].mass
    assert chain[LockBooks].decaying_owner_lock[netuid].locked_mass == before["cold"].mass


def test_locks_become_the_owner_s_when_the_new_hotkey_is_the_owner_s(chain, who, netuid, locked):
    before = locked("hot")
    chain[LockSwaps].move_hotkey(who("hot"), who("owner_hotkey"), netuid)
    lock = chain[Locks].of(who("stable"), netuid)
    assert (lock.mass, lock.conviction) == (before["stable"].mass, before["stable"].mass << 64)
    assert chain[LockBooks].hotkey_lock[netuid, who("hot")] is None
    assert chain[LockBooks].owner_lock[netuid].locked_mass == before["stable"].mass


def test_a_hotkey_that_nobody_locks_for_has_nothing_to_move(chain, who, netuid, locked):
    locked("hot")
    before = chain.world.state.changes()
    chain[LockSwaps].move_hotkey(who("new"), who("unknown"), netuid)
    assert chain.world.state.changes() == before


def test_locks_and_choices_go_with_a_swapped_coldkey(chain, who, netuid, locked):
    before = locked("hot")
    chain.call(Locks.set_reject_locked_alpha, False, by="stable")
    chain[LockSwaps].move_coldkey(who("stable"), who("heir"))
    assert chain[Locks].of(who("heir"), netuid) == before["stable"]
    assert chain[Locks].of(who("stable"), netuid) is None
    assert chain[LockBooks].is_perpetual(who("heir"), netuid)
    assert not chain[LockBooks].is_perpetual(who("stable"), netuid)
    assert chain[Locks].account_flags[who("heir")] == ACCEPTS_LOCKED_ALPHA
    assert who("stable") not in chain[Locks].account_flags
    assert chain[LockBooks].hotkey_lock[netuid, who("hot")].locked_mass == before["stable"].mass
    chain[LockBooks].try_state()


def test_flags_of_the_new_coldkey_are_replaced(chain, who, netuid):
    chain.call(Locks.set_reject_locked_alpha, False, by="heir")
    chain[LockSwaps].move_coldkey(who("cold"), who("heir"))
    assert who("heir") not in chain[Locks].account_flags


def test_a_coldkey_with_locks_takes_over_no_other(chain, who, netuid, locked):
    locked("hot")
    with chain.refuses(errors.ActiveLockExists):
        chain[LockSwaps].move_coldkey(who("cold"), who("stable"))
