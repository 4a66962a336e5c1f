import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import OutOfRange
from ganglion.economy.registration_cost import (
    BurnBounds,
    burn_after_registration,
    burn_at_block,
    decay_factor_x32,
)

u64s = st.integers(0, 2**64 - 1)


def bounds_of(given):
    return BurnBounds(given["min_burn"], given["max_burn"])


@pytest.mark.vectors("d_neuron_burn", "decay_factor")
def test_decay_factors_match(given, expected):
    assert decay_factor_x32(given["half_life"]) == expected["factor_x32"]


@pytest.mark.vectors("d_neuron_burn", "next_block")
def test_a_block_of_decay_matches(given, expected):
    burn = burn_at_block(given["burn"], given["half_life"], given["now"], bounds_of(given))
    assert burn == expected["burn"]


@pytest.mark.vectors("d_neuron_burn", "registered")
def test_the_rise_of_a_registration_matches(given, expected):
    burn = burn_after_registration(given["burn"], given["multiplier_x64"], bounds_of(given))
    assert burn == expected["burn"]


@pytest.mark.vectors("d_neuron_burn", "sequence")
def test_sequences_match(given, expected):
    burn, bounds, seen = given["burn"], bounds_of(given), []
    for event, times in given["plan"]:
        for _ in range(times):
            if event == "block":
                burn = burn_at_block(burn, given["half_life"], 2, bounds)
            else:
                burn = burn_after_registration(burn, given["multiplier_x64"], bounds)
        seen.append(burn)
    assert seen == expected


bounds_in_order = st.tuples(u64s, u64s).map(lambda pair: BurnBounds(min(pair), max(pair)))


@draw(u64s, st.integers(0, 65535), u64s, bounds_in_order)
def test_a_block_keeps_the_burn_within_its_bounds(burn, half_life, now, bounds):
    assert bounds.min_rao <= burn_at_block(burn, half_life, now, bounds) <= bounds.max_rao


@draw(u64s, st.integers(0, 2**128 - 1), bounds_in_order)
def test_a_registration_keeps_the_burn_within_its_bounds(burn, multiplier, bounds):
    assert bounds.min_rao <= burn_after_registration(burn, multiplier, bounds) <= bounds.max_rao


@draw(st.integers(1, 65534))
def test_a_longer_half_life_decays_more_slowly(half_life):
    assert decay_factor_x32(half_life) <= decay_factor_x32(half_life + 1) < 2**32


@pytest.mark.parametrize("half_life", [-1, 65536])
def test_a_half_life_outside_u16_is_refused(half_life):
    with pytest.raises(OutOfRange):
        decay_factor_x32(half_life)
