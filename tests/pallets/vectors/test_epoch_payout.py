"""The vectors of an epoch's payout through SubnetEmission and Payout: stakes, links and takes are storage.

Yuma's dividends cannot be had at will, so each step of the payout is given the recorded ones. `block_split`
with a root proportion of one does not occur: a subnet that mints has alpha.
"""

import json
from pathlib import Path

import pytest

from ganglion.economy.payout import Dividends, Pots
from ganglion.fixed import U96F32
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets

NETUID = 1
ONE = U96F32.one
VECTORS = Path(__file__).parents[2] / "vectors" / "economy" / "f_epoch_payout.json"
CASES = json.loads(VECTORS.read_text())["cases"]
SPLITS = [
    case for case in CASES if case["op"] == "block_split" and case["inputs"]["root_proportion_x32"] < ONE
]


@pytest.mark.parametrize("case", SPLITS, ids=lambda case: case["name"])
def test_a_blocks_alpha_is_gathered_in_the_recorded_pots(chain, books, case):
    given, emission, pools = case["inputs"], chain[SubnetEmission], chain[Pools]
    books.open()
    emission.subnet_owner_cut.set(given["owner_cut"])
    emission.owner_cut_enabled[NETUID] = given["cut_enabled"]
    # With a TAO weight of one the proportion is root's TAO of it and the alpha, after what is minted now.
    minted, proportion = U96F32.floor(given["alpha_out_x32"]), given["root_proportion_x32"]
    chain[StakeWeights].tao_weight_setting.set(2**64 - 1)
    times = minted // (ONE - proportion) + 1
    pools.subnet_tao[0] = proportion * times
    pools.subnet_alpha_out[NETUID] = (ONE - proportion) * times - minted
    emission._mint(NETUID, minted)
    assert emission.root_proportion(NETUID) == proportion
    emission._gather(NETUID, given["alpha_out_x32"], proportion, root_sells=True)
    pots = emission.take_pots(NETUID)
    assert {name: getattr(pots, name) for name in case["expected"]} == case["expected"]


@pytest.mark.vectors("f_epoch_payout", "parent_child")
def test_a_dividend_is_shared_with_parents_as_recorded(chain, books, given, expected):
    books.open(alpha=10**18)
    links = chain[StakeWeights]
    links.tao_weight_setting.set(given["tao_weight"])
    links.ck_burn.set(given["childkey_burn"])
    family = [{"key": "self", **given, "same_owner": True}, *given["parents"]]
    for each in family:
        owner = "owner" if each["same_owner"] else "another"
        chain[Accounts].create(chain.who(owner), chain.who(each["key"]))
        books.stake(each["key"], "cold", NETUID, each["alpha"])
        books.stake(each["key"], "cold", 0, each["root"])
    child = chain.who("self")
    links.childkey_take[child, NETUID] = given["childkey_take"]
    links.child_keys[child, NETUID] = tuple(
        (proportion, chain.who(f"child {at}")) for at, proportion in enumerate(given["children"])
    )
    links.parent_keys[child, NETUID] = tuple(
        (parent["proportion"], chain.who(parent["key"])) for parent in given["parents"]
    )
    chain[Pools].add_alpha_out(NETUID, given["dividends"])
    outside = chain[Pools].subnet_alpha_out[NETUID]
    weights = chain[Payout]._dividend_weights(NETUID, {child: given["dividends"]})
    assert weights == {chain.who(name): amount for name, amount in expected["payouts"]}
    assert outside - chain[Pools].subnet_alpha_out[NETUID] == expected["recycled"]


@pytest.mark.vectors("f_epoch_payout", "dividends")
def test_the_pots_are_divided_as_recorded(chain, books, given, expected):
    books.open()
    chain[StakeWeights].tao_weight_setting.set(given["tao_weight"])
    for name, hotkey in given["hotkeys"].items():
        books.hotkey(name)
        books.stake(name, "cold", NETUID, hotkey["alpha"])
        books.stake(name, "cold", 0, hotkey["root"])
    weights = {chain.who(name): hotkey["dividend"] for name, hotkey in given["hotkeys"].items()}
    pots = Pots(owner=0, server=0, validator=given["validator_alpha"], root=given["root_alpha"])
    paid = chain[Payout]._distribute(NETUID, weights, pots, all_incentives=1)
    found = {name: paid[chain.who(name)] for name in given["hotkeys"]}
    assert {name: each.alpha for name, each in found.items()} == expected["alpha_x32"]
    assert {name: each.root for name, each in found.items()} == expected["root_x32"]


@pytest.mark.vectors("f_epoch_payout", "take")
def test_a_hotkeys_owner_and_stakers_get_the_recorded_parts(chain, books, given, expected):
    books.open()
    hotkey = books.hotkey("hot", given["take"])
    payout = chain[Payout]
    payout._pay_alpha_stakers(NETUID, {hotkey: Dividends(alpha=given["amount_x32"], root=0)})
    assert payout.alpha_dividends_per_subnet[NETUID, hotkey] == expected["rest"]
    assert payout.shares.of_hotkey(hotkey, NETUID) == expected["take"] + expected["rest"]
    payout._pay_root_stakers(NETUID, {hotkey: Dividends(alpha=0, root=given["amount_x32"])})
    assert payout.root_alpha_dividends_per_subnet[NETUID, hotkey] == expected["rest"]


@pytest.mark.vectors("f_epoch_payout", "withheld")
def test_what_the_owners_miners_do_not_get_is_stored_as_recorded(chain, books, given, expected):
    books.open()
    chain[Subnets].subnet_owner[NETUID] = chain.who("owner")
    own, other = books.hotkey("own"), chain.who("other")
    chain[Subnets].subnet_owner_hotkey[NETUID] = own
    chain[Accounts].create(chain.who("another"), other)
    for hotkey in (own, other):
        chain[Neurons].append(NETUID, hotkey)
    rest = given["all_miners"] - given["to_owner"]
    chain[Payout]._pay_miners(NETUID, {own: given["to_owner"], other: rest})
    assert chain[SubnetEmission].miner_burned[NETUID] == expected["proportion_x32"]
    assert chain.stake_of("other", "another", NETUID) == rest
    assert chain.stake_of("own", "owner", NETUID) == 0
