"""A view: the state after one block, unchanged by whatever is committed later."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, Self

from ganglion.state.proof import Proof, prove
from ganglion.state.store import Reader
from ganglion.state.trie import LoadNode, NodeId
from ganglion.state.trie_codec import EMPTY_ROOT
from ganglion.state.trie_reader import lookup, pairs

STATE_TABLE = "state"
"""The newest value of every key."""


@dataclass(frozen=True, slots=True)
class BlockState:
    """Which block, and the root of the state after it."""

    number: int
    block_hash: bytes
    state_root: bytes


BEFORE_GENESIS = BlockState(-1, bytes(32), EMPTY_ROOT)
"""The head of a store without blocks: the empty state, and the parent hash that a genesis header names."""


class _Source(Protocol):
    def get(self, key: bytes) -> bytes | None: ...

    def keys(self, prefix: bytes, start_after: bytes | None) -> Iterator[bytes]: ...

    def pairs(self, prefix: bytes, start_after: bytes | None) -> Iterator[tuple[bytes, bytes]]: ...


class FlatSource:
    """The newest state, from the table of newest values: one lookup a key."""

    __slots__ = ("_reader",)

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def get(self, key: bytes) -> bytes | None:
        """The value at `key`, or None."""
        return self._reader.get(STATE_TABLE, key)

    def keys(self, prefix: bytes, start_after: bytes | None) -> Iterator[bytes]:
        """Keys in order."""
        return self._reader.keys(STATE_TABLE, prefix, start_after)

    def pairs(self, prefix: bytes, start_after: bytes | None) -> Iterator[tuple[bytes, bytes]]:
        """Keys in order, with values."""
        return self._reader.scan(STATE_TABLE, prefix, start_after)


class TrieSource:
    """An earlier state, from the trie under its root: some nodes a key."""

    __slots__ = ("_load", "_root_id")

    def __init__(self, load: LoadNode, root_id: NodeId) -> None:
        self._load = load
        self._root_id = root_id

    def get(self, key: bytes) -> bytes | None:
        """The value at `key`, or None."""
        value = lookup(self._load, self._root_id, key)
        return value if isinstance(value, bytes) else None

    def keys(self, prefix: bytes, start_after: bytes | None) -> Iterator[bytes]:
        """Keys in order."""
        return (key for key, _ in pairs(self._load, self._root_id, prefix, start_after))

    def pairs(self, prefix: bytes, start_after: bytes | None) -> Iterator[tuple[bytes, bytes]]:
        """Keys in order, with values."""
        for key, value in pairs(self._load, self._root_id, prefix, start_after):
            if isinstance(value, bytes):
                yield key, value


class View:
    """Reads of the state after `block`. A resource: close it, or use it in a `with` block."""

    __slots__ = ("_load", "_reader", "_root_id", "_source", "block")

    def __init__(
        self, block: BlockState, reader: Reader, load: LoadNode, root_id: NodeId, *, is_newest: bool
    ) -> None:
        self.block = block
        self._reader = reader
        self._load = load
        self._root_id = root_id
        self._source: _Source = FlatSource(reader) if is_newest else TrieSource(load, root_id)

    def get(self, key: bytes) -> bytes | None:
        """The value at `key`, or None."""
        return self._source.get(key)

    def keys(
        self, prefix: bytes = b"", start_after: bytes | None = None, limit: int | None = None
    ) -> Iterator[bytes]:
        """At most `limit` keys that begin with `prefix` and come strictly after `start_after`, ascending."""
        return islice(self._source.keys(prefix, start_after), limit)

    def pairs(
        self, prefix: bytes = b"", start_after: bytes | None = None, limit: int | None = None
    ) -> Iterator[tuple[bytes, bytes]]:
        """As `keys`, with values."""
        return islice(self._source.pairs(prefix, start_after), limit)

    def prove(self, keys: Iterable[bytes]) -> Proof:
        """A proof of what `block.state_root` says of `keys`; see `proof.verify_proof`."""
        return prove(self._load, self._root_id, keys)

    def close(self) -> None:
        """Let go of the moment. Iterators still open become unusable."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
