"""Subnet emission: the block reward on its way to subnets.

Each started subnet's part of the TAO becomes liquidity of its pool, up to a cap, and buys alpha with the
rest. As much alpha as its own curve allows is minted besides, and gathered in four pots until its
next epoch. TAO that no subnet can use is not minted.
Source: subtensor pallets/subtensor/src/coinbase/{run_coinbase,subnet_emissions,block_step}.rs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ganglion.crypto.hashing import Identity
from ganglion.economy.emission_gate import (
    BAR_INTERVAL,
    DEFAULT_EXPONENT,
    DEFAULT_QUANTILE,
    DEFAULT_RANK,
    emission_bar,
    gated_shares,
)
from ganglion.economy.injection import EmissionTerms, emission_terms, inject, root_proportion
from ganglion.economy.payout import DEFAULT_OWNER_CUT_U16, Pots, split_block
from ganglion.economy.pool import STABLE_PRICE, Pool
from ganglion.economy.subnet_shares import SubnetStanding, emission_shares, root_may_sell, subnet_emissions
from ganglion.fixed import U96F32
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import AlphaBalance, NetUid, TaoBalance
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.fixed_point import U64F64Raw, U96F32Raw
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.tao_flows import TaoFlows
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.pallets.swap import Swap
from ganglion.pallets.system import System
from ganglion.scale.types import u16


class SubnetEmission(Section):
    """Shares, injections and pots. Amounts in rao and alpha-rao."""

    system: System
    subnets: Subnets
    hyperparameters: Hyperparameters
    swap: Swap
    pools: Pools
    shares: Shares
    prices: Prices
    treasury: Treasury
    tao_flows: TaoFlows
    stake_weights: StakeWeights

    # netuid -> whether it takes part in the block's TAO. Its alpha is minted all the same.
    subnet_emission_enabled: StorageMap[NetUid, bool] = storage(Identity, default=True)
    # Part of all alpha minted that goes to a subnet's owner, in parts of 65,535.
    subnet_owner_cut: StorageValue[u16] = storage(default=DEFAULT_OWNER_CUT_U16)
    owner_cut_enabled: StorageMap[NetUid, bool] = storage(Identity, default=True)
    # netuid -> part of the last epoch's incentives that fell to the owner's own miners.
    miner_burned: StorageMap[NetUid, U96F32Raw] = storage(Identity, default=0)
    # netuid -> root's TAO, weighted, against all alpha; as of the end of the last block.
    root_prop: StorageMap[NetUid, U96F32Raw] = storage(Identity, default=0)

    # The gate: off until root has set one of its three settings, whatever their defaults say.
    emission_bar_rank: StorageValue[u16] = storage(default=DEFAULT_RANK)
    emission_bar_quantile: StorageValue[U64F64Raw] = storage(default=DEFAULT_QUANTILE)
    emission_gate_exponent: StorageValue[U64F64Raw] = storage(default=DEFAULT_EXPONENT)
    # The bar in force as a share; 0: none.
    emission_gate_bar: StorageValue[U64F64Raw] = storage(default=0)

    # netuid -> what the last block put in or minted.
    subnet_tao_in_emission: StorageMap[NetUid, TaoBalance] = storage(Identity, default=0)
    subnet_excess_tao: StorageMap[NetUid, TaoBalance] = storage(Identity, default=0)
    subnet_alpha_in_emission: StorageMap[NetUid, AlphaBalance] = storage(Identity, default=0)
    subnet_alpha_out_emission: StorageMap[NetUid, AlphaBalance] = storage(Identity, default=0)

    # netuid -> alpha-rao waiting for the next epoch.
    pending_server_emission: StorageMap[NetUid, AlphaBalance] = storage(Identity, default=0)
    pending_validator_emission: StorageMap[NetUid, AlphaBalance] = storage(Identity, default=0)
    pending_root_alpha_divs: StorageMap[NetUid, AlphaBalance] = storage(Identity, default=0)
    pending_owner_cut: StorageMap[NetUid, AlphaBalance] = storage(Identity, default=0)

    initial_subnet_owner_cut: u16 = constant(DEFAULT_OWNER_CUT_U16)

    def emitting(self) -> tuple[int, ...]:
        """The subnets that are started and open, in order of storage key."""
        return tuple(
            netuid
            for netuid in self.subnets.netuids()
            if netuid != ROOT_NETUID
            and self.subnets.first_emission_block_number[netuid] is not None
            and self.subnets.subtoken_enabled[netuid]
            and self.hyperparameters.network_registration_allowed[netuid]
        )

    def emit_block(self, reward: int) -> None:
        """Give each subnet its part of `reward` rao, and mint its alpha."""
        netuids = self.emitting()
        standings = [self._standing(netuid) for netuid in netuids]
        emissions = subnet_emissions(reward, standings, self._gated(emission_shares(standings)))
        root_sells = root_may_sell([standing.moving_price for standing in standings])
        pools = [self.swap.pool(netuid) for netuid in netuids]
        # All terms before the first injection: one subnet's must not depend on another's.
        proportions = self.root_proportions(netuids)
        terms = [self._terms(*each) for each in zip(netuids, pools, emissions, proportions, strict=True)]
        self.pools.add_total_stake(sum(map(self._inject, netuids, pools, terms)))
        for netuid, each in zip(netuids, terms, strict=True):
            self._mint(netuid, U96F32.to_u64(each.alpha_out))
        for netuid, each, proportion in zip(netuids, terms, self.root_proportions(netuids), strict=True):
            self._gather(netuid, each.alpha_out, proportion, root_sells)

    def take_pots(self, netuid: int) -> Pots:
        """The pots of a subnet, which are emptied."""
        return Pots(
            owner=self.pending_owner_cut.take(netuid),
            server=self.pending_server_emission.take(netuid),
            validator=self.pending_validator_emission.take(netuid),
            root=self.pending_root_alpha_divs.take(netuid),
        )

    def root_proportion(self, netuid: int) -> int:
        """Root's weighted TAO against itself and the subnet's alpha, as raw U96F32."""
        return self.root_proportions((netuid,))[0]

    def root_proportions(self, netuids: Iterable[int]) -> list[int]:
        """As `root_proportion`, of several subnets."""
        tao, weight = self.pools.subnet_tao[ROOT_NETUID], self.stake_weights.tao_weight()
        return [root_proportion(tao, weight, self.pools.alpha_issuance(netuid)) for netuid in netuids]

    def try_state(self) -> None:
        """No more alpha is staked, waits or is the protocol's than is outside the pool."""
        for netuid in self.subnets.netuids():
            accounted = (
                self.shares.total_alpha_staked[netuid]
                + self.pools.subnet_protocol_alpha[netuid]
                + self.pending_owner_cut[netuid]
                + self.pending_server_emission[netuid]
                + self.pending_validator_emission[netuid]
                + self.pending_root_alpha_divs[netuid]
            )
            outside = self.pools.subnet_alpha_out[netuid]
            if accounted > outside:
                raise InvariantBroken(f"subnet {netuid}: {accounted} alpha-rao of {outside} have a holder")

    def _gated(self, shares: tuple[int, ...]) -> tuple[int, ...]:
        """Shares behind the gate; they set a new bar where there is none or it has stood long enough."""
        exponent = self.emission_gate_exponent
        if not any(item.exists() for item in (self.emission_bar_rank, self.emission_bar_quantile, exponent)):
            return shares
        if not self.emission_gate_bar.get() or self.system.number.get() % BAR_INTERVAL == 0:
            rank, quantile = self.emission_bar_rank.get(), self.emission_bar_quantile.get()
            self.emission_gate_bar.set(emission_bar(shares, rank, quantile))
        return gated_shares(shares, self.emission_gate_bar.get(), exponent.get())

    def _standing(self, netuid: int) -> SubnetStanding:
        return SubnetStanding(
            self.prices.moving(netuid), self.miner_burned[netuid], self.subnet_emission_enabled[netuid]
        )

    def _terms(self, netuid: int, pool: Pool, tao: int, proportion: int) -> EmissionTerms:
        price = pool.price if self.swap.has_pool(netuid) else STABLE_PRICE
        return emission_terms(tao, price, self.pools.alpha_issuance(netuid), proportion)

    def _inject(self, netuid: int, pool: Pool, terms: EmissionTerms) -> int:
        """Put a subnet's TAO into its pool; how much it was, in rao."""
        done = inject(pool, terms)
        if not self.treasury.mint(netuid, done.tao_spent):
            return 0
        put_in = done.excess_bought_with + done.tao_in
        self.swap.set_weight(netuid, done.pool.quote)
        self.pools.replace_reserves(netuid, done.pool)
        self.pools.add_alpha_out(netuid, done.alpha_bought)
        self.pools.subnet_protocol_alpha[netuid] += done.alpha_bought
        self.pools.subnet_volume[netuid] += done.excess_bought_with
        self.tao_flows.note_protocol(netuid, put_in)
        self.subnet_tao_in_emission[netuid] = done.tao_in
        self.subnet_excess_tao[netuid] = done.excess_bought_with
        self.subnet_alpha_in_emission[netuid] = done.alpha_in
        return put_in

    def _mint(self, netuid: int, alpha: int) -> None:
        self.subnet_alpha_out_emission[netuid] = alpha
        self.pools.add_alpha_out(netuid, alpha)

    def _gather(self, netuid: int, alpha_out: int, proportion: int, root_sells: bool) -> None:
        """Divide a block's alpha over the pots, after the mint."""
        owner_cut = self.subnet_owner_cut.get() if self.owner_cut_enabled[netuid] else 0
        pots = split_block(alpha_out, owner_cut, proportion)
        if not root_sells:
            self.pools.add_alpha_out(netuid, -pots.root)
            pots = replace(pots, root=0)
        self.pending_owner_cut[netuid] += pots.owner
        self.pending_server_emission[netuid] += pots.server
        self.pending_validator_emission[netuid] += pots.validator
        self.pending_root_alpha_divs[netuid] += pots.root
