import pytest

from ganglion.economy.emission import SUPPLY_CAP_RAO, halving_thresholds
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.coinbase import Coinbase
from ganglion.pallets.subtensor.epoch import Epoch
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.treasury import Treasury


@pytest.fixture
def netuid(chain):
    netuid = chain.subnet()
    chain[SubnetEmission].subnet_emission_enabled[netuid] = True
    chain[Prices].subnet_moving_price[netuid] = 1 << 31
    return netuid


def at_issuance(chain, rao):
    """Let so much be issued, all of it to somebody outside."""
    chain[Balances].deposit(chain.who("outside"), rao - chain[Balances].total_issuance.get())
    chain[Treasury].total_issuance.set(chain[Balances].total_issuance.get())


def test_an_epoch_pays_out_when_its_tempo_is_over(chain, netuid):
    chain[Hyperparameters].tempo[netuid] = 5
    chain.advance(8)
    assert chain[Epoch].last_mechanism_step_block[netuid] > 0
    assert chain.stake_of("owner_hotkey", "owner", netuid) > 0


def test_the_reward_halves_exactly_at_the_threshold(chain, netuid):
    first, reward = next(iter(halving_thresholds()))
    at_issuance(chain, first - 1)
    chain.advance()
    assert chain[Coinbase].block_emission.get() == 2 * reward
    chain.advance()
    assert chain[Coinbase].block_emission.get() == reward


def test_nothing_is_minted_at_the_cap(chain, netuid):
    at_issuance(chain, SUPPLY_CAP_RAO)
    chain.advance(2)
    assert chain[Balances].total_issuance.get() == SUPPLY_CAP_RAO
    assert chain[Coinbase].block_emission.get() == 0


def test_sales_of_root_claims_are_shown_for_one_block(chain, netuid):
    chain[RootClaims].subnet_root_sell_tao[netuid] = 7
    chain.advance()
    assert chain[RootClaims].subnet_root_sell_tao[netuid] == 0


def test_the_root_proportion_shown_is_that_of_the_blocks_end(chain, netuid):
    chain.stake(0, "owner_hotkey", "cold", 1_000)
    chain.advance()
    emission = chain[SubnetEmission]
    assert emission.root_prop[netuid] == emission.root_proportion(netuid) > 0
