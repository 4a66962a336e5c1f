import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.locks import Lock, LockRules, decay, merged, roll
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


@draw(amounts, times, rates, rates)
def test_a_decaying_lock_only_shrinks(mass, blocks, unlock_rate, maturity_rate):
    rolled = roll(Lock(mass, 0, 0), blocks, LockRules(unlock_rate, maturity_rate))
    assert 0 <= rolled.mass <= mass


@draw(amounts, times, rates)
def test_a_perpetual_lock_keeps_its_mass_and_its_conviction_never_exceeds_it(mass, blocks, rate):
    rolled = roll(Lock(mass, 0, 0), blocks, LockRules(rate, rate, perpetual=True))
    assert rolled.mass == mass
    assert rolled.conviction <= U64F64.from_int(mass)


def test_merging_saturates_and_takes_the_later_block():
    most = 2**64 - 1
    assert merged(Lock(most, 5, 3), Lock(1, 6, 2)) == Lock(most, 11, 3)
