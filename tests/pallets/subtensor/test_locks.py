"""Locks: made, moved, kept, given along, and in the way of what would take locked alpha away."""

import pytest

from ganglion.economy.payout import Pots
from ganglion.fixed import U64F64
from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE, ROOT
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.alpha_burn import AlphaBurn
from ganglion.pallets.subtensor.dissolution import Dissolution
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.lock_books import LockBooks
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.stake_moves import StakeMoves
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.unstake_all import UnstakeAll
from ganglion.pallets.system import System

TAO = 10**9
MONTHS = 934_866


@pytest.fixture
def netuid(chain):
    """`cold` has staked 100 TAO with `hot`, a neuron of `miner`."""
    netuid = chain.subnet()
    chain.neuron(netuid, "hot", "miner")
    chain.neuron(netuid, "other", "other_miner")
    chain.stake(netuid, "hot", "cold", 100)
    return netuid


@pytest.fixture
def staked(chain, netuid):
    return chain.stake_of("hot", "cold", netuid)


@pytest.fixture
def lock(chain, who, netuid):
    """Lock stake of a coldkey, by default for `hot`."""
    return lambda amount, by="cold", hotkey="hot": chain.call(
        Locks.lock_stake, who(hotkey), netuid, amount, by=by
    )


def wait(chain, blocks):
    chain[System].number.set(chain[System].number.get() + blocks)


def conviction_of(chain, who, netuid):
    return U64F64.floor(chain[Locks].of(who("cold"), netuid).conviction)


@pytest.mark.parametrize("origin", [ROOT, NONE])
@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        (Locks.lock_stake, (bytes(32), 1, 5)),
        (Locks.move_lock, (bytes(32), 1)),
        (Locks.set_perpetual_lock, (1, True)),
        (Locks.set_reject_locked_alpha, (False,)),
    ],
)
def test_only_a_signer_can_lock(chain, origin, call, arguments):
    with chain.refuses(BadOrigin):
        chain.call(call, *arguments, by=origin)


def test_a_lock_holds_stake_and_unlocks_with_time(chain, who, netuid, staked, lock):
    lock(staked)
    assert chain[Locks].locked(who("cold"), netuid) == staked
    assert chain.events(events.StakeLocked) == [events.StakeLocked(who("cold"), who("hot"), netuid, staked)]
    wait(chain, MONTHS)
    assert chain[Locks].locked(who("cold"), netuid) == pytest.approx(staked * 0.3679, rel=1e-3)
    assert conviction_of(chain, who, netuid) == pytest.approx(staked * 0.3679, rel=1e-3)


