"""The vectors of root claims through RootClaims, its calls and those of staking.

Automatic claims are five a block here; the cases with another count are the function's alone.
"""

import json
from pathlib import Path

import pytest

from ganglion.economy.root_claim import DEFAULT_CLAIMS_PER_BLOCK
from ganglion.fixed import I96F32
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.root_claims import KeepClaim, RootClaims, SwapClaim
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.system import System

NETUID = 1
ROOT = 0
VECTORS = Path(__file__).parents[2] / "vectors" / "economy" / "g_root_claim.json"
CASES = json.loads(VECTORS.read_text())["cases"]
ROUNDS = [
    case
    for case in CASES
    if case["op"] == "auto_claim" and case["inputs"]["claims"] == DEFAULT_CLAIMS_PER_BLOCK
]
KINDS = {"keep": KeepClaim(), "swap": SwapClaim()}


def rate(chain):
    return chain[RootClaims].root_claimable[chain.who("hot")].get(NETUID, 0)


@pytest.mark.vectors("g_root_claim", "claimable_increment")
def test_a_dividend_raises_the_rate_as_recorded_or_goes_to_the_owner(chain, books, given, expected):
    hotkey = books.hotkey("hot")
    books.stake("hot", "cold", ROOT, given["hotkey_root_stake"])
    chain[RootClaims].credit(hotkey, NETUID, given["amount"])
    to_owner = expected["increment_x32"] is None
    assert rate(chain) == (expected["increment_x32"] or 0)
    assert chain.stake_of("hot", "owner", NETUID) == (given["amount"] if to_owner else 0)


@pytest.mark.vectors("g_root_claim", "owed")
def test_a_claim_pays_what_is_recorded_and_marks_it(chain, books, given, expected):
    hotkey, cold, claims = books.hotkey("hot"), chain.who("cold"), chain[RootClaims]
    books.stake("hot", "cold", ROOT, given["root_stake"])
    claims.root_claimable[hotkey] = {NETUID: given["rate_x32"]}
    claims.root_claimed[NETUID, hotkey, cold] = given["claimed"]
    claims.root_claimable_threshold[NETUID] = given["threshold_x32"]
    claims.root_claim_type[cold] = KeepClaim()
    assert claims.owed(hotkey, cold, NETUID) == expected["owed_x32"]
    chain.call(RootClaims.claim_root, frozenset({NETUID}), by="cold")
    assert chain.stake_of("hot", "cold", NETUID) == expected["pays"]
    assert claims.root_claimed[NETUID, hotkey, cold] == given["claimed"] + expected["pays"]


@pytest.mark.vectors("g_root_claim", "stake_moved")
@pytest.mark.parametrize("way", ["add", "remove"])
def test_moved_root_stake_moves_its_mark_as_recorded(chain, books, way, given, expected):
    hotkey, cold, claims = books.hotkey("hot"), chain.who("cold"), chain[RootClaims]
    books.endow("cold", given["amount"])
    chain[Subnets].subtoken_enabled[ROOT] = True
    if way == "remove":
        chain[Staking].stake(hotkey, cold, ROOT, given["amount"])
    claims.root_claimable[hotkey] = {NETUID: given["rate_x32"]}
    claims.root_claimed[NETUID, hotkey, cold] = given["claimed"]
    move = chain[Staking].stake if way == "add" else chain[Staking].unstake
    move(hotkey, cold, ROOT, given["amount"])
    assert claims.root_claimed[NETUID, hotkey, cold] == expected[f"after_{way}"]


@pytest.mark.parametrize("case", ROUNDS, ids=lambda case: case["name"])
def test_a_block_lets_the_recorded_stakers_claim(chain, case):
    given, stakers = case["inputs"], chain[RootStakers]
    for index in range(given["stakers"]):
        stakers.add(index.to_bytes(32, "big"))
    chain[System].parent_hash.set(bytes.fromhex(given["block_hash"]))
    chain[RootClaims].claim_automatically()
    claimed = [int.from_bytes(event.coldkey, "big") for event in chain.events(events.RootClaimed)]
    assert claimed == (case["expected"] if given["stakers"] else [])


class Story:
    """One hotkey, one subnet and its stakers, by calls."""

    def __init__(self, chain, books, given):
        self.chain, self.books = chain, books
        pool = given["subnet_pool"]
        books.open(NETUID, pool["tao"], pool["alpha"], pool["quote"])
        self.hotkey, self.names = books.hotkey("hot"), []
        chain[Subnets].subtoken_enabled[ROOT] = True
        chain[Pools].subnet_tao[ROOT] = given["root_tao"]
        chain[Pools].subnet_alpha_out[ROOT] = given["root_tao"]
        chain[Balances].deposit(subnet_account(ROOT), given["root_tao"])
        threshold = I96F32.from_int(given["threshold"])
        chain[RootClaims].root_claimable_threshold[NETUID] = threshold
        self.moved = 0

    def stake(self, name, amount):
        self.names += [] if name in self.names else [name]
        self.books.endow(name, amount)
        self.chain.call(Staking.add_stake, self.hotkey, ROOT, amount, by=name)
        self.moved += amount

    def unstake(self, name, amount):
        self.chain.call(Staking.remove_stake, self.hotkey, ROOT, amount, by=name)
        self.moved -= amount

    def dividend(self, amount):
        self.chain[Pools].add_alpha_out(NETUID, amount)
        self.chain[RootClaims].credit(self.hotkey, NETUID, amount)

    def claim(self, name, kind):
        self.chain.call(RootClaims.set_root_claim_type, KINDS[kind], by=name)
        self.chain.call(RootClaims.claim_root, frozenset({NETUID}), by=name)

    def seen(self):
        pools, claims = self.chain[Pools], self.chain[RootClaims]
        who = {name: self.chain.who(name) for name in self.names}
        return {
            "rate_x32": rate(self.chain),
            "root_stake": {name: self.chain.stake_of("hot", name, ROOT) for name in who},
            "alpha_stake": {name: self.chain.stake_of("hot", name, NETUID) for name in who},
            "claimed": {name: claims.root_claimed[NETUID, self.hotkey, key] for name, key in who.items()},
            "owed_x32": {name: claims.owed(self.hotkey, key, NETUID) for name, key in who.items()},
            "pool": [pools.subnet_tao[NETUID], pools.subnet_alpha_in[NETUID]],
            # The recorded root pool counts only what claims sold into it.
            "root_tao": pools.subnet_tao[ROOT] - self.moved,
        }


@pytest.mark.vectors("g_root_claim", "story")
def test_every_step_of_every_story_leaves_what_is_recorded(chain, books, given, expected):
    story = Story(chain, books, given)
    for recorded in expected:
        action, *arguments = recorded["step"]
        getattr(story, action)(*arguments)
        assert {"step": recorded["step"], **story.seen()} == recorded
