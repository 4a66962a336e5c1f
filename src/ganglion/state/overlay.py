"""What a block being executed has read and written so far, over a base that does not change.

Values are held decoded: a hot value is decoded once and encoded once, however often it is read and written
in between. They are immutable by contract: whoever changes a value in place changes history, since the same
object is what a rollback restores and what a later read returns.

All nested transactions share one flat dict, and a journal of what each write replaced: a read costs the same
at any depth, a commit costs nothing, a rollback costs what is undone. *Pending* keys are those written since
the base; they may differ from it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import islice
from typing import Any, Final, Protocol, Self, TypeVar

from ganglion.state.errors import TransactionMismatch

T = TypeVar("T")

DEFAULT_CACHED_VALUES = 800_000
"""More than the epochs of 128 full subnets read in a tempo (620,000): each finds what its last one read."""


class Absent(Enum):
    """Type of `ABSENT`."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT
"""What reading a key without value gives. Test with `is`."""


class Codec(Protocol[T]):
    """How values of one storage item become bytes."""

    def encode(self, value: T, /) -> bytes:
        """The stored bytes."""

    def decode(self, data: bytes, /) -> T:
        """The value whose encoding is exactly `data`; raises on bytes left over."""


class Base(Protocol):
    """What lies under an overlay: a view of the state database, for example."""

    def get(self, key: bytes, /) -> bytes | None:
        """The value at `key`, or None."""

    def keys(self, prefix: bytes, start_after: bytes | None, /) -> Iterator[bytes]:
        """Keys that begin with `prefix` and come strictly after `start_after`, ascending."""


class EmptyBase:
    """What lies under the state of a chain that has no past."""

    def get(self, key: bytes, /) -> bytes | None:
        """Nothing."""
        return None

    def keys(self, prefix: bytes, start_after: bytes | None, /) -> Iterator[bytes]:
        """None."""
        return iter(())


class _Nothing(Enum):
    """No entry in a dict whose entries may be anything else."""

    NOTHING = 0


_NOTHING: Final = _Nothing.NOTHING

# How a pending key will be encoded: its codec, or the raw bytes themselves, or None once deleted.
_Plan = Codec[Any] | bytes | None

_ITEM_PREFIX_SIZE = 32


