"""Settings of weights: how many, how often, under which version, in the open or by commit.

Source: subtensor pallets/admin-utils/src/lib.rs.
"""

from __future__ import annotations

from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.pallets.admin_utils.gate import Gate
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.rate_limits import TransactionKind
from ganglion.pallets.subtensor.types import Hyperparameter
from ganglion.scale.types import u16, u64

LONGEST_REVEAL_PERIOD = 100


class WeightSettings(Section):
    """Sets the rules for weights."""

    gate: Gate
    hyperparameters: Hyperparameters

    @call(index=14)
    def sudo_set_min_allowed_weights(self, origin: Origin, netuid: NetUid, min_allowed_weights: u16) -> None:
        """How many uids must be weighed at least. Emits: MinAllowedWeightSet."""
        self.gate.owner(origin, netuid, Hyperparameter.MinAllowedWeights)
        self.hyperparameters.min_allowed_weights[netuid] = min_allowed_weights
        self.emit(events.MinAllowedWeightSet(netuid, min_allowed_weights))

    @call(index=6)
    def sudo_set_weights_version_key(self, origin: Origin, netuid: NetUid, weights_version_key: u64) -> None:
        """The version below which validators' weights are refused. Emits: WeightsVersionKeySet."""
        tempos = self.hyperparameters.weights_version_key_rate_limit.get()
        blocks = self.hyperparameters.tempo[netuid] * tempos
        self.gate.owner_within(origin, netuid, TransactionKind.SET_WEIGHTS_VERSION_KEY, blocks)
        self.hyperparameters.weights_version_key[netuid] = weights_version_key
        self.emit(events.WeightsVersionKeySet(netuid, weights_version_key))

    @call(index=7)
    def sudo_set_weights_set_rate_limit(
        self, origin: Origin, netuid: NetUid, weights_set_rate_limit: u64
    ) -> None:
        """Blocks between two times that a validator sets weights. Emits: WeightsSetRateLimitSet."""
        self.gate.root_any_time(origin, netuid)
        self.hyperparameters.weights_set_rate_limit[netuid] = weights_set_rate_limit
        self.emit(events.WeightsSetRateLimitSet(netuid, weights_set_rate_limit))

    @call(index=49)
    def sudo_set_commit_reveal_weights_enabled(self, origin: Origin, netuid: NetUid, enabled: bool) -> None:
        """Whether weights must be committed first. Emits: CommitRevealEnabled."""
        self.gate.owner(origin, netuid, Hyperparameter.CommitRevealEnabled)
        self.hyperparameters.commit_reveal_weights_enabled[netuid] = enabled
        self.emit(events.CommitRevealEnabled(netuid, enabled))

    @call(index=57)
    def sudo_set_commit_reveal_weights_interval(self, origin: Origin, netuid: NetUid, interval: u64) -> None:
        """Epochs from commit to reveal.

        Raises also: RevealPeriodTooLarge, RevealPeriodTooSmall. Emits: CommitRevealPeriodsSet.
        """
        self.gate.owner(origin, netuid, Hyperparameter.WeightCommitInterval)
        if interval > LONGEST_REVEAL_PERIOD:
            raise errors.RevealPeriodTooLarge(interval, LONGEST_REVEAL_PERIOD)
        if interval < 1:
            raise errors.RevealPeriodTooSmall(interval)
        self.hyperparameters.reveal_period_epochs[netuid] = interval
        self.emit(events.CommitRevealPeriodsSet(netuid, interval))
