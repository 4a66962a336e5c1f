"""The recorded world of three subnets, 400 blocks long, run through the real pallets, epochs included."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ganglion.economy.errors import SwapRefused
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.world import World
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.auto_stake import AutoStake
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.root_claims import KeepClaim, RootClaims, SwapClaim
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import RecycleOrBurn
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.swap import Swap

VECTOR = Path(__file__).parents[2] / "vectors" / "economy" / "world.json"
CLAIM_TYPES = {"swap": SwapClaim(), "keep": KeepClaim()}
OUTSIDE = b"outside".ljust(32, b"\0")


def key(name: str) -> bytes:
    """An account whose order among others is that of the name."""
    return name.encode().ljust(32, b"\0")


def name(account: bytes) -> str:
    return account.rstrip(b"\0").decode()


class Recorded:
    """Writes the world's first state and makes its calls."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given

    def prepare(self, world: World) -> None:
        for subnet in self.given["subnets"]:
            self.open(world, subnet)
        for each in self.given["hotkeys"]:
            world[Accounts].create(key(each["coldkey"]), key(each["hotkey"]))
            world[Takes].delegates[key(each["hotkey"])] = each["take"]
        for subnet in self.given["subnets"]:
            self.seat(world, subnet)
        for hotkey, coldkey, netuid, amount in self.given["stakes"]:
            world[Shares].add(key(hotkey), key(coldkey), netuid, amount)
        self.link(world)
        self.fund(world)

    def open(self, world: World, subnet: dict[str, Any]) -> None:
        netuid, subnets, pools = subnet["netuid"], world[Subnets], world[Pools]
        settings = world[Hyperparameters]
        subnets.networks_added[netuid] = True
        subnets.subnet_mechanism[netuid] = subnet["mechanism"]
        subnets.first_emission_block_number[netuid] = subnet["first_emission"]
        subnets.subtoken_enabled[netuid] = True
        if subnet["owner_coldkey"]:
            subnets.subnet_owner[netuid] = key(subnet["owner_coldkey"])
            subnets.subnet_owner_hotkey[netuid] = key(subnet["owner_hotkey"])
        pools.subnet_tao[netuid] = subnet["tao"]
        pools.subnet_alpha_in[netuid] = subnet["alpha_in"]
        pools.subnet_alpha_out[netuid] = subnet["alpha_out"]
        pools.add_total_stake(subnet["tao"])
        world[Swap].open(netuid)
        world[Swap].set_weight(netuid, subnet["quote"])
        world[Prices].subnet_moving_price[netuid] = subnet["moving_x32"]
        world[SubnetEmission].subnet_emission_enabled[netuid] = subnet["emission_enabled"]
        world[Registration].burn[netuid] = subnet["burn"]
        world[EpochSchedule].last_epoch_block[netuid] = subnet["last_epoch"]
        settings.tempo[netuid] = subnet["tempo"]
        settings.recycle_or_burn[netuid] = RecycleOrBurn(subnet["recycle"])
        self.configure(settings, netuid, subnet["tempo"])

    def configure(self, settings: Hyperparameters, netuid: int, tempo: int) -> None:
        yuma = self.given["yuma"]
        settings.kappa[netuid] = yuma["kappa"]
        settings.bonds_penalty[netuid] = yuma["bonds_penalty"]
        settings.bonds_moving_average[netuid] = yuma["bonds_moving_average"]
        settings.max_allowed_validators[netuid] = yuma["max_allowed_validators"]
        settings.activity_cutoff_factor_milli[netuid] = -(-yuma["activity_cutoff"] * 1000 // tempo)
        settings.yuma3_on[netuid] = yuma["yuma3"]
        settings.commit_reveal_weights_enabled[netuid] = yuma["commit_reveal"]
        settings.liquid_alpha_on[netuid] = yuma["liquid_alpha"]

    def seat(self, world: World, subnet: dict[str, Any]) -> None:
        netuid, neurons = subnet["netuid"], world[Neurons]
        for hotkey in subnet["uids"]:
            neurons.append(netuid, key(hotkey))
        if subnet["uids"]:
            neurons.validator_permit[netuid] = tuple(subnet["validator_permit"])
            neurons.last_update[netuid] = tuple(subnet["last_update"])
            for uid, row in subnet["weights"]:
                world[VoteMatrix].weights[netuid, uid] = tuple(map(tuple, row))

    def link(self, world: World) -> None:
        weights = world[StakeWeights]
        for parent, netuid, child, proportion in self.given["children"]:
            weights.child_keys[key(parent), netuid] += ((proportion, key(child)),)
            weights.parent_keys[key(child), netuid] += ((proportion, key(parent)),)
        for hotkey, netuid, take in self.given["childkey_takes"]:
            weights.childkey_take[key(hotkey), netuid] = take
        for coldkey, netuid, hotkey in self.given["autostake"]:
            world[AutoStake].auto_stake_destination[key(coldkey), netuid] = key(hotkey)
        for coldkey in self.given["root_index"]:
            world[RootStakers].add(key(coldkey))
            world[RootClaims].root_claim_type[key(coldkey)] = CLAIM_TYPES[self.given["claim_types"][coldkey]]

    def fund(self, world: World) -> None:
        """All TAO that is not in a pool belongs to somebody outside."""
        rest = self.given["issuance"]
        for subnet in self.given["subnets"]:
            world[Balances].deposit(subnet_account(subnet["netuid"]), subnet["tao"])
            rest -= subnet["tao"]
        world[Balances].deposit(OUTSIDE, rest)
        world[Treasury].total_issuance.set(self.given["issuance"])
        world[Prices].subnet_moving_alpha.set(self.given["moving_alpha_x32"])
        assert self.given["max_epochs_per_block"] == world[EpochSchedule].max_epochs_per_block.get()


def make_call(world: World, call: dict[str, Any]) -> dict[str, Any]:
    """What the recorded call gives; its TAO comes from outside."""
    kind, netuid = call["call"], call.get("netuid", 0)
    if kind == "register_bump":
        world[Registration]._count(netuid, 0)
        return {"burn": world[Registration].burn[netuid]}
    hotkey, coldkey, amount = key(call["hotkey"]), key(call["coldkey"]), call["amount"]
    if kind != "buy":
        return {"tao": world[Staking].unstake(hotkey, coldkey, netuid, amount, call.get("limit", 1000))}
    return buy(world, call)


def buy(world: World, call: dict[str, Any]) -> dict[str, Any]:
    hotkey, coldkey = key(call["hotkey"]), key(call["coldkey"])
    netuid, amount, limit = call["netuid"], call["amount"], call["limit"]
    world[Balances].transfer(OUTSIDE, coldkey, amount + 500, keep_alive=True)
    try:
        with world.transaction():
            quote = world[Swap].buy(netuid, amount, limit)
            staked = world[Staking].stake(hotkey, coldkey, netuid, amount, limit)
    except DispatchFailed as refusal:
        assert isinstance(refusal.__cause__, SwapRefused)
        return {"refused": type(refusal).__name__}
    assert staked == quote.paid_out
    return {"paid_in": quote.paid_in, "paid_out": quote.paid_out, "fee": quote.fee}


def seen_subnet(world: World, netuid: int) -> dict[str, Any]:
    pools, emission, swap = world[Pools], world[SubnetEmission], world[Swap]
    seen = {
        "netuid": netuid,
        "tao": pools.subnet_tao[netuid],
        "alpha_in": pools.subnet_alpha_in[netuid],
        "alpha_out": pools.subnet_alpha_out[netuid],
        "volume": pools.subnet_volume[netuid],
    }
    if netuid == 0:
        return seen
    payout = world[Payout]
    return seen | {
        "quote": swap.swap_balancer[netuid].quote,
        "price_x64": swap.price(netuid),
        "moving_x32": world[Prices].subnet_moving_price[netuid],
        "root_proportion_x32": emission.root_prop[netuid],
        "tao_in_emission": emission.subnet_tao_in_emission[netuid],
        "alpha_in_emission": emission.subnet_alpha_in_emission[netuid],
        "alpha_out_emission": emission.subnet_alpha_out_emission[netuid],
        "excess_tao": emission.subnet_excess_tao[netuid],
        "protocol_alpha": pools.subnet_protocol_alpha[netuid],
        "pending_server": emission.pending_server_emission[netuid],
        "pending_validator": emission.pending_validator_emission[netuid],
        "pending_root": emission.pending_root_alpha_divs[netuid],
        "pending_owner": emission.pending_owner_cut[netuid],
        "miner_burned_x32": emission.miner_burned[netuid],
        "last_epoch": world[EpochSchedule].last_epoch_block[netuid],
        "burn": world[Registration].burn[netuid],
        "alpha_dividends": dict(named(payout.alpha_dividends_per_subnet.under(netuid))),
        "root_dividends": dict(named(payout.root_alpha_dividends_per_subnet.under(netuid))),
    }


def named(items: Any) -> Any:
    return ((name(account), value) for account, value in items)


def seen_pools(world: World) -> list[dict[str, Any]]:
    shares = world[Shares]
    owned: dict[tuple[bytes, int], dict[str, list[int]]] = {}
    for (hotkey, coldkey, netuid), share in shares.alpha_v2.items():
        owned.setdefault((hotkey, netuid), {})[name(coldkey)] = [share.mantissa, share.exponent]
    found = []
    for (hotkey, netuid), each in sorted(owned.items()):
        whole = shares.total_hotkey_shares_v2[hotkey, netuid]
        found.append(
            {
                "hotkey": name(hotkey),
                "netuid": netuid,
                "value": shares.total_hotkey_alpha[hotkey, netuid],
                "denominator": [whole.mantissa, whole.exponent],
                "shares": each,
            }
        )
    return found


def seen(world: World, block: int, netuids: list[int]) -> dict[str, Any]:
    claims = world[RootClaims]
    return {
        "block": block,
        "issuance": world[Treasury].total_issuance.get(),
        "total_stake": world[Pools].total_stake.get(),
        "subnets": [seen_subnet(world, netuid) for netuid in netuids],
        "share_pools": seen_pools(world),
        "root_claimable_x32": sorted(
            [name(hotkey), netuid, rate]
            for hotkey, rates in claims.root_claimable.items()
            for netuid, rate in rates.items()
        ),
        "root_claimed": sorted(
            [netuid, name(hotkey), name(coldkey), amount]
            for (netuid, hotkey, coldkey), amount in claims.root_claimed.items()
            if amount
        ),
    }


@pytest.fixture(scope="module")
def vector() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(VECTOR.read_text())
    return loaded


def test_every_recorded_state_is_reached_to_the_last_bit(
    make_chain: Callable[..., Any], vector: dict[str, Any]
) -> None:
    chain = make_chain(prepare=Recorded(vector["world"]).prepare)
    states = {state["block"]: without_accounts(state) for state in vector["states"]}
    calls: dict[int, list[dict[str, Any]]] = {}
    for each in vector["calls"]:
        calls.setdefault(each["call"]["block"], []).append(each)
    netuids = [subnet["netuid"] for subnet in vector["world"]["subnets"]]
    while True:
        for each in calls.get(chain.number, ()):
            assert make_call(chain.world, each["call"]) == each["result"]
        if chain.number in states:
            assert seen(chain.world, chain.number, netuids) == states[chain.number]
        if chain.number == max(states):
            break
        chain.advance()


def without_accounts(state: dict[str, Any]) -> dict[str, Any]:
    """The recorded caller of a buy with a limit keeps what the limit left out; ours paid it in before."""
    return state | {
        "subnets": [
            {field: value for field, value in subnet.items() if field != "account"}
            for subnet in state["subnets"]
        ]
    }
