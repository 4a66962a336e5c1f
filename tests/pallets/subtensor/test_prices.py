from ganglion.fixed import I96F32, U64F64
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.subnets import Subnets


def test_the_root_network_always_costs_one_tao(chain):
    assert chain[Prices].spot(0) == U64F64.one
    assert chain[Prices].moving(0) == I96F32.one


def test_the_moving_price_of_a_young_subnet_starts_at_nothing_and_rises(chain):
    netuid = chain.subnet()
    assert chain[Prices].moving(netuid) == 0
    chain.advance(200)
    first = chain[Prices].moving(netuid)
    chain.advance(200)
    assert 0 < first < chain[Prices].moving(netuid) < I96F32.one


def test_the_moving_price_of_a_subnet_not_started_stands_still(chain):
    netuid = chain.subnet(started=False)
    chain.advance(50)
    assert chain[Prices].moving(netuid) == 0


def test_the_median_of_no_subnets_is_one_tao(chain):
    assert chain[Prices].median() == U64F64.one


def test_the_median_leaves_out_root_and_worthless_subnets(chain):
    for netuid, tao in ((1, 1), (2, 3), (3, 0)):
        chain[Subnets].networks_added[netuid] = True
        chain[Subnets].subnet_mechanism[netuid] = 1
        chain[Pools].subnet_tao[netuid] = tao
        chain[Pools].subnet_alpha_in[netuid] = 1
    assert chain[Prices].median() == 2 * U64F64.one
