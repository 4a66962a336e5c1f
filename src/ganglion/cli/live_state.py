"""The state of a live node after one block, read through its RPC when it is asked for.

An overlay stands on it as on any other state, so the runtime itself computes with a node's values, and
nobody has to list what it reads. Most items are small: the first page of an item is fetched whole, so that
a computation takes some hundred requests and not one for each value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ganglion.cli.node_client import NodeClient

PAGE = 1_000
"""Keys in one request: the most that nodes allow."""

ITEM_PREFIX_SIZE = 32
"""Bytes that all keys of a storage item begin with."""


@dataclass(slots=True)
class _Item:
    """What is known of a storage item. In a whole one, what is not known does not exist."""

    is_whole: bool
    values: dict[bytes, bytes | None] = field(default_factory=dict)


class LiveState:
    """The state after a block: a base for an `Overlay`. Raises what `NodeClient.call` does."""

    def __init__(self, node: NodeClient, block_hash: str) -> None:
        self._node = node
        self._block_hash = block_hash
        self._items: dict[bytes, _Item] = {}

    def get(self, key: bytes, /) -> bytes | None:
        """The value at `key`, or None."""
        item = self._item(key)
        if key not in item.values and not item.is_whole:
            item.values.update(self._values([key]))
        return item.values.get(key)

    def keys(self, prefix: bytes, start_after: bytes | None, /) -> Iterator[bytes]:
        """Keys that begin with `prefix` and come strictly after `start_after`, ascending."""
        item = self._item(prefix) if len(prefix) >= ITEM_PREFIX_SIZE else _Item(is_whole=False)
        if not item.is_whole:
            return self._pages(item, prefix, start_after)
        first = start_after or b""
        found = sorted(key for key in item.values if key.startswith(prefix) and key > first)
        return iter(found)

    def _item(self, key: bytes) -> _Item:
        prefix = key[:ITEM_PREFIX_SIZE]
        if prefix not in self._items:
            keys = self._page(prefix, None)
            self._items[prefix] = _Item(len(keys) < PAGE, self._values(keys))
        return self._items[prefix]

    def _pages(self, item: _Item, prefix: bytes, start_after: bytes | None) -> Iterator[bytes]:
        keys = self._page(prefix, start_after)
        while keys:
            item.values.update(self._values(keys))
            yield from keys
            keys = self._page(prefix, keys[-1]) if len(keys) == PAGE else []

    def _page(self, prefix: bytes, start_after: bytes | None) -> list[bytes]:
        start = None if start_after is None else _hex(start_after)
        found = self._node.call("state_getKeysPaged", _hex(prefix), PAGE, start, self._block_hash)
        return [_bytes(key) for key in found]

    def _values(self, keys: Sequence[bytes]) -> dict[bytes, bytes | None]:
        if not keys:
            return {}
        (at,) = self._node.call("state_queryStorageAt", [_hex(key) for key in keys], self._block_hash)
        return {_bytes(key): None if value is None else _bytes(value) for key, value in at["changes"]}


def _hex(data: bytes) -> str:
    return f"0x{data.hex()}"


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
