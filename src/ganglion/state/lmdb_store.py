"""The store on disk: one LMDB environment, a named sub-database per table.

A write is one LMDB transaction, on disk when `write` returns; the process may die at any instant. The file
is mapped over far more addresses than it has bytes (addresses cost nothing, and LMDB cannot map anew under
open readers), so it grows as it is written to until the disk is full. Other processes may read at the same
time; only one may write, which a lock on the file `writer` ensures.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lmdb

from ganglion.state.errors import StoreFull, StoreInUse, StoreUnusable
from ganglion.state.store import Batch, Reader, Store

DEFAULT_MAP_SIZE = 1 << 40
"""Bytes of address space for the file: its largest possible size."""

_SMALLEST_MAP_SIZE = 1 << 30
_DATA_FILE = "data.mdb"
_DAMAGE = (lmdb.CorruptedError, lmdb.PageNotFoundError, lmdb.InvalidError, lmdb.BadTxnError, lmdb.PanicError)
"""How LMDB tells that the file does not hold together."""

_MARK = b"ganglion"
"""Name of an empty table which tells our environments from other people's."""

_MAX_TABLES = 64
_MAX_READERS = 1024


class LmdbStore(Store):
    """Tables in the LMDB environment of a directory, which is made if it does not exist."""

    def __init__(
        self, path: Path, *, read_only: bool = False, durable: bool = True, map_size: int = DEFAULT_MAP_SIZE
    ) -> None:
        """Open `path`. Without `durable` a crash of the machine, not of the process, may lose the last write.

        Raises: StoreUnusable (no store of ours, or damaged), StoreInUse (it has a writer already).
        """
        self.path = path
        self._read_only = read_only
        self._lock = None if read_only else _lock_for_writing(path)
        try:
            self._env = _open_environment(path, map_size, read_only=read_only, durable=durable)
            with _told_of_damage(path):
                self._tables = self._find_tables()
        except BaseException:
            self._unlock()
            raise

    def read(self) -> "LmdbReader":
        """A reader of this moment. Pages freed after it are reused only once it is closed."""
        if self._read_only and self._env.stat()["entries"] > len(self._tables):
            self._tables = self._find_tables()
        return LmdbReader(self._env.begin(), self._tables, self.path)

    def write(self, batch: Batch) -> None:
        """Store all of `batch` in one transaction. Raises: StoreFull, StoreUnusable (damaged)."""
        try:
            with _told_of_damage(self.path):
                for name in batch:
                    if name not in self._tables:
                        self._tables[name] = self._env.open_db(name.encode())
                with self._env.begin(write=True) as transaction:
                    for name, writes in batch.items():
                        _write_table(transaction, self._tables[name], writes)
        except (lmdb.MapFullError, lmdb.DiskError) as error:
            raise StoreFull(self.path, self._env.info()["map_size"]) from error

    def close(self) -> None:
        """Close the environment and let another process write."""
        self._env.close()
        self._unlock()

    def _find_tables(self) -> dict[str, Any]:
        with self._env.begin() as transaction:
            names = [bytes(name) for name in transaction.cursor().iternext(keys=True, values=False)]
        if names and _MARK not in names:
            raise StoreUnusable(self.path, "an LMDB database of another program")
        if not names and not self._read_only:
            self._env.open_db(_MARK)
        return {name.decode(): self._env.open_db(name, create=False) for name in names}

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class LmdbReader(Reader):
    """A moment of an `LmdbStore`. Reading raises StoreUnusable where the file turns out to be damaged."""

    __slots__ = ("_path", "_tables", "_transaction")

    def __init__(self, transaction: Any, tables: dict[str, Any], path: Path) -> None:
        self._transaction = transaction
        self._tables = tables
        self._path = path

    def get(self, table: str, key: bytes) -> bytes | None:
        """The value at `key`, or None."""
        handle = self._tables.get(table)
        if handle is None:
            return None
        try:
            value: bytes | None = self._transaction.get(key, db=handle)
        except _DAMAGE as error:
            raise _damaged(self._path, error) from error
        return value

    def scan(
        self, table: str, prefix: bytes = b"", start_after: bytes | None = None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with `prefix` and come strictly after `start_after`, ascending, with values."""
        cursor = self._cursor(table, prefix, start_after)
        if cursor is not None:
            with _told_of_damage(self._path):
                for key, value in cursor.iternext(keys=True, values=True):
                    if not key.startswith(prefix):
                        return
                    yield key, value

    def keys(self, table: str, prefix: bytes = b"", start_after: bytes | None = None) -> Iterator[bytes]:
        """As `scan`, without values."""
        cursor = self._cursor(table, prefix, start_after)
        if cursor is not None:
            with _told_of_damage(self._path):
                for key in cursor.iternext(keys=True, values=False):
                    if not key.startswith(prefix):
                        return
                    yield key

    def close(self) -> None:
        """End the read transaction."""
        self._transaction.abort()

    def _cursor(self, table: str, prefix: bytes, start_after: bytes | None) -> Any:
        """A cursor at the first key to give, or None if there is none."""
        handle = self._tables.get(table)
        if handle is None:
            return None
        start = prefix if start_after is None else max(prefix, start_after)
        with _told_of_damage(self._path):
            cursor = self._transaction.cursor(db=handle)
            found = cursor.set_range(start)
            if found and cursor.key() == start_after:
                found = cursor.next()
        return cursor if found else None


@contextmanager
def _told_of_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> StoreUnusable:
    return StoreUnusable(path, f"damaged: {_first_line(error)}")


def _write_table(transaction: Any, handle: Any, writes: Any) -> None:
    # Ascending keys: neighbours share pages, and LMDB touches each page once.
    puts = sorted((key, value) for key, value in writes.items() if value is not None)
    transaction.cursor(db=handle).putmulti(puts)
    for key in sorted(key for key, value in writes.items() if value is None):
        transaction.delete(key, db=handle)


def _lock_for_writing(path: Path) -> int:
    """Make the directory if need be and lock it. The system lets go of the lock when the process ends."""
    if path.exists() and not path.is_dir():
        raise StoreUnusable(path, "not a directory")
    if path.is_dir() and any(path.iterdir()) and not (path / _DATA_FILE).exists():
        raise StoreUnusable(path, "it holds other files and no database")
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = os.open(path / "writer", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreUnusable(path, error.strerror or "not accessible") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise StoreInUse(path) from error
    return lock


def _open_environment(path: Path, map_size: int, *, read_only: bool, durable: bool) -> Any:
    """Open, with half the addresses again and again where the system does not give that many."""
    while True:
        try:
            environment = lmdb.open(
                str(path),
                map_size=map_size,
                max_dbs=_MAX_TABLES,
                max_readers=_MAX_READERS,
                readonly=read_only,
                create=not read_only,
                sync=durable,
            )
        except lmdb.MemoryError:
            if map_size <= _SMALLEST_MAP_SIZE:
                raise
            map_size //= 2
            continue
        except lmdb.Error as error:
            raise StoreUnusable(path, _first_line(error)) from error
        _refuse_truncated(environment, path)
        environment.reader_check()  # slots of readers that were killed
        return environment


def _refuse_truncated(environment: Any, path: Path) -> None:
    """Reading a mapped page beyond the end of the file would end the process."""
    needed = (environment.info()["last_pgno"] + 1) * environment.stat()["psize"]
    found = (path / _DATA_FILE).stat().st_size
    if found < needed:
        environment.close()
        raise StoreUnusable(path, f"damaged: the file has {found} bytes of {needed}")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
