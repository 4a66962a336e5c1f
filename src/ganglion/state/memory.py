"""A store in memory, for the laboratory, for tests and for chains that are not kept.

A reader keeps its moment by a *shadow*: each write first notes there the values that it replaces.
"""

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice, takewhile
from threading import Lock
from weakref import WeakSet

from ganglion.state.store import Batch, Reader, Store

_Shadow = dict[str, dict[bytes, bytes | None]]

_SHELF_NAME_SIZE = 32
"""The keys of a storage item begin with so many bytes in common."""


class MemoryStore(Store):
    """Tables as dicts. Safe for readers in other threads."""

    def __init__(self) -> None:
        self._tables: dict[str, _Table] = {}
        self._readers: WeakSet[MemoryReader] = WeakSet()
        self._lock = Lock()

    def read(self) -> "MemoryReader":
        """A reader of this moment. Every write notes what it replaces for it until it is closed."""
        with self._lock:
            reader = MemoryReader(self)
            self._readers.add(reader)
            return reader

    def write(self, batch: Batch) -> None:
        """Store all of `batch`."""
        with self._lock:
            for name, writes in batch.items():
                table = self._tables.setdefault(name, _Table())
                for reader in self._readers:
                    table.note(writes, reader.shadow.setdefault(name, {}))
                table.write(writes)

    def copy(self) -> "MemoryStore":
        """An independent store with the same contents."""
        with self._lock:
            twin = MemoryStore()
            twin._tables = {name: table.copy() for name, table in self._tables.items()}
            return twin

    def close(self) -> None:
        """Forget everything."""
        self._tables.clear()

    def _value(self, name: str, key: bytes) -> bytes | None:
        table = self._tables.get(name)
        return None if table is None else table.values.get(key)

    def _keys(self, name: str, shadow: _Shadow, prefix: bytes, start_after: bytes | None) -> Iterator[bytes]:
        """The keys at the shadow's moment, fixed by this call though the iterator may be used later."""
        with self._lock:
            table = self._tables.get(name)
            if table is None:
                return iter(())
            shelves = table.shelves(prefix)
            noted = shadow.get(name, {}).copy()
        living = chain.from_iterable(_between(shelf, prefix, start_after) for shelf in shelves)
        if not noted:
            return living
        before = sorted(key for key, value in noted.items() if value is not None)
        return heapq.merge((key for key in living if key not in noted), _between(before, prefix, start_after))

    def _forget(self, reader: "MemoryReader") -> None:
        with self._lock:
            self._readers.discard(reader)


class MemoryReader(Reader):
    """A moment of a `MemoryStore`."""

    __slots__ = ("__weakref__", "_store", "shadow")

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.shadow: _Shadow = {}

    def get(self, table: str, key: bytes) -> bytes | None:
        """The value at `key`, or None."""
        # The present before the shadow: a write notes the old value first, so one of the two is right.
        present = self._store._value(table, key)
        noted = self.shadow.get(table)
        return noted[key] if noted is not None and key in noted else present

    def scan(
        self, table: str, prefix: bytes = b"", start_after: bytes | None = None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with `prefix` and come strictly after `start_after`, ascending, with values."""
        for key in self.keys(table, prefix, start_after):
            value = self.get(table, key)
            if value is not None:
                yield key, value

    def keys(self, table: str, prefix: bytes = b"", start_after: bytes | None = None) -> Iterator[bytes]:
        """As `scan`, without values."""
        return self._store._keys(table, self.shadow, prefix, start_after)

    def close(self) -> None:
        """Stop the noting of replaced values for this reader."""
        self._store._forget(self)


class _Table:
    """Values by key, and the ascending order of keys, made when a scan asks for it.

    Keys stand on *shelves*, those of one storage item on one shelf: a new key costs its shelf a sort, and
    not the whole table. A shelf is never changed, but replaced, so iterators over it stay valid. Tables that
    nobody scans have no shelves.
    """

    __slots__ = ("_added", "_removed", "_shelves", "values")

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}
        self._shelves: dict[bytes, list[bytes]] | None = None
        self._added: set[bytes] = set()
        self._removed: set[bytes] = set()

    def copy(self) -> "_Table":
        twin = _Table()
        twin.values = self.values.copy()
        if self._shelves is not None:
            twin._shelves = self._put_in_order().copy()
        return twin

    def note(self, keys: Iterable[bytes], shadow: dict[bytes, bytes | None]) -> None:
        """Put the present values of `keys` into `shadow`, unless older ones stand there."""
        for key in keys:
            if key not in shadow:
                shadow[key] = self.values.get(key)

    def write(self, writes: Mapping[bytes, bytes | None]) -> None:
        values = self.values
        if self._shelves is None:
            _write_unordered(values, writes)
            return
        for key, value in writes.items():
            if value is not None:
                if key not in values:
                    self._enter(key)
                values[key] = value
            elif values.pop(key, None) is not None:
                self._leave(key)

    def shelves(self, prefix: bytes) -> list[list[bytes]]:
        """The shelves on which keys that begin with `prefix` may stand, in order."""
        shelves = self._put_in_order()
        if len(prefix) >= _SHELF_NAME_SIZE:
            return [shelves.get(prefix[:_SHELF_NAME_SIZE], [])]
        return [shelves[name] for name in sorted(shelves) if name.startswith(prefix)]

    def _put_in_order(self) -> dict[bytes, list[bytes]]:
        if self._shelves is None:
            self._shelves, self._added = {}, set(self.values)
        shelves = self._shelves
        for name, changed in _by_shelf(self._added | self._removed).items():
            kept = (key for key in shelves.pop(name, ()) if key not in self._removed)
            shelf = sorted(chain(kept, changed - self._removed))
            if shelf:
                shelves[name] = shelf
        self._added, self._removed = set(), set()
        return shelves

    def _enter(self, key: bytes) -> None:
        if key in self._removed:
            self._removed.discard(key)
        else:
            self._added.add(key)

    def _leave(self, key: bytes) -> None:
        if key in self._added:
            self._added.discard(key)
        else:
            self._removed.add(key)


def _write_unordered(values: dict[bytes, bytes], writes: Mapping[bytes, bytes | None]) -> None:
    for key, value in writes.items():
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value


def _by_shelf(keys: Iterable[bytes]) -> dict[bytes, set[bytes]]:
    shelves: dict[bytes, set[bytes]] = {}
    for key in keys:
        shelves.setdefault(key[:_SHELF_NAME_SIZE], set()).add(key)
    return shelves


def _between(order: list[bytes], prefix: bytes, start_after: bytes | None) -> Iterator[bytes]:
    """The keys of an ascending list that begin with `prefix` and come strictly after `start_after`."""
    at = bisect_left(order, prefix)
    if start_after is not None and start_after >= prefix:
        at = bisect_right(order, start_after)
    return takewhile(lambda key: key.startswith(prefix), islice(order, at, None))
