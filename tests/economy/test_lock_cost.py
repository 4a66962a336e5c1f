import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.emission import block_emission
from ganglion.economy.errors import OutOfRange
from ganglion.economy.lock_cost import LastLock, founding_pool, lock_cost, reduction_interval

u64s = st.integers(0, 2**64 - 1)


@pytest.mark.vectors("c_subnet_price", "lock_cost")
def test_costs_and_intervals_match(given, expected):
    interval = reduction_interval(given["interval"], block_emission(given["issuance"]))
    assert interval == expected["scaled_interval"]
    last = LastLock(given["last_lock"], given["last_lock_block"])
    assert lock_cost(last, given["now"], given["min_lock"], interval) == expected["cost"]


@pytest.mark.vectors("c_subnet_price", "lock_cost_chain")
def test_chains_of_launches_match(given, expected):
    interval = reduction_interval(given["interval"], block_emission(given["issuance"]))
    last = LastLock(given["last_lock"], given["last_lock_block"])
    seen = []
    for event, now in given["events"]:
        cost = lock_cost(last, now, given["min_lock"], interval)
        seen.append(cost)
        if event == "register":
            last = LastLock(cost, now)
    assert seen == expected


@pytest.mark.vectors("c_subnet_price", "new_pool")
def test_founding_pools_match(given, expected):
    pool = founding_pool(given["locked"], given["min_lock"], given["median_price_x64"])
    assert {"tao": pool.tao, "alpha": pool.alpha} == expected


@draw(u64s, u64s, u64s, u64s, st.integers(0, 2**40))
def test_the_cost_falls_with_time_and_never_below_the_floor(paid, block, now, floor, interval):
    last = LastLock(paid, block)
    sooner, later = (lock_cost(last, at, floor, interval) for at in sorted((now, block)))
    assert floor <= later <= sooner < 2**64


def test_a_negative_interval_is_refused():
    with pytest.raises(OutOfRange):
        lock_cost(LastLock(1, 1), 1, 1, -1)
