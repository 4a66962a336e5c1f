import pytest

from ganglion.fixed import U64F64
from ganglion.frame.dispatch import InvariantBroken
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.tao_flows import TaoFlows
from ganglion.pallets.swap import Swap

TAO = 10**9


@pytest.fixture
def netuid(chain):
    return chain.subnet()


def test_the_whole_lock_becomes_the_pool_at_the_median_price(chain, who):
    half = U64F64.one // 2
    chain[Pools].found(5, 2_000 * TAO, 1_000 * TAO, half)
    assert chain[Pools].subnet_tao[5] == 2_000 * TAO
    assert chain[Pools].subnet_alpha_in[5] == 4_000 * TAO
    assert chain[Swap].pal_swap_initialized[5]


def test_a_registered_subnets_pool_is_backed_by_its_account(chain, netuid):
    assert chain[Balances].free(subnet_account(netuid)) == chain[Pools].subnet_tao[netuid] > 0


def test_a_buy_moves_alpha_out_of_the_pool_and_tao_in(chain, netuid):
    pools = chain[Pools]
    before = pools.subnet_tao[netuid], pools.alpha_issuance(netuid), pools.total_stake.get()
    trade = pools.buy(netuid, 10 * TAO)
    assert pools.subnet_tao[netuid] == before[0] + trade.paid_in
    assert trade.paid_in + trade.fee == 10 * TAO
    assert pools.alpha_issuance(netuid) == before[1]
    assert pools.total_stake.get() == before[2] + 10 * TAO


def test_a_sale_gives_back_no_more_than_was_paid(chain, netuid):
    pools = chain[Pools]
    bought = pools.buy(netuid, 10 * TAO).paid_out
    sold = pools.sell(netuid, bought)
    assert sold.paid_out < 10 * TAO
    assert pools.subnet_volume[netuid] == 10 * TAO + sold.paid_out


def test_subnets_without_pool_trade_one_to_one_and_free(chain, netuid):
    chain[Subnets].subnet_mechanism[netuid] = 0
    trade = chain[Pools].buy(netuid, TAO)
    assert (trade.paid_in, trade.paid_out, trade.fee) == (TAO, TAO, 0)


def test_what_a_registration_buys_ceases_to_exist(chain, netuid):
    pools = chain[Pools]
    issuance, flow = pools.alpha_issuance(netuid), chain[TaoFlows].subnet_tao_flow[netuid]
    pools.buy_and_destroy(netuid, TAO)
    assert pools.alpha_issuance(netuid) < issuance
    assert chain[TaoFlows].subnet_tao_flow[netuid] == flow + TAO


def test_a_pool_without_tao_behind_it_is_noticed(chain, netuid):
    chain[Pools].subnet_tao[netuid] += chain[Balances].existential_deposit
    with pytest.raises(InvariantBroken):
        chain[Pools].try_state()
