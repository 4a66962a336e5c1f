import pytest

from ganglion.frame.genesis import InvalidGenesis
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import ZERO_ACCOUNT

TAO = 10**9


def test_the_root_network_exists_from_the_first_block(chain):
    assert chain[Subnets].netuids() == (0,)
    assert chain[Subnets].subtoken_enabled[0]


def test_a_subnet_of_the_genesis_has_its_tao(make_chain):
    chain = make_chain({"SubtensorModule": {"subnets": [{"netuid": 1}]}})
    assert chain[Subnets].netuids() == (0, 1)
    assert chain[Subnets].total_networks.get() == 2
    assert chain[Balances].free(subnet_account(1)) == chain[Pools].subnet_tao[1] == 10 * TAO
    assert chain[Treasury].total_issuance.get() == chain[Balances].total_issuance.get() == 10 * TAO
    assert chain[Neurons].hotkeys(1) == (ZERO_ACCOUNT,)
    chain.advance()


def test_a_subnet_of_the_genesis_may_be_started_and_owned(make_chain, who):
    owned = {"netuid": 3, "owner": "0x" + who("own").hex(), "hotkey": "0x" + who("hot").hex()}
    chain = make_chain({"SubtensorModule": {"subnets": [owned | {"is_started": True}]}})
    assert chain[SubnetEmission].emitting() == (3,)
    assert chain.stake_of("hot", "own", 3) == TAO
    chain.advance(3)


def test_an_unknown_field_is_refused_by_name(make_chain):
    with pytest.raises(InvalidGenesis, match="colour"):
        make_chain({"SubtensorModule": {"subnets": [{"netuid": 1, "colour": 3}]}})
