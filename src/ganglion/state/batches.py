"""The writes by which a block enters the store, leaves the history window, or is undone."""

from collections.abc import Mapping

from ganglion.state.errors import ReservedTable, StalePending
from ganglion.state.history import (
    EXTENT_KEY,
    HISTORY_TABLE,
    META_TABLE,
    RETIRED_TABLE,
    BlockRecord,
    Extent,
    Pending,
    number_key,
    read_block,
    read_extent,
    read_retired,
)
from ganglion.state.store import Reader
from ganglion.state.trie import ID_SIZE, NodeId, has_record
from ganglion.state.trie_reader import TRIE_TABLE, uncached_loader, walk
from ganglion.state.view import STATE_TABLE, BlockState

Records = Mapping[tuple[str, bytes], bytes | None]
"""A caller's own writes, by table and key, which belong to a block; None deletes."""

Writes = dict[str, dict[bytes, bytes | None]]

_OWN_TABLES = frozenset({STATE_TABLE, TRIE_TABLE, HISTORY_TABLE, RETIRED_TABLE, META_TABLE})

_DISCARDS_PER_COMMIT = 4
"""A window made smaller is reached in steps, so that no commit takes long."""


def commit_batch(
    reader: Reader, pending: Pending, block: BlockState, window: int | None, records: Records | None
) -> Writes:
    """All that a commit writes: state, nodes, history, what leaves the window, and the caller's records.

    Raises: StalePending, ReservedTable.
    """
    extent = read_extent(reader)
    parent = read_block(reader, extent.newest).at(extent.newest)
    if (extent.next_id, parent) != (pending.first_id, pending.parent):
        raise StalePending(pending.root)
    update = pending.update
    key = number_key(block.number)
    batch = _by_table(records)
    batch[STATE_TABLE] = dict(pending.changes)
    batch[TRIE_TABLE] = dict(update.created)
    batch[HISTORY_TABLE] = {
        key: BlockRecord(block.block_hash, block.state_root, update.root_id, pending.first_id).encode()
    }
    batch[RETIRED_TABLE] = {key: b"".join(update.retired)} if update.retired else {}
    kept = range(block.number if extent.is_empty else extent.oldest, block.number)
    oldest = kept.start if window is None else _discard(reader, pending, kept, window, batch)
    batch[META_TABLE] = {EXTENT_KEY: Extent(oldest, block.number, update.next_id).encode()}
    return batch


def skip_batch(reader: Reader, pending: Pending, block: BlockState, records: Records | None) -> Writes:
    """All that going from the only block there is to a later one writes.

    Raises: StalePending, ReservedTable.
    """
    batch = commit_batch(reader, pending, block, None, records)
    left = number_key(pending.parent.number)
    batch[TRIE_TABLE].update(dict.fromkeys(pending.update.retired))
    batch[HISTORY_TABLE][left] = None
    batch[RETIRED_TABLE] = {}
    batch[META_TABLE] = {EXTENT_KEY: Extent(block.number, block.number, pending.update.next_id).encode()}
    return batch


def rollback_batch(reader: Reader, target: BlockState, records: Records | None) -> Writes:
    """All that making the kept block `target` the head again writes. Raises: ReservedTable."""
    extent = read_extent(reader)
    batch = _by_table(records)
    gone = range(target.number + 1, extent.newest + 1)
    if gone:
        first_id = read_block(reader, gone[0]).first_id
        batch[STATE_TABLE] = _former_values(reader, target.number, extent.newest, first_id)
        made_since = reader.keys(TRIE_TABLE, start_after=_node_id(first_id - 1))
        batch[TRIE_TABLE] = dict.fromkeys(made_since)
        batch[HISTORY_TABLE] = {number_key(number): None for number in gone}
        batch[RETIRED_TABLE] = {number_key(number): None for number in gone}
    back = Extent(extent.oldest, target.number, extent.next_id)
    batch[META_TABLE] = {EXTENT_KEY: back.encode()}
    return batch


def _discard(reader: Reader, pending: Pending, kept: range, window: int, batch: Writes) -> int:
    """Drop those of the `kept` blocks that the next one moves out of the window. Returns the oldest left."""
    number = kept.stop
    keep_from = max(kept.start, min(number - window, kept.start + _DISCARDS_PER_COMMIT))
    for discarded in range(kept.start, keep_from):
        # What the next block replaced was needed by views of this one, and by nothing later.
        successor = discarded + 1
        unused = pending.update.retired if successor == number else read_retired(reader, successor)
        batch[TRIE_TABLE].update(dict.fromkeys(unused))
        batch[RETIRED_TABLE][number_key(successor)] = None
        batch[HISTORY_TABLE][number_key(discarded)] = None
    return keep_from


def _former_values(reader: Reader, number: int, newest: int, first_id: int) -> dict[bytes, bytes | None]:
    """What the keys changed after block `number` held then.

    Equal ids mean equal subtrees: only nodes made since lead to changed keys, and only nodes retired since to
    what those held. Inline leaves share the fate of their parents.
    """
    load = uncached_loader(reader)
    then, now = read_block(reader, number).root_id, read_block(reader, newest).root_id
    if then == now:
        return {}
    retired = {node_id for later in range(number + 1, newest + 1) for node_id in read_retired(reader, later)}
    earliest = _node_id(first_id)
    former: dict[bytes, bytes | None] = {}
    for _, path, node in walk(load, now, lambda node_id, _: not has_record(node_id) or node_id >= earliest):
        if node.value is not None:
            former[bytes.fromhex(path)] = None
    for _, path, node in walk(load, then, lambda node_id, _: not has_record(node_id) or node_id in retired):
        if isinstance(node.value, bytes):
            former[bytes.fromhex(path)] = node.value
    return former


def _node_id(number: int) -> NodeId:
    return number.to_bytes(ID_SIZE, "big")


def _by_table(records: Records | None) -> Writes:
    batch: Writes = {}
    for (table, key), value in (records or {}).items():
        if table in _OWN_TABLES:
            raise ReservedTable(table)
        batch.setdefault(table, {})[key] = value
    return batch
