import pytest

from ganglion.economy.emission import BASE_EMISSION_RAO
from ganglion.frame.dispatch import InvariantBroken
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.treasury import Treasury

TAO = 10**9


@pytest.fixture
def emission(chain):
    return chain[SubnetEmission]


@pytest.fixture
def netuid(chain, emission):
    netuid = chain.subnet()
    emission.subnet_emission_enabled[netuid] = True
    chain[Prices].subnet_moving_price[netuid] = 1 << 31
    chain.advance()
    return netuid


def test_only_started_and_open_subnets_emit(chain, emission, netuid):
    waiting = chain.subnet("second", "second_hotkey", started=False)
    assert emission.emitting() == (netuid,)
    chain[Hyperparameters].network_registration_allowed[netuid] = False
    assert emission.emitting() == ()
    assert waiting not in emission.emitting()


def test_a_blocks_tao_enters_the_pool_and_is_all_that_was_minted(chain, emission, netuid):
    before = chain[Treasury].total_issuance.get(), chain[Balances].free(subnet_account(netuid))
    chain.advance()
    minted = chain[Treasury].total_issuance.get() - before[0]
    assert minted == emission.subnet_tao_in_emission[netuid] + emission.subnet_excess_tao[netuid]
    assert chain[Balances].free(subnet_account(netuid)) - before[1] == minted
    assert BASE_EMISSION_RAO - 2 <= minted <= BASE_EMISSION_RAO


def test_alpha_is_minted_into_the_four_pots(chain, emission, netuid):
    emission.take_pots(netuid)
    out = chain[Pools].subnet_alpha_out[netuid]
    bought = chain[Pools].subnet_protocol_alpha[netuid]
    chain.advance()
    pots = emission.take_pots(netuid)
    assert emission.subnet_alpha_out_emission[netuid] == TAO
    grown = chain[Pools].subnet_alpha_out[netuid] - out
    grown -= chain[Pools].subnet_protocol_alpha[netuid] - bought
    assert grown - 4 <= pots.owner + pots.server + pots.validator + pots.root <= grown
    assert pots.owner == TAO * 11_796 // 65_535


def test_emptied_pots_are_empty(chain, emission, netuid):
    emission.take_pots(netuid)
    assert emission.take_pots(netuid).budget == 0


def test_a_subnet_switched_off_gets_alpha_but_no_tao(chain, emission, netuid):
    emission.subnet_emission_enabled[netuid] = False
    issued = chain[Treasury].total_issuance.get()
    emission.take_pots(netuid)
    chain.advance()
    assert chain[Treasury].total_issuance.get() == issued
    assert emission.take_pots(netuid).server > 0


def test_an_owners_cut_that_is_switched_off_goes_to_the_others(chain, emission, netuid):
    emission.owner_cut_enabled[netuid] = False
    emission.take_pots(netuid)
    chain.advance()
    pots = emission.take_pots(netuid)
    assert pots.owner == 0
    assert pots.server == TAO // 2


def test_without_started_subnets_nothing_is_minted(chain):
    issued = chain[Treasury].total_issuance.get()
    chain.advance(3)
    assert chain[Treasury].total_issuance.get() == issued


def test_alpha_that_two_hold_at_once_is_noticed(chain, emission, netuid):
    emission.pending_server_emission[netuid] += chain[Pools].subnet_alpha_out[netuid]
    with pytest.raises(InvariantBroken):
        emission.try_state()