class Overlay:
    """Decoded, transactional reads and writes over a `Base`. For one thread."""

    __slots__ = ("_base", "_cache_limit", "_items", "_journal", "_marks", "_pending", "values")

    def __init__(self, base: Base, cached_values: int = DEFAULT_CACHED_VALUES) -> None:
        """`cached_values` bounds the decoded values kept that are not pending."""
        self._base = base
        self._cache_limit = cached_values
        self.values: dict[bytes, Any] = {}
        """Decoded values known so far, `ABSENT` among them. To be looked at only: `get` also knows others."""
        self._pending: dict[bytes, _Plan] = {}
        # Pending keys by storage item, so that iterating one item does not look at the others.
        self._items: dict[bytes, set[bytes]] = {}
        self._journal: list[tuple[bytes, Any, _Plan | _Nothing]] = []
        self._marks: list[int] = []

    def get(self, key: bytes, codec: Codec[T]) -> T | Absent:
        """The value at `key`, or `ABSENT`. One key must always be read and written with one codec."""
        try:
            value: T | Absent = self.values[key]
        except KeyError:
            return self._load(key, codec)
        return value

    def put(self, key: bytes, plan: Codec[T] | bytes, value: T) -> None:
        """Set the value at `key`; `plan` is its encoding, or the codec to use when the block closes."""
        pending = self._pending
        if self._marks:
            self._journal.append((key, self.values.get(key, _NOTHING), pending.get(key, _NOTHING)))
        if key not in pending:
            self._enter(key)
        self.values[key] = value
        pending[key] = plan

    def delete(self, key: bytes) -> None:
        """Remove the value at `key`, if there is one."""
        self._set(key, ABSENT, None)

    def exists(self, key: bytes) -> bool:
        """Whether `key` has a value. Decodes nothing."""
        if key in self.values:
            return self.values[key] is not ABSENT
        return key in self._pending or self._base.get(key) is not None

    def get_raw(self, key: bytes) -> bytes | None:
        """The encoded value at `key`, or None."""
        plan = self._pending.get(key, _NOTHING)
        return self._base.get(key) if plan is _NOTHING else self._encoded(key, plan)

    def put_raw(self, key: bytes, data: bytes) -> None:
        """Set the encoded value at `key`. It is stored as it is, and decoded if it is read with a codec."""
        self._set(key, _NOTHING, data)

    def keys(self, prefix: bytes, start_after: bytes | None = None) -> Iterator[bytes]:
        """Keys that begin with `prefix` and come strictly after `start_after`, ascending.

        As of this call: writes made while iterating do not show.
        """
        base = self._base.keys(prefix, start_after)
        pending = self._pending_within(prefix)
        if not pending:
            return base
        if start_after is not None:
            pending = pending[bisect_right(pending, start_after) :]
        return _merge(base, {key: self._is_living(key) for key in pending})

    def delete_prefix(self, prefix: bytes, limit: int | None = None) -> int:
        """Remove the first `limit` keys (all, by default) that begin with `prefix`. Returns how many."""
        doomed = list(islice(self.keys(prefix), limit))
        for key in doomed:
            self.delete(key)
        return len(doomed)

    def begin(self) -> None:
        """Open a transaction inside those already open."""
        self._marks.append(len(self._journal))

    def commit(self) -> None:
        """Close the innermost transaction; its writes become the outer one's. Raises: TransactionMismatch."""
        self._close()
        if not self._marks:
            self._journal.clear()

    def rollback(self) -> None:
        """Close the innermost transaction and undo its writes. Raises: TransactionMismatch."""
        mark = self._close()
        journal = self._journal
        while len(journal) > mark:
            self._restore(*journal.pop())

    def transaction(self) -> "Transaction":
        """`with overlay.transaction():` commits at the end, and rolls back if an exception passes."""
        return Transaction(self)

    @property
    def depth(self) -> int:
        """How many transactions are open."""
        return len(self._marks)

    def changes(self) -> dict[bytes, bytes | None]:
        """Encoded values of all keys that differ from the base, None for removed ones; ascending."""
        changes: dict[bytes, bytes | None] = {}
        base, pending = self._base, self._pending
        for key in sorted(pending):
            data = self._encoded(key, pending[key])
            if data != base.get(key):
                changes[key] = data
        return changes

    def rebase(self, base: Base, changed: Iterable[bytes] = ()) -> None:
        """Continue on `base`, with nothing pending, and keep decoded values as a cache.

        `base` must equal the old one with this overlay's changes, or differ from that at most in the keys
        `changed`. Raises: TransactionMismatch while a transaction is open.
        """
        if self._marks:
            raise TransactionMismatch(f"rebase inside {len(self._marks)} open transactions")
        self._base = base
        self._pending.clear()
        self._items.clear()
        for key in changed:
            self.values.pop(key, None)
        if len(self.values) > self._cache_limit:
            self._evict()

    def _load(self, key: bytes, codec: Codec[T]) -> T | Absent:
        """The value at a key without decoded value, which it has from now on."""
        plan = self._pending.get(key)
        data = plan if isinstance(plan, bytes) else self._base.get(key)
        value = ABSENT if data is None else codec.decode(data)
        values = self.values
        values[key] = value
        if len(values) > self._cache_limit + len(self._pending):
            self._evict()
        return value

    def _set(self, key: bytes, value: Any, plan: _Plan) -> None:
        """Make `key` pending; a value of `_NOTHING` is not known in decoded form."""
        pending = self._pending
        if self._marks:
            self._journal.append((key, self.values.get(key, _NOTHING), pending.get(key, _NOTHING)))
        if key not in pending:
            self._enter(key)
        if value is _NOTHING:
            self.values.pop(key, None)
        else:
            self.values[key] = value
        pending[key] = plan

    def _restore(self, key: bytes, value: Any, plan: "_Plan | _Nothing") -> None:
        if value is _NOTHING:
            self.values.pop(key, None)
        else:
            self.values[key] = value
        if plan is _NOTHING:
            del self._pending[key]
            self._items[key[:_ITEM_PREFIX_SIZE]].discard(key)
        else:
            self._pending[key] = plan

    def _close(self) -> int:
        if not self._marks:
            raise TransactionMismatch("no transaction is open")
        return self._marks.pop()

    def _enter(self, key: bytes) -> None:
        item = key[:_ITEM_PREFIX_SIZE]
        try:
            self._items[item].add(key)
        except KeyError:
            self._items[item] = {key}

    def _encoded(self, key: bytes, plan: _Plan) -> bytes | None:
        if plan is None or isinstance(plan, bytes):
            return plan
        return plan.encode(self.values[key])

    def _is_living(self, key: bytes) -> bool:
        return self._pending[key] is not None

    def _pending_within(self, prefix: bytes) -> list[bytes]:
        """Pending keys that begin with `prefix`, ascending."""
        if len(prefix) >= _ITEM_PREFIX_SIZE:
            items = [self._items.get(prefix[:_ITEM_PREFIX_SIZE], set())]
        else:
            items = [keys for item, keys in self._items.items() if item.startswith(prefix)]
        return sorted(key for keys in items for key in keys if key.startswith(prefix))

    def _evict(self) -> None:
        """Forget the older half of the cached values. Pending ones are not cached ones: they stay."""
        pending = self._pending
        cached = [key for key in self.values if key not in pending]
        for key in cached[: len(cached) - self._cache_limit // 2]:
            del self.values[key]


class Transaction:
    """One nested transaction of an overlay, as a context manager."""

    __slots__ = ("_overlay",)

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay

    def __enter__(self) -> Self:
        self._overlay.begin()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._overlay.commit()
        else:
            self._overlay.rollback()


def _merge(base: Iterator[bytes], pending: dict[bytes, bool]) -> Iterator[bytes]:
    """Base keys and pending keys (ascending, True if they have a value) in one ascending run."""
    added = (key for key, is_living in pending.items() if is_living)
    waiting = next(added, None)
    for key in base:
        while waiting is not None and waiting <= key:
            yield waiting
            waiting = next(added, None)
        if key not in pending:
            yield key
    if waiting is not None:
        yield waiting
        yield from added
