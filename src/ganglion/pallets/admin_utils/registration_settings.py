"""Settings of registration: whether, at what price, and for how much work.

Source: subtensor pallets/admin-utils/src/lib.rs.
"""

from __future__ import annotations

from ganglion.economy.collateral import MAX_DRAIN_RATIO, MAX_LOCK_SHARE
from ganglion.fixed import U64F64
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid, TaoBalance
from ganglion.pallets.admin_utils import errors, events
from ganglion.pallets.admin_utils.gate import Gate
from ganglion.pallets.fixed_point import U64F64Raw
from ganglion.pallets.subtensor import events as subtensor_events
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.types import Hyperparameter
from ganglion.scale.types import u16, u64

HALF_LIVES = range(1, 36_101)
LARGEST_MULTIPLIER = 3


class RegistrationSettings(Section):
    """Sets the rules for registration."""

    gate: Gate
    hyperparameters: Hyperparameters
    registration: Registration

    @call(index=19)
    def sudo_set_network_registration_allowed(
        self, origin: Origin, netuid: NetUid, registration_allowed: bool
    ) -> None:
        """Whether uids can be bought; of the root network only root decides. Emits: RegistrationAllowed."""
        if origin.is_root:
            self.gate.root_any_time(origin, netuid)
        else:
            self.gate.owner(origin, netuid, Hyperparameter.BurnRegistrationAllowed)
            self.gate.not_root_network(netuid)
        self.hyperparameters.network_registration_allowed[netuid] = registration_allowed
        self.emit(subtensor_events.RegistrationAllowed(netuid, registration_allowed))

    @call(index=20)
    def sudo_set_network_pow_registration_allowed(
        self, origin: Origin, netuid: NetUid, registration_allowed: bool
    ) -> None:
        """Whether uids can be had for work. Raises also: NotPermittedOnRootSubnet.

        Emits: PowRegistrationAllowed.
        """
        self.gate.owner(origin, netuid, Hyperparameter.PowRegistrationAllowed)
        self.gate.not_root_network(netuid)
        self.hyperparameters.network_pow_registration_allowed[netuid] = registration_allowed
        self.emit(subtensor_events.PowRegistrationAllowed(netuid, registration_allowed))

    @call(index=22)
    def sudo_set_min_burn(self, origin: Origin, netuid: NetUid, min_burn: TaoBalance) -> None:
        """The least price of a uid in rao. Raises also: ValueNotInBounds. Emits: MinBurnSet."""
        self.gate.owner(origin, netuid, Hyperparameter.MinBurn)
        bound = min(self.hyperparameters.min_burn_upper_bound, self.hyperparameters.max_burn[netuid])
        if min_burn >= bound:
            raise errors.ValueNotInBounds(min_burn, bound)
        self.hyperparameters.min_burn[netuid] = min_burn
        self.emit(subtensor_events.MinBurnSet(netuid, min_burn))

    @call(index=23)
    def sudo_set_max_burn(self, origin: Origin, netuid: NetUid, max_burn: TaoBalance) -> None:
        """The greatest price of a uid in rao. Raises also: ValueNotInBounds. Emits: MaxBurnSet."""
        self.gate.owner(origin, netuid, Hyperparameter.MaxBurn)
        bound = max(self.hyperparameters.max_burn_lower_bound, self.hyperparameters.min_burn[netuid])
        if max_burn <= bound:
            raise errors.ValueNotInBounds(max_burn, bound)
        self.hyperparameters.max_burn[netuid] = max_burn
        self.emit(subtensor_events.MaxBurnSet(netuid, max_burn))

    @call(index=89)
    def sudo_set_burn_half_life(self, origin: Origin, netuid: NetUid, burn_half_life: u16) -> None:
        """Blocks in which the price of a uid halves.

        Raises also: NotPermittedOnRootSubnet, InvalidValue. Emits: BurnHalfLifeSet.
        """
        self.gate.owner(origin, netuid, Hyperparameter.BurnHalfLife)
        self.gate.not_root_network(netuid)
        if burn_half_life not in HALF_LIVES:
            raise errors.InvalidValue(burn_half_life)
        self.hyperparameters.burn_half_life[netuid] = burn_half_life
        self.emit(events.BurnHalfLifeSet(netuid, burn_half_life))

    @call(index=98)
    def sudo_set_collateral_lock_share(self, origin: Origin, netuid: NetUid, lock_share: u16) -> None:
        """The part of the price that later registrations lock as collateral, in u16 parts; 0: none.

        Raises also: NotPermittedOnRootSubnet, CollateralLockShareTooHigh. Emits: CollateralLockShareSet.
        """
        self.gate.owner(origin, netuid, Hyperparameter.CollateralLockShare)
        self.gate.not_root_network(netuid)
        if lock_share > MAX_LOCK_SHARE:
            raise errors.CollateralLockShareTooHigh(lock_share, MAX_LOCK_SHARE)
        self.hyperparameters.collateral_lock_share[netuid] = lock_share
        self.emit(events.CollateralLockShareSet(netuid, lock_share))

    @call(index=99)
    def sudo_set_collateral_drain_ratio(self, origin: Origin, netuid: NetUid, drain_ratio: U64F64Raw) -> None:
        """Collateral that each alpha earned unlocks, for later registrations: above 0, at most 10.

        Raises also: NotPermittedOnRootSubnet, CollateralDrainRatioOutOfBounds.
        Emits: CollateralDrainRatioSet.
        """
        self.gate.owner(origin, netuid, Hyperparameter.CollateralDrainRatio)
        self.gate.not_root_network(netuid)
        if not 0 < drain_ratio <= MAX_DRAIN_RATIO:
            raise errors.CollateralDrainRatioOutOfBounds(drain_ratio, MAX_DRAIN_RATIO)
        self.hyperparameters.collateral_drain_ratio[netuid] = drain_ratio
        self.emit(events.CollateralDrainRatioSet(netuid, drain_ratio))

    @call(index=90)
    def sudo_set_burn_increase_mult(
        self, origin: Origin, netuid: NetUid, burn_increase_mult: U64F64Raw
    ) -> None:
        """By how much a registration raises the price of the next, from 1 to 3.

        Raises also: NotPermittedOnRootSubnet, InvalidValue. Emits: BurnIncreaseMultSet.
        """
        self.gate.owner(origin, netuid, Hyperparameter.BurnIncreaseMult)
        self.gate.not_root_network(netuid)
        if not U64F64.one <= burn_increase_mult <= U64F64.from_int(LARGEST_MULTIPLIER):
            raise errors.InvalidValue(burn_increase_mult)
        self.hyperparameters.burn_increase_mult[netuid] = burn_increase_mult
        self.emit(events.BurnIncreaseMultSet(netuid, burn_increase_mult))

    @call(index=27)
    def sudo_set_max_registrations_per_block(
        self, origin: Origin, netuid: NetUid, max_registrations_per_block: u16
    ) -> None:
        """How many may join the root network in a block. Emits: MaxRegistrationsPerBlockSet."""
        self.gate.root(origin, netuid)
        self.hyperparameters.max_registrations_per_block[netuid] = max_registrations_per_block
        self.emit(subtensor_events.MaxRegistrationsPerBlockSet(netuid, max_registrations_per_block))

    @call(index=21)
    def sudo_set_target_registrations_per_interval(
        self, origin: Origin, netuid: NetUid, target_registrations_per_interval: u16
    ) -> None:
        """A third of how many may join the root network in an epoch. Emits: RegistrationPerIntervalSet."""
        self.gate.root(origin, netuid)
        self.hyperparameters.target_registrations_per_interval[netuid] = target_registrations_per_interval
        self.emit(subtensor_events.RegistrationPerIntervalSet(netuid, target_registrations_per_interval))

    @call(index=39)
    def sudo_set_rao_recycled(self, origin: Origin, netuid: NetUid, rao_recycled: TaoBalance) -> None:
        """Correct the count of rao spent on uids. Emits: RAORecycledForRegistrationSet."""
        self.gate.root_any_time(origin, netuid)
        self.registration.rao_recycled_for_registration[netuid] = rao_recycled
        self.emit(subtensor_events.RAORecycledForRegistrationSet(netuid, rao_recycled))

    @call(index=24)
    def sudo_set_difficulty(self, origin: Origin, netuid: NetUid, difficulty: u64) -> None:
        """Hashes that registration by work takes, on average. Emits: DifficultySet."""
        self.gate.root(origin, netuid)
        self.hyperparameters.difficulty[netuid] = difficulty
        self.emit(subtensor_events.DifficultySet(netuid, difficulty))

    @call(index=4)
    def sudo_set_min_difficulty(self, origin: Origin, netuid: NetUid, min_difficulty: u64) -> None:
        """The least difficulty in force. Emits: MinDifficultySet."""
        self.gate.root(origin, netuid)
        self.hyperparameters.min_difficulty[netuid] = min_difficulty
        self.emit(subtensor_events.MinDifficultySet(netuid, min_difficulty))

    @call(index=5)
    def sudo_set_max_difficulty(self, origin: Origin, netuid: NetUid, max_difficulty: u64) -> None:
        """The greatest difficulty in force. Emits: MaxDifficultySet."""
        self.gate.owner(origin, netuid, Hyperparameter.MaxDifficulty)
        self.hyperparameters.max_difficulty[netuid] = max_difficulty
        self.emit(subtensor_events.MaxDifficultySet(netuid, max_difficulty))

    @call(index=8)
    def sudo_set_adjustment_interval(self, origin: Origin, netuid: NetUid, adjustment_interval: u16) -> None:
        """The adjustment interval that is shown. Emits: AdjustmentIntervalSet."""
        self.gate.root_any_time(origin, netuid)
        self.hyperparameters.adjustment_interval[netuid] = adjustment_interval
        self.emit(subtensor_events.AdjustmentIntervalSet(netuid, adjustment_interval))

    @call(index=9)
    def sudo_set_adjustment_alpha(self, origin: Origin, netuid: NetUid, adjustment_alpha: u64) -> None:
        """The adjustment factor that is shown. Emits: AdjustmentAlphaSet."""
        self.gate.owner(origin, netuid, Hyperparameter.AdjustmentAlpha)
        self.hyperparameters.adjustment_alpha[netuid] = adjustment_alpha
        self.emit(subtensor_events.AdjustmentAlphaSet(netuid, adjustment_alpha))
