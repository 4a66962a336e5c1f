"""Two settings that a subnet's owner may also change without AdminUtils: tempo and activity cutoff.

The newest real chain lets these calls pass and does nothing; here they do what they did in June.
Source: subtensor pallets/subtensor/src/coinbase/tempo_control.rs, spec 425.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.rate_limits import TransactionKind
from ganglion.pallets.subtensor.types import Hyperparameter, OwnerHyperparamUpdate
from ganglion.scale.types import u16, u32

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.initial_settings import InitialSettings
    from ganglion.pallets.subtensor.rate_limits import RateLimits
    from ganglion.pallets.subtensor.subnets import Subnets


class OwnerSettings(Section):
    """Checks and writes tempo and activity cutoff, for AdminUtils too."""

    hyperparameters: Hyperparameters
    initial: InitialSettings
    rate_limits: RateLimits
    schedule: EpochSchedule
    subnets: Subnets

    @call(index=139)
    def set_tempo(self, origin: Origin, netuid: NetUid, tempo: u16) -> None:
        """Blocks between two epochs of the signer's subnet; the next one is counted from now.

        Raises: BadOrigin, TempoOutOfBounds, AdminActionProhibitedDuringWeightsWindow, TxRateLimitExceeded.
        Emits: TempoSet.
        """
        owner = self.subnets.ensure_owner(origin, netuid)
        self.check_tempo(tempo)
        self.schedule.ensure_open(netuid)
        limit = self.schedule.min_tempo
        if not self.rate_limits.kind_passes(owner, netuid, TransactionKind.TEMPO_UPDATE, limit):
            raise errors.TxRateLimitExceeded(netuid, TransactionKind.TEMPO_UPDATE.name)
        self.change_tempo(netuid, tempo)
        self.rate_limits.note_kind(owner, netuid, TransactionKind.TEMPO_UPDATE)

    @call(index=140)
    def set_activity_cutoff_factor(self, origin: Origin, netuid: NetUid, factor_milli: u32) -> None:
        """A subnet's owner or root: thousandths of a tempo after which a silent neuron is inactive.

        Root is bound neither to the freeze window nor to the rate limit. Raises: BadOrigin,
        SubnetNotExists, ActivityCutoffFactorMilliOutOfBounds, AdminActionProhibitedDuringWeightsWindow,
        TxRateLimitExceeded. Emits: ActivityCutoffFactorMilliSet.
        """
        owner = self.subnets.ensure_owner_or_root(origin, netuid)
        self.subnets.require(netuid)
        self.check_activity_cutoff_factor(factor_milli)
        if owner is not None:
            self.schedule.ensure_open(netuid)
            key = OwnerHyperparamUpdate(netuid, Hyperparameter.ActivityCutoffFactorMilli)
            if not self.rate_limits.passes(key, self.schedule.owner_rate_limit(netuid)):
                raise errors.TxRateLimitExceeded(netuid, key.hyperparameter.name)
            self.rate_limits.note(key)
        self.change_activity_cutoff_factor(netuid, factor_milli)

    def check_tempo(self, tempo: int) -> None:
        """Raises: TempoOutOfBounds where an owner may not set it."""
        least, most = self.schedule.min_tempo, self.schedule.max_tempo
        if not least <= tempo <= most:
            raise errors.TempoOutOfBounds(tempo, least, most)

    def change_tempo(self, netuid: int, tempo: int) -> None:
        """Write it, and count the next epoch from now. Emits: TempoSet."""
        self.hyperparameters.tempo[netuid] = tempo
        self.schedule.restart(netuid)
        self.emit(events.TempoSet(netuid, tempo))

    def check_activity_cutoff_factor(self, factor_milli: int) -> None:
        """Raises: ActivityCutoffFactorMilliOutOfBounds."""
        least = self.initial.min_activity_cutoff_factor_milli
        most = self.initial.max_activity_cutoff_factor_milli
        if not least <= factor_milli <= most:
            raise errors.ActivityCutoffFactorMilliOutOfBounds(factor_milli, least, most)

    def change_activity_cutoff_factor(self, netuid: int, factor_milli: int) -> None:
        """Write it. Emits: ActivityCutoffFactorMilliSet."""
        self.hyperparameters.activity_cutoff_factor_milli[netuid] = factor_milli
        self.emit(events.ActivityCutoffFactorMilliSet(netuid, factor_milli))
