import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import OutOfRange
from ganglion.economy.voting_power import ONE, is_forgotten, voting_power

u64s = st.integers(0, 2**64 - 1)


@draw(u64s, u64s, st.integers(0, ONE))
def test_power_stays_between_what_it_was_and_the_stake(previous, stake, weight):
    assert min(previous, stake) <= voting_power(previous, stake, weight) <= max(previous, stake)


def test_two_weeks_bring_the_power_most_of_the_way():
    power = 0
    for _ in range(280):
        power = voting_power(power, 1_000_000)
    assert 630_000 < power < 635_000


def test_the_newest_stake_has_its_weight():
    assert voting_power(1000, 2000, ONE // 10) == 1100


@pytest.mark.parametrize(
    ("previous", "new", "forgotten"), [(100, 99, True), (100, 100, False), (0, 5, False), (99, 50, False)]
)
def test_only_a_fall_below_the_least_is_forgotten(previous, new, forgotten):
    assert is_forgotten(previous, new, least=100) is forgotten


def test_a_weight_above_one_is_refused():
    with pytest.raises(OutOfRange):
        voting_power(1, 1, ONE + 1)
