"""Coinbase: what every block does to the economy before its extrinsics.

The order is consensus: the reward goes to subnets at the prices of the block before, due epochs pay out,
then prices move, children that waited are linked where an epoch slot was, then a few root stakers claim.
Source: subtensor pallets/subtensor/src/coinbase/{block_step,run_coinbase,block_emission}.rs.
"""

from __future__ import annotations

from ganglion.economy.emission import BASE_EMISSION_RAO
from ganglion.economy.payout import Pots
from ganglion.frame.pallet import Section
from ganglion.frame.storage import StorageValue, storage
from ganglion.pallets.subtensor.children import Children
from ganglion.pallets.subtensor.conviction import Conviction
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.scale.types import u64


class Coinbase(Section):
    """Runs the block."""

    subnets: Subnets
    schedule: EpochSchedule
    treasury: Treasury
    prices: Prices
    subnet_emission: SubnetEmission
    payout: Payout
    children: Children
    conviction: Conviction
    root_claims: RootClaims

    # Rao that a block may mint, as of the last block.
    block_emission: StorageValue[u64] = storage(default=BASE_EMISSION_RAO)

    def on_initialize(self) -> None:
        """Run the block's emission, epochs, prices and claims."""
        for netuid, pots in self.open_epochs().items():
            self.payout.run_epoch(netuid, pots)
        self._move_prices()
        self.children.apply_due()
        self.root_claims.claim_automatically()

    def open_epochs(self) -> dict[int, Pots]:
        """Do all that comes before a block's first epoch; the pots of the subnets that have one, in order."""
        self.root_claims.subnet_root_sell_tao.clear()
        self._emit()
        return self._take_pots()

    def _emit(self) -> None:
        reward = self.treasury.next_block_emission()
        if self.block_emission.get() != reward:
            self.block_emission.set(reward)
        self.subnet_emission.emit_block(reward)

    def _take_pots(self) -> dict[int, Pots]:
        netuids = [netuid for netuid in self.subnets.netuids() if netuid != ROOT_NETUID]
        due = self.schedule.due(netuids)
        for netuid in due:
            self.conviction.change_owner(netuid)
        return {netuid: self.subnet_emission.take_pots(netuid) for netuid in sorted(due)}

    def _move_prices(self) -> None:
        netuids = self.subnet_emission.emitting()
        proportions = self.subnet_emission.root_proportions(netuids)
        for netuid, proportion in zip(netuids, proportions, strict=True):
            self.prices.update(netuid)
            self.subnet_emission.root_prop[netuid] = proportion
