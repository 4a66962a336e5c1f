"""Commit and reveal: weights that nobody can copy, because only their hash is shown at first.

A validator commits in one epoch and reveals `reveal_period` epochs later, neither earlier nor later. Where
commit-reveal is on, votes count from the block of the commit.
Source: subtensor pallets/subtensor/src/subnets/weights.rs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Twox64Concat, blake2_256
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import MechId, NetUid, NetUidStorageIndex
from ganglion.frame.storage import StorageDoubleMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.types import storage_index
from ganglion.scale import Codecs
from ganglion.scale.types import H256, AccountId, Compact, Vec, u16, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.mechanisms import Mechanisms
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.weights import Weights
    from ganglion.pallets.system import System

MAX_WAITING = 10
"""Commits of one hotkey on one mechanism that may wait to be revealed."""

Queue = tuple[tuple[bytes, int, int, int], ...]
_REVEALED = Codecs().of(tuple[AccountId, NetUidStorageIndex, Vec[u16], Vec[u16], Vec[u16], u64])


def commit_hash(
    hotkey: bytes,
    index: int,
    uids: Sequence[int],
    values: Sequence[int],
    salt: Sequence[int],
    version_key: int,
) -> bytes:
    """What a validator commits to: blake2-256 of all that it will reveal."""
    return blake2_256(_REVEALED.encode((hotkey, index, uids, values, salt, version_key)))


class WeightCommits(Section):
    """Keeps commits and opens them."""

    system: System
    hyperparameters: Hyperparameters
    mechanisms: Mechanisms
    neurons: Neurons
    schedule: EpochSchedule
    weights: Weights

    # storage index, hotkey -> (hash, epoch, block, 0), oldest first.
    weight_commits: StorageDoubleMap[
        NetUidStorageIndex, AccountId, Vec[tuple[H256, u64, u64, u64]] | None
    ] = storage(Twox64Concat, Twox64Concat)

    @call(index=96)
    def commit_weights(self, origin: Origin, netuid: NetUid, commit_hash: H256) -> None:
        """Commit to the hash of weights for mechanism 0; the signer is the validator's hotkey.

        Raises: MechanismDoesNotExist, CommitRevealDisabled, HotKeyNotRegisteredInSubNet,
        CommittingWeightsTooFast, TooManyUnrevealedCommits. Emits: WeightsCommitted.
        """
        self._commit(origin.signed(), netuid, 0, commit_hash)

    @call(index=115)
    def commit_mechanism_weights(
        self, origin: Origin, netuid: NetUid, mecid: MechId, commit_hash: H256
    ) -> None:
        """As `commit_weights`, for any mechanism."""
        self._commit(origin.signed(), netuid, mecid, commit_hash)

    @call(index=100)
    def batch_commit_weights(
        self, origin: Origin, netuids: Vec[Compact[NetUid]], commit_hashes: Vec[H256]
    ) -> None:
        """Commit on several subnets; one that fails does not keep the others.

        Raises: InputLengthsUnequal. Emits: BatchCompletedWithErrors and BatchWeightItemFailed for those that
        failed, WeightsCommitted for the others, BatchWeightsCompleted.
        """
        hotkey = origin.signed()
        if len(netuids) != len(commit_hashes):
            raise errors.InputLengthsUnequal(len(netuids), len(commit_hashes))
        self.weights.on_each(
            netuids, hotkey, lambda index, netuid: self._commit(hotkey, netuid, 0, commit_hashes[index])
        )

    @call(index=97)
    def reveal_weights(
        self,
        origin: Origin,
        netuid: NetUid,
        uids: Vec[u16],
        values: Vec[u16],
        salt: Vec[u16],
        version_key: u64,
    ) -> None:
        """Open a commit for mechanism 0 and set its weights; older commits are given up.

        Raises: CommitRevealDisabled, NoWeightsCommitFound, ExpiredWeightCommit,
        InvalidRevealCommitHashNotMatch, RevealTooEarly, and what `Weights.store` does.
        Emits: WeightsSet, WeightsRevealed.
        """
        self._reveal(origin.signed(), netuid, 0, uids, values, salt, version_key)

    @call(index=116)
    def reveal_mechanism_weights(
        self,
        origin: Origin,
        netuid: NetUid,
        mecid: MechId,
        uids: Vec[u16],
        values: Vec[u16],
        salt: Vec[u16],
        version_key: u64,
    ) -> None:
        """As `reveal_weights`, for any mechanism."""
        self._reveal(origin.signed(), netuid, mecid, uids, values, salt, version_key)

    @call(index=98)
    def batch_reveal_weights(
        self,
        origin: Origin,
        netuid: NetUid,
        uids_list: Vec[Vec[u16]],
        values_list: Vec[Vec[u16]],
        salts_list: Vec[Vec[u16]],
        version_keys: Vec[u64],
    ) -> None:
        """Open several commits for mechanism 0, all or none; the last one's weights stay.

        Raises: InputLengthsUnequal, and what `reveal_weights` does. Emits: WeightsSet for each,
        WeightsBatchRevealed.
        """
        hotkey = origin.signed()
        lengths = tuple(map(len, (uids_list, values_list, salts_list, version_keys)))
        if len(set(lengths)) != 1:
            raise errors.InputLengthsUnequal(*lengths)
        waiting, expired = self._queue(hotkey, netuid, netuid)
        rows = tuple(zip(uids_list, values_list, salts_list, version_keys, strict=True))
        hashes = tuple(commit_hash(hotkey, netuid, *row) for row in rows)
        for revealed in hashes:
            self._check_opens(netuid, revealed, waiting, expired)
        for (uids, values, _, version_key), revealed in zip(rows, hashes, strict=True):
            position = self._check_opens(netuid, revealed, waiting, expired)
            waiting = waiting[:position] + waiting[position + 1 :]
            self.weights.store(hotkey, netuid, 0, uids, values, version_key)
        self.weight_commits[netuid, hotkey] = waiting or None
        self.emit(events.WeightsBatchRevealed(hotkey, netuid, hashes))

    def waiting(self, index: int) -> Iterator[tuple[bytes, int, int]]:
        """Hotkey, epoch and block of the commits on a mechanism, expired ones too."""
        for hotkey, queue in self.weight_commits.under(index):
            for _, epoch, block, _ in queue or ():
                yield hotkey, epoch, block

    def check_reveal(self, hotkey: bytes, netuid: int, index: int, revealed: bytes) -> None:
        """Whether a hotkey has a commit of this hash that opens in this epoch.

        Raises: NoWeightsCommitFound, RevealTooEarly, which is said of expired ones too.
        """
        queue = self.weight_commits[index, hotkey] or ()
        epochs = [epoch for committed, epoch, _, _ in queue if committed == revealed]
        if not epochs:
            raise errors.NoWeightsCommitFound(netuid, hotkey)
        opens = epochs[0] + self.hyperparameters.reveal_period_epochs[netuid]
        if self.schedule.epoch_number(netuid) != opens:
            raise errors.RevealTooEarly(self.schedule.epoch_number(netuid), opens)

    def move_hotkey(self, old: bytes, new: bytes, netuid: int) -> None:
        """Give a hotkey's commits to another, who can open them only if they were made for it."""
        for mechanism in self.hyperparameters.mechanisms(netuid):
            index = storage_index(netuid, mechanism)
            queue = self.weight_commits.take((index, old))
            if queue is not None:
                self.weight_commits[index, new] = queue

    def ensure_enabled(self, netuid: int) -> None:
        """Raises: CommitRevealDisabled if the subnet takes no commits."""
        if not self.hyperparameters.commit_reveal_weights_enabled[netuid]:
            raise errors.CommitRevealDisabled(netuid)

    def committer(self, hotkey: bytes, netuid: int, mechanism: int) -> int:
        """The uid of a hotkey that may commit in this block.

        Raises: HotKeyNotRegisteredInSubNet, CommittingWeightsTooFast.
        """
        uid = self.neurons.uid(netuid, hotkey)
        if uid is None:
            raise errors.HotKeyNotRegisteredInSubNet(netuid, hotkey)
        last = self.neurons.updated_at(storage_index(netuid, mechanism), uid)
        now, limit = self.system.number.get(), self.hyperparameters.weights_set_rate_limit[netuid]
        if last and now - last < limit:
            raise errors.CommittingWeightsTooFast(last, now, limit)
        return uid

    def _commit(self, hotkey: bytes, netuid: int, mechanism: int, committed: bytes) -> None:
        self.mechanisms.ensure(netuid, mechanism)
        self.ensure_enabled(netuid)
        uid = self.committer(hotkey, netuid, mechanism)
        index, now = storage_index(netuid, mechanism), self.system.number.get()
        queue, _ = self._split_expired(netuid, self.weight_commits[index, hotkey] or ())
        if len(queue) >= MAX_WAITING:
            raise errors.TooManyUnrevealedCommits(len(queue))
        commit = (committed, self.schedule.epoch_number(netuid), now, 0)
        self.weight_commits[index, hotkey] = (*queue, commit)
        self.emit(events.WeightsCommitted(hotkey, index, committed))
        self.neurons.note_update(netuid, mechanism, uid)

    def _reveal(
        self,
        hotkey: bytes,
        netuid: int,
        mechanism: int,
        uids: Sequence[int],
        values: Sequence[int],
        salt: Sequence[int],
        version_key: int,
    ) -> None:
        index = storage_index(netuid, mechanism)
        waiting, expired = self._queue(hotkey, netuid, index)
        revealed = commit_hash(hotkey, index, uids, values, salt, version_key)
        if not waiting and revealed not in expired:
            raise errors.NoWeightsCommitFound(netuid, hotkey)
        position = self._check_opens(netuid, revealed, waiting, expired)
        self.weight_commits[index, hotkey] = waiting[position + 1 :] or None
        self.weights.store(hotkey, netuid, mechanism, uids, values, version_key)
        self.emit(events.WeightsRevealed(hotkey, index, revealed))

    def _queue(self, hotkey: bytes, netuid: int, index: int) -> tuple[Queue, tuple[bytes, ...]]:
        """Commits that may still be opened, and the hashes of those that may not."""
        self.ensure_enabled(netuid)
        queue = self.weight_commits[index, hotkey]
        if queue is None:
            raise errors.NoWeightsCommitFound(netuid, hotkey)
        return self._split_expired(netuid, queue)

    def _split_expired(self, netuid: int, queue: Queue) -> tuple[Queue, tuple[bytes, ...]]:
        oldest = self.schedule.epoch_number(netuid) - self.hyperparameters.reveal_period_epochs[netuid]
        live = tuple(commit for commit in queue if commit[1] >= oldest)
        return live, tuple(commit[0] for commit in queue if commit[1] < oldest)

    def _check_opens(self, netuid: int, revealed: bytes, waiting: Queue, expired: tuple[bytes, ...]) -> int:
        """The position of the commit that `revealed` opens in this block."""
        for position, (committed, epoch, _, _) in enumerate(waiting):
            if committed == revealed:
                opens = epoch + self.hyperparameters.reveal_period_epochs[netuid]
                if self.schedule.epoch_number(netuid) != opens:
                    raise errors.RevealTooEarly(self.schedule.epoch_number(netuid), opens)
                return position
        if revealed in expired:
            raise errors.ExpiredWeightCommit(netuid, revealed)
        raise errors.InvalidRevealCommitHashNotMatch(netuid, revealed)