def test_a_lock_grows_but_not_above_the_stake(chain, who, netuid, staked, lock):
    lock(staked // 2)
    lock(staked - staked // 2)
    assert chain[Locks].locked(who("cold"), netuid) == staked
    with chain.refuses(errors.InsufficientStakeForLock):
        lock(1)


def test_stake_with_every_hotkey_can_be_locked_for_one(chain, who, netuid, staked, lock):
    chain.stake(netuid, "other", "cold", 50)
    both = staked + chain.stake_of("other", "cold", netuid)
    lock(both)
    assert chain[Locks].locked(who("cold"), netuid) == both


@pytest.mark.parametrize(
    ("amount", "hotkey", "error"),
    [
        (0, "hot", errors.AmountTooLow),
        (1_000, "nobody", errors.HotKeyAccountNotExists),
        (1_000, "other", errors.LockHotkeyMismatch),
        (2**64 - 1, "hot", errors.InsufficientStakeForLock),
    ],
)
def test_refused_locks(chain, netuid, lock, amount, hotkey, error):
    lock(1_000)
    with chain.refuses(error):
        lock(amount, hotkey=hotkey)


def test_a_lock_on_a_subnet_that_does_not_exist_is_refused(chain, who, netuid):
    with chain.refuses(errors.InsufficientStakeForLock):
        chain.call(Locks.lock_stake, who("hot"), 99, 1_000, by="cold")


def test_a_lock_of_dust_does_not_stick(chain, who, netuid, lock):
    lock(99)
    assert chain[Locks].of(who("cold"), netuid) is None


def test_what_is_locked_cannot_be_unstaked(chain, who, netuid, staked, lock):
    lock(staked // 4)
    with chain.refuses(errors.StakeUnavailable):
        chain.call(Staking.remove_stake, who("hot"), netuid, staked - staked // 4 + 1, by="cold")
    chain.call(Staking.remove_stake, who("hot"), netuid, staked - staked // 4, by="cold")
    assert chain.stake_of("hot", "cold", netuid) == staked // 4


def test_unstaking_all_leaves_out_where_something_is_locked(chain, who, netuid, staked, lock):
    lock(1_000)
    chain.call(UnstakeAll.unstake_all, who("hot"), by="cold")
    assert chain.stake_of("hot", "cold", netuid) == staked


def test_a_lock_is_in_the_way_of_leaving_the_subnet_only(chain, who, netuid, staked, lock):
    elsewhere = chain.subnet("second", "second_hotkey")
    lock(staked)
    with chain.refuses(errors.StakeUnavailable):
        chain.call(StakeMoves.swap_stake, who("hot"), netuid, elsewhere, staked, by="cold")
    chain.call(StakeMoves.move_stake, who("hot"), who("other"), netuid, netuid, staked, by="cold")
    assert chain.stake_of("other", "cold", netuid) == pytest.approx(staked, abs=2)


@pytest.mark.parametrize("call", [AlphaBurn.recycle_alpha, AlphaBurn.burn_alpha])
def test_locked_alpha_cannot_be_given_up(chain, who, netuid, staked, lock, call):
    lock(staked)
    with chain.refuses(errors.StakeUnavailable):
        chain.call(call, who("hot"), 1_000, netuid, by="cold")


def test_a_lock_for_another_hotkey_of_the_same_owner_keeps_its_conviction(chain, who, netuid, staked, lock):
    chain.neuron(netuid, "hot_too", "miner")
    lock(staked)
    wait(chain, MONTHS)
    before = chain[Locks].of(who("cold"), netuid)
    chain.call(Locks.move_lock, who("hot_too"), netuid, by="cold")
    assert chain[Locks].of(who("cold"), netuid) == before
    assert chain[LockBooks].hotkey_of(who("cold"), netuid) == who("hot_too")
    assert chain.events(events.LockMoved) == [
        events.LockMoved(who("cold"), who("hot"), who("hot_too"), netuid)
    ]


def test_a_lock_for_another_owner_s_hotkey_begins_without_conviction(chain, who, netuid, staked, lock):
    lock(staked)
    wait(chain, MONTHS)
    mass = chain[Locks].locked(who("cold"), netuid)
    chain.call(Locks.move_lock, who("other"), netuid, by="cold")
    assert chain[Locks].of(who("cold"), netuid).conviction == 0
    assert chain[Locks].locked(who("cold"), netuid) == mass
    assert chain[LockBooks].decaying_hotkey_lock[netuid, who("hot")] is None
    assert chain[LockBooks].decaying_hotkey_lock[netuid, who("other")].locked_mass == mass


def test_only_an_existing_lock_moves_and_only_to_an_existing_hotkey(chain, who, netuid, lock):
    with chain.refuses(errors.NoExistingLock):
        chain.call(Locks.move_lock, who("other"), netuid, by="cold")
    lock(1_000)
    with chain.refuses(errors.HotKeyAccountNotExists):
        chain.call(Locks.move_lock, who("nobody"), netuid, by="cold")


def test_a_perpetual_lock_keeps_its_mass_until_it_is_let_go(chain, who, netuid, staked, lock):
    lock(staked)
    chain.call(Locks.set_perpetual_lock, netuid, True, by="cold")
    wait(chain, MONTHS)
    assert chain[Locks].locked(who("cold"), netuid) == staked
    chain.call(Locks.set_perpetual_lock, netuid, False, by="cold")
    assert [event.enabled for event in chain.events(events.PerpetualLockUpdated)] == [True, False]
    wait(chain, MONTHS)
    assert chain[Locks].locked(who("cold"), netuid) < staked // 2


def test_a_perpetual_lock_counts_with_its_kind(chain, who, netuid, staked, lock):
    lock(staked)
    books = chain[LockBooks]
    chain.call(Locks.set_perpetual_lock, netuid, True, by="cold")
    assert books.hotkey_lock[netuid, who("hot")].locked_mass == staked
    assert books.decaying_hotkey_lock[netuid, who("hot")] is None
    chain.call(Locks.set_perpetual_lock, netuid, True, by="cold")
    assert books.hotkey_lock[netuid, who("hot")].locked_mass == staked
    chain.call(Locks.set_perpetual_lock, netuid, False, by="cold")
    assert books.hotkey_lock[netuid, who("hot")] is None
    assert books.decaying_hotkey_lock[netuid, who("hot")].locked_mass == staked


def test_a_coldkey_may_choose_before_it_locks(chain, who, netuid, lock):
    chain.call(Locks.set_perpetual_lock, netuid, True, by="cold")
    lock(1_000)
    assert chain[LockBooks].hotkey_lock[netuid, who("hot")].locked_mass == 1_000


def test_locks_for_the_owner_s_hotkey_are_convinced_at_once(chain, who, netuid, staked, lock):
    lock(staked, hotkey="owner_hotkey")
    assert conviction_of(chain, who, netuid) == staked
    assert chain[LockBooks].decaying_owner_lock[netuid].locked_mass == staked


def test_free_alpha_is_given_without_the_lock(chain, who, netuid, staked, lock):
    lock(staked // 2)
    give(chain, who, netuid, staked // 4)
    assert chain[Locks].locked(who("cold"), netuid) == staked // 2
    assert chain[Locks].of(who("friend"), netuid) is None


def give(chain, who, netuid, alpha):
    chain.call(StakeMoves.transfer_stake, who("friend"), who("hot"), netuid, netuid, alpha, by="cold")


def test_locked_alpha_takes_its_lock_along_to_who_accepts_it(chain, who, netuid, staked, lock):
    chain.call(Locks.set_reject_locked_alpha, False, by="friend")
    lock(staked)
    wait(chain, 1_000)
    locked, conviction = chain[Locks].locked(who("cold"), netuid), conviction_of(chain, who, netuid)
    give(chain, who, netuid, staked // 2)
    given = staked // 2 - (staked - locked)
    assert chain[Locks].locked(who("friend"), netuid) == given
    assert chain[Locks].locked(who("cold"), netuid) == locked - given
    friends = U64F64.floor(chain[Locks].of(who("friend"), netuid).conviction)
    assert friends == pytest.approx(conviction * given / locked, abs=2)
    assert chain[LockBooks].hotkey_of(who("friend"), netuid) == who("hot")


def test_locked_alpha_is_refused_by_default_and_again_on_demand(chain, who, netuid, staked, lock):
    lock(staked)
    with chain.refuses(errors.AccountRejectsLockedAlpha):
        give(chain, who, netuid, staked)
    chain.call(Locks.set_reject_locked_alpha, False, by="friend")
    chain.call(Locks.set_reject_locked_alpha, True, by="friend")
    assert [event.enabled for event in chain.events(events.RejectLockedAlphaUpdated)] == [False, True]
    assert who("friend") not in chain[Locks].account_flags
    with chain.refuses(errors.AccountRejectsLockedAlpha):
        give(chain, who, netuid, staked)


def test_locks_for_different_hotkeys_do_not_mix(chain, who, netuid, staked, lock):
    chain.call(Locks.set_reject_locked_alpha, False, by="friend")
    chain.stake(netuid, "other", "friend", 10)
    lock(1_000, by="friend", hotkey="other")
    lock(staked)
    with chain.refuses(errors.LockHotkeyMismatch):
        give(chain, who, netuid, staked)


def test_a_lock_joins_the_receiver_s(chain, who, netuid, staked, lock):
    chain.call(Locks.set_reject_locked_alpha, False, by="friend")
    chain.stake(netuid, "other", "friend", 10)
    lock(1_000, by="friend")
    lock(staked)
    give(chain, who, netuid, staked)
    assert chain[Locks].locked(who("friend"), netuid) == staked + 1_000
    assert chain[Locks].of(who("cold"), netuid) is None


def test_a_cleared_nomination_is_unlocked(chain, who, netuid, staked, lock):
    lock(staked // 2)
    chain[Staking].nominator_min_required_stake.set(1_000 * TAO)
    chain[Staking].clear_small_nomination(who("hot"), who("cold"), netuid)
    assert chain.stake_of("hot", "cold", netuid) == 0
    assert chain[Locks].of(who("cold"), netuid) is None


def test_locks_that_ran_out_are_forgotten_when_their_holder_stakes(chain, who, netuid, lock):
    lock(1_000)
    wait(chain, 40 * MONTHS)
    chain.stake(netuid, "hot", "cold", 1)
    assert chain[LockBooks].hotkey_of(who("cold"), netuid) is None


@pytest.mark.parametrize("enabled", [False, True])
def test_the_owner_s_cut_is_locked_if_the_subnet_is_set_so(chain, who, netuid, enabled):
    chain[Hyperparameters].owner_cut_auto_lock_enabled[netuid] = enabled
    chain[Payout].run_epoch(netuid, Pots(owner=18 * TAO, server=0, validator=0, root=0))
    assert chain[Locks].locked(who("owner"), netuid) == (18 * TAO if enabled else 0)


def test_the_owner_s_cut_joins_the_lock_that_the_owner_has(chain, who, netuid, lock):
    chain[Hyperparameters].owner_cut_auto_lock_enabled[netuid] = True
    chain.stake(netuid, "hot", "owner", 5)
    lock(1_000, by="owner")
    chain[Payout].run_epoch(netuid, Pots(owner=18 * TAO, server=0, validator=0, root=0))
    assert chain[Locks].locked(who("owner"), netuid) == 18 * TAO + 1_000
    assert chain[LockBooks].hotkey_of(who("owner"), netuid) == who("hot")


def test_an_epoch_without_a_cut_locks_nothing(chain, who, netuid):
    chain[Hyperparameters].owner_cut_auto_lock_enabled[netuid] = True
    chain[Payout].run_epoch(netuid, Pots(owner=0, server=0, validator=0, root=0))
    assert chain[Locks].of(who("owner"), netuid) is None


def test_nothing_of_a_lock_outlives_its_subnet(chain, who, netuid, staked, lock):
    lock(staked)
    chain.call(Locks.set_perpetual_lock, netuid, True, by="cold")
    chain.call(Dissolution.root_dissolve_network, netuid, by=ROOT)
    books = chain[LockBooks]
    for item in (books.lock, books.locking_coldkeys, books.hotkey_lock, books.decaying_lock):
        assert list(item.items()) == []
    assert chain[Subnets].exists(netuid) is False
