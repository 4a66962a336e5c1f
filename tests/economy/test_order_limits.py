import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import PriceLimitExceeded, SwapRefused
from ganglion.economy.order_limits import most_supported, most_to_buy, most_to_move, most_to_sell
from ganglion.economy.pool import ONE, Pool
from ganglion.economy.swap import buy, sell

TAO = 10**9
MOST = 2**64 - 1
reserves = st.integers(1000 * TAO, 10**6 * TAO)
pools = st.builds(Pool, reserves, reserves, st.integers(ONE // 4, ONE * 3 // 4))


def price_rao(pool):
    return pool.price * TAO >> 64


@draw(pools, st.integers(1100, 3000))
def test_an_order_of_the_most_that_fits_is_filled_whole(pool, thousandths):
    limit = price_rao(pool) * thousandths // 1000 + 1
    most = most_to_buy(pool, limit, 33)
    swap = buy(pool, most, limit, 33)
    assert 0 <= most - swap.paid_in - swap.fee <= 2


@draw(pools, st.integers(300, 900))
def test_a_sale_of_the_most_that_fits_is_filled_whole(pool, thousandths):
    limit = price_rao(pool) * thousandths // 1000
    most = most_to_sell(pool, limit, 33)
    swap = sell(pool, most, limit, 33)
    assert 0 <= most - swap.paid_in - swap.fee <= 2


def test_a_limit_at_the_price_allows_nothing():
    pool = Pool(10**15, 2 * 10**15)
    with pytest.raises(PriceLimitExceeded):
        most_to_buy(pool, TAO // 2, 33)
    with pytest.raises(PriceLimitExceeded):
        most_to_sell(pool, TAO // 2, 33)


@pytest.mark.parametrize(
    ("limit", "bought", "sold"), [(TAO - 1, 0, MOST), (TAO, MOST, MOST), (TAO + 1, MOST, 0)]
)
def test_without_a_pool_all_or_nothing_fits(limit, bought, sold):
    assert most_to_buy(None, limit, 33) == bought
    assert most_to_sell(None, limit, 33) == sold
    assert most_to_move(None, None, limit, 33) == sold


def test_moving_out_of_root_is_buying_at_the_inverted_limit():
    pool = Pool(10**15, 2 * 10**15)
    # 10**9 / 1.25 is cut to 64 bits before it becomes rao.
    assert most_to_move(None, pool, TAO * 10 // 8, 33) == most_to_buy(pool, TAO * 8 // 10 - 1, 33)
    assert most_to_move(None, pool, 0, 33) == MOST


def test_moving_to_root_is_selling():
    pool = Pool(10**15, 2 * 10**15)
    assert most_to_move(pool, None, TAO // 4, 33) == most_to_sell(pool, TAO // 4, 33)


@draw(pools, pools)
def test_between_pools_a_limit_above_the_price_allows_nothing_and_none_everything(origin, destination):
    relative = (origin.price << 64) // destination.price
    assert most_to_move(origin, destination, (relative * TAO >> 64) + 2, 0) == 0
    assert most_to_move(origin, destination, 0, 0) == MOST


@draw(pools, pools, st.integers(1, 998))
def test_a_lower_limit_lets_more_move(origin, destination, thousandths):
    relative = ((origin.price << 64) // destination.price) * TAO >> 64
    lower = most_to_move(origin, destination, relative * thousandths // 1000, 0)
    assert lower >= most_to_move(origin, destination, relative * (thousandths + 1) // 1000, 0)


def test_an_empty_reserve_lets_nothing_move():
    assert most_to_move(Pool(0, 10**15), Pool(10**15, 10**15), 1, 0) == 0


@draw(st.integers(0, MOST), st.integers(0, MOST), st.integers(0, MOST))
def test_any_u64_is_answered_or_refused_by_name(tao, alpha, limit):
    for ask in (most_to_buy, most_to_sell):
        try:
            assert 0 <= ask(Pool(tao, alpha), limit, 33) <= MOST
        except SwapRefused as refusal:
            assert refusal.value is not None


def test_the_most_supported_input_saturates():
    assert (most_supported(5), most_supported(2**60)) == (5000, MOST)
