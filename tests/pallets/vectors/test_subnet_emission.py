"""The vectors of emission to subnets through SubnetEmission and Prices: a block's reward in, storage out.

What the chain does not store is seen by what follows from it: shares and parts of a rao only in the TAO that
a pool gets. A reward with a fraction cannot be given to a lone subnet, so cases of `terms` with one ask
the section for its terms. `flow_average_unused` is dead code of the real chain and in no pallet here.
"""

import json
from pathlib import Path

import pytest

from ganglion.fixed import U96F32
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.swap import Swap
from ganglion.pallets.system import System

NETUID = 1
RESERVE = 10**15
VECTORS = Path(__file__).parents[2] / "vectors" / "economy" / "e_subnet_emission.json"
TERMS = [case for case in json.loads(VECTORS.read_text())["cases"] if case["op"] == "terms"]


def is_whole(case):
    return case["inputs"]["tao_emission_x32"] % U96F32.one == 0


def begin(chain, books, given):
    """A subnet of the case's price and alpha, and root's TAO."""
    issuance = given["alpha_issuance"]
    if "price_x64" in given:
        books.open_at(given["price_x64"], alpha=issuance // 2)
    else:
        books.open(tao=issuance, alpha=issuance)
    pools = chain[Pools]
    assert pools.subnet_alpha_in[NETUID] <= issuance
    pools.subnet_alpha_out[NETUID] = issuance - pools.subnet_alpha_in[NETUID]
    pools.subnet_tao[0] = given.get("root_tao", 0)
    chain[StakeWeights].tao_weight_setting.set(given.get("tao_weight", 0))
    chain[Prices].subnet_moving_price[NETUID] = 1


@pytest.mark.vectors("e_subnet_emission", "subnet_emission")
def test_subnets_get_the_recorded_tao_and_root_its_part_when_recorded(chain, books, given, expected):
    emission = chain[SubnetEmission]
    netuids = range(1, 1 + len(given["moving_price_x32"]))
    for at, netuid in enumerate(netuids):
        books.open(netuid, RESERVE, RESERVE)
        chain[Prices].subnet_moving_price[netuid] = given["moving_price_x32"][at]
        emission.miner_burned[netuid] = given["miner_burned_x32"][at]
        emission.subnet_emission_enabled[netuid] = given["emission_enabled"][at]
    issued = chain[Balances].total_issuance.get()
    emission.emit_block(given["block_emission"])
    # Without TAO on root all of it is excess; with it some of the alpha is root's.
    got = [U96F32.floor(raw) for raw in expected["tao_x32"]]
    assert [emission.subnet_excess_tao[netuid] for netuid in netuids] == got
    assert [chain[Pools].subnet_tao[netuid] - RESERVE for netuid in netuids] == got
    assert chain[Balances].total_issuance.get() - issued == sum(got)
    chain[Pools].subnet_tao[0] = RESERVE
    emission.emit_block(given["block_emission"])
    for netuid in netuids:
        assert (emission.pending_root_alpha_divs[netuid] > 0) == expected["root_sell"]


@pytest.mark.vectors("e_subnet_emission", "terms")
def test_a_subnets_terms_are_those_recorded(chain, books, given, expected):
    begin(chain, books, given)
    emission, pool = chain[SubnetEmission], chain[Swap].pool(NETUID)
    terms = emission._terms(NETUID, pool, given["tao_emission_x32"], emission.root_proportion(NETUID))
    found = {
        f"{name}_x32": getattr(terms, name) for name in ("tao_in", "alpha_in", "alpha_out", "excess_tao")
    }
    found["root_proportion_x32"] = emission.root_proportion(NETUID)
    assert found == expected


@pytest.mark.parametrize("case", [case for case in TERMS if is_whole(case)], ids=lambda case: case["name"])
def test_a_block_stores_the_whole_part_of_its_terms(chain, books, case):
    given = case["inputs"]
    begin(chain, books, given)
    terms = {name: U96F32.floor(raw) for name, raw in case["expected"].items()}
    if terms["tao_in_x32"] and not terms["alpha_in_x32"]:  # no weight keeps the price: nothing goes in
        terms["tao_in_x32"] = 0
    emission = chain[SubnetEmission]
    emission.emit_block(U96F32.floor(given["tao_emission_x32"]))
    assert emission.subnet_tao_in_emission[NETUID] == terms["tao_in_x32"]
    assert emission.subnet_alpha_in_emission[NETUID] == terms["alpha_in_x32"]
    assert emission.subnet_alpha_out_emission[NETUID] == terms["alpha_out_x32"]
    assert emission.subnet_excess_tao[NETUID] == terms["excess_tao_x32"]


@pytest.mark.vectors("e_subnet_emission", "moving_price")
def test_a_block_moves_the_price_as_recorded(chain, books, given, expected):
    prices = chain[Prices]
    books.open_at(given["price_x64"])
    prices.subnet_moving_price[NETUID] = given["moving_x32"]
    prices.subnet_moving_alpha.set(given["moving_alpha_x32"])
    prices.ema_price_halving_blocks[NETUID] = given["halving_blocks"]
    chain[Subnets].first_emission_block_number[NETUID] = given["first_emission_block"]
    chain[System].number.set(given["now"])
    prices.update(NETUID)
    assert prices.subnet_moving_price[NETUID] == expected["moving_x32"]


@pytest.mark.vectors("e_subnet_emission", "root_proportion")
def test_root_has_the_recorded_part(chain, books, given, expected):
    begin(chain, books, given)
    assert chain[StakeWeights].tao_weight() == expected["tao_weight_x32"]
    assert chain[SubnetEmission].root_proportion(NETUID) == expected["proportion_x32"]


@pytest.mark.vectors("e_subnet_emission", "alpha_emission")
def test_a_subnet_mints_the_recorded_alpha(chain, books, given, expected):
    begin(chain, books, given)
    before = chain[Pools].subnet_alpha_out[NETUID]
    chain[SubnetEmission].emit_block(0)
    assert chain[SubnetEmission].subnet_alpha_out_emission[NETUID] == expected["per_block"]
    assert chain[Pools].subnet_alpha_out[NETUID] - before == expected["per_block"]
