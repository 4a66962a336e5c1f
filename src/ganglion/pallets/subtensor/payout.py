"""Payout: how an epoch's alpha reaches the owner, miners, validators and their stakers.

Order matters, since each payment changes the stakes that the next is divided by: the owner's cut; miners
in order of hotkey; per hotkey the take and then the dividend of its alpha stakers; the same for root's.
Source: subtensor pallets/subtensor/src/coinbase/run_coinbase.rs.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.economy.parent_share import (
    ChildTerms,
    DividendSplit,
    Parent,
    self_contribution,
    split_dividend,
)
from ganglion.economy.payout import (
    DividendClaim,
    Dividends,
    Pots,
    distribute_pots,
    split_take,
    withheld_proportion,
)
from ganglion.fixed import U96F32
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid
from ganglion.frame.storage import StorageDoubleMap, storage
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.auto_stake import AutoStake
from ganglion.pallets.subtensor.childkey_takes import ChildkeyTakes
from ganglion.pallets.subtensor.collateral import Collateral
from ganglion.pallets.subtensor.epoch import Epoch
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.leasing import Leasing
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_weight import Links, StakeWeights
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.types import ROOT_NETUID, RecycleOrBurn
from ganglion.scale.types import AccountId

NO_DIVIDENDS = Dividends(0, 0)


class Payout(Section):
    """Divides the pots of a subnet by what its epoch found. Amounts in alpha-rao."""

    subnets: Subnets
    hyperparameters: Hyperparameters
    neurons: Neurons
    epoch: Epoch
    accounts: Accounts
    takes: Takes
    childkey_takes: ChildkeyTakes
    auto_stake: AutoStake
    shares: Shares
    pools: Pools
    stake_weights: StakeWeights
    subnet_emission: SubnetEmission
    root_claims: RootClaims
    locks: Locks
    leasing: Leasing
    collateral: Collateral

    # netuid, hotkey -> dividend of its alpha stakers, and of its root stakers, in the last epoch.
    alpha_dividends_per_subnet: StorageDoubleMap[NetUid, AccountId, AlphaBalance] = storage(
        Identity, Blake2_128Concat, default=0
    )
    root_alpha_dividends_per_subnet: StorageDoubleMap[NetUid, AccountId, AlphaBalance] = storage(
        Identity, Blake2_128Concat, default=0
    )
    # hotkey, netuid -> its alpha after its last dividend.
    total_hotkey_alpha_last_epoch: StorageDoubleMap[AccountId, NetUid, AlphaBalance] = storage(
        Blake2_128Concat, Identity, default=0
    )

    def run_epoch(self, netuid: int, pots: Pots) -> None:
        """Run a subnet's epoch and pay its pots out."""
        payouts = self.epoch.run(netuid, pots.budget)
        outside = self.pools.subnet_alpha_out[netuid]
        incentives = {hotkey: server for hotkey, server, _ in payouts}
        weights = self._dividend_weights(netuid, {hotkey: dividend for hotkey, _, dividend in payouts})
        # The real chain pays the whole pots all the same, and so more alpha than there is.
        left = pots.without(outside - self.pools.subnet_alpha_out[netuid])
        dividends = self._distribute(netuid, weights, left, sum(incentives.values()))
        self._pay_owner(netuid, pots.owner)
        self._pay_miners(netuid, incentives)
        self._pay_alpha_stakers(netuid, dividends)
        self._pay_root_stakers(netuid, dividends)

    def move_hotkey_stake(self, old: bytes, new: bytes, netuid: int) -> None:
        """Add what is recorded of a hotkey's last dividend to another's."""
        before = self.total_hotkey_alpha_last_epoch.take((old, netuid))
        if before:
            self.total_hotkey_alpha_last_epoch[new, netuid] += before
        dividend = self.alpha_dividends_per_subnet.take((netuid, old))
        if dividend:
            self.alpha_dividends_per_subnet[netuid, new] += dividend

    def _dividend_weights(self, netuid: int, dividends: Mapping[bytes, int]) -> dict[bytes, int]:
        """Dividends after parents had their parts, by hotkey in ascending order."""
        weights: dict[bytes, int] = {}
        for hotkey, dividend in dividends.items():
            own = dividend
            if links := self.stake_weights.parents_of(hotkey, netuid):
                split = self._split(netuid, hotkey, dividend, links)
                for (_, parent), part in zip(links, split.parents, strict=True):
                    weights[parent] = weights.get(parent, 0) + part
                self.pools.add_alpha_out(netuid, -split.recycled)
                own = split.own
            weights[hotkey] = weights.get(hotkey, 0) + own
        return dict(sorted(weights.items()))

    def _split(self, netuid: int, hotkey: bytes, dividend: int, to_parents: Links) -> DividendSplit:
        links, tao_weight = self.stake_weights, self.stake_weights.tao_weight()
        owner = self.accounts.owner_of(hotkey)
        parents = [
            Parent(*self._stakes(parent, netuid), proportion, self.accounts.owner_of(parent) == owner)
            for proportion, parent in to_parents
        ]
        lent = [proportion for proportion, _ in links.children_of(hotkey, netuid)]
        own = self_contribution(*self._stakes(hotkey, netuid), lent, tao_weight)
        terms = ChildTerms(self.childkey_takes.of(hotkey, netuid), links.ck_burn.get(), tao_weight)
        return split_dividend(dividend, own, parents, terms)

    def _distribute(
        self, netuid: int, weights: Mapping[bytes, int], pots: Pots, all_incentives: int
    ) -> dict[bytes, Dividends]:
        claims = {
            hotkey: DividendClaim(weight, *self._stakes(hotkey, netuid))
            for hotkey, weight in weights.items()
            if weight
        }
        dividends = distribute_pots(
            tuple(claims.values()),
            pots.validator_pot(all_incentives),
            pots.root,
            self.stake_weights.tao_weight(),
        )
        return dict.fromkeys(weights, NO_DIVIDENDS) | dict(zip(claims, dividends, strict=True))

    def _stakes(self, hotkey: bytes, netuid: int) -> tuple[int, int]:
        return self.shares.of_hotkey(hotkey, netuid), self.shares.of_hotkey(hotkey, ROOT_NETUID)

    def _pay_owner(self, netuid: int, amount: int) -> None:
        if netuid in self.subnets.subnet_owner and netuid in self.subnets.subnet_owner_hotkey:
            hotkey, coldkey = self.subnets.subnet_owner_hotkey[netuid], self.subnets.subnet_owner[netuid]
            self.shares.add(hotkey, coldkey, netuid, amount)
            self.locks.lock_owner_cut(netuid, self.leasing.retained(netuid, amount))
            self.leasing.distribute(netuid, amount)

    def _pay_miners(self, netuid: int, incentives: Mapping[bytes, int]) -> None:
        """Stake each miner's pay for its owner; the subnet owner's own miners get nothing."""
        owners = self._owner_hotkeys(netuid)
        recycles = self.hyperparameters.recycle_or_burn[netuid] is RecycleOrBurn.Recycle
        withheld = 0
        for hotkey, incentive in sorted(incentives.items()):
            if hotkey in owners:
                withheld += incentive
                if recycles:
                    self.pools.add_alpha_out(netuid, -incentive)
            else:
                self._pay_miner(netuid, hotkey, incentive)
        proportion = withheld_proportion(withheld, sum(incentives.values()))
        self.subnet_emission.miner_burned[netuid] = proportion

    def _pay_miner(self, netuid: int, hotkey: bytes, incentive: int) -> None:
        captured = self.collateral.settle(netuid, hotkey, incentive, incentive)
        if captured == 0 or captured < incentive:
            self.auto_stake.pay(netuid, hotkey, incentive - captured)

    def _owner_hotkeys(self, netuid: int) -> frozenset[bytes]:
        owned = self.accounts.owned_hotkeys[self.subnets.subnet_owner[netuid]]
        chosen = self.subnets.subnet_owner_hotkey[netuid]
        return frozenset(
            hotkey for hotkey in (*owned, chosen) if self.neurons.uid(netuid, hotkey) is not None
        )

    def _pay_alpha_stakers(self, netuid: int, dividends: Mapping[bytes, Dividends]) -> None:
        _keep_only(self.alpha_dividends_per_subnet, netuid, dividends)
        for hotkey, dividend in dividends.items():
            rest = self._pay_take(netuid, hotkey, dividend.alpha)
            self.shares.pay_dividend(hotkey, netuid, rest)
            self.alpha_dividends_per_subnet[netuid, hotkey] = rest
            self.total_hotkey_alpha_last_epoch[hotkey, netuid] = self.shares.of_hotkey(hotkey, netuid)

    def _pay_root_stakers(self, netuid: int, dividends: Mapping[bytes, Dividends]) -> None:
        _keep_only(self.root_alpha_dividends_per_subnet, netuid, dividends)
        for hotkey, dividend in dividends.items():
            rest = self._pay_take(netuid, hotkey, dividend.root)
            self.root_claims.credit(hotkey, netuid, rest)
            self.root_alpha_dividends_per_subnet[netuid, hotkey] = rest

    def _pay_take(self, netuid: int, hotkey: bytes, amount: int) -> int:
        """Stake the take of `amount` (U96F32) for the hotkey's owner; the rest, in alpha-rao."""
        take, rest = split_take(amount, self.takes.delegates[hotkey]) if amount else (0, 0)
        take -= self.collateral.settle(netuid, hotkey, U96F32.to_u64(amount), take)
        self.shares.add(hotkey, self.accounts.owner_of(hotkey), netuid, take)
        return rest


def _keep_only(
    records: StorageDoubleMap[NetUid, AccountId, AlphaBalance], netuid: int, hotkeys: Container[bytes]
) -> None:
    """Drop a subnet's records of others; those of `hotkeys` are written anew, and most stay as they are."""
    for hotkey in records.keys_under(netuid):
        if hotkey not in hotkeys:
            del records[netuid, hotkey]
