"""Settings of the whole chain, which only root may change.

Source: subtensor pallets/admin-utils/src/lib.rs.
"""

from __future__ import annotations

from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import BlockNumber, MechId, PerU16, TaoBalance
from ganglion.pallets.admin_utils import errors
from ganglion.pallets.fixed_point import I96F32Raw
from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.coldkey_swap import ColdkeySwap
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.mechanisms import Mechanisms
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import Takes
from ganglion.scale.types import u8, u16, u64


class ChainSettings(Section):
    """Sets what holds for all subnets. Every call raises BadOrigin unless root made it."""

    coldkey_swap: ColdkeySwap
    emission: SubnetEmission
    hyperparameters: Hyperparameters
    mechanisms: Mechanisms
    prices: Prices
    schedule: EpochSchedule
    stake_weights: StakeWeights
    staking: Staking
    subnets: Subnets
    takes: Takes

    @call(index=2)
    def sudo_set_tx_rate_limit(self, origin: Origin, tx_rate_limit: u64) -> None:
        """Blocks between two swaps of a coldkey's hotkeys. Emits: TxRateLimitSet."""
        origin.root()
        self.hyperparameters.tx_rate_limit.set(tx_rate_limit)
        self.emit(events.TxRateLimitSet(tx_rate_limit))

    @call(index=28)
    def sudo_set_subnet_owner_cut(self, origin: Origin, subnet_owner_cut: u16) -> None:
        """The owners' cut of their subnets' alpha, in u16 parts. Emits: SubnetOwnerCutSet."""
        origin.root()
        self.emission.subnet_owner_cut.set(subnet_owner_cut)
        self.emit(events.SubnetOwnerCutSet(subnet_owner_cut))

    @call(index=29)
    def sudo_set_network_rate_limit(self, origin: Origin, rate_limit: u64) -> None:
        """Blocks between two launches of subnets. Emits: NetworkRateLimitSet."""
        origin.root()
        self.subnets.network_rate_limit.set(rate_limit)
        self.emit(events.NetworkRateLimitSet(rate_limit))

    @call(index=35)
    def sudo_set_network_immunity_period(self, origin: Origin, immunity_period: u64) -> None:
        """Blocks in which a new subnet cannot be pruned. Emits: NetworkImmunityPeriodSet."""
        origin.root()
        self.subnets.network_immunity_period.set(immunity_period)
        self.emit(events.NetworkImmunityPeriodSet(immunity_period))

    @call(index=36)
    def sudo_set_network_min_lock_cost(self, origin: Origin, lock_cost: TaoBalance) -> None:
        """The least rao that launching a subnet costs. Emits: NetworkMinLockCostSet."""
        origin.root()
        self.subnets.network_min_lock_cost.set(lock_cost)
        self.emit(events.NetworkMinLockCostSet(lock_cost))

    @call(index=37)
    def sudo_set_subnet_limit(self, origin: Origin, max_subnets: u16) -> None:
        """How many subnets there may be. Emits: SubnetLimitSet."""
        origin.root()
        self.subnets.subnet_limit.set(max_subnets)
        self.emit(events.SubnetLimitSet(max_subnets))

    @call(index=38)
    def sudo_set_lock_reduction_interval(self, origin: Origin, interval: u64) -> None:
        """Blocks in which one lock cost decays. Emits: NetworkLockCostReductionIntervalSet."""
        origin.root()
        self.subnets.network_lock_reduction_interval.set(interval)
        self.emit(events.NetworkLockCostReductionIntervalSet(interval))

    @call(index=85)
    def sudo_set_start_call_delay(self, origin: Origin, delay: u64) -> None:
        """Blocks from a subnet's registration to its earliest start. Emits: StartCallDelaySet."""
        origin.root()
        self.subnets.start_call_delay.set(delay)
        self.emit(events.StartCallDelaySet(delay))

    @call(index=42)
    def sudo_set_stake_threshold(self, origin: Origin, min_stake: u64) -> None:
        """Stake weight in rao below which nobody may set weights. Emits: StakeThresholdSet."""
        origin.root()
        self.stake_weights.stake_threshold.set(min_stake)
        self.emit(events.StakeThresholdSet(min_stake))

    @call(index=73)
    def sudo_set_ck_burn(self, origin: Origin, burn: u64) -> None:
        """Part of parents' dividends that is recycled, in parts of 2**64 - 1."""
        origin.root()
        self.stake_weights.ck_burn.set(burn)

    @call(index=86)
    def sudo_set_coldkey_swap_announcement_delay(self, origin: Origin, duration: BlockNumber) -> None:
        """Blocks from an announcement to the coldkey's swap. Emits: ColdkeySwapAnnouncementDelaySet."""
        origin.root()
        self.coldkey_swap.coldkey_swap_announcement_delay.set(duration)
        self.emit(events.ColdkeySwapAnnouncementDelaySet(duration))

    @call(index=87)
    def sudo_set_coldkey_swap_reannouncement_delay(self, origin: Origin, duration: BlockNumber) -> None:
        """Blocks until another announcement may be made. Emits: ColdkeySwapReannouncementDelaySet."""
        origin.root()
        self.coldkey_swap.coldkey_swap_reannouncement_delay.set(duration)
        self.emit(events.ColdkeySwapReannouncementDelaySet(duration))

    @call(index=43)
    def sudo_set_nominator_min_required_stake(self, origin: Origin, min_stake: u64) -> None:
        """Rao below which what a nominator leaves with a hotkey is paid out; at once, if this is raised.

        Emits: StakeRemoved for each that is paid out.
        """
        origin.root()
        before = self.staking.nominator_min_required_stake.get()
        self.staking.nominator_min_required_stake.set(min_stake)
        if min_stake > before:
            self.staking.clear_small_nominations()

    @call(index=45)
    def sudo_set_tx_delegate_take_rate_limit(self, origin: Origin, tx_rate_limit: u64) -> None:
        """Blocks between two raises of a take. Emits: TxDelegateTakeRateLimitSet."""
        origin.root()
        self.takes.tx_delegate_take_rate_limit.set(tx_rate_limit)
        self.emit(events.TxDelegateTakeRateLimitSet(tx_rate_limit))

    @call(index=46)
    def sudo_set_min_delegate_take(self, origin: Origin, take: PerU16) -> None:
        """The least take. Emits: MinDelegateTakeSet."""
        origin.root()
        self.takes.min_delegate_take.set(take)
        self.emit(events.MinDelegateTakeSet(take))

    @call(index=1)
    def sudo_set_default_take(self, origin: Origin, default_take: PerU16) -> None:
        """The greatest take, whatever the call's name says. Emits: MaxDelegateTakeSet."""
        origin.root()
        self.takes.max_delegate_take.set(default_take)
        self.emit(events.MaxDelegateTakeSet(default_take))

    @call(index=63)
    def sudo_set_subnet_moving_alpha(self, origin: Origin, alpha: I96F32Raw) -> None:
        """The greatest weight of the newest price in the moving price."""
        origin.root()
        self.prices.subnet_moving_alpha.set(alpha)

    @call(index=71)
    def sudo_set_commit_reveal_version(self, origin: Origin, version: u16) -> None:
        """The version of timed commits. Emits: CommitRevealVersionSet."""
        origin.root()
        self.hyperparameters.commit_reveal_weights_version.set(version)
        self.emit(events.CommitRevealVersionSet(version))

    @call(index=74)
    def sudo_set_admin_freeze_window(self, origin: Origin, window: u16) -> None:
        """Blocks before an epoch in which settings are frozen. Emits: AdminFreezeWindowSet."""
        origin.root()
        self.hyperparameters.admin_freeze_window.set(window)
        self.emit(events.AdminFreezeWindowSet(window))

    @call(index=75)
    def sudo_set_owner_hparam_rate_limit(self, origin: Origin, epochs: u16) -> None:
        """Tempos between two changes of a setting by the owner. Emits: OwnerHyperparamRateLimitSet."""
        origin.root()
        self.hyperparameters.owner_hyperparam_rate_limit.set(epochs)
        self.emit(events.OwnerHyperparamRateLimitSet(epochs))

    @call(index=88)
    def sudo_set_max_mechanism_count(self, origin: Origin, max_mechanism_count: MechId) -> None:
        """How many mechanisms a subnet may have. Raises also: InvalidValue."""
        origin.root()
        self.mechanisms.set_limit(max_mechanism_count)

    @call(index=96)
    def sudo_set_max_epochs_per_block(self, origin: Origin, max_epochs_per_block: u8) -> None:
        """How many epochs a block runs. Raises also: ValueNotInBounds. Emits: MaxEpochsPerBlockSet."""
        origin.root()
        if max_epochs_per_block < 1:
            raise errors.ValueNotInBounds(max_epochs_per_block)
        self.schedule.max_epochs_per_block.set(max_epochs_per_block)
        self.emit(events.MaxEpochsPerBlockSet(max_epochs_per_block))
