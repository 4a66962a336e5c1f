"""A world of three subnets stepped for 400 blocks with this package alone: who calls what in which order."""

from dataclasses import dataclass, field, replace
from hashlib import sha256

import pytest

from ganglion.economy.decimal_float import ZERO
from ganglion.economy.emission import block_emission
from ganglion.economy.errors import SwapRefused
from ganglion.economy.fractions import fraction_u64
from ganglion.economy.injection import emission_terms, inject, root_proportion
from ganglion.economy.parent_share import ChildTerms, Parent, self_contribution, split_dividend
from ganglion.economy.payout import (
    DividendClaim,
    Pots,
    distribute_pots,
    split_block,
    split_take,
    withheld_proportion,
)
from ganglion.economy.pool import Pool
from ganglion.economy.prices import Smoothing, moving_price
from ganglion.economy.registration_cost import BurnBounds, burn_after_registration, burn_at_block
from ganglion.economy.root_claim import (
    auto_claim_indices,
    claimed_after_staking,
    claimed_after_unstaking,
    owed,
    payable,
    rate_after,
)
from ganglion.economy.schedule import EpochClock, due_epochs
from ganglion.economy.share_pool import SharePool
from ganglion.economy.stake_weight import inherited_stake, stake_weight
from ganglion.economy.subnet_shares import SubnetStanding, root_may_sell, subnet_emissions
from ganglion.economy.swap import DEFAULT_FEE_RATE_U16, buy, sell
from ganglion.fixed import I96F32

ROOT = 0
BURN_BOUNDS = BurnBounds(500_000, 100 * 10**9)
HALF_LIFE = 360
MULTIPLIER = 23242897532874035200


@dataclass
class Subnet:
    netuid: int
    pool: Pool
    alpha_out: int
    owner_coldkey: str
    owner_hotkey: str
    clock: EpochClock
    first_emission: int
    moving: int
    burn: int
    recycle: bool
    uids: list
    volume: int = 0
    protocol_alpha: int = 0
    miner_burned: int = 0
    root_proportion: int = 0
    pots: Pots = field(default_factory=Pots)
    emission: dict = field(default_factory=dict)
    alpha_dividends: dict = field(default_factory=dict)
    root_dividends: dict = field(default_factory=dict)

    @classmethod
    def of(cls, given):
        return cls(
            given["netuid"],
            Pool(given["tao"], given["alpha_in"], given["quote"]),
            given["alpha_out"],
            given["owner_coldkey"],
            given["owner_hotkey"],
            EpochClock(given["tempo"], given["last_epoch"]),
            given["first_emission"],
            given["moving_x32"],
            given["burn"],
            given["recycle"],
            given["uids"],
        )

    @property
    def alpha_issuance(self):
        return self.pool.alpha + self.alpha_out

    def bought(self, swap, tao):
        self.pool, self.volume = swap.pool, self.volume + tao
        self.alpha_out += swap.paid_out

    def sold(self, swap):
        self.pool, self.volume = swap.pool, self.volume + swap.paid_out
        self.alpha_out -= swap.paid_in


