"""Storage items, declared in a pallet and bound to a state.

    # hotkey, netuid -> alpha-rao. Written by staking only.
    stake: StorageDoubleMap[AccountId, NetUid, AlphaBalance] = storage(
        Blake2_128Concat, Identity, default=0)

The annotation gives keys and value, `storage` the hashers and the default. A value type `T | None` without
a default is an optional item: what is not stored reads as None, and assigning None removes it. With a
default, what is not stored reads as the default. Values are immutable.

Keys are built as on every Substrate chain: twox128(pallet) ++ twox128(item) ++ hasher(key)...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ganglion.crypto.hashing import StorageHasher, twox128
from ganglion.scale import Codec, ScaleError
from ganglion.scale.containers import bare
from ganglion.scale.primitives import IntCodec
from ganglion.state.overlay import ABSENT

if TYPE_CHECKING:
    from ganglion.frame.world import World

K = TypeVar("K")
K1 = TypeVar("K1")
K2 = TypeVar("K2")
V = TypeVar("V")

KEYS_REMEMBERED = 65_536
"""How many hashed keys an item remembers before it forgets them all."""


PARTS_REMEMBERED = 8_192
"""How many hashed parts of keys an item remembers, the oldest being forgotten first."""


@dataclass(frozen=True)
class StorageDeclaration:
    """What `storage(...)` was given."""

    hashers: tuple[StorageHasher, ...]
    default: Any
    name: str | None
    has_default: bool
    trusted: bool


def storage(*hashers: StorageHasher, name: str | None = None, trusted: bool = False, **default: Any) -> Any:
    """Declare a storage item; see the module. `default=...` makes reads of absent entries give it.

    `name` is the item's name on the wire where it is not the attribute's in CamelCase. A value that does
    not fit its type fails the call that writes it; `trusted` leaves that check out where a hot item's
    values fit by construction.
    """
    if default.keys() - {"default"}:
        raise TypeError(f"storage() takes hashers, name, trusted and default, not {', '.join(default)}")
    return StorageDeclaration(hashers, default.get("default"), name, "default" in default, trusted)


class StorageItem:
    """An item of an assembled runtime: its codecs, hashers and key prefix. Bound to no state."""

    def __init__(
        self, pallet: str, name: str, declaration: StorageDeclaration, keys: tuple[Codec, ...], value: Codec
    ) -> None:
        self.pallet = pallet
        self.name = name
        self.hashers = declaration.hashers
        self.default = declaration.default
        self.has_default = declaration.has_default
        self.keys = keys
        self.value = value
        self.codec = bare(value)
        self.bounds = _bounds(self.codec)
        self.is_trusted = declaration.trusted
        self.prefix = twox128(pallet.encode()) + twox128(name.encode())
        # Entries share parts of their keys: a hotkey has one on every subnet.
        self._hashes = [_hashing(*each) for each in zip(self.hashers, keys, strict=False)]
        self._places = [
            (bare(key), hasher.digest_size) for key, hasher in zip(keys, self.hashers, strict=True)
        ]
        self.known: dict[tuple[Any, ...], bytes] = {}
        """Keys made before. Reads and writes look here themselves, which saves them a call."""

    def key(self, parts: tuple[Any, ...]) -> bytes:
        """The storage key of an entry, or the common prefix of entries if `parts` are fewer than keys."""
        known = self.known.get(parts)
        if known is None:
            if len(parts) > len(self.keys):
                raise TypeError(f"{self.pallet}.{self.name} has {len(self.keys)} keys, not {len(parts)}")
            known = self.prefix + b"".join(
                [hashed(part) for hashed, part in zip(self._hashes, parts, strict=False)]
            )
            if len(self.known) >= KEYS_REMEMBERED:
                self.known.clear()
            self.known[parts] = known
        return known

    def plan(self, value: Any) -> Codec | bytes:
        """How `value` will be encoded: by codec when the block closes, or as here. Raises ScaleError.

        A comparison tells whether a plain integer fits; of all else the encoding tells it, and is kept.
        """
        if self.is_trusted:
            return self.codec
        if self.bounds is None:
            return self.codec.encode(value)
        least, most = self.bounds
        if not least <= value <= most:
            raise ScaleError(f"{value!r} is not a {self.value.name}")
        return self.codec

    def parts(self, key: bytes) -> tuple[Any, ...]:
        """The keys inside a storage key. The hashers must be reversible."""
        at = len(self.prefix)
        parts = []
        for codec, digest_size in self._places:
            part, at = codec.read(key, at + digest_size)
            parts.append(part)
        return tuple(parts)


def _hashing(hasher: StorageHasher, codec: Codec) -> Callable[[Any], bytes]:
    """What stands in a storage key for a part of the keys; remembered for those met lately."""
    return lru_cache(PARTS_REMEMBERED)(lambda part: hasher.hash(codec.encode(part)))


def _bounds(codec: Codec) -> tuple[int, int] | None:
    return (codec.minimum, codec.maximum) if isinstance(codec, IntCodec) else None


class _Bound:
    """A storage item on a world's state."""

    __slots__ = ("_world", "item")

    def __init__(self, item: StorageItem, world: World) -> None:
        self.item = item
        self._world = world

    def _get(self, parts: tuple[Any, ...]) -> Any:
        item = self.item
        try:  # a hot value costs two look-ups and no call
            value = self._world.state.values[item.known[parts]]
        except KeyError:
            value = self._world.state.get(item.key(parts), item.codec)
        return item.default if value is ABSENT else value

    def _put(self, parts: tuple[Any, ...], value: Any) -> None:
        item, state = self.item, self._world.state
        key = item.known.get(parts) or item.key(parts)
        if value is None and not item.has_default:
            state.delete(key)
        elif state.values.get(key, ABSENT) != value:  # what stays as it is needs no write
            state.put(key, item.plan(value), value)

    def _get_encoded(self, parts: tuple[Any, ...]) -> bytes | None:
        item = self.item
        return self._world.state.get_raw(item.known.get(parts) or item.key(parts))

    def _put_encoded(self, parts: tuple[Any, ...], data: bytes) -> None:
        self._world.state.put_raw(self.item.key(parts), data)

    def _delete(self, parts: tuple[Any, ...]) -> None:
        self._world.state.delete(self.item.key(parts))

    def _has(self, parts: tuple[Any, ...]) -> bool:
        return self._world.state.exists(self.item.key(parts))

    def _entries(self, prefix: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Entries below a prefix of the keys, in order of storage key. Safe to change the item meanwhile."""
        item, state = self.item, self._world.state
        for key in list(state.keys(item.key(prefix))):
            value = state.get(key, item.codec)
            if value is not ABSENT:
                yield item.parts(key), value

    def _keys(self, prefix: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        for key in list(self._world.state.keys(self.item.key(prefix))):
            yield self.item.parts(key)

    def _clear(self, prefix: tuple[Any, ...], limit: int | None) -> int:
        return self._world.state.delete_prefix(self.item.key(prefix), limit)


class StorageValue(_Bound, Generic[V]):
    """One value."""

    def get(self) -> V:
        """The value, or the default."""
        return self._get(())  # type: ignore[no-any-return]

    def set(self, value: V) -> None:
        """Store `value`; None removes an optional one."""
        self._put((), value)

    def kill(self) -> None:
        """Remove the value."""
        self._delete(())

    def take(self) -> V:
        """The value, which is removed."""
        value: V = self._get(())
        self._delete(())
        return value

    def exists(self) -> bool:
        """Whether a value is stored."""
        return self._has(())


class StorageMap(_Bound, Generic[K, V]):
    """A value for each key."""

    def __getitem__(self, key: K) -> V:
        return self._get((key,))  # type: ignore[no-any-return]

    def __setitem__(self, key: K, value: V) -> None:
        self._put((key,), value)

    def __delitem__(self, key: K) -> None:
        self._delete((key,))

    def __contains__(self, key: K) -> bool:
        return self._has((key,))

    def take(self, key: K) -> V:
        """The value of `key`, which is removed."""
        value: V = self._get((key,))
        self._delete((key,))
        return value

    def items(self) -> Iterator[tuple[K, V]]:
        """Keys and values, in order of storage key."""
        for parts, value in self._entries(()):
            yield parts[0], value

    def keys(self) -> Iterator[K]:
        """Keys, in order of storage key."""
        for parts in self._keys(()):
            yield parts[0]

    def clear(self, limit: int | None = None) -> int:
        """Remove entries (at most `limit`); how many were removed."""
        return self._clear((), limit)


class StorageDoubleMap(_Bound, Generic[K1, K2, V]):
    """A value for each pair of keys."""

    def __getitem__(self, keys: tuple[K1, K2]) -> V:
        return self._get(keys)  # type: ignore[no-any-return]

    def __setitem__(self, keys: tuple[K1, K2], value: V) -> None:
        self._put(keys, value)

    def __delitem__(self, keys: tuple[K1, K2]) -> None:
        self._delete(keys)

    def __contains__(self, keys: tuple[K1, K2]) -> bool:
        return self._has(keys)

    def get_encoded(self, keys: tuple[K1, K2]) -> bytes | None:
        """The bytes that are stored for a pair of keys, or None."""
        return self._get_encoded(keys)

    def put_encoded(self, keys: tuple[K1, K2], data: bytes) -> None:
        """Store the encoding of a value, which nobody checks."""
        self._put_encoded(keys, data)

    def take(self, keys: tuple[K1, K2]) -> V:
        """The value of a pair, which is removed."""
        value: V = self._get(keys)
        self._delete(keys)
        return value

    def items(self) -> Iterator[tuple[K1, K2, V]]:
        """Both keys and the value, in order of storage key."""
        for (first, second), value in self._entries(()):
            yield first, second, value

    def under(self, first: K1) -> Iterator[tuple[K2, V]]:
        """Second key and value of the entries below `first`, in order of storage key."""
        for parts, value in self._entries((first,)):
            yield parts[1], value

    def keys(self) -> Iterator[tuple[K1, K2]]:
        """Both keys of each entry, in order of storage key."""
        return self._keys(())

    def keys_under(self, first: K1) -> Iterator[K2]:
        """Second keys of the entries below `first`, in order of storage key."""
        for parts in self._keys((first,)):
            yield parts[1]

    def clear_under(self, first: K1, limit: int | None = None) -> int:
        """Remove the entries below `first` (at most `limit`); how many were removed."""
        return self._clear((first,), limit)

    def clear(self, limit: int | None = None) -> int:
        """Remove entries (at most `limit`); how many were removed."""
        return self._clear((), limit)


class StorageNMap(_Bound, Generic[K, V]):
    """A value for each tuple of keys: `StorageNMap[tuple[A, B, C], V]`."""

    def __getitem__(self, keys: K) -> V:
        return self._get(keys)  # type: ignore[no-any-return, arg-type]

    def __setitem__(self, keys: K, value: V) -> None:
        self._put(keys, value)  # type: ignore[arg-type]

    def __delitem__(self, keys: K) -> None:
        self._delete(keys)  # type: ignore[arg-type]

    def __contains__(self, keys: K) -> bool:
        return self._has(keys)  # type: ignore[arg-type]

    def items(self) -> Iterator[tuple[K, V]]:
        """Keys and value, in order of storage key."""
        return self._entries(())  # type: ignore[return-value]

    def under(self, *prefix: Any) -> Iterator[tuple[K, V]]:
        """Entries whose first keys are `prefix`, in order of storage key."""
        return self._entries(prefix)  # type: ignore[return-value]

    def clear_under(self, *prefix: Any, limit: int | None = None) -> int:
        """Remove the entries below a prefix (at most `limit`); how many were removed."""
        return self._clear(prefix, limit)


KINDS: dict[type[Any], int | None] = {
    StorageValue: 0,
    StorageMap: 1,
    StorageDoubleMap: 2,
    StorageNMap: None,
}
"""Storage classes and their number of keys (None: as many as the key tuple has)."""
