"""Trimming: a subnet gives up uids at once, those that earned least first.

The kept neurons move together so that uids have no gaps, and everything that names a uid follows them.
Source: subtensor pallets/subtensor/src/subnets/uids.rs (trim_to_max_allowed_uids).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import Percent
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.types import storage_index

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.evm_keys import EvmKeys
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.payout import Payout
    from ganglion.pallets.subtensor.serving import Serving
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.vote_matrix import Row, VoteMatrix

T = TypeVar("T")


class Trimming(Section):
    """Takes uids out of a subnet."""

    evm_keys: EvmKeys
    hyperparameters: Hyperparameters
    neurons: Neurons
    payout: Payout
    serving: Serving
    subnets: Subnets
    votes: VoteMatrix

    max_immune_uids_percentage: Percent = constant(80)

    def trim(self, netuid: int, limit: int) -> None:
        """Let the subnet have at most `limit` uids from now on, and keep only so many.

        Raises: SubnetNotExists, InvalidValue, TrimmingWouldExceedMaxImmunePercentage.
        """
        if not self.subnets.exists(netuid):
            raise errors.SubnetNotExists(netuid)
        least = self.hyperparameters.min_allowed_uids[netuid]
        most = self.hyperparameters.max_allowed_uids[netuid]
        if not least <= limit <= most:
            raise errors.InvalidValue(limit, least, most)
        kept = self._best(netuid, limit) if self.neurons.count(netuid) > limit else None
        self.hyperparameters.max_allowed_uids[netuid] = limit
        if kept is not None:
            self._keep(netuid, kept)

    def _best(self, netuid: int, limit: int) -> tuple[int, ...]:
        """The uids that stay, ascending: the immune, the owner's, and those that earned most."""
        neurons, count = self.neurons, self.neurons.count(netuid)
        owners = neurons.owner_uids(netuid)
        safe = {uid for uid in range(count) if uid in owners or neurons.is_immune(netuid, uid)}
        percentage = len(safe) * 100 // limit if limit else 100
        if percentage >= self.max_immune_uids_percentage:
            raise errors.TrimmingWouldExceedMaxImmunePercentage(len(safe), limit)
        earned = neurons.emission[netuid]
        exposed = sorted(
            (uid for uid in range(count) if uid not in safe), key=lambda uid: (-earned[uid], uid)
        )
        return tuple(sorted([*safe, *exposed[: limit - len(safe)]]))

    def _keep(self, netuid: int, kept: tuple[int, ...]) -> None:
        hotkeys, blocks = self.neurons.hotkeys(netuid), self.neurons.registered_at(netuid)
        for uid, hotkey in enumerate(hotkeys):
            if uid not in kept:
                self._forget(netuid, hotkey)
        self.neurons.reseat(netuid, [(hotkeys[uid], blocks[uid]) for uid in kept])
        self._shorten_vectors(netuid, kept)
        places = {uid: place for place, uid in enumerate(kept)}
        self.evm_keys.rename(netuid, places)
        for mechanism in self.hyperparameters.mechanisms(netuid):
            self._move_rows(storage_index(netuid, mechanism), places)

    def _forget(self, netuid: int, hotkey: bytes) -> None:
        del self.neurons.is_network_member[hotkey, netuid]
        del self.payout.alpha_dividends_per_subnet[netuid, hotkey]
        self.serving.forget(netuid, hotkey)

    def _shorten_vectors(self, netuid: int, kept: tuple[int, ...]) -> None:
        neurons = self.neurons
        for numbers in (
            neurons.emission,
            neurons.consensus,
            neurons.dividends,
            neurons.validator_trust,
            neurons.stake_weight,
        ):
            numbers[netuid] = _chosen(numbers[netuid], kept, 0)
        for flags in (neurons.active, neurons.validator_permit):
            flags[netuid] = _chosen(flags[netuid], kept, False)
        for mechanism in self.hyperparameters.mechanisms(netuid):
            index = storage_index(netuid, mechanism)
            neurons.incentive[index] = _chosen(neurons.incentive[index], kept, 0)
            neurons.last_update[index] = _chosen(neurons.last_update[index], kept, 0)

    def _move_rows(self, index: int, places: dict[int, int]) -> None:
        for rows in (self.votes.weights, self.votes.bonds):
            before = dict(rows.under(index))
            rows.clear_under(index)
            for uid, row in before.items():
                if uid in places:
                    rows[index, places[uid]] = _renamed(row, places)


def _chosen(values: Sequence[T], kept: tuple[int, ...], missing: T) -> tuple[T, ...]:
    return tuple(values[uid] if uid < len(values) else missing for uid in kept)


def _renamed(row: Row, places: dict[int, int]) -> Row:
    return tuple((places[uid], value) for uid, value in row if uid in places)
