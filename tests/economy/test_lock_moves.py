from dataclasses import replace

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import AmountTooLow, InsufficientStakeForLock, LockRefused
from ganglion.economy.lock_moves import (
    OWNER_PROTECTION_BLOCKS,
    LockPair,
    can_be_taken_over,
    joined,
    leaving_part,
    lock_more,
    parted,
    reduce_lock,
)
from ganglion.economy.locks import Lock, LockRules, merged, reduced, roll
from ganglion.fixed import U64F64

amounts = st.integers(100, 21 * 10**15)
times = st.integers(0, 10**8)


class Locks:
    """Individual locks and aggregates of one subnet, as a pallet would keep them."""

    def __init__(self, given):
        self.owner_hotkey = given["owner_hotkey"]
        self.decaying = LockRules(given["unlock_rate"], given["maturity_rate"])
        self.hotkeys, self.individual, self.aggregate = {}, {}, {}

    def rules(self, hotkey):
        return replace(self.decaying, owner=hotkey == self.owner_hotkey)

    def pair(self, coldkey, hotkey, now):
        empty = Lock(last_update=now)
        return LockPair(self.individual.get(coldkey, empty), self.aggregate.get(hotkey, empty))

    def save(self, coldkey, hotkey, pair):
        self.hotkeys[coldkey] = hotkey
        changed = (self.individual, coldkey, pair.individual), (self.aggregate, hotkey, pair.aggregate)
        for locks, key, lock in changed:
            locks.pop(key, None)
            if lock:
                locks[key] = lock

    def lock(self, coldkey, hotkey, amount, stake, now):
        if coldkey in self.individual and self.hotkeys[coldkey] != hotkey and amount:
            return "LockHotkeyMismatch"
        try:
            pair = lock_more(self.pair(coldkey, hotkey, now), amount, stake, now, self.rules(hotkey))
        except LockRefused as refusal:
            return type(refusal).__name__
        self.save(coldkey, hotkey, pair)
        return "ok"

    def reduce(self, coldkey, amount, now):
        hotkey = self.hotkeys[coldkey]
        pair = reduce_lock(self.pair(coldkey, hotkey, now), amount, now, self.rules(hotkey))
        self.save(coldkey, hotkey, pair)
        return "ok"

    def seen(self, now):
        def rolled(locks, key, hotkey):
            return roll(locks[key], now, self.rules(hotkey))

        conviction = {key: rolled(self.aggregate, key, key).conviction for key in self.aggregate}
        return {
            "locks": {
                coldkey: [self.hotkeys[coldkey], lock.mass, lock.conviction, lock.last_update]
                for coldkey, lock in self.individual.items()
            },
            "locked": {key: rolled(self.individual, key, self.hotkeys[key]).mass for key in self.individual},
            "conviction_x64": {self.owner_hotkey: 0} | conviction,
            "total_x64": sum(conviction.values()),
        }


@pytest.mark.vectors("j_locks", "story")
def test_every_step_of_every_story_matches(given, expected):
    locks = Locks(given)
    for wanted in expected:
        action, *arguments = wanted["step"]
        assert getattr(locks, action)(*arguments) == wanted["result"]
        assert locks.seen(now=arguments[-1]) == {key: wanted[key] for key in locks.seen(0)}


@draw(amounts, amounts, times)
def test_a_single_lockers_aggregate_lacks_at_most_what_was_wiped_as_dust(first, more, wait):
    rules = LockRules()
    pair = lock_more(LockPair(Lock(), Lock()), first, first, 0, rules)
    pair = lock_more(pair, more, first + more, wait, rules)
    assert 0 <= pair.individual.mass - pair.aggregate.mass < 100


@draw(amounts, times)
def test_taking_more_than_is_locked_leaves_nothing(mass, wait):
    pair = lock_more(LockPair(Lock(), Lock()), mass, mass, 0, LockRules())
    after = reduce_lock(pair, mass + 1, wait, LockRules())
    assert not after.individual
    assert after.aggregate.mass == 0


def test_refusals_carry_what_was_compared():
    empty = LockPair(Lock(), Lock())
    with pytest.raises(InsufficientStakeForLock) as refusal:
        lock_more(empty, 1001, 1000, 1, LockRules())
    assert (refusal.value.value, refusal.value.bound) == (1000, 1001)
    with pytest.raises(AmountTooLow):
        lock_more(empty, 0, 1000, 1, LockRules())


@draw(amounts, st.integers(0, 2**100), amounts, amounts)
def test_a_moved_part_and_what_stays_are_the_lock(mass, conviction, amount, unlocked):
    lock = Lock(mass, conviction, 7)
    part = leaving_part(lock, amount, mass + unlocked, now=7)
    assert merged(reduced(lock, part.mass, part.conviction), part) == lock


@draw(amounts, amounts, amounts)
def test_unlocked_alpha_leaves_first(mass, amount, unlocked):
    part = leaving_part(Lock(mass, 0, 0), amount, mass + unlocked, now=0)
    assert part.mass == min(max(amount - unlocked, 0), mass)


def test_the_whole_lock_takes_its_whole_conviction_along():
    lock = Lock(1000, 12345, 0)
    assert leaving_part(lock, 1000, 1000, now=5) == Lock(1000, 12345, 5)


@draw(amounts, amounts, times)
def test_a_part_that_joined_can_leave_again(mass, more, now):
    rules = LockRules()
    aggregate = roll(Lock(mass, 0, 0), now, rules)
    part = Lock(more, 0, now)
    assert parted(joined(aggregate, part, now, rules), part, now, rules).mass == aggregate.mass


@pytest.mark.parametrize(
    ("conviction", "alpha_out", "age", "taken"),
    [
        (100, 1000, OWNER_PROTECTION_BLOCKS, True),
        (99, 1000, OWNER_PROTECTION_BLOCKS, False),
        (100, 1000, OWNER_PROTECTION_BLOCKS - 1, False),
        (100, 0, OWNER_PROTECTION_BLOCKS, False),
    ],
)
def test_a_subnet_is_taken_by_a_tenth_of_its_alpha_after_a_year(conviction, alpha_out, age, taken):
    assert can_be_taken_over(U64F64.from_int(conviction), alpha_out, age) is taken
