"""The state of the chain, block after block.

The newest value of every key lies flat in one table; the trie keeps the nodes of older roots for a window of
blocks, so that any of them can be read, proved or returned to. History is a line: finality is instant, there
are no forks. A block is committed in two steps, since its header needs the root and its record the header:
`prepare` computes, `commit` writes everything at once.
"""

import logging
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from ganglion.state.batches import Records, commit_batch, rollback_batch, skip_batch
from ganglion.state.errors import (
    CorruptState,
    InvalidKey,
    OutOfOrder,
    StateNotEmpty,
    WrongFormat,
    WrongGenesis,
)
from ganglion.state.history import META_TABLE, Pending, read_block, read_extent
from ganglion.state.store import Batch, Reader, Store
from ganglion.state.trie import update_trie
from ganglion.state.trie_reader import NodeCache, checked_pairs, uncached_loader
from ganglion.state.view import BEFORE_GENESIS, STATE_TABLE, BlockState, View

log = logging.getLogger(__name__)

FORMAT = b"ganglion state 2"
"""Version of everything stored. Raise it whenever a stored form changes."""

DEFAULT_HISTORY_WINDOW = 256
"""Blocks before the head whose states stay readable, as on the public chain's lite nodes."""

MAX_KEY_SIZE = 384
"""Longest storage key in bytes: within every store's limit, and it bounds the depth of the trie."""

_CACHED_BRANCHES = 32_768
_FORMAT_KEY = b"format"
_GENESIS_KEY = b"genesis"


