"""Incentive mechanisms: several contests inside one subnet, each with votes and pay of its own.

Source: subtensor pallets/subtensor/src/subnets/mechanism.rs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganglion.frame.pallet import Section
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.types import storage_index

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.timelocked_commits import TimelockedCommits
    from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
    from ganglion.pallets.subtensor.weight_commits import WeightCommits

WHOLE = 65_535
MAX_MECHANISMS = 16
MAX_UIDS_OVER_ALL = 256
"""Uids times mechanisms that a subnet may have."""


class Mechanisms(Section):
    """How many mechanisms a subnet has, and how its emission is split among them."""

    commits: WeightCommits
    timelocked_commits: TimelockedCommits
    hyperparameters: Hyperparameters
    neurons: Neurons
    subnets: Subnets
    votes: VoteMatrix

    def ensure(self, netuid: int, mechanism: int) -> None:
        """Raises: MechanismDoesNotExist unless the subnet exists and has the mechanism."""
        if not self.subnets.exists(netuid) or mechanism not in self.hyperparameters.mechanisms(netuid):
            raise errors.MechanismDoesNotExist(netuid, mechanism)

    def ensure_room(self, max_uids: int, count: int) -> None:
        """Raises: TooManyUIDsPerMechanism if that many uids cannot have so many mechanisms."""
        if max_uids * count > MAX_UIDS_OVER_ALL:
            raise errors.TooManyUIDsPerMechanism(max_uids, count, MAX_UIDS_OVER_ALL)

    def set_count(self, netuid: int, count: int) -> None:
        """Change the number of mechanisms; those given up lose all that they stored, the split is even again.

        Raises: MechanismDoesNotExist, InvalidValue, TooManyUIDsPerMechanism.
        """
        self.ensure(netuid, 0)
        most = min(self.hyperparameters.max_mechanism_count.get(), MAX_MECHANISMS)
        if not 0 < count <= most:
            raise errors.InvalidValue(count, 1, most)
        self.ensure_room(self.hyperparameters.max_allowed_uids[netuid], count)
        before = self.hyperparameters.mechanism_count_current[netuid]
        if count == before:
            return
        for mechanism in range(count, before):
            self.forget(netuid, mechanism)
        self.hyperparameters.mechanism_count_current[netuid] = count
        self.hyperparameters.mechanism_emission_split[netuid] = None

    def set_split(self, netuid: int, split: tuple[int, ...] | None) -> None:
        """Split the emission by u16 parts, which must be 65535 together; None splits evenly.

        Raises: MechanismDoesNotExist, InvalidValue.
        """
        self.ensure(netuid, 0)
        if split is not None:
            count = self.hyperparameters.mechanism_count_current[netuid]
            if not 0 < len(split) <= count or sum(split) != WHOLE:
                raise errors.InvalidValue(split, count, WHOLE)
        self.hyperparameters.mechanism_emission_split[netuid] = split

    def set_limit(self, limit: int) -> None:
        """Change how many mechanisms a subnet may have. Raises: InvalidValue."""
        if not 0 < limit <= MAX_MECHANISMS:
            raise errors.InvalidValue(limit, 1, MAX_MECHANISMS)
        self.hyperparameters.max_mechanism_count.set(limit)

    def forget(self, netuid: int, mechanism: int) -> None:
        """Drop what a mechanism stores: votes, bonds, commits, incentive and times."""
        index = storage_index(netuid, mechanism)
        self.votes.clear(index)
        self.commits.weight_commits.clear_under(index)
        self.timelocked_commits.timelocked_weight_commits.clear_under(index)
        del self.neurons.incentive[index]
        del self.neurons.last_update[index]
