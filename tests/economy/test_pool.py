import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import OutOfRange, WeightOutOfRange
from ganglion.economy.pool import HALF, MIN_WEIGHT, ONE, Pool, alpha_at_price, open_pool

u64s = st.integers(0, 2**64 - 1)
reserves = st.integers(10**9, 21 * 10**15)
pools = st.builds(Pool, reserves, reserves, st.integers(ONE // 4, ONE * 3 // 4))


def pool_of(given):
    return Pool(given["tao"], given["alpha"], given.get("quote", HALF))


@pytest.mark.vectors("a_pool", "price")
def test_prices_match(given, expected):
    assert pool_of(given).price == expected["price_x64"]


@pytest.mark.vectors("a_pool", "add_liquidity")
def test_weights_for_added_liquidity_match(given, expected):
    pool = pool_of(given)
    if expected["accepted"]:
        assert pool.with_weight_for(given["tao_delta"], given["alpha_delta"]).quote == expected["quote"]
    else:
        with pytest.raises(WeightOutOfRange):
            pool.with_weight_for(given["tao_delta"], given["alpha_delta"])


@pytest.mark.vectors("a_pool", "open_at_price")
def test_opening_weights_match(given, expected):
    if expected["quote"] is None:
        with pytest.raises(WeightOutOfRange):
            open_pool(given["tao"], given["alpha"], given["price_x64"])
    else:
        assert open_pool(given["tao"], given["alpha"], given["price_x64"]).quote == expected["quote"]


@pytest.mark.vectors("a_pool", "alpha_at_spot")
def test_spot_conversion_matches(given, expected):
    assert alpha_at_price(given["tao"], given["price_x64"]) == expected["alpha"]


@draw(pools, st.integers(0, 10**9), st.integers(0, 10**9))
def test_liquidity_at_any_proportion_keeps_the_price(pool, tao, alpha):
    after = pool.with_weight_for(tao, alpha).with_liquidity(tao, alpha)
    # A step of the weight is 10**-18 of one; both cut quotients of the price lose a last bit.
    assert abs(after.price - pool.price) <= pool.price // 10**16 + 2**34


@draw(u64s, u64s, u64s, u64s)
def test_no_reserves_and_no_amounts_break_the_weight(tao, alpha, more_tao, more_alpha):
    try:
        after = Pool(tao, alpha).with_weight_for(more_tao, more_alpha)
    except WeightOutOfRange as refusal:
        assert not MIN_WEIGHT <= refusal.quote <= ONE - MIN_WEIGHT
    else:
        assert MIN_WEIGHT <= after.quote <= ONE - MIN_WEIGHT


@pytest.mark.parametrize("reserves", [(-1, 0), (0, 2**64)])
def test_reserves_outside_u64_are_refused(reserves):
    with pytest.raises(OutOfRange):
        Pool(*reserves)


@pytest.mark.parametrize("quote", [0, MIN_WEIGHT - 1, ONE - MIN_WEIGHT + 1, ONE])
def test_weights_beyond_one_percent_are_refused(quote):
    with pytest.raises(WeightOutOfRange):
        Pool(1, 1, quote)
