import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.power import (
    LIMIT_PRECISION,
    SCALE,
    SWAP_PRECISION,
    exact_power,
    quick_power,
    ratio_power,
    series_power,
)

reserves = st.integers(10**6, 2**64 - 1)
weights = st.integers(10**16, 99 * 10**16)


@draw(reserves, st.integers(0, 2**63), weights, st.sampled_from([SWAP_PRECISION, LIMIT_PRECISION]))
def test_the_quick_way_gives_what_the_series_gives(reserve, added, weight, precision):
    numerator, denominator = reserve, reserve + added
    quick = quick_power(numerator, denominator, SCALE - weight, weight)
    if quick is not None:
        assert quick == series_power(numerator, denominator, SCALE - weight, weight, precision)


@draw(reserves, st.integers(1, 10**6), weights)
def test_everyday_swaps_take_the_quick_way(reserve, share, weight):
    added = max(reserve // (2 * share), 1)
    assert quick_power(reserve, reserve + added, weight, SCALE) is not None


@draw(reserves, reserves, st.integers(1, 12), st.integers(1, 12))
def test_small_exponents_are_exact_floors(numerator, denominator, over, under):
    root = ratio_power(numerator, denominator, over * 7, under * 7, SWAP_PRECISION)
    radicand = numerator**over * SCALE**under
    if numerator != denominator:
        assert root**under * denominator**over <= radicand < (root + 1) ** under * denominator**over


def test_a_half_is_the_square_root():
    assert exact_power(2, 1, 1, 2) == 1_414213562373095048


@pytest.mark.parametrize("weight", [1, 10**17 + 3, 10**18 - 1])
def test_one_stays_one_and_zero_stays_zero(weight):
    assert ratio_power(5, 5, weight, SCALE, SWAP_PRECISION) == SCALE
    assert ratio_power(0, 5, weight, SCALE, SWAP_PRECISION) == 0
