import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.prices import Smoothing, median_price, moving_price
from ganglion.fixed import I96F32, U64F64

prices = st.integers(0, 2**128 - 1)


@pytest.mark.vectors("e_subnet_emission", "moving_price")
def test_moving_prices_match(given, expected):
    smoothing = Smoothing(given["moving_alpha_x32"], given["halving_blocks"])
    after = moving_price(
        given["moving_x32"], given["price_x64"], given["now"], given["first_emission_block"], smoothing
    )
    assert after == expected["moving_x32"]


@pytest.mark.vectors("c_subnet_price", "median_price")
def test_median_prices_match(given, expected):
    assert median_price(given["prices_x64"]) == expected["price_x64"]


@draw(st.integers(0, 2**32), prices, st.integers(0, 2**64 - 1))
def test_the_moving_price_stays_between_itself_and_the_spot_price_capped_at_one(moving, price, now):
    after = moving_price(moving, price, now, 1, Smoothing())
    capped = I96F32.convert(min(price, U64F64.one), U64F64)
    assert min(moving, capped) - 1 <= after <= max(moving, capped)


@draw(st.lists(prices))
def test_the_median_ignores_order_and_zeros(values):
    assert median_price(values) == median_price([0, *reversed(values)])
