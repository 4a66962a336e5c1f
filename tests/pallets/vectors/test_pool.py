"""The pool's vectors through Swap, Pools and the calls of staking.

Three kinds of case are no pallet's on the chain of these rules: `open_at_price` (a pool opens with even
weights), `alpha_for_exact_tao` (nothing asks for an exact payout), and liquidity beyond the issuance.
"""

import json
from pathlib import Path

import pytest

from ganglion.economy.injection import EmissionTerms
from ganglion.economy.pool import HALF
from ganglion.economy.swap import NO_BUY_LIMIT_RAO, NO_SELL_LIMIT_RAO
from ganglion.fixed import U96F32
from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnet_account import BURN_ACCOUNT
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.swap import Swap

NETUID = 1
VECTORS = Path(__file__).parents[2] / "vectors" / "economy" / "a_pool.json"
CASES = json.loads(VECTORS.read_text())["cases"]
LEAST_BY_CALL = 3_000_000
NO_LIMIT = {"buy": NO_BUY_LIMIT_RAO, "sell": NO_SELL_LIMIT_RAO}


def pays_something(case):
    return case["expected"].get("paid_out", 0) > 0


def fits_a_call(case):
    """A signed call has no limit and pays the fee, and not every amount is enough for one."""
    given = case["inputs"]
    unlimited = given["limit"] == NO_LIMIT[given["side"]]
    return pays_something(case) and unlimited and not given["drop_fee"] and given["amount"] >= LEAST_BY_CALL


def can_be_minted(case):
    return case["inputs"]["tao"] + case["inputs"]["tao_delta"] < 2**64


def chosen(op, condition):
    cases = [case for case in CASES if case["op"] == op and condition(case)]
    return pytest.mark.parametrize("case", cases, ids=lambda case: case["name"])


@pytest.fixture
def market(chain, books):
    """Opens the pool of a case."""

    def opened(given):
        books.open(NETUID, given["tao"], given["alpha"], given["quote"])
        books.hotkey("hot")
        chain[Swap].fee_rate[NETUID] = given.get("fee_rate", 0)

    return opened


@pytest.mark.vectors("a_pool", "price")
def test_a_pool_has_the_recorded_price(chain, market, given, expected):
    market(given)
    assert chain[Swap].price(NETUID) == expected["price_x64"]


@pytest.mark.vectors("a_pool", "swap")
def test_a_trade_moves_the_reserves_as_recorded_or_is_refused_by_name(chain, market, given, expected):
    market(given)
    trade = chain[Pools].buy if given["side"] == "buy" else chain[Pools].sell
    terms = {"limit_rao": given["limit"], "with_fee": not given["drop_fee"]}
    if "refused" in expected:
        with chain.refuses(getattr(Swap, expected["refused"])):
            trade(NETUID, given["amount"], **terms)
        return
    done = trade(NETUID, given["amount"], **terms)
    assert {name: getattr(done, name) for name in expected} == expected
    assert reserves(chain) == moved(given, expected)
    assert chain[Swap].swap_balancer[NETUID].quote == given["quote"]


@chosen("swap", pays_something)
def test_a_coldkey_pays_and_gets_what_is_recorded(chain, books, market, case):
    given, expected = case["inputs"], case["expected"]
    market(given)
    terms = {"limit_rao": given["limit"], "with_fee": not given["drop_fee"]}
    if given["side"] == "buy":
        books.endow("cold", given["amount"])
        chain[Staking].stake(chain.who("hot"), chain.who("cold"), NETUID, given["amount"], **terms)
    else:
        books.endow("cold", 0)
        books.stake("hot", "cold", NETUID, given["amount"])
        chain[Staking].unstake(chain.who("hot"), chain.who("cold"), NETUID, given["amount"], **terms)
    assert_settled(chain, given, expected)


@chosen("swap", fits_a_call)
def test_a_signed_call_pays_and_gets_what_is_recorded(chain, books, market, case):
    given, expected = case["inputs"], case["expected"]
    market(given)
    if given["side"] == "buy":
        books.endow("cold", given["amount"])
        chain.call(Staking.add_stake, chain.who("hot"), NETUID, given["amount"], by="cold")
    else:
        books.endow("cold", 0)
        books.stake("hot", "cold", NETUID, given["amount"])
        chain.call(Staking.remove_stake, chain.who("hot"), NETUID, given["amount"], by="cold")
    assert_settled(chain, given, expected)


def reserves(chain):
    return chain[Pools].subnet_tao[NETUID], chain[Pools].subnet_alpha_in[NETUID]


def moved(given, expected):
    paid_in, paid_out = expected["paid_in"], expected["paid_out"]
    if given["side"] == "buy":
        return given["tao"] + paid_in, given["alpha"] - paid_out
    return given["tao"] - paid_out, given["alpha"] + paid_in


def assert_settled(chain, given, expected):
    """Reserves, the coldkey's TAO and stake, and the event are as recorded. There is no author to be paid."""
    paid_in, paid_out, fee = (expected[name] for name in ("paid_in", "paid_out", "fee"))
    assert reserves(chain) == moved(given, expected)
    who = chain.who("cold"), chain.who("hot")
    if given["side"] == "buy":
        assert chain.balance("cold") == 500
        assert chain.stake_of("hot", "cold", NETUID) == chain[Pools].subnet_alpha_out[NETUID] == paid_out
        assert chain.world[Staking].treasury.spendable(BURN_ACCOUNT) == 500 + fee
        told = events.StakeAdded(*who, given["amount"], paid_out, NETUID, fee)
        assert chain.events(events.StakeAdded) == [told]
    else:
        assert chain.balance("cold") == 500 + paid_out
        assert chain.stake_of("hot", "cold", NETUID) == given["amount"] - paid_in - fee
        assert chain[Pools].subnet_alpha_out[NETUID] == given["amount"] - paid_in
        told = events.StakeRemoved(*who, paid_out, paid_in, NETUID, fee)
        assert chain.events(events.StakeRemoved) == [told]


@chosen("add_liquidity", can_be_minted)
def test_the_protocols_liquidity_moves_the_weight_as_recorded(chain, market, case):
    given, expected = case["inputs"], case["expected"]
    market(given)
    tao, alpha = given["tao_delta"], given["alpha_delta"]
    terms = EmissionTerms(U96F32.from_int(tao), U96F32.from_int(alpha), alpha_out=0, excess_tao=0)
    chain[SubnetEmission]._inject(NETUID, chain[Swap].pool(NETUID), terms)
    assert chain[Swap].swap_balancer[NETUID].quote == expected["quote"]
    came = (tao, alpha) if expected["accepted"] else (0, 0)
    assert reserves(chain) == (given["tao"] + came[0], given["alpha"] + came[1])


@pytest.mark.vectors("a_pool", "fee")
def test_fees_are_those_recorded(chain, market, given, expected):
    market(given | {"tao": 1, "alpha": 1, "quote": HALF})
    assert chain[Swap].fee(NETUID, given["amount"]) == expected["fee"]


@pytest.mark.vectors("a_pool", "alpha_at_spot")
def test_a_lock_founds_a_pool_with_the_alpha_that_it_is_worth(chain, given, expected):
    chain[Pools].found(NETUID, given["tao"], 0, given["price_x64"])
    assert reserves(chain) == (given["tao"], expected["alpha"])
