import pytest

from ganglion.fixed import U64F64
from ganglion.frame.dispatch import BadOrigin
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.swap import Swap

TAO = 10**9


@pytest.fixture
def netuid(chain):
    return chain.subnet()


def test_root_sets_the_fee(chain, root, netuid):
    chain.call(Swap.set_fee_rate, netuid, 100, by=root)
    assert chain[Swap].fee(netuid, 65_535 * 10) == 1_000 - 1
    assert chain.events(Swap.FeeRateSet) == [Swap.FeeRateSet(netuid, 100)]


def test_a_stranger_does_not_set_the_fee(chain, stranger, netuid):
    with chain.refuses(BadOrigin):
        chain.call(Swap.set_fee_rate, netuid, 100, by=stranger)


def test_a_fee_above_the_maximum_is_refused(chain, root, netuid):
    with chain.refuses(Swap.FeeRateTooHigh):
        chain.call(Swap.set_fee_rate, netuid, 10_001, by=root)


def test_a_subnet_that_does_not_exist_has_no_fee(chain, root):
    with chain.refuses(Swap.MechanismDoesNotExist):
        chain.call(Swap.set_fee_rate, 9, 100, by=root)


def test_a_quote_changes_nothing(chain, netuid):
    before = chain.world.state.changes()
    chain[Swap].buy(netuid, TAO)
    chain[Swap].sell(netuid, TAO)
    assert chain.world.state.changes() == before


def test_the_weight_moves_the_price(chain, netuid):
    swap = chain[Swap]
    even = swap.price(netuid)
    swap.set_weight(netuid, 25 * 10**16)
    assert swap.price(netuid) == U64F64.mul(3 * U64F64.one, even)


@pytest.mark.parametrize(
    ("amount", "limit", "error"),
    [
        (2**62, 10**15, Swap.SwapInputTooLarge),
        (TAO, 1, Swap.PriceLimitExceeded),
    ],
)
def test_a_refused_trade_names_the_reason(chain, netuid, amount, limit, error):
    with chain.refuses(error):
        chain[Swap].buy(netuid, amount, limit)


def test_a_pool_that_is_too_small_is_not_traded_with(chain, netuid):
    chain[Pools].subnet_alpha_in[netuid] = 999_999
    with chain.refuses(Swap.ReservesTooLow):
        chain[Swap].buy(netuid, TAO)


def test_without_alpha_there_is_no_price(chain, netuid):
    chain[Pools].subnet_alpha_in[netuid] = 0
    assert chain[Swap].price(netuid) == 0
