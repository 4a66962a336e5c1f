"""Settings of neurons: how many uids and validators, how long they are immune, how often they may serve.

Source: subtensor pallets/admin-utils/src/lib.rs.
"""

from __future__ import annotations

from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.pallets.admin_utils import errors
from ganglion.pallets.admin_utils.gate import Gate
from ganglion.pallets.subtensor import errors as subtensor_errors
from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.mechanisms import Mechanisms
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.rate_limits import TransactionKind
from ganglion.pallets.subtensor.trimming import Trimming
from ganglion.pallets.subtensor.types import Hyperparameter
from ganglion.scale.types import u16, u64

MOST_UIDS = 256
TRIMMING_RATE_LIMIT = 216_000
IMMUNE_OWNER_UIDS = range(1, 11)


class NeuronSettings(Section):
    """Sets the rules for neurons."""

    gate: Gate
    hyperparameters: Hyperparameters
    mechanisms: Mechanisms
    neurons: Neurons
    trimming: Trimming

    @call(index=3)
    def sudo_set_serving_rate_limit(self, origin: Origin, netuid: NetUid, serving_rate_limit: u64) -> None:
        """Blocks between two announcements of an endpoint. Emits: ServingRateLimitSet."""
        self.gate.owner(origin, netuid, Hyperparameter.ServingRateLimit)
        self.hyperparameters.serving_rate_limit[netuid] = serving_rate_limit
        self.emit(events.ServingRateLimitSet(netuid, serving_rate_limit))

    @call(index=13)
    def sudo_set_immunity_period(self, origin: Origin, netuid: NetUid, immunity_period: u16) -> None:
        """Blocks in which a new neuron is not replaced. Emits: ImmunityPeriodSet."""
        self.gate.owner(origin, netuid, Hyperparameter.ImmunityPeriod)
        self.hyperparameters.immunity_period[netuid] = immunity_period
        self.emit(events.ImmunityPeriodSet(netuid, immunity_period))

    @call(index=15)
    def sudo_set_max_allowed_uids(self, origin: Origin, netuid: NetUid, max_allowed_uids: u16) -> None:
        """How many uids there may be.

        Raises also: MaxAllowedUidsLessThanMinAllowedUids, MaxAllowedUIdsLessThanCurrentUIds,
        MaxAllowedUidsGreaterThanDefaultMaxAllowedUids, TooManyUIDsPerMechanism. Emits: MaxAllowedUidsSet.
        """
        self.gate.owner(origin, netuid, Hyperparameter.MaxAllowedUids)
        least = self.hyperparameters.min_allowed_uids[netuid]
        if max_allowed_uids < least:
            raise errors.MaxAllowedUidsLessThanMinAllowedUids(max_allowed_uids, least)
        if max_allowed_uids < self.neurons.count(netuid):
            raise errors.MaxAllowedUIdsLessThanCurrentUIds(max_allowed_uids, self.neurons.count(netuid))
        if max_allowed_uids > MOST_UIDS:
            raise errors.MaxAllowedUidsGreaterThanDefaultMaxAllowedUids(max_allowed_uids, MOST_UIDS)
        self.mechanisms.ensure_room(max_allowed_uids, self.hyperparameters.mechanism_count_current[netuid])
        self.hyperparameters.max_allowed_uids[netuid] = max_allowed_uids
        self.emit(events.MaxAllowedUidsSet(netuid, max_allowed_uids))

    @call(index=78)
    def sudo_trim_to_max_allowed_uids(self, origin: Origin, netuid: NetUid, max_n: u16) -> None:
        """Lower the number of uids and remove those that earned least.

        Raises also what `Trimming.trim` does.
        """
        self.gate.owner_within(origin, netuid, TransactionKind.MAX_UIDS_TRIMMING, TRIMMING_RATE_LIMIT)
        self.trimming.trim(netuid, max_n)

    @call(index=79)
    def sudo_set_min_allowed_uids(self, origin: Origin, netuid: NetUid, min_allowed_uids: u16) -> None:
        """Below how many uids the subnet's limit cannot be set.

        Raises also: MinAllowedUidsGreaterThanMaxAllowedUids, MinAllowedUidsGreaterThanCurrentUids.
        Emits: MinAllowedUidsSet.
        """
        self.gate.root(origin, netuid)
        most = self.hyperparameters.max_allowed_uids[netuid]
        if min_allowed_uids >= most:
            raise errors.MinAllowedUidsGreaterThanMaxAllowedUids(min_allowed_uids, most)
        if min_allowed_uids >= self.neurons.count(netuid):
            raise errors.MinAllowedUidsGreaterThanCurrentUids(min_allowed_uids, self.neurons.count(netuid))
        self.hyperparameters.min_allowed_uids[netuid] = min_allowed_uids
        self.emit(events.MinAllowedUidsSet(netuid, min_allowed_uids))

    @call(index=25)
    def sudo_set_max_allowed_validators(
        self, origin: Origin, netuid: NetUid, max_allowed_validators: u16
    ) -> None:
        """How many validator permits there are.

        Raises also: MaxValidatorsLargerThanMaxUIds. Emits: MaxAllowedValidatorsSet.
        """
        self.gate.root(origin, netuid)
        most = self.hyperparameters.max_allowed_uids[netuid]
        if max_allowed_validators > most:
            raise errors.MaxValidatorsLargerThanMaxUIds(max_allowed_validators, most)
        self.hyperparameters.max_allowed_validators[netuid] = max_allowed_validators
        self.emit(events.MaxAllowedValidatorsSet(netuid, max_allowed_validators))

    @call(index=84)
    def sudo_set_min_non_immune_uids(self, origin: Origin, netuid: NetUid, min: u16) -> None:
        """How many neurons past their immunity are kept if others can go. Emits: MinNonImmuneUidsSet."""
        self.gate.root_any_time(origin, netuid)
        self.hyperparameters.min_non_immune_uids[netuid] = min
        self.emit(events.MinNonImmuneUidsSet(netuid, min))

    @call(index=72)
    def sudo_set_owner_immune_neuron_limit(self, origin: Origin, netuid: NetUid, immune_neurons: u16) -> None:
        """How many of the owner's neurons are never replaced. Raises also: InvalidValue."""
        self.gate.owner(origin, netuid, Hyperparameter.ImmuneNeuronLimit)
        if immune_neurons not in IMMUNE_OWNER_UIDS:
            raise subtensor_errors.InvalidValue(immune_neurons)
        self.hyperparameters.immune_owner_uids_limit[netuid] = immune_neurons
