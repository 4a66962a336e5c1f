import pytest

from ganglion.fixed import U64F64
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.stake_limits import StakeLimits
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.swap import Swap

TAO = 10**9


@pytest.fixture
def netuid(chain):
    return chain.subnet()


def price(chain, netuid):
    """Rao per alpha."""
    return U64F64.to_u64(chain[Swap].price(netuid) * TAO)


def add(chain, netuid, amount, limit, partial):
    hotkey = chain.who("owner_hotkey")
    chain.call(StakeLimits.add_stake_limit, hotkey, netuid, amount, limit, partial, by="cold")


def remove(chain, netuid, amount, limit, partial):
    hotkey = chain.who("owner_hotkey")
    chain.call(StakeLimits.remove_stake_limit, hotkey, netuid, amount, limit, partial, by="cold")


def test_a_stake_within_its_limit_is_made_in_full(chain, who, netuid):
    chain.fund("cold", 11)
    add(chain, netuid, 10 * TAO, price(chain, netuid) * 2, False)
    assert chain.events(events.StakeAdded)[-1].tao == 10 * TAO
    assert who("owner_hotkey") in chain[Takes].delegates


def test_a_stake_beyond_its_limit_is_refused_whole(chain, who, netuid):
    chain.fund("cold", 1_001)
    with chain.refuses(errors.SlippageTooHigh):
        add(chain, netuid, 1_000 * TAO, price(chain, netuid) * 11 // 10, False)


def test_a_partial_stake_stops_at_its_limit_and_costs_no_more(chain, who, netuid):
    chain.fund("cold", 1_001)
    limit = price(chain, netuid) * 11 // 10
    add(chain, netuid, 1_000 * TAO, limit, True)
    spent = 1_001 * TAO - chain.balance("cold")
    assert 0 < spent < 1_000 * TAO
    assert price(chain, netuid) <= limit
    assert chain.events(events.StakeAdded)[-1].tao == spent


def test_a_limit_already_passed_is_refused(chain, who, netuid):
    chain.fund("cold", 11)
    with chain.refuses(Swap.PriceLimitExceeded):
        add(chain, netuid, TAO, price(chain, netuid) - 1, True)


def test_root_stake_is_limited_by_its_only_price(chain, who, netuid):
    chain.fund("cold", 11)
    add(chain, 0, TAO, TAO, False)
    with chain.refuses(errors.SlippageTooHigh):
        add(chain, 0, TAO, TAO - 1, False)


def test_a_partial_sale_stops_at_its_limit_and_keeps_the_rest(chain, who, netuid):
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 500)
    limit = price(chain, netuid) * 9 // 10
    remove(chain, netuid, alpha, limit, True)
    assert 0 < chain.stake_of("owner_hotkey", "cold", netuid) < alpha
    assert price(chain, netuid) >= limit


def test_a_sale_beyond_its_limit_is_refused_whole(chain, who, netuid):
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 500)
    with chain.refuses(errors.SlippageTooHigh):
        remove(chain, netuid, alpha, price(chain, netuid) * 99 // 100, False)


def test_selling_more_than_is_staked_is_refused(chain, who, netuid):
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 5)
    with chain.refuses(errors.NotEnoughStakeToWithdraw):
        remove(chain, netuid, alpha + 1, 1_000, False)


@pytest.mark.parametrize("limit", [None, 1_000])
def test_all_is_sold_at_any_or_at_a_low_price(chain, who, netuid, limit):
    chain.stake(netuid, "owner_hotkey", "cold", 5)
    chain.call(StakeLimits.remove_stake_full_limit, who("owner_hotkey"), netuid, limit, by="cold")
    assert chain.stake_of("owner_hotkey", "cold", netuid) == 0
