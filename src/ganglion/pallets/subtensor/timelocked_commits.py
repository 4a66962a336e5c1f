"""Timelocked commits: weights sealed to a round of the beacon, which the chain itself opens.

A validator commits in one epoch, to a round that is out `reveal_period` epochs later. In that epoch the chain
tries every block, until the round's pulse is there; what is not open by its end is lost, and so is what does
not open or fails the checks that all weights must pass. Only the committing hotkey's own weights count.
Source: subtensor pallets/subtensor/src/subnets/weights.rs, coinbase/{block_step,reveal_commits}.rs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, NamedTuple

from ganglion.crypto.hashing import Twox64Concat, blake2_256
from ganglion.crypto.timelock import CannotOpen, Ciphertext, MalformedCiphertext, open_sealed
from ganglion.frame.call import call
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import MechId, NetUid, NetUidStorageIndex
from ganglion.frame.storage import StorageDoubleMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.types import ROOT_NETUID, split_index, storage_index
from ganglion.scale import Codecs, ScaleError
from ganglion.scale.markers import Bounded
from ganglion.scale.types import AccountId, Bytes, Vec, u16, u64

if TYPE_CHECKING:
    from ganglion.pallets.drand import Drand
    from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.mechanisms import Mechanisms
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.weight_commits import WeightCommits
    from ganglion.pallets.subtensor.weights import Weights
    from ganglion.pallets.system import System

log = logging.getLogger(__name__)

MAX_COMMIT_SIZE = 5_000
MAX_WAITING = 10
"""Commits of one hotkey on one mechanism in one epoch."""

FIRST_VERSION = 4
"""The version that commits have which do not state theirs."""

ACCOUNT_SIZE = 32

TimelockedCommit = Annotated[Bytes, Bounded(MAX_COMMIT_SIZE)]
Entry = tuple[bytes, int, bytes, int]
_PAYLOAD = Codecs().of(tuple[Bytes, Vec[u16], Vec[u16], u64])
_PAYLOAD_WITHOUT_HOTKEY = Codecs().of(tuple[Vec[u16], Vec[u16], u64])


class Row(NamedTuple):
    """The weights in an opened commit."""

    uids: tuple[int, ...]
    values: tuple[int, ...]
    version_key: int


class ForeignCommit(ValueError):
    """The opened commit is another hotkey's: whoever sent it copied it."""


def decode_payload(plaintext: bytes, hotkey: bytes) -> Row:
    """What a commit of `hotkey` holds; bytes behind it do not count. Raises: ScaleError, ForeignCommit.

    Old clients leave the hotkey out. What cannot name one is read as theirs.
    """
    try:
        (owner, *row), _ = _PAYLOAD.read(plaintext, 0)
    except ScaleError:
        owner = b""
    if len(owner) < ACCOUNT_SIZE:
        row, _ = _PAYLOAD_WITHOUT_HOTKEY.read(plaintext, 0)
    elif owner[:ACCOUNT_SIZE] != hotkey:
        raise ForeignCommit(f"of 0x{owner[:ACCOUNT_SIZE].hex()}, committed by 0x{hotkey.hex()}")
    return Row(*row)


def _place(queue: tuple[int, int]) -> tuple[int, int, int]:
    """The order of opening: by netuid, then mechanism, then epoch."""
    index, epoch = queue
    return (*split_index(index), epoch)


