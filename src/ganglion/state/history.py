"""What is kept of each committed block so that its state can be viewed, discarded or returned to."""

from collections.abc import Mapping
from dataclasses import dataclass
from struct import Struct

from ganglion.state.errors import CorruptState, StateDiscarded, UnknownBlock
from ganglion.state.store import Reader
from ganglion.state.trie import ID_SIZE, NO_NODE, NodeId, TrieUpdate
from ganglion.state.view import BEFORE_GENESIS, BlockState

META_TABLE = "meta"
"""Facts about the whole store, by name."""

EXTENT_KEY = b"extent"

HISTORY_TABLE = "history"
"""`BlockRecord` by block number (8 bytes, big-endian)."""

RETIRED_TABLE = "retired"
"""Ids of the trie nodes which the block replaced, one after another, by block number."""

_RECORD = Struct(f">32s32s{ID_SIZE}sQ")
_EXTENT = Struct(">QQQ")


@dataclass(frozen=True, slots=True)
class BlockRecord:
    """A block's hash and root, and the first of the rising node ids that it or later blocks took."""

    block_hash: bytes
    state_root: bytes
    root_id: NodeId
    first_id: int

    def encode(self) -> bytes:
        """The stored form."""
        return _RECORD.pack(self.block_hash, self.state_root, self.root_id, self.first_id)

    @classmethod
    def decode(cls, data: bytes) -> "BlockRecord":
        """From the stored form."""
        return cls(*_RECORD.unpack(data))

    def at(self, number: int) -> BlockState:
        """What others are told of the block."""
        return BlockState(number, self.block_hash, self.state_root)


@dataclass(frozen=True, slots=True)
class Extent:
    """The blocks whose states are kept, `oldest` to `newest`, and the next free node id.

    Ids keep rising when blocks are rolled back, so that no id ever means two nodes.
    """

    oldest: int
    newest: int
    next_id: int

    @property
    def is_empty(self) -> bool:
        """Whether no block was committed yet."""
        return self.newest == BEFORE_GENESIS.number

    def check(self, number: int) -> None:
        """Raises: UnknownBlock, StateDiscarded, unless the state of block `number` is kept."""
        if not 0 <= number <= self.newest:
            raise UnknownBlock(number)
        if number < self.oldest:
            raise StateDiscarded(number, self.oldest)

    def encode(self) -> bytes:
        """The stored form."""
        return _EXTENT.pack(self.oldest, self.newest, self.next_id)


@dataclass(frozen=True, slots=True)
class Pending:
    """Changes with the root they lead to, not yet written.

    `parent` is the block they were prepared on, `first_id` the first node id they take.
    """

    root: bytes
    parent: BlockState
    first_id: int
    changes: Mapping[bytes, bytes | None]
    update: TrieUpdate


def number_key(number: int) -> bytes:
    """Key of a block in tables by number."""
    return number.to_bytes(8, "big")


def read_extent(reader: Reader) -> Extent:
    """The kept blocks: none, with newest -1, before the first commit."""
    data = reader.get(META_TABLE, EXTENT_KEY)
    return Extent(0, BEFORE_GENESIS.number, 1) if data is None else Extent(*_EXTENT.unpack(data))


def read_block(reader: Reader, number: int) -> BlockRecord:
    """The record of a kept block, or of the moment before the genesis. Raises: CorruptState."""
    if number == BEFORE_GENESIS.number:
        return BlockRecord(BEFORE_GENESIS.block_hash, BEFORE_GENESIS.state_root, NO_NODE, 1)
    data = reader.get(HISTORY_TABLE, number_key(number))
    if data is None:
        raise CorruptState(f"block {number} has no history record")
    return BlockRecord.decode(data)


def read_retired(reader: Reader, number: int) -> list[NodeId]:
    """The nodes that the block replaced."""
    data = reader.get(RETIRED_TABLE, number_key(number)) or b""
    return [data[at : at + ID_SIZE] for at in range(0, len(data), ID_SIZE)]