class World:
    def __init__(self, given, epochs):
        self.given = given
        self.epochs = {(int(netuid), each["block"]): each for netuid, runs in epochs.items() for each in runs}
        self.issuance = given["issuance"]
        subnets = [Subnet.of(each) for each in given["subnets"]]
        self.root, self.subnets = subnets[0], subnets[1:]
        self.total_stake = sum(subnet.pool.tao for subnet in subnets)
        self.tao_weight = fraction_u64(given["tao_weight"])
        self.hotkeys = {each["hotkey"]: each for each in given["hotkeys"]}
        self.childkey_takes = {(hotkey, netuid): take for hotkey, netuid, take in given["childkey_takes"]}
        self.autostake = {(coldkey, netuid): hotkey for coldkey, netuid, hotkey in given["autostake"]}
        self.pools, self.shares = {}, {}
        self.rates, self.claimed = {}, {}
        for hotkey, coldkey, netuid, amount in given["stakes"]:
            self.add_stake(hotkey, coldkey, netuid, amount)

    # -- stake ------------------------------------------------------------------------

    def stake_of(self, hotkey, netuid):
        return self.pools.get((hotkey, netuid), SharePool()).value

    def held(self, hotkey, coldkey, netuid):
        pool = self.pools.get((hotkey, netuid), SharePool())
        return pool.stake(self.shares.get((hotkey, netuid, coldkey), ZERO))

    def add_stake(self, hotkey, coldkey, netuid, amount):
        self._move_stake(SharePool.add, hotkey, coldkey, netuid, amount)

    def remove_stake(self, hotkey, coldkey, netuid, amount):
        self._move_stake(SharePool.remove, hotkey, coldkey, netuid, amount)

    def _move_stake(self, move, hotkey, coldkey, netuid, amount):
        pool = self.pools.get((hotkey, netuid), SharePool())
        share = self.shares.pop((hotkey, netuid, coldkey), ZERO)
        self.pools[hotkey, netuid], share = move(pool, share, amount)
        if share:
            self.shares[hotkey, netuid, coldkey] = share

    def settle_root(self, rule, hotkey, coldkey, amount):
        for (who, netuid), rate in self.rates.items():
            if who == hotkey:
                key = netuid, hotkey, coldkey
                self.claimed[key] = rule(self.claimed.get(key, 0), rate, amount)

    def lent(self, hotkey, netuid):
        return [part for parent, on, _, part in self.given["children"] if (parent, on) == (hotkey, netuid)]

    def parents(self, hotkey, netuid):
        links = self.given["children"]
        return [(parent, part) for parent, on, child, part in links if (child, on) == (hotkey, netuid)]

    # -- one block --------------------------------------------------------------------

    def step(self, now):
        for subnet in (self.root, *self.subnets):
            subnet.burn = burn_at_block(subnet.burn, HALF_LIFE, now, BURN_BOUNDS)
        self.emit()
        clocks = [(subnet.netuid, subnet.clock) for subnet in self.subnets]
        due, deferred = due_epochs(clocks, now, self.given["max_epochs_per_block"])
        for subnet in self.subnets:
            if subnet.netuid in deferred:
                subnet.clock = replace(subnet.clock, trigger=now + 1)
            if subnet.netuid in due:
                subnet.clock = replace(subnet.clock, last_epoch=now, trigger=0)
                self.pay_out(subnet, self.epochs[subnet.netuid, now])
        for subnet in self.subnets:
            subnet.moving = self.moving(subnet, now)
            subnet.root_proportion = self.proportion(subnet)
        self.claim_automatically(now)

    def moving(self, subnet, now):
        smoothing = Smoothing(self.given["moving_alpha_x32"])
        return moving_price(subnet.moving, subnet.pool.price, now, subnet.first_emission, smoothing)

    def proportion(self, subnet):
        return root_proportion(self.root.pool.tao, self.tao_weight, subnet.alpha_issuance)

    def emit(self):
        emission = block_emission(self.issuance)
        standings = [SubnetStanding(subnet.moving, subnet.miner_burned) for subnet in self.subnets]
        selling = root_may_sell([subnet.moving for subnet in self.subnets])
        all_terms = [
            emission_terms(tao, subnet.pool.price, subnet.alpha_issuance, self.proportion(subnet))
            for subnet, tao in zip(self.subnets, subnet_emissions(emission, standings), strict=True)
        ]
        for subnet, terms in zip(self.subnets, all_terms, strict=True):
            done = inject(subnet.pool, terms)
            subnet.pool = done.pool
            subnet.alpha_out += done.alpha_bought
            subnet.protocol_alpha += done.alpha_bought
            subnet.volume += done.excess_bought_with
            self.total_stake += done.tao_spent
            self.issuance += done.tao_spent
            subnet.emission = {
                "tao_in_emission": done.tao_in,
                "alpha_in_emission": done.alpha_in,
                "alpha_out_emission": terms.alpha_out >> 32,
                "excess_tao": done.excess_bought_with,
            }
        for subnet, terms in zip(self.subnets, all_terms, strict=True):
            subnet.alpha_out += terms.alpha_out >> 32
            pots = split_block(terms.alpha_out, self.given["owner_cut"], self.proportion(subnet))
            if not selling:
                subnet.alpha_out -= pots.root
                pots = replace(pots, root=0)
            subnet.pots += pots

    # -- epochs -----------------------------------------------------------------------

    def pay_out(self, subnet, epoch):
        pots, subnet.pots = subnet.pots, Pots()
        assert pots.budget == epoch["emission"]
        assert [self.weight(hotkey, subnet.netuid) for hotkey in subnet.uids] == epoch["stake_weight_x64"]
        incentives = {hotkey: server for hotkey, server, _ in epoch["payouts"]}
        weights = self.dividend_weights(subnet, epoch["payouts"])
        claims = [
            DividendClaim(weight, self.stake_of(hotkey, subnet.netuid), self.stake_of(hotkey, ROOT))
            for hotkey, weight in weights.items()
        ]
        pot = pots.validator_pot(sum(incentives.values()))
        dividends = distribute_pots(claims, pot, pots.root, self.tao_weight)
        self.add_stake(subnet.owner_hotkey, subnet.owner_coldkey, subnet.netuid, pots.owner)
        self.pay_miners(subnet, incentives)
        subnet.alpha_dividends, subnet.root_dividends = {}, {}
        for hotkey, dividend in zip(weights, dividends, strict=True):
            rest = self.pay_take(subnet.netuid, hotkey, dividend.alpha)
            key = hotkey, subnet.netuid
            self.pools[key] = self.pools.get(key, SharePool()).pay_dividend(rest)
            subnet.alpha_dividends[hotkey] = rest
        for hotkey, dividend in zip(weights, dividends, strict=True):
            rest = self.pay_take(subnet.netuid, hotkey, dividend.root)
            self.credit_root(hotkey, subnet.netuid, rest)
            subnet.root_dividends[hotkey] = rest

    def weight(self, hotkey, netuid):
        alpha, root = (
            inherited_stake(
                self.stake_of(hotkey, on),
                self.lent(hotkey, netuid),
                [(self.stake_of(parent, on), part) for parent, part in self.parents(hotkey, netuid)],
            )
            for on in (netuid, ROOT)
        )
        return stake_weight(alpha, root, self.tao_weight)

    def dividend_weights(self, subnet, payouts):
        weights = {}
        for hotkey, _, dividend in payouts:
            split, parents = self.split(subnet.netuid, hotkey, dividend)
            for parent, part in zip(parents, split.parents, strict=True):
                weights[parent] = weights.get(parent, 0) + part
            weights[hotkey] = weights.get(hotkey, 0) + split.own
            subnet.alpha_out -= split.recycled
        return dict(sorted(weights.items()))

    def split(self, netuid, hotkey, dividend):
        owner = self.hotkeys[hotkey]["coldkey"]
        parents = self.parents(hotkey, netuid)
        family = [
            Parent(
                self.stake_of(parent, netuid),
                self.stake_of(parent, ROOT),
                part,
                self.hotkeys[parent]["coldkey"] == owner,
            )
            for parent, part in parents
        ]
        take = self.childkey_takes.get((hotkey, netuid), 0)
        terms = ChildTerms(take, self.given["childkey_burn"], self.tao_weight)
        alpha, root = self.stake_of(hotkey, netuid), self.stake_of(hotkey, ROOT)
        own = self_contribution(alpha, root, self.lent(hotkey, netuid), self.tao_weight)
        return split_dividend(dividend, own, family, terms), [parent for parent, _ in parents]

    def pay_miners(self, subnet, incentives):
        withheld = 0
        for hotkey, incentive in sorted(incentives.items()):
            coldkey = self.hotkeys[hotkey]["coldkey"]
            if coldkey == subnet.owner_coldkey:
                withheld += incentive
                subnet.alpha_out -= incentive if subnet.recycle else 0
            else:
                destination = self.autostake.get((coldkey, subnet.netuid), hotkey)
                self.add_stake(destination, coldkey, subnet.netuid, incentive)
        subnet.miner_burned = withheld_proportion(withheld, sum(incentives.values()))

    def pay_take(self, netuid, hotkey, amount):
        take, rest = split_take(amount, self.hotkeys[hotkey]["take"])
        self.add_stake(hotkey, self.hotkeys[hotkey]["coldkey"], netuid, take)
        return rest

    def credit_root(self, hotkey, netuid, amount):
        rate = rate_after(self.rates.get((hotkey, netuid), 0), amount, self.stake_of(hotkey, ROOT))
        if rate is None:
            self.add_stake(hotkey, self.hotkeys[hotkey]["coldkey"], netuid, amount)
        else:
            self.rates[hotkey, netuid] = rate

    # -- claims and calls -------------------------------------------------------------

    def claim_automatically(self, now):
        stakers = self.given["root_index"]
        # The world names the hash by the block that reads it, not by the parent that has it.
        parent_hash = sha256(str(now).encode()).digest()
        for index in auto_claim_indices(parent_hash, self.given["claims_per_block"], len(stakers)):
            coldkey = stakers[index]
            for hotkey in dict.fromkeys(who for who, cold, *_ in self.given["stakes"] if cold == coldkey):
                for subnet in self.subnets:
                    if (hotkey, subnet.netuid) in self.rates:
                        self.claim(subnet, hotkey, coldkey)

    def claim(self, subnet, hotkey, coldkey):
        key = subnet.netuid, hotkey, coldkey
        due = owed(
            self.rates[hotkey, subnet.netuid], self.held(hotkey, coldkey, ROOT), self.claimed.get(key, 0)
        )
        amount = payable(due, I96F32.from_int(self.given["claim_threshold"]))
        if not amount:
            return
        if self.given["claim_types"][coldkey] == "swap":
            swap = sell(subnet.pool, amount)
            subnet.sold(swap)
            self.add_stake(hotkey, coldkey, ROOT, swap.paid_out)
            self.root.pool = self.root.pool.with_liquidity(swap.paid_out, 0)
            self.root.alpha_out += swap.paid_out
            self.settle_root(claimed_after_staking, hotkey, coldkey, swap.paid_out)
        else:
            self.add_stake(hotkey, coldkey, subnet.netuid, amount)
        self.claimed[key] = self.claimed.get(key, 0) + amount

    def call(self, call):
        return getattr(self, call["call"])(call)

    def buy(self, call):
        subnet = self.subnets[call["netuid"] - 1]
        try:
            swap = buy(subnet.pool, call["amount"], call["limit"], DEFAULT_FEE_RATE_U16)
        except SwapRefused as refusal:
            return {"refused": type(refusal).__name__}
        subnet.bought(swap, call["amount"])
        self.total_stake += call["amount"]
        self.add_stake(call["hotkey"], call["coldkey"], subnet.netuid, swap.paid_out)
        return {"paid_in": swap.paid_in, "paid_out": swap.paid_out, "fee": swap.fee}

    def sell(self, call):
        subnet = self.subnets[call["netuid"] - 1]
        self.remove_stake(call["hotkey"], call["coldkey"], subnet.netuid, call["amount"])
        swap = sell(subnet.pool, call["amount"], call["limit"], DEFAULT_FEE_RATE_U16)
        subnet.sold(swap)
        self.total_stake -= swap.paid_out
        return {"tao": swap.paid_out}

    def unstake_root(self, call):
        hotkey, coldkey, amount = call["hotkey"], call["coldkey"], call["amount"]
        self.remove_stake(hotkey, coldkey, ROOT, amount)
        self.root.pool = replace(
            self.root.pool, tao=self.root.pool.tao - amount, alpha=self.root.pool.alpha + amount
        )
        self.root.alpha_out -= amount
        self.root.volume += amount
        self.total_stake -= amount
        self.settle_root(claimed_after_unstaking, hotkey, coldkey, amount)
        return {"tao": amount}

    def register_bump(self, call):
        subnet = self.subnets[call["netuid"] - 1]
        subnet.burn = burn_after_registration(subnet.burn, MULTIPLIER, BURN_BOUNDS)
        return {"burn": subnet.burn}

    # -- what is compared -------------------------------------------------------------

    def seen(self, now):
        return {
            "block": now,
            "issuance": self.issuance,
            "total_stake": self.total_stake,
            "subnets": [seen_pool(self.root), *map(seen_subnet, self.subnets)],
            "share_pools": [
                {
                    "hotkey": hotkey,
                    "netuid": netuid,
                    "value": pool.value,
                    "denominator": [pool.denominator.mantissa, pool.denominator.exponent],
                    "shares": {
                        key[2]: [share.mantissa, share.exponent]
                        for key, share in self.shares.items()
                        if key[:2] == (hotkey, netuid)
                    },
                }
                for (hotkey, netuid), pool in sorted(self.pools.items())
                if pool.value or pool.denominator
            ],
            "root_claimable_x32": [[*key, rate] for key, rate in sorted(self.rates.items())],
            "root_claimed": [[*key, amount] for key, amount in sorted(self.claimed.items()) if amount],
        }