class StateDB:
    """State in a `Store`. One writer; views may be read in any thread, each in one at a time."""

    def __init__(self, store: Store, history_window: int | None, genesis_hash: bytes | None) -> None:
        """Use `open`, which checks the store first."""
        self._store = store
        self._window = history_window
        self._expected_genesis = genesis_hash
        self._nodes = NodeCache(_CACHED_BRANCHES)

    @classmethod
    def open(
        cls,
        store: Store,
        history_window: int | None = DEFAULT_HISTORY_WINDOW,
        genesis_hash: bytes | None = None,
    ) -> "StateDB":
        """The state kept in `store`, which may be empty.

        `history_window` is in blocks before the head; None keeps all (archive). If `genesis_hash` is given,
        a store that holds another chain is refused.
        Raises: WrongFormat, WrongGenesis, CorruptState (the newest root is not there).
        """
        db = cls(store, history_window, genesis_hash)
        with store.read() as reader:
            _check_format(reader)
            db._check_genesis(reader.get(META_TABLE, _GENESIS_KEY))
            newest = read_block(reader, read_extent(reader).newest)
            next(checked_pairs(uncached_loader(reader), newest.root_id, newest.state_root), None)
        return db

    @property
    def head(self) -> BlockState:
        """The last committed block; `BEFORE_GENESIS` if there is none."""
        with self._store.read() as reader:
            newest = read_extent(reader).newest
            return read_block(reader, newest).at(newest)

    @property
    def oldest(self) -> int:
        """Number of the oldest block whose state can still be read."""
        with self._store.read() as reader:
            return read_extent(reader).oldest

    @property
    def genesis_hash(self) -> bytes | None:
        """Hash of block 0, or None before the first commit."""
        with self._store.read() as reader:
            return reader.get(META_TABLE, _GENESIS_KEY)

    def view(self, number: int | None = None) -> View:
        """The state after block `number`, by default the head. Before the first commit the head is empty.

        Raises: UnknownBlock, StateDiscarded.
        """
        reader = self._store.read()
        try:
            extent = read_extent(reader)
            wanted = extent.newest if number is None else number
            if number is not None:
                extent.check(number)
            block = read_block(reader, wanted)
        except BaseException:
            reader.close()
            raise
        load = self._nodes.loader(reader)
        return View(block.at(wanted), reader, load, block.root_id, is_newest=wanted == extent.newest)

    def prepare(self, changes: Mapping[bytes, bytes | None]) -> Pending:
        """The root after `changes` (None deletes) on top of the head. Writes nothing. Raises: InvalidKey."""
        for key in changes:
            if not 0 < len(key) <= MAX_KEY_SIZE:
                raise InvalidKey(key)
        with self._store.read() as reader:
            extent = read_extent(reader)
            parent = read_block(reader, extent.newest)
            update = update_trie(
                self._nodes.loader(reader),
                parent.root_id,
                parent.state_root,
                sorted(changes.items()),
                next_id=extent.next_id,
            )
        return Pending(update.root, parent.at(extent.newest), extent.next_id, changes, update)

    def commit(
        self, pending: Pending, number: int, block_hash: bytes, records: Records | None = None
    ) -> BlockState:
        """Make `pending` the state after block `number`, together with the caller's `records`, in one write.

        The first block is number 0, the genesis.
        Raises: StalePending, OutOfOrder, WrongGenesis, ReservedTable, StoreFull; then nothing is written.
        """
        if number != pending.parent.number + 1:
            raise OutOfOrder(number, pending.parent.number + 1)
        block = BlockState(number, block_hash, pending.root)
        return self._commit(pending, block, block_hash if number == 0 else None, records)

    def import_pairs(
        self,
        pairs: Iterable[tuple[bytes, bytes]],
        block: BlockState,
        genesis_hash: bytes,
        records: Records | None = None,
    ) -> BlockState:
        """Begin at `block` with the pairs of its state, from a snapshot (`view.pairs()` exports one).

        Raises: StateNotEmpty, WrongGenesis, and CorruptState if the pairs have another root; then nothing is
        written.
        """
        head = self.head
        if head != BEFORE_GENESIS:
            raise StateNotEmpty(head.number)
        pending = self.prepare(dict(pairs))
        if pending.root != block.state_root:
            raise CorruptState(f"pairs have root 0x{pending.root.hex()}, not 0x{block.state_root.hex()}")
        return self._commit(pending, block, genesis_hash, records)

    def skip_to(self, pending: Pending, block: BlockState, records: Records | None = None) -> BlockState:
        """Make `pending` the state after `block`, many blocks after the genesis, which is all there was.

        The states between are not there. Raises: StateNotEmpty, OutOfOrder, StalePending, StoreFull; then
        nothing is written.
        """
        if pending.parent.number != 0:
            raise StateNotEmpty(pending.parent.number)
        if block.number < 1:
            raise OutOfOrder(block.number, 1)
        with self._store.read() as reader:
            batch = skip_batch(reader, pending, block, records)
        return self._write(batch, pending, block)

    def rollback_to(self, number: int, records: Records | None = None) -> BlockState:
        """Make block `number` the head again, and write the caller's `records`, in one write.

        Raises: UnknownBlock, StateDiscarded.
        """
        with self._store.read() as reader:
            read_extent(reader).check(number)
            target = read_block(reader, number).at(number)
            batch = rollback_batch(reader, target, records)
        self._store.write(batch)
        log.info("rollback block=%d root=0x%s", number, target.state_root.hex())
        return target

    def verify(self) -> None:
        """Re-hash the whole trie of the head and compare it with the flat state. Raises: CorruptState."""
        with self._store.read() as reader:
            newest = read_block(reader, read_extent(reader).newest)
            proven = checked_pairs(uncached_loader(reader), newest.root_id, newest.state_root)
            for flat, pair in zip_longest(reader.scan(STATE_TABLE), proven):
                if flat != pair:
                    key = min(found[0] for found in (flat, pair) if found is not None)
                    raise CorruptState(f"flat state and trie differ at key 0x{key.hex()}")

    def _check_genesis(self, found: bytes | None) -> None:
        expected = self._expected_genesis
        if found is not None and expected is not None and found != expected:
            raise WrongGenesis(found, expected)

    def _commit(
        self, pending: Pending, block: BlockState, genesis_hash: bytes | None, records: Records | None
    ) -> BlockState:
        """Write `block`; `genesis_hash` is given with the first one."""
        self._check_genesis(genesis_hash)
        with self._store.read() as reader:
            batch = commit_batch(reader, pending, block, self._window, records)
        if genesis_hash is not None:
            batch[META_TABLE] |= {_FORMAT_KEY: FORMAT, _GENESIS_KEY: genesis_hash}
        return self._write(batch, pending, block)

    def _write(self, batch: Batch, pending: Pending, block: BlockState) -> BlockState:
        self._store.write(batch)
        for node_id in pending.update.retired:
            self._nodes.discard(node_id)
        for node_id, branch in pending.update.branches.items():
            self._nodes.add(node_id, branch)
        self._nodes.keep_leaves(pending.update.leaves)
        return block


def _check_format(reader: Reader) -> None:
    found = reader.get(META_TABLE, _FORMAT_KEY)
    if found is not None and found != FORMAT:
        raise WrongFormat(found, FORMAT)
