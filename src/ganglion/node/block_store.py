"""Headers and bodies of all blocks, in tables of the store that also holds the state.

Their writes are handed to the state's commit, so a block, its state and the new head are one atomic write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ganglion.frame.block import HEADER, Block, Header
from ganglion.scale.primitives import read_compact, write_compact
from ganglion.state.store import Store

HEADERS = "headers"
"""Hash (32 bytes) and encoded header, by block number (8 bytes, big endian)."""

BODIES = "bodies"
"""The extrinsics as a SCALE vector of bytes, by block number."""

NUMBERS = "numbers"
"""Block number (8 bytes, big endian) by block hash."""


@dataclass(frozen=True, slots=True)
class StoredHeader:
    """A header with its hash, which is costly enough to keep."""

    hash: bytes
    header: Header

    @property
    def number(self) -> int:
        return self.header.number


class BlockStore:
    """Reads blocks. Safe in any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def header(self, number: int) -> StoredHeader | None:
        """The header of a block, or None."""
        with self._store.read() as reader:
            found = reader.get(HEADERS, _key(number))
        return None if found is None else StoredHeader(found[:32], HEADER.decode(found[32:]))

    def hash_of(self, number: int) -> bytes | None:
        """The hash of a block, or None."""
        with self._store.read() as reader:
            found = reader.get(HEADERS, _key(number))
        return None if found is None else found[:32]

    def number_of(self, block_hash: bytes) -> int | None:
        """The number of a block, or None."""
        if len(block_hash) != 32:
            return None
        with self._store.read() as reader:
            found = reader.get(NUMBERS, block_hash)
        return None if found is None else int.from_bytes(found, "big")

    def body(self, number: int) -> tuple[bytes, ...] | None:
        """The extrinsics of a block as they came, or None."""
        with self._store.read() as reader:
            found = reader.get(BODIES, _key(number))
        return None if found is None else split_extrinsics(found)


def block_records(block: Block, block_hash: bytes) -> Mapping[tuple[str, bytes], bytes | None]:
    """What to write for a block."""
    key = _key(block.header.number)
    return {
        (HEADERS, key): block_hash + HEADER.encode(block.header),
        (BODIES, key): join_extrinsics(block.extrinsics),
        (NUMBERS, block_hash): key,
    }


def join_extrinsics(extrinsics: Sequence[bytes]) -> bytes:
    """The vector of extrinsics; each already has its length in front."""
    out = bytearray()
    write_compact(len(extrinsics), out)
    return bytes(out) + b"".join(extrinsics)


def split_extrinsics(body: bytes) -> tuple[bytes, ...]:
    """The extrinsics of a vector, with their length prefixes."""
    count, at = read_compact(body, 0)
    extrinsics = []
    for _ in range(count):
        length, start = read_compact(body, at)
        extrinsics.append(body[at : start + length])
        at = start + length
    return tuple(extrinsics)


def _key(number: int) -> bytes:
    return number.to_bytes(8, "big")
