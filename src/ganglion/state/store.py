"""What the state needs of a key-value store: named tables of bytes, consistent reads, one atomic write.

A table comes into being with its first write; one never written reads as empty. Keys are 1 to 500 bytes and
ordered as bytes compare.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol, Self

MAX_STORE_KEY_SIZE = 500
"""Longest key in bytes that every store takes (LMDB's own limit is 511)."""

Batch = Mapping[str, Mapping[bytes, bytes | None]]
"""Writes by table and key; None deletes, and deleting what is not there is no error."""


class Reader(Protocol):
    """The store as it was when the reader was opened, whatever is written later. Close it when done."""

    __slots__ = ()

    def get(self, table: str, key: bytes) -> bytes | None:
        """The value at `key`, or None."""

    def scan(
        self, table: str, prefix: bytes = b"", start_after: bytes | None = None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with `prefix` and come strictly after `start_after`, ascending, with values."""

    def keys(self, table: str, prefix: bytes = b"", start_after: bytes | None = None) -> Iterator[bytes]:
        """As `scan`, without values."""

    def close(self) -> None:
        """Let go of the moment. Reading afterwards is an error; closing again is none."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class Store(Protocol):
    """Named tables. Many readers, one writer; readers never wait."""

    def read(self) -> Reader:
        """A reader of this moment."""

    def write(self, batch: Batch) -> None:
        """Store all of `batch` or, if this raises or the process dies, nothing of it. Raises: StoreFull."""

    def close(self) -> None:
        """Release the store. Its readers must be closed before."""
