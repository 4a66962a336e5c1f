import pytest

from ganglion.fixed import U64F64
from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.api.swap import SimSwapResult
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.swap import Swap

TAO = 10**9


def test_the_root_networks_price_is_one_tao(ask):
    assert ask("SwapRuntimeApi_current_alpha_price", 0) == TAO


def test_prices_of_all_subnets_are_listed(chain, ask, netuid):
    prices = {each.netuid: each.price for each in ask("SwapRuntimeApi_current_alpha_price_all")}
    assert prices == {0: TAO, netuid: U64F64.to_u64(chain[Swap].price(netuid) * TAO)}


def test_a_quote_for_staking_is_what_staking_then_gives(chain, who, ask, netuid):
    quote = ask("SwapRuntimeApi_sim_swap_tao_for_alpha", netuid, 10 * TAO)
    before = chain.stake_of("validator", "cold", netuid)
    chain.fund("cold", 11)
    chain.call(Staking.add_stake, who("validator"), netuid, 10 * TAO, by="cold")
    staked = chain.events(events.StakeAdded)[-1]
    assert (staked.alpha, staked.fee) == (quote.alpha_amount, quote.tao_fee)
    assert chain.stake_of("validator", "cold", netuid) - before == pytest.approx(quote.alpha_amount, abs=1)


def test_a_quote_for_unstaking_is_what_unstaking_then_gives(chain, who, ask, netuid):
    quote = ask("SwapRuntimeApi_sim_swap_alpha_for_tao", netuid, 10 * TAO)
    chain.call(Staking.remove_stake, who("validator"), netuid, 10 * TAO, by="cold")
    removed = chain.events(events.StakeRemoved)[-1]
    assert (removed.tao, removed.fee) == (quote.tao_amount, quote.alpha_fee)
    assert quote.tao_slippage > 0


@pytest.mark.parametrize("netuid", [9])
@pytest.mark.parametrize("way", ["tao_for_alpha", "alpha_for_tao"])
def test_what_cannot_be_traded_gives_nothing(ask, netuid, way):
    assert ask(f"SwapRuntimeApi_sim_swap_{way}", netuid, TAO) == SimSwapResult()


@pytest.mark.parametrize("way", ["tao_for_alpha", "alpha_for_tao"])
def test_a_trade_beyond_the_pool_gives_nothing(ask, netuid, way):
    assert ask(f"SwapRuntimeApi_sim_swap_{way}", netuid, 2**63) == SimSwapResult()