class TimelockedCommits(Section):
    """Keeps sealed weights and opens them."""

    system: System
    drand: Drand
    commits: WeightCommits
    hyperparameters: Hyperparameters
    mechanisms: Mechanisms
    neurons: Neurons
    schedule: EpochSchedule
    subnets: Subnets
    weights: Weights

    # storage index, epoch -> (hotkey, block, sealed weights, round of the beacon), oldest first.
    timelocked_weight_commits: StorageDoubleMap[
        NetUidStorageIndex, u64, Vec[tuple[AccountId, u64, TimelockedCommit, u64]]
    ] = storage(Twox64Concat, Twox64Concat, default=())

    @call(index=113)
    def commit_timelocked_weights(
        self,
        origin: Origin,
        netuid: NetUid,
        commit: TimelockedCommit,
        reveal_round: u64,
        commit_reveal_version: u16,
    ) -> None:
        """Commit to weights for mechanism 0, sealed to `reveal_round`; the signer is the validator's hotkey.

        Raises: MechanismDoesNotExist, CommitRevealDisabled, IncorrectCommitRevealVersion,
        HotKeyNotRegisteredInSubNet, CommittingWeightsTooFast, TooManyUnrevealedCommits.
        Emits: TimelockedWeightsCommitted.
        """
        self._commit(origin, netuid, 0, commit, reveal_round, commit_reveal_version)

    @call(index=117)
    def commit_crv3_mechanism_weights(
        self, origin: Origin, netuid: NetUid, mecid: MechId, commit: TimelockedCommit, reveal_round: u64
    ) -> None:
        """As `commit_timelocked_mechanism_weights`, in the first version."""
        self._commit(origin, netuid, mecid, commit, reveal_round, FIRST_VERSION)

    @call(index=118)
    def commit_timelocked_mechanism_weights(
        self,
        origin: Origin,
        netuid: NetUid,
        mecid: MechId,
        commit: TimelockedCommit,
        reveal_round: u64,
        commit_reveal_version: u16,
    ) -> None:
        """As `commit_timelocked_weights`, for any mechanism."""
        self._commit(origin, netuid, mecid, commit, reveal_round, commit_reveal_version)

    def on_initialize(self) -> None:
        """Open what can be opened. Emits: WeightsSet and TimelockedWeightsRevealed for each.

        A subnet whose epoch this block puts off waits with it: else its weights would be out before it.
        """
        queues = sorted(self.timelocked_weight_commits.keys(), key=_place)
        if not queues:
            return
        deferred = self.schedule.deferred(n for n in self.subnets.netuids() if n != ROOT_NETUID)
        for index, epoch in queues:
            netuid, mechanism = split_index(index)
            if netuid not in deferred:
                self._attend(netuid, mechanism, epoch)

    def waiting(self, index: int) -> Iterator[tuple[bytes, int, int]]:
        """Hotkey, epoch and block of the sealed commits on a mechanism, expired ones too."""
        for epoch, queue in self.timelocked_weight_commits.under(index):
            for hotkey, block, _, _ in queue:
                yield hotkey, epoch, block

    def _commit(
        self, origin: Origin, netuid: int, mechanism: int, sealed: bytes, reveal_round: int, version: int
    ) -> None:
        self.mechanisms.ensure(netuid, mechanism)
        hotkey = origin.signed()
        self.commits.ensure_enabled(netuid)
        if version != self.hyperparameters.commit_reveal_weights_version.get():
            raise errors.IncorrectCommitRevealVersion(version)
        uid = self.commits.committer(hotkey, netuid, mechanism)
        index, epoch = storage_index(netuid, mechanism), self.schedule.epoch_number(netuid)
        queue = self.timelocked_weight_commits[index, epoch]
        own = sum(entry[0] == hotkey for entry in queue)
        if own >= MAX_WAITING:
            raise errors.TooManyUnrevealedCommits(own)
        entry = (hotkey, self.system.number.get(), sealed, reveal_round)
        self.timelocked_weight_commits[index, epoch] = (*queue, entry)
        self.emit(events.TimelockedWeightsCommitted(hotkey, index, blake2_256(sealed), reveal_round))
        self.neurons.note_update(netuid, mechanism, uid)

    def _attend(self, netuid: int, mechanism: int, epoch: int) -> None:
        """Drop the commits of `epoch` if they have expired, open them if it is their time."""
        opens = epoch + self.hyperparameters.reveal_period_epochs[netuid]
        now = self.schedule.epoch_number(netuid)
        if opens < now:
            del self.timelocked_weight_commits[storage_index(netuid, mechanism), epoch]
        elif opens == now:
            self._reveal(netuid, mechanism, epoch)

    def _reveal(self, netuid: int, mechanism: int, epoch: int) -> None:
        index = storage_index(netuid, mechanism)
        queue = self.timelocked_weight_commits[index, epoch]
        sealed = tuple(entry for entry in queue if not self._try_reveal(netuid, mechanism, entry))
        if not sealed and queue:
            del self.timelocked_weight_commits[index, epoch]
        elif len(sealed) < len(queue):
            self.timelocked_weight_commits[index, epoch] = sealed

    def _try_reveal(self, netuid: int, mechanism: int, entry: Entry) -> bool:
        """Whether the commit's round is out, so that it is done with; its weights are set if they can be."""
        hotkey, block, sealed, reveal_round = entry
        signature = self.drand.signature_of(reveal_round)
        if signature is None:
            return False
        try:
            row = decode_payload(open_sealed(Ciphertext.parse(sealed), signature), hotkey)
            self.weights.store(hotkey, netuid, mechanism, *row)
        except (MalformedCiphertext, CannotOpen, ScaleError, ForeignCommit, DispatchFailed) as error:
            log.debug(
                "lost commit netuid=%d hotkey=0x%s block=%d error=%r", netuid, hotkey.hex(), block, error
            )
        else:
            self.emit(events.TimelockedWeightsRevealed(storage_index(netuid, mechanism), hotkey))
        return True
