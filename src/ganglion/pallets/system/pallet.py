"""System: accounts, the block's own records, and calls that only root or nobody in particular needs.

Source: polkadot-sdk substrate/frame/system/src/lib.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Blake2_128Concat, Twox64Concat, blake2_256
from ganglion.frame import dispatch
from ganglion.frame.block import Digest
from ganglion.frame.call import call
from ganglion.frame.dispatch import (
    NO_WEIGHT,
    ConsumerRemaining,
    DispatchError,
    DispatchFailed,
    DispatchInfo,
    Error,
    NoProviders,
    Refused,
    TooManyConsumers,
    Weight,
)
from ganglion.frame.event import Event, EventRecord, Phase
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.frame.primitives import BlockNumber
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.frame.validity import InvalidKind, InvalidTransaction
from ganglion.frame.version import RuntimeVersion
from ganglion.pallets.system.account import AccountData, AccountInfo
from ganglion.pallets.system.limits import (
    BASE_BLOCK,
    BASE_EXTRINSIC,
    BLOCK_LENGTH,
    BLOCK_WEIGHTS,
    DB_WEIGHT,
    LENGTH_LIMITS,
    WEIGHT_LIMITS,
    BlockLength,
    BlockWeights,
    PerClassWeight,
    RuntimeDbWeight,
    weight_after,
)
from ganglion.scale import Struct
from ganglion.scale.types import H256, AccountId, Bytes, Compact, Vec, u16, u32

MAX_CONSUMERS = 16
NO_HASH = bytes(32)


class LastRuntimeUpgradeInfo(Struct, path="frame_system::LastRuntimeUpgradeInfo"):
    """The version that the state was last written by."""

    spec_version: Compact[u32]
    spec_name: str


class System(Pallet, crate="frame_system"):
    """Accounts, block records, limits."""

    # account -> nonce, references, balance. Written by Balances and the nonce check.
    account: StorageMap[AccountId, AccountInfo] = storage(
        Blake2_128Concat, default=AccountInfo(), trusted=True
    )
    # Weight used in this block, by class. Reset when a block opens.
    block_weight: StorageValue[PerClassWeight] = storage(
        default=PerClassWeight(NO_WEIGHT, NO_WEIGHT, NO_WEIGHT), trusted=True
    )
    # block number -> hash, for the last `block_hash_count` blocks.
    block_hash: StorageMap[BlockNumber, H256] = storage(Twox64Concat, default=NO_HASH)
    number: StorageValue[BlockNumber] = storage(default=0)
    parent_hash: StorageValue[H256] = storage(default=NO_HASH)
    digest: StorageValue[Digest] = storage(default=Digest(()))
    # The block's events in order. Written when the block closes.
    events: StorageValue[Vec[EventRecord]] = storage(default=())
    event_count: StorageValue[u32] = storage(default=0)
    execution_phase: StorageValue[Phase | None] = storage()
    last_runtime_upgrade: StorageValue[LastRuntimeUpgradeInfo | None] = storage()

    block_weights: BlockWeights = constant(BLOCK_WEIGHTS)
    block_length: BlockLength = constant(BLOCK_LENGTH)
    block_hash_count: BlockNumber = constant(2_400)
    db_weight: RuntimeDbWeight = constant(DB_WEIGHT)
    ss58_prefix: u16 = constant(42, name="SS58Prefix")

    class ExtrinsicSuccess(Event, index=0):
        """An extrinsic completed. Its weight includes what every extrinsic weighs."""

        dispatch_info: DispatchInfo

    class ExtrinsicFailed(Event, index=1):
        """An extrinsic's call failed; its changes are undone, its fee is paid."""

        dispatch_error: DispatchError
        dispatch_info: DispatchInfo

    class NewAccount(Event, index=3):
        """An account came into being."""

        account: AccountId

    class KilledAccount(Event, index=4):
        """An account was reaped."""

        account: AccountId

    class Remarked(Event, index=5):
        """Somebody put data on chain."""

        sender: AccountId
        hash: H256

    CallFiltered = dispatch.CallFiltered

    class NonZeroRefCount(Error, index=4):
        """The account is still depended on."""

    _extrinsic_index: int = 0
    # Bytes of the block's extrinsics: of those applied, and with the one being applied.
    _length: int = 0
    _length_with_next: int = 0

    @call(index=0)
    def remark(self, origin: Origin, remark: Bytes) -> None:
        """Put data into a block without changing state."""

    @call(index=4)
    def set_storage(self, origin: Origin, items: Vec[tuple[Bytes, Bytes]]) -> None:
        """Root: write raw storage entries."""
        origin.root()
        for key, value in items:
            self.world.state.put_raw(key, value)

    @call(index=5)
    def kill_storage(self, origin: Origin, keys: Vec[Bytes]) -> None:
        """Root: remove raw storage entries."""
        origin.root()
        for key in keys:
            self.world.state.delete(key)

    @call(index=6)
    def kill_prefix(self, origin: Origin, prefix: Bytes, subkeys: u32) -> None:
        """Root: remove at most `subkeys` storage entries that begin with `prefix`."""
        origin.root()
        self.world.state.delete_prefix(prefix, subkeys)

    @call(index=7)
    def remark_with_event(self, origin: Origin, remark: Bytes) -> None:
        """Put data into a block and tell its hash. Emits: Remarked."""
        self.emit(self.Remarked(origin.signed(), blake2_256(remark)))

    def open_block(self, number: int, parent_hash: bytes, digest: Digest) -> None:
        """Begin block `number`; the parent's hash is recorded."""
        self._extrinsic_index = 0
        self._length = 0
        self.number.set(number)
        self.parent_hash.set(parent_hash)
        self.digest.set(digest)
        self.block_hash[number - 1] = parent_hash
        self.events.kill()
        self.event_count.kill()
        self.block_weight.set(PerClassWeight(NO_WEIGHT, NO_WEIGHT, BASE_BLOCK))

    def reserve(self, info: DispatchInfo, length: int) -> None:
        """Take weight and length (bytes) out of the block's limits; see `SystemPallet`."""
        after = weight_after(self.block_weight.get(), info, length)
        if after is None or self._length + length > LENGTH_LIMITS[info.class_]:
            raise InvalidTransaction(InvalidKind.EXHAUSTS_RESOURCES)
        self._length_with_next = self._length + length
        self.block_weight.set(after)

    def check_alone(self, info: DispatchInfo, length: int) -> None:
        """Raises InvalidTransaction (EXHAUSTS_RESOURCES) if the call would not fit into an empty block."""
        limit = WEIGHT_LIMITS[info.class_].max_extrinsic
        if length > LENGTH_LIMITS[info.class_] or (limit is not None and not info.weight.fits(limit)):
            raise InvalidTransaction(InvalidKind.EXHAUSTS_RESOURCES)

    def note_applied(self, info: DispatchInfo, actual: DispatchInfo, failure: DispatchFailed | None) -> None:
        """Give back unused weight, tell how the extrinsic ended; see `SystemPallet`."""
        if actual.weight != info.weight:
            used = self.block_weight.get()
            unused = info.weight.ref_time - actual.weight.ref_time
            unproven = info.weight.proof_size - actual.weight.proof_size
            class_use = used.of(info.class_)
            less = Weight(class_use.ref_time - unused, class_use.proof_size - unproven)
            self.block_weight.set(used.with_class(info.class_, less))
        told = DispatchInfo(actual.weight + BASE_EXTRINSIC, actual.class_, actual.pays_fee)
        if failure is None:
            self.emit(self.ExtrinsicSuccess(told))
        else:
            self.emit(self.ExtrinsicFailed(self.world.runtime.dispatch_error(failure), told))
        self._extrinsic_index += 1
        self._length = self._length_with_next

    def close_block(self) -> None:
        """Write the block's events; forget the oldest block's hash."""
        forgotten = self.number.get() - self.block_hash_count - 1
        if forgotten > 0:  # the genesis hash stays: immortal transactions sign it
            del self.block_hash[forgotten]
        self.events.set(tuple(self.world.events))
        self.event_count.set(len(self.world.events))

    def extrinsic_index(self) -> int:
        """The index of the extrinsic being applied, or to be applied next."""
        return self._extrinsic_index

    def build_genesis(self, config: None) -> None:
        """Record the version that wrote the state."""
        version: RuntimeVersion = self.world.runtime.version
        self.last_runtime_upgrade.set(LastRuntimeUpgradeInfo(version.spec_version, version.spec_name))
        self.execution_phase.kill()

    def set_data(self, who: bytes, data: AccountData, providers: int = 0, consumers: int = 0) -> None:
        """Write an account's balances, and change by how much it is provided for and depended on.

        Raises Refused (NoProviders, TooManyConsumers, ConsumerRemaining) before anything is written.
        Emits: NewAccount, KilledAccount.
        """
        account = self.account[who]
        if providers or consumers:
            self._check_references(account, providers, consumers)
        was_alive = account.providers or account.sufficients
        is_alive = account.providers + providers or account.sufficients
        if was_alive and not is_alive:
            del self.account[who]
            self.emit(self.KilledAccount(who))
            return
        self.account[who] = AccountInfo(
            account.nonce,
            account.consumers + consumers,
            account.providers + providers,
            account.sufficients,
            data,
        )
        if is_alive and not was_alive:
            self.emit(self.NewAccount(who))

    def _check_references(self, account: AccountInfo, providers: int, consumers: int) -> None:
        if consumers > 0 and account.providers + max(providers, 0) == 0:
            raise Refused(NoProviders())
        if consumers > 0 and account.consumers >= MAX_CONSUMERS:
            raise Refused(TooManyConsumers())
        if providers < 0 and account.providers + providers == 0 and account.consumers + consumers:
            raise Refused(ConsumerRemaining())
