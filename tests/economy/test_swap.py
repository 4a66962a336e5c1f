import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import OutOfRange, ReservesTooLow, SwapRefused
from ganglion.economy.pool import MIN_WEIGHT, ONE, Pool
from ganglion.economy.swap import (
    NO_BUY_LIMIT_RAO,
    alpha_for_exact_tao,
    buy,
    fee_of,
    sell,
    stable_swap,
)

TAO = 10**9
u64s = st.integers(0, 2**64 - 1)
reserves = st.integers(1000 * TAO, 10**7 * TAO)
pools = st.builds(Pool, reserves, reserves, st.integers(ONE // 4, ONE * 3 // 4))
any_pools = st.builds(Pool, u64s, u64s, st.integers(MIN_WEIGHT, ONE - MIN_WEIGHT))
amounts = st.integers(10**6, 1000 * TAO)


def run(given):
    pool = Pool(given["tao"], given["alpha"], given["quote"])
    fee_rate = 0 if given["drop_fee"] else given["fee_rate"]
    return {"buy": buy, "sell": sell}[given["side"]](pool, given["amount"], given["limit"], fee_rate)


@pytest.mark.vectors("a_pool", "swap")
def test_every_swap_matches(given, expected):
    if "refused" in expected:
        with pytest.raises(SwapRefused) as refusal:
            run(given)
        assert type(refusal.value).__name__ == expected["refused"]
    else:
        swap = run(given)
        assert {name: getattr(swap, name) for name in expected} == expected


@pytest.mark.vectors("a_pool", "fee")
def test_fees_match(given, expected):
    assert fee_of(given["amount"], given["fee_rate"]) == expected["fee"]


@pytest.mark.vectors("a_pool", "alpha_for_exact_tao")
def test_alpha_for_an_exact_payout_matches(given, expected):
    pool = Pool(given["tao"], given["alpha"], given["quote"])
    assert alpha_for_exact_tao(pool, given["tao_out"]) == expected["alpha"]


@draw(pools, amounts, st.integers(0, 1000))
def test_what_a_trader_pays_and_gets_is_what_the_pool_gains_and_loses(pool, amount, fee_rate):
    swap = buy(pool, amount, fee_rate_u16=fee_rate)
    assert swap.pool.tao - pool.tao == swap.paid_in
    assert pool.alpha - swap.pool.alpha == swap.paid_out
    assert swap.paid_in + swap.fee == amount
    assert swap.pool.quote == pool.quote


@draw(pools, amounts)
def test_buying_and_selling_back_earns_nothing_but_the_decimal_floor(pool, amount):
    bought = buy(pool, amount)
    sold = sell(bought.pool, bought.paid_out)
    # Each way can favour the trader by reserve * 10**-18, here below one unit, and by its own floor.
    assert sold.paid_out <= amount + max(1, pool.tao // pool.alpha) * 2 + 2


@draw(pools, amounts, amounts)
def test_paying_more_never_gets_less(pool, one, other):
    less, more = sorted((one, other))
    assert buy(pool, less).paid_out <= buy(pool, more).paid_out
    assert sell(pool, less).paid_out <= sell(pool, more).paid_out


@draw(pools, amounts, st.integers(1001, 3000))
def test_a_buy_stops_at_its_limit(pool, amount, thousandths):
    limit = (pool.price * TAO >> 64) * thousandths // 1000 + 1
    swap = buy(pool, amount, limit, 33)
    assert swap.paid_in + swap.fee <= amount + 1
    assert swap.pool.price <= (limit << 64) // TAO + (pool.price >> 40)


@draw(any_pools, u64s, u64s, st.integers(0, 65535), st.sampled_from([buy, sell]))
def test_any_u64_swaps_or_is_refused_by_name(pool, amount, limit, fee_rate, side):
    try:
        swap = side(pool, amount, limit, fee_rate)
    except SwapRefused:
        return
    assert 0 <= swap.pool.tao < 2**64
    assert 0 <= swap.pool.alpha < 2**64
    assert swap.paid_out <= max(pool.tao, pool.alpha)


def test_a_refusal_carries_what_was_compared():
    with pytest.raises(ReservesTooLow) as refusal:
        buy(Pool(TAO, 999_999), 5)
    assert (refusal.value.value, refusal.value.bound) == (999_999, 1_000_000)


def test_subnets_without_a_pool_trade_one_for_one():
    pool = Pool(5, 7)
    swap = stable_swap(pool, 1000)
    assert (swap.paid_in, swap.paid_out, swap.fee, swap.pool) == (1000, 1000, 0, pool)


@pytest.mark.parametrize("arguments", [(2**64,), (5, 2**64), (5, NO_BUY_LIMIT_RAO, 65536)])
def test_arguments_outside_their_type_are_refused(arguments):
    with pytest.raises(OutOfRange):
        buy(Pool(10**12, 10**12), *arguments)
