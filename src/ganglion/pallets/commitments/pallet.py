"""Commitments: small pieces of data that a neuron publishes on its subnet.

A neuron's space is limited in each epoch of its subnet. What is sealed to a round of the beacon, see
`sealed_fields`.
Source: subtensor pallets/commitments/src/lib.rs.
"""

from __future__ import annotations

from dataclasses import replace

from ganglion.crypto.hashing import Identity, Twox64Concat
from ganglion.frame.call import call
from ganglion.frame.dispatch import Error
from ganglion.frame.event import Event
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.frame.primitives import BlockNumber, NetUid, TaoBalance
from ganglion.frame.storage import StorageDoubleMap, StorageValue, storage
from ganglion.pallets.commitments.data import MAX_FIELDS, CommitmentInfo, Registration, UsageTracker
from ganglion.pallets.commitments.sealed_fields import SealedFields
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.types import storage_index
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.system import System
from ganglion.scale.types import AccountId, u32, u64

LEAST_SPACE = 100
"""Bytes that even an empty commitment counts for."""


class Commitments(Pallet, crate="pallet_commitments", sections=(SealedFields,)):
    """Data that neurons publish."""

    system: System
    neurons: Neurons
    hyperparameters: Hyperparameters
    vote_matrix: VoteMatrix
    epoch_schedule: EpochSchedule
    sealed_fields: SealedFields

    # netuid, hotkey -> the commitment. Written by its hotkey.
    commitment_of: StorageDoubleMap[NetUid, AccountId, Registration | None] = storage(Identity, Twox64Concat)
    # netuid, hotkey -> block of the last commitment.
    last_commitment: StorageDoubleMap[NetUid, AccountId, BlockNumber | None] = storage(Identity, Twox64Concat)
    # netuid, hotkey -> block of the last reset of bonds.
    last_bonds_reset: StorageDoubleMap[NetUid, AccountId, BlockNumber | None] = storage(
        Identity, Twox64Concat
    )
    # netuid, hotkey -> bytes committed in the present epoch.
    used_space_of: StorageDoubleMap[NetUid, AccountId, UsageTracker | None] = storage(Identity, Twox64Concat)
    # Bytes that an account may commit in an epoch.
    max_space: StorageValue[u32] = storage(default=3_100)

    max_fields: u32 = constant(MAX_FIELDS)
    initial_deposit: TaoBalance = constant(0)
    field_deposit: TaoBalance = constant(0)

    class Commitment(Event, index=0):
        """A neuron published a commitment."""

        netuid: NetUid
        who: AccountId

    class TimelockCommitment(Event, index=1):
        """A neuron published a commitment that is sealed until a drand round."""

        netuid: NetUid
        who: AccountId
        reveal_round: u64

    class AccountNotAllowedCommit(Error, index=1):
        """Only a hotkey that is registered on the subnet may commit there."""

    class SpaceLimitExceeded(Error, index=2):
        """The account has committed as many bytes as it may in this epoch."""

    class TimelockRevealFailedNotAllowed(Error, index=4):
        """The mark of a failed opening is written by the chain, not by a caller."""

    @call(index=0)
    def set_commitment(self, origin: Origin, netuid: NetUid, info: CommitmentInfo) -> None:
        """Publish data as a neuron of the subnet.

        Raises: AccountNotAllowedCommit, SpaceLimitExceeded, TimelockRevealFailedNotAllowed.
        Emits: Commitment or TimelockCommitment.
        """
        who = origin.signed()
        uid = self.require_neuron(netuid, who)
        if any(field.is_failed_reveal for field in info.fields):
            raise self.TimelockRevealFailedNotAllowed(netuid, who)
        usage = self._usage_after(netuid, who, info)
        block = self.system.number.get()
        self.used_space_of[netuid, who] = usage
        if any(field.resets_bonds for field in info.fields):
            self.last_bonds_reset[netuid, who] = block
            self._reset_bonds(netuid, uid)
        self.commitment_of[netuid, who] = Registration(self.initial_deposit, block, info)
        self.last_commitment[netuid, who] = block
        self._tell(netuid, who, info)

    @call(index=2)
    def set_max_space(self, origin: Origin, new_limit: u32) -> None:
        """Root: set how many bytes an account may commit in an epoch."""
        origin.root()
        self.max_space.set(new_limit)

    def require_neuron(self, netuid: int, who: bytes) -> int:
        """The uid of a hotkey, which may commit. Raises: AccountNotAllowedCommit."""
        uid = self.neurons.uid(netuid, who)
        if uid is None:
            raise self.AccountNotAllowedCommit(netuid, who)
        return uid

    def forget_subnet(self, netuid: int) -> None:
        """Drop all that was committed on a subnet."""
        for item in (
            self.commitment_of,
            self.last_commitment,
            self.last_bonds_reset,
            self.used_space_of,
        ):
            item.clear_under(netuid)
        self.sealed_fields.forget_subnet(netuid)

    def _usage_after(self, netuid: int, who: bytes, info: CommitmentInfo) -> UsageTracker:
        epoch = self.epoch_schedule.epoch_number(netuid)
        usage = self.used_space_of[netuid, who]
        if usage is None or usage.last_epoch != epoch:
            usage = UsageTracker(epoch, 0)
        size = max(LEAST_SPACE, sum(len(field.content) for field in info.fields))
        if usage.used_space + size > self.max_space.get():
            raise self.SpaceLimitExceeded(usage.used_space, size, self.max_space.get())
        return replace(usage, used_space=usage.used_space + size)

    def _reset_bonds(self, netuid: int, uid: int) -> None:
        if self.hyperparameters.bonds_reset_on[netuid]:
            for mechanism in range(self.hyperparameters.mechanism_count_current[netuid]):
                self.vote_matrix.drop_bonds_in(storage_index(netuid, mechanism), uid)

    def _tell(self, netuid: int, who: bytes, info: CommitmentInfo) -> None:
        sealed = next((field for field in info.fields if field.is_timelock), None)
        self.sealed_fields.note(netuid, who, has_sealed=sealed is not None)
        if sealed is None:
            self.emit(self.Commitment(netuid, who))
        else:
            self.emit(self.TimelockCommitment(netuid, who, sealed.reveal_round))