def seen_pool(subnet):
    return {
        "netuid": subnet.netuid,
        "tao": subnet.pool.tao,
        "alpha_in": subnet.pool.alpha,
        "alpha_out": subnet.alpha_out,
        "account": subnet.pool.tao,
        "volume": subnet.volume,
    }


def seen_subnet(subnet):
    return (
        seen_pool(subnet)
        | subnet.emission
        | {
            "quote": subnet.pool.quote,
            "price_x64": subnet.pool.price,
            "moving_x32": subnet.moving,
            "root_proportion_x32": subnet.root_proportion,
            "protocol_alpha": subnet.protocol_alpha,
            "pending_server": subnet.pots.server,
            "pending_validator": subnet.pots.validator,
            "pending_root": subnet.pots.root,
            "pending_owner": subnet.pots.owner,
            "miner_burned_x32": subnet.miner_burned,
            "last_epoch": subnet.clock.last_epoch,
            "burn": subnet.burn,
            "alpha_dividends": subnet.alpha_dividends,
            "root_dividends": subnet.root_dividends,
        }
    )


@pytest.fixture(scope="module")
def run(vectors):
    """(what was seen after each listed block, results of the calls)."""
    given = vectors("economy/world.json")
    world = World(given["world"], given["epochs"])
    listed = {state["block"] for state in given["states"]}
    seen, results = {}, []
    for now in range(1, max(listed) + 1):
        world.step(now)
        results += [world.call(call) for call in given["world"]["calls"] if call["block"] == now]
        if now in listed:
            seen[now] = world.seen(now)
    return seen, results


def test_every_listed_state_of_the_world_matches(vectors, run):
    for state in vectors("economy/world.json")["states"]:
        mine = run[0][state["block"]]
        for part, expected in state.items():
            assert mine[part] == expected, (state["block"], part)


def test_every_call_gives_its_published_result(vectors, run):
    assert run[1] == [call["result"] for call in vectors("economy/world.json")["calls"]]
