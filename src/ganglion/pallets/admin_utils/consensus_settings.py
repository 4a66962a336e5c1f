"""Settings of epochs: tempo, activity, kappa, bonds, liquid alpha, mechanisms.

Source: subtensor pallets/admin-utils/src/lib.rs, pallets/subtensor/src/coinbase/tempo_control.rs.
"""

from __future__ import annotations

from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import MechId, NetUid
from ganglion.pallets.admin_utils import errors, events
from ganglion.pallets.admin_utils.gate import Gate
from ganglion.pallets.subtensor import errors as subtensor_errors
from ganglion.pallets.subtensor import events as subtensor_events
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.mechanisms import Mechanisms
from ganglion.pallets.subtensor.owner_settings import OwnerSettings
from ganglion.pallets.subtensor.rate_limits import TransactionKind
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import ConsensusMode, Hyperparameter
from ganglion.scale.types import Vec, i16, u16, u32, u64

OWNERS_BONDS_MOVING_AVERAGE = 975_000
LEAST_ALPHA = 65_535 // 40
BLOCKS_PER_DAY = 7_200


class ConsensusSettings(Section):
    """Sets what epochs are computed with."""

    gate: Gate
    hyperparameters: Hyperparameters
    mechanisms: Mechanisms
    owner_settings: OwnerSettings
    schedule: EpochSchedule
    subnets: Subnets

    @call(index=30)
    def sudo_set_tempo(self, origin: Origin, netuid: NetUid, tempo: u16) -> None:
        """Blocks between two epochs; the next one is counted from now. Root is not bound to the range.

        Raises also: TempoOutOfBounds. Emits: TempoSet.
        """
        if self.subnets.ensure_owner_or_root(origin, netuid) is not None:
            self.owner_settings.check_tempo(tempo)
        self.gate.owner_within(origin, netuid, TransactionKind.TEMPO_UPDATE, self.schedule.min_tempo)
        self.owner_settings.change_tempo(netuid, tempo)

    @call(index=18)
    def sudo_set_activity_cutoff(self, origin: Origin, netuid: NetUid, activity_cutoff: u16) -> None:
        """The activity cutoff that is shown; the one in force is the factor's.

        Raises also: ActivityCutoffTooLow. Emits: ActivityCutoffSet.
        """
        self.gate.owner(origin, netuid, Hyperparameter.ActivityCutoff)
        least = self.hyperparameters.min_activity_cutoff.get()
        if activity_cutoff < least:
            raise subtensor_errors.ActivityCutoffTooLow(activity_cutoff, least)
        self.hyperparameters.activity_cutoff[netuid] = activity_cutoff
        self.emit(subtensor_events.ActivityCutoffSet(netuid, activity_cutoff))

    @call(index=97)
    def sudo_set_activity_cutoff_factor(self, origin: Origin, netuid: NetUid, factor_milli: u32) -> None:
        """Thousandths of a tempo after which a silent neuron is inactive.

        Raises also: ActivityCutoffFactorMilliOutOfBounds. Emits: ActivityCutoffFactorMilliSet.
        """
        self.gate.owner(origin, netuid, Hyperparameter.ActivityCutoffFactorMilli)
        self.owner_settings.check_activity_cutoff_factor(factor_milli)
        self.owner_settings.change_activity_cutoff_factor(netuid, factor_milli)

    @call(index=16)
    def sudo_set_kappa(self, origin: Origin, netuid: NetUid, kappa: u16) -> None:
        """The majority that consensus needs, in u16 parts. Emits: KappaSet."""
        self.gate.root_any_time(origin, netuid)
        self.hyperparameters.kappa[netuid] = kappa
        self.emit(subtensor_events.KappaSet(netuid, kappa))

    @call(index=17)
    def sudo_set_rho(self, origin: Origin, netuid: NetUid, rho: u16) -> None:
        """A setting of former consensus that is only shown."""
        self.gate.owner(origin, netuid, Hyperparameter.Rho)
        self.hyperparameters.rho[netuid] = rho

    @call(index=26)
    def sudo_set_bonds_moving_average(
        self, origin: Origin, netuid: NetUid, bonds_moving_average: u64
    ) -> None:
        """How much of the old bonds stays, in millionths.

        Raises also: BondsMovingAverageMaxReached, ValueNotInBounds. Emits: BondsMovingAverageSet.
        """
        self.gate.owner(origin, netuid, Hyperparameter.BondsMovingAverage)
        if not origin.is_root and bonds_moving_average > OWNERS_BONDS_MOVING_AVERAGE:
            raise errors.BondsMovingAverageMaxReached(bonds_moving_average)
        # More than all of the old bonds cannot stay; the real chain lets root say so all the same.
        if bonds_moving_average > 1_000_000:
            raise errors.ValueNotInBounds(bonds_moving_average)
        self.hyperparameters.bonds_moving_average[netuid] = bonds_moving_average
        self.emit(subtensor_events.BondsMovingAverageSet(netuid, bonds_moving_average))

    @call(index=60)
    def sudo_set_bonds_penalty(self, origin: Origin, netuid: NetUid, bonds_penalty: u16) -> None:
        """How much votes above consensus lose in bonds, in u16 parts. Emits: BondsPenaltySet."""
        self.gate.owner(origin, netuid, Hyperparameter.BondsPenalty)
        self.hyperparameters.bonds_penalty[netuid] = bonds_penalty
        self.emit(subtensor_events.BondsPenaltySet(netuid, bonds_penalty))

    @call(index=70)
    def sudo_set_bonds_reset_enabled(self, origin: Origin, netuid: NetUid, enabled: bool) -> None:
        """Whether a neuron's commitment may drop all bonds in it. Emits: BondsResetToggled."""
        self.gate.owner(origin, netuid, Hyperparameter.BondsResetEnabled)
        self.hyperparameters.bonds_reset_on[netuid] = enabled
        self.emit(events.BondsResetToggled(netuid, enabled))

    @call(index=69)
    def sudo_set_yuma3_enabled(self, origin: Origin, netuid: NetUid, enabled: bool) -> None:
        """Whether bonds follow Yuma 3. Emits: Yuma3EnableToggled."""
        self.gate.owner(origin, netuid, Hyperparameter.Yuma3Enabled)
        self.hyperparameters.yuma3_on[netuid] = enabled
        self.emit(events.Yuma3EnableToggled(netuid, enabled))

    @call(index=50)
    def sudo_set_liquid_alpha_enabled(self, origin: Origin, netuid: NetUid, enabled: bool) -> None:
        """Whether bonds move at a speed of their own for each pair."""
        self.gate.owner(origin, netuid, Hyperparameter.LiquidAlphaEnabled)
        self.hyperparameters.liquid_alpha_on[netuid] = enabled

    @call(index=104)
    def sudo_set_liquid_alpha_consensus_mode(
        self, origin: Origin, netuid: NetUid, mode: ConsensusMode
    ) -> None:
        """The consensus that liquid alpha compares votes with. Emits: LiquidAlphaConsensusModeSet."""
        self.gate.owner(origin, netuid, Hyperparameter.LiquidAlphaConsensusMode)
        self.hyperparameters.liquid_alpha_consensus_mode[netuid] = mode
        self.emit(subtensor_events.LiquidAlphaConsensusModeSet(netuid, mode))

    @call(index=51)
    def sudo_set_alpha_values(self, origin: Origin, netuid: NetUid, alpha_low: u16, alpha_high: u16) -> None:
        """The range of liquid alpha, in u16 parts.

        Raises also: LiquidAlphaDisabled, AlphaHighTooLow, AlphaLowOutOfRange.
        """
        self.gate.owner(origin, netuid, Hyperparameter.AlphaValues)
        if not self.hyperparameters.liquid_alpha_on[netuid]:
            raise subtensor_errors.LiquidAlphaDisabled(netuid)
        if alpha_high < LEAST_ALPHA:
            raise subtensor_errors.AlphaHighTooLow(alpha_high, LEAST_ALPHA)
        if not LEAST_ALPHA <= alpha_low <= alpha_high:
            raise subtensor_errors.AlphaLowOutOfRange(alpha_low, LEAST_ALPHA, alpha_high)
        self.hyperparameters.alpha_values[netuid] = (alpha_low, alpha_high)

    @call(index=68)
    def sudo_set_alpha_sigmoid_steepness(self, origin: Origin, netuid: NetUid, steepness: i16) -> None:
        """How sharply liquid alpha follows a difference, in hundredths.

        Raises also: NegativeSigmoidSteepness.
        """
        self.gate.owner(origin, netuid, Hyperparameter.AlphaSigmoidSteepness)
        if steepness < 0 and not origin.is_root:
            raise errors.NegativeSigmoidSteepness(steepness)
        self.hyperparameters.alpha_sigmoid_steepness[netuid] = steepness

    @call(index=76)
    def sudo_set_mechanism_count(self, origin: Origin, netuid: NetUid, mechanism_count: MechId) -> None:
        """How many mechanisms the subnet has. Raises also what `Mechanisms.set_count` does."""
        self.gate.owner_within(origin, netuid, TransactionKind.MECHANISM_COUNT_UPDATE, BLOCKS_PER_DAY)
        self.mechanisms.set_count(netuid, mechanism_count)

    @call(index=77)
    def sudo_set_mechanism_emission_split(
        self, origin: Origin, netuid: NetUid, maybe_split: Vec[u16] | None
    ) -> None:
        """How emission is split among mechanisms. Raises also what `Mechanisms.set_split` does."""
        self.gate.owner_within(origin, netuid, TransactionKind.MECHANISM_EMISSION, BLOCKS_PER_DAY)
        self.mechanisms.set_split(netuid, maybe_split)
