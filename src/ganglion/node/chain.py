"""The chain of one node: its blocks, its state, and the making of new ones.

There is one line of blocks and every block is final at once. One thread at a time may make or import blocks;
reads are made of committed views, in any thread, and never wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Self

from ganglion.frame.block import Block, Digest, Header, Seal
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.equivocation import Equivocation
from ganglion.frame.executive import CheckedExtrinsic
from ganglion.frame.extrinsic import ExtrinsicCodec
from ganglion.frame.pallet import InherentData
from ganglion.frame.runtime import Runtime
from ganglion.frame.validity import TransactionRefused
from ganglion.frame.world import World
from ganglion.node.aura import Sealer, good_seal, seal_of, sealed, slot_digest, unsealed
from ganglion.node.beacon import LocalBeacon
from ganglion.node.block_store import BlockStore, StoredHeader, block_records
from ganglion.node.candidate import Candidate, Opening
from ganglion.node.errors import BlockNotFound, InvalidBlock
from ganglion.node.execution import Execution
from ganglion.node.genesis import Genesis
from ganglion.node.proposal import Proposal, Refusal
from ganglion.node.shield import BlockShield, ShieldKeys
from ganglion.pallets.aura import Aura
from ganglion.pallets.drand import Drand
from ganglion.pallets.mev_shield import MevShield
from ganglion.pallets.timestamp import Timestamp
from ganglion.scale import ScaleError
from ganglion.scale.primitives import write_compact
from ganglion.state.errors import CorruptState
from ganglion.state.overlay import Overlay
from ganglion.state.state_db import DEFAULT_HISTORY_WINDOW, StateDB
from ganglion.state.store import Store
from ganglion.state.trie import trie_root
from ganglion.state.view import BlockState, View


@dataclass(frozen=True)
class Imported:
    """A block that is now the head. `changes` are the encoded values it wrote (None: removed).

    `deferred` counts the transactions left out because only the author of a later block can include them.
    """

    stored: StoredHeader
    block: Block
    changes: Mapping[bytes, bytes | None]
    transactions: tuple[CheckedExtrinsic, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    deferred: int = 0


class Chain:
    """See the module."""

    def __init__(self, runtime: Runtime, db: StateDB, store: Store, head: StoredHeader) -> None:
        """Use `open`, which checks what is stored."""
        self.runtime = runtime
        self.codec = ExtrinsicCodec(runtime)
        self.blocks = BlockStore(store)
        self._db = db
        self._head = head
        self._base = db.view()
        self._execution = Execution(runtime, self.codec, Overlay(self._base))

    @classmethod
    def open(cls, runtime: Runtime, genesis: Genesis, store: Store, *, archive: bool = False) -> Self:
        """The chain in `store`, which begins with `genesis` if it is new. `archive` keeps all states.

        Raises: WrongGenesis, WrongFormat, CorruptState.
        """
        window = None if archive else DEFAULT_HISTORY_WINDOW
        db = StateDB.open(store, window, genesis.stored.hash)
        if db.genesis_hash is None:
            records = block_records(genesis.block, genesis.stored.hash)
            db.commit(db.prepare(genesis.state), 0, genesis.stored.hash, records)
        head = db.head
        stored = BlockStore(store).header(head.number)
        if stored is None or stored.hash != stored.header.hash or stored.hash != head.block_hash:
            raise CorruptState(f"the header of the newest block, {head.number}, is damaged or missing")
        if stored.header.state_root != head.state_root:
            raise CorruptState(f"the state is not that of the newest block, {head.number}")
        return cls(runtime, db, store, stored)

    def close(self) -> None:
        """Let go of the state. The store is the caller's to close."""
        self._base.close()

    @property
    def head(self) -> StoredHeader:
        """The newest block, which is final."""
        return self._head

    @property
    def genesis_hash(self) -> bytes:
        """The hash of block 0."""
        found = self.blocks.hash_of(0)
        if found is None:
            raise CorruptState("the first block is missing")
        return found

    def stored_header(self, block_hash: bytes | None) -> StoredHeader:
        """The header of a block (None: the head). Raises: BlockNotFound."""
        if block_hash is None or block_hash == self._head.hash:
            return self._head
        number = self.blocks.number_of(block_hash)
        found = None if number is None else self.blocks.header(number)
        if found is None:
            raise BlockNotFound(block_hash)
        return found

    def view(self, block_hash: bytes | None = None) -> View:
        """The state after a block (None: the head). Close it. Raises: BlockNotFound, StateDiscarded."""
        if block_hash is None or block_hash == self._head.hash:
            return self._db.view()
        return self._db.view(self.stored_header(block_hash).number)

    def produce(
        self,
        transactions: Iterable[CheckedExtrinsic],
        now_ms: int,
        sealer: Sealer | None = None,
        shield_keys: ShieldKeys | None = None,
        beacon: LocalBeacon | None = None,
    ) -> Imported:
        """Make the next block of as many `transactions` as fit, in their order, and commit it.

        `now_ms` is the author's clock; no block is older than its parent. With `shield_keys` it announces
        a key, and holds behind each carrier the transaction inside of it; with `beacon` it brings in pulses.
        Raises: InvariantBroken, StoreFull; then the chain is as before.
        """
        proposal = self.begin(self.opening(now_ms), shield_keys, beacon)
        try:
            for checked in transactions:
                proposal.offer(checked)
                if proposal.is_full:
                    break
        except BaseException:
            self.abandon()
            raise
        candidate = self.finish(proposal)
        return self.commit(candidate, None if sealer is None else seal_of(candidate.header, sealer))

    def opening(self, now_ms: int) -> Opening:
        """How a lone author opens the next block by its clock."""
        world = self._execution.world
        time_ms = max(now_ms, world[Timestamp].now.get() + 1)
        return Opening(time_ms, slot_digest(time_ms // world[Aura].slot_duration))

    def begin(
        self,
        opening: Opening,
        shield_keys: ShieldKeys | None = None,
        beacon: LocalBeacon | None = None,
        equivocations: tuple[Equivocation, ...] = (),
        most_bytes: int | None = None,
    ) -> Proposal:
        """Open the next block, for one who fills it bit by bit; see `produce` and `Proposal`.

        It ends with `finish` or `abandon`. Raises: InvariantBroken.
        """
        execution = self._execution
        pending_key_hash = execution.world[MevShield].pending_key_hash()
        shield = BlockShield(shield_keys, execution.executive, pending_key_hash)
        try:
            execution.executive.open_block(self._head.number + 1, self._head.hash, opening.digest)
            announced = None if shield_keys is None else shield_keys.announce(self._head.number + 1)
            pulses = () if beacon is None else beacon.due(execution.world[Drand], opening.time_ms)
            inherents = self._apply_inherents(InherentData(opening.time_ms, announced, pulses, equivocations))
        except BaseException:
            self.abandon()
            raise
        return Proposal(execution, opening.digest, inherents, shield, most_bytes)

    def inherents(self, data: InherentData) -> tuple[bytes, ...]:
        """The extrinsics that the next block must begin with if its author has that to say."""
        return self._execution.executive.inherents(data)

    @property
    def world(self) -> World:
        """The head's state, between two blocks. For the thread that makes them."""
        return self._execution.world

    def finish(self, proposal: Proposal) -> Candidate:
        """Run the last hooks of the block that `begin` opened. It ends with `commit` or `abandon`.

        Raises: InvariantBroken; then the chain is as before.
        """
        try:
            self._execution.executive.close_block()
            candidate = self._candidate(proposal.extrinsics, proposal.digest, tuple(proposal.applied))
        except BaseException:
            self.abandon()
            raise
        return replace(candidate, refusals=tuple(proposal.refusals), deferred=proposal.deferred)

    def execute(
        self,
        extrinsics: Sequence[bytes],
        digest: Digest,
        known: Mapping[bytes, CheckedExtrinsic] = MappingProxyType({}),
    ) -> Candidate:
        """Execute a block made elsewhere, which has this digest before its seal.

        `known` are extrinsics, by their bytes, whose signatures the pool has found good already.
        It ends with `commit` or `abandon`. Raises: InvalidBlock; then the chain is as before.
        """
        number = self._head.number + 1
        try:
            self._execution.executive.open_block(number, self._head.hash, digest)
            applied = tuple(self._apply(raw, number, known.get(raw)) for raw in extrinsics)
            self._execution.executive.close_block()
            signed = tuple(one for one in applied if one.who is not None)
            return self._candidate(extrinsics, digest, signed)
        except InvariantBroken as broken:
            self.abandon()
            raise InvalidBlock(number, str(broken)) from broken
        except BaseException:
            self.abandon()
            raise

    def commit(self, candidate: Candidate, seal: Seal | None = None) -> Imported:
        """Make a block the head, with `seal` at the end of its digest, in one write to the store.

        Raises: StoreFull; then the chain is as before.
        """
        header = candidate.header if seal is None else sealed(candidate.header, seal)
        block = Block(header, candidate.extrinsics)
        stored = StoredHeader(header.hash, header)
        try:
            self._db.commit(candidate.pending, stored.number, stored.hash, block_records(block, stored.hash))
        except BaseException:
            self.abandon()
            raise
        self._rebase()
        self._head = stored
        changes = candidate.pending.changes
        return Imported(
            stored, block, changes, candidate.transactions, candidate.refusals, candidate.deferred
        )

    def restore(self, header: Header, pairs: Mapping[bytes, bytes]) -> Imported:
        """Go from the genesis to the block with this header, whose whole state is `pairs`.

        Raises: InvalidBlock if the chain has blocks, or the state is another; then it is as before.
        """
        if self._head.number:
            raise InvalidBlock(header.number, f"the chain has {self._head.number} blocks already")
        with self._db.view() as view:
            outdated = {key: None for key, _ in view.pairs() if key not in pairs}
        changes: dict[bytes, bytes | None] = {**outdated, **pairs}
        pending = self._db.prepare(changes)
        if pending.root != header.state_root:
            raise InvalidBlock(header.number, "its state is not what its header says")
        block = Block(header, ())
        stored = StoredHeader(header.hash, header)
        state = BlockState(header.number, stored.hash, pending.root)
        self._db.skip_to(pending, state, block_records(block, stored.hash))
        self.abandon()
        self._head = stored
        return Imported(stored, block, changes)

    def abandon(self) -> None:
        """Forget a block that was begun or executed, and not committed."""
        old, self._base = self._base, self._db.view()
        self._execution = Execution(self.runtime, self.codec, Overlay(self._base))
        old.close()

    def import_block(self, block: Block) -> Imported:
        """Execute a block made elsewhere, verify it, and commit it.

        Raises: InvalidBlock; then the chain is as before.
        """
        header = block.header
        if header.parent_hash != self._head.hash or header.number != self._head.number + 1:
            raise InvalidBlock(header.number, f"it does not follow block {self._head.number}")
        seal = good_seal(header, self._execution.world[Aura].authorities.get())
        if seal is None:
            raise InvalidBlock(header.number, "it is not sealed by the authority of its slot")
        candidate = self.execute(block.extrinsics, unsealed(header).digest)
        if candidate.header != unsealed(header):
            self.abandon()
            wrong = "state root" if candidate.header.state_root != header.state_root else "extrinsics root"
            raise InvalidBlock(header.number, f"its {wrong} is wrong")
        return self.commit(candidate, seal)

    def _apply_inherents(self, data: InherentData) -> tuple[bytes, ...]:
        executive = self._execution.executive
        inherents = executive.inherents(data)
        for raw in inherents:
            executive.apply(executive.check(self.codec.decode(raw)))
        return inherents

    def _apply(self, raw: bytes, number: int, known: CheckedExtrinsic | None) -> CheckedExtrinsic:
        executive = self._execution.executive
        try:
            checked = executive.check(self.codec.decode(raw)) if known is None else known
            executive.apply(checked)
        except (ScaleError, TransactionRefused) as refused:
            raise InvalidBlock(number, f"it holds an extrinsic that is refused: {refused}") from refused
        return checked

    def _candidate(
        self, extrinsics: Sequence[bytes], digest: Digest, transactions: tuple[CheckedExtrinsic, ...]
    ) -> Candidate:
        pending = self._db.prepare(self._execution.state.changes())
        root = extrinsics_root(extrinsics)
        header = Header(self._head.hash, self._head.number + 1, pending.root, root, digest)
        return Candidate(header, tuple(extrinsics), pending, transactions)

    def _rebase(self) -> None:
        """Go on from the committed state, keeping decoded values."""
        old, self._base = self._base, self._db.view()
        self._execution.state.rebase(self._base)
        old.close()


def extrinsics_root(extrinsics: Sequence[bytes]) -> bytes:
    """Root of the trie from compact index to extrinsic (length prefix included), in state version 0."""
    pairs = {}
    for index, raw in enumerate(extrinsics):
        key = bytearray()
        write_compact(index, key)
        pairs[bytes(key)] = raw
    return trie_root(pairs, state_version=0)
