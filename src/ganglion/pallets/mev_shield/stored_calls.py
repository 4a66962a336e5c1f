"""Encrypted calls that are stored on chain, to be run when a later block opens.

The real chain has the queue but no way yet to decrypt what is in it: whatever is stored is dropped by the
next block as undecodable, or as expired if root has set the lifetime to zero. So it is here. The events of
dispatch, postponement and overweight belong to the interface; nothing can cause them before calls can be
decrypted.
Source: subtensor pallets/shield/src/lib.rs, runtime/src/lib.rs (ExtrinsicDecryptor).
"""

from __future__ import annotations

from typing import Annotated

from ganglion.crypto.hashing import Identity
from ganglion.frame.call import call
from ganglion.frame.dispatch import DispatchError, Error
from ganglion.frame.event import Event
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import BlockNumber
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.system import System
from ganglion.scale import Struct
from ganglion.scale.markers import Bounded
from ganglion.scale.types import AccountId, Bytes, u32, u64

EncryptedCall = Annotated[Bytes, Bounded(8_192)]

MOST_WEIGHT = 2_000_000_000_000
"""Half of a block, in picoseconds: more of it than that stored calls may never be given."""


class PendingExtrinsic(Struct, path="pallet_shield::pallet::PendingExtrinsic"):
    """A stored call: who is to make it, and since which block it waits."""

    who: AccountId
    encrypted_call: EncryptedCall
    submitted_at: BlockNumber


class StoredCalls(Section):
    """The queue of encrypted calls, and its limits."""

    system: System

    # How many calls may wait. This and the next three are written by root only.
    max_pending_extrinsics_limit: StorageValue[u32] = storage(default=100)
    # For how many blocks a call may wait.
    extrinsic_lifetime: StorageValue[u32] = storage(default=10)
    # Picoseconds that all calls together may use in one block.
    on_initialize_weight: StorageValue[u64] = storage(default=500_000_000_000)
    # Picoseconds that one call may use.
    max_extrinsic_weight: StorageValue[u64] = storage(default=50_000_000_000)
    # index -> call. Written by `store_encrypted`, emptied by the next block.
    pending_extrinsics: StorageMap[u32, PendingExtrinsic | None] = storage(Identity)
    counter_for_pending_extrinsics: StorageValue[u32] = storage(default=0)
    # Index of the next call to be stored. Never falls.
    next_pending_extrinsic_index: StorageValue[u32] = storage(default=0)

    class ExtrinsicStored(Event, index=1):
        """A call was stored."""

        index: u32
        who: AccountId

    class ExtrinsicDecodeFailed(Event, index=2):
        """A stored call could not be decrypted and was dropped."""

        index: u32

    class ExtrinsicDispatchFailed(Event, index=3):
        """A stored call was run and failed."""

        index: u32
        error: DispatchError

    class ExtrinsicDispatched(Event, index=4):
        """A stored call was run."""

        index: u32

    class ExtrinsicExpired(Event, index=5):
        """A stored call waited too long and was dropped."""

        index: u32

    class ExtrinsicPostponed(Event, index=6):
        """A stored call did not fit into this block."""

        index: u32

    class MaxPendingExtrinsicsNumberSet(Event, index=7):
        """The number of calls that may wait was set."""

        value: u32

    class OnInitializeWeightSet(Event, index=8):
        """The weight of all calls in a block was set."""

        value: u64

    class ExtrinsicLifetimeSet(Event, index=9):
        """The time for which a call may wait was set."""

        value: u32

    class MaxExtrinsicWeightSet(Event, index=10):
        """The weight of one call was set."""

        value: u64

    class ExtrinsicWeightExceeded(Event, index=11):
        """A stored call was heavier than one may be and was dropped."""

        index: u32

    class TooManyPendingExtrinsics(Error, index=2):
        """No more calls may wait."""

    class WeightExceedsAbsoluteMax(Error, index=3):
        """The weight is more than half a block's."""

    @call(index=2)
    def store_encrypted(self, origin: Origin, encrypted_call: EncryptedCall) -> None:
        """Store a call. Raises: TooManyPendingExtrinsics. Emits: ExtrinsicStored."""
        who = origin.signed()
        count = self.counter_for_pending_extrinsics.get()
        if count >= self.max_pending_extrinsics_limit.get():
            raise self.TooManyPendingExtrinsics(count)
        index = self.next_pending_extrinsic_index.get()
        self.pending_extrinsics[index] = PendingExtrinsic(who, encrypted_call, self.system.number.get())
        self.counter_for_pending_extrinsics.set(count + 1)
        self.next_pending_extrinsic_index.set(index + 1)
        self.emit(self.ExtrinsicStored(index, who))

    @call(index=3)
    def set_max_pending_extrinsics_number(self, origin: Origin, value: u32) -> None:
        """Root: set how many calls may wait. Emits: MaxPendingExtrinsicsNumberSet."""
        origin.root()
        self.max_pending_extrinsics_limit.set(value)
        self.emit(self.MaxPendingExtrinsicsNumberSet(value))

    @call(index=4)
    def set_on_initialize_weight(self, origin: Origin, value: u64) -> None:
        """Root: set the picoseconds of all calls in a block.

        Raises: WeightExceedsAbsoluteMax. Emits: OnInitializeWeightSet.
        """
        origin.root()
        self._check_weight(value)
        self.on_initialize_weight.set(value)
        self.emit(self.OnInitializeWeightSet(value))

    @call(index=5)
    def set_stored_extrinsic_lifetime(self, origin: Origin, value: u32) -> None:
        """Root: set for how many blocks a call may wait. Emits: ExtrinsicLifetimeSet."""
        origin.root()
        self.extrinsic_lifetime.set(value)
        self.emit(self.ExtrinsicLifetimeSet(value))

    @call(index=6)
    def set_max_extrinsic_weight(self, origin: Origin, value: u64) -> None:
        """Root: set the picoseconds of one call.

        Raises: WeightExceedsAbsoluteMax. Emits: MaxExtrinsicWeightSet.
        """
        origin.root()
        self._check_weight(value)
        self.max_extrinsic_weight.set(value)
        self.emit(self.MaxExtrinsicWeightSet(value))

    def on_initialize(self) -> None:
        """Drop what is stored. Emits: ExtrinsicExpired, ExtrinsicDecodeFailed."""
        end = self.next_pending_extrinsic_index.get()
        count = self.counter_for_pending_extrinsics.get()
        if count:
            self.counter_for_pending_extrinsics.set(0)
            for index in range(end - count, end):
                self._drop(index)

    def _drop(self, index: int) -> None:
        pending = self.pending_extrinsics.take(index)
        if pending is None:
            return
        waited = self.system.number.get() - pending.submitted_at
        if waited > self.extrinsic_lifetime.get():
            self.emit(self.ExtrinsicExpired(index))
        else:
            self.emit(self.ExtrinsicDecodeFailed(index))

    def _check_weight(self, value: int) -> None:
        if value > MOST_WEIGHT:
            raise self.WeightExceedsAbsoluteMax(value)
