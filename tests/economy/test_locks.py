from dataclasses import replace

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import AmountTooLow, InsufficientStakeForLock, LockRefused
from ganglion.economy.locks import Lock, LockPair, LockRules, decay, lock_more, merged, reduce_lock, roll
from ganglion.fixed import U64F64

amounts = st.integers(100, 21 * 10**15)
times = st.integers(0, 10**8)
rates = st.integers(0, 10**7)


@pytest.mark.vectors("j_locks", "decay")
def test_decay_matches(given, expected):
    assert decay(given["blocks"], given["tau"]) == expected["factor_x64"]


@pytest.mark.vectors("j_locks", "roll")
def test_rolled_locks_match(given, expected):
    rules = LockRules(given["unlock_rate"], given["maturity_rate"], given["owner_hotkey"], given["perpetual"])
    lock = roll(Lock(given["mass"], given["conviction_x64"], given["last_update"]), given["now"], rules)
    assert [lock.mass, lock.conviction, lock.last_update] == list(expected.values())


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


@draw(amounts, times, rates, rates)
def test_a_decaying_lock_only_shrinks(mass, blocks, unlock_rate, maturity_rate):
    rolled = roll(Lock(mass, 0, 0), blocks, LockRules(unlock_rate, maturity_rate))
    assert 0 <= rolled.mass <= mass


@draw(amounts, times, rates)
def test_a_perpetual_lock_keeps_its_mass_and_its_conviction_never_exceeds_it(mass, blocks, rate):
    rolled = roll(Lock(mass, 0, 0), blocks, LockRules(rate, rate, perpetual=True))
    assert rolled.mass == mass
    assert rolled.conviction <= U64F64.from_int(mass)


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


def test_merging_saturates_and_takes_the_later_block():
    most = 2**64 - 1
    assert merged(Lock(most, 5, 3), Lock(1, 6, 2)) == Lock(most, 11, 3)
