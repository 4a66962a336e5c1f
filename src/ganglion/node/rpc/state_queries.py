"""state_query*, state_subscribe*: many keys at once, their changes, and news of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import orjson

from ganglion.node.chain import Imported
from ganglion.node.rpc.backend import Backend
from ganglion.node.rpc.connection import Cancel, Connection, Subscription
from ganglion.node.rpc.errors import RpcError
from ganglion.node.rpc.method import Family, Json, method
from ganglion.node.rpc.params import BlockHash, Keys, Text
from ganglion.node.rpc.wire import to_hex, version_json
from ganglion.state.view import View

FEW_KEYS = 32
"""As many are read without a thread of their own."""

MOST_BLOCKS = 256
"""How long a range of blocks may be."""

MOST_CHANGES = 100_000
"""Keys times blocks that one query may read."""


class StateQueries(Family):
    """Reads of and subscriptions to sets of keys."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._chain = backend.chain

    @method("state_queryStorageAt")
    async def query_at(self, keys: Keys, at: BlockHash | None = None) -> Json:
        """The values at some keys."""
        if len(keys) <= FEW_KEYS:
            return self._query_at(keys, at)
        return await self._backend.aside(self._query_at, keys, at)

    @method("state_queryStorage")
    async def query(self, keys: Keys, from_hash: BlockHash, to_hash: BlockHash | None = None) -> Json:
        """The values at some keys after a block, then what changed in each block up to another."""
        first = self._chain.stored_header(from_hash).number
        last = self._chain.stored_header(to_hash).number
        if not 0 <= last - first < MOST_BLOCKS or len(keys) * (last - first + 1) > MOST_CHANGES:
            raise RpcError(
                4001, f"Cannot resolve a block range ['{first}' ... '{last}']", "too long, or the wrong way"
            )
        return await self._backend.aside(self._query, keys, first, last)

    @method("state_subscribeStorage")
    def subscribe(self, connection: Connection, keys: Keys) -> Json:
        """The values at some keys at once, then each block's changes to them."""
        return connection.subscribe("state_storage", partial(self._start, keys))

    @method("state_subscribeRuntimeVersion", "chain_subscribeRuntimeVersion")
    def subscribe_version(self, connection: Connection) -> Json:
        """The runtime's version, which stays the same for as long as the node runs."""
        return connection.subscribe("state_runtimeVersion", self._start_version)

    @method("state_unsubscribeStorage", "state_unsubscribeRuntimeVersion", "chain_unsubscribeRuntimeVersion")
    def unsubscribe(self, connection: Connection, subscription_id: Text) -> Json:
        """End a subscription; false if it is gone already."""
        return connection.unsubscribe(subscription_id)

    def _query_at(self, keys: Sequence[bytes], at: bytes | None) -> Json:
        with self._chain.view(at) as view:
            return [{"block": to_hex(view.block.block_hash), "changes": _read(view, keys)}]

    def _query(self, keys: Sequence[bytes], first: int, last: int) -> Json:
        answer: list[Json] = []
        known: dict[str, str | None] = {}
        for number in range(first, last + 1):
            with self._chain.view(self._chain.blocks.hash_of(number)) as view:
                changes = [(key, value) for key, value in _read(view, keys) if known.get(key, "") != value]
                if changes:
                    answer.append({"block": to_hex(view.block.block_hash), "changes": changes})
            known.update(changes)
        return answer

    def _start(self, keys: tuple[bytes, ...], subscription: Subscription) -> Cancel:
        subscription.push(orjson.dumps(self._query_at(keys, None)[0]))
        return self._backend.heads.listen(partial(_push_changes, subscription, keys))

    def _start_version(self, subscription: Subscription) -> Cancel:
        subscription.push(orjson.dumps(version_json(self._chain.runtime.version)))
        return lambda: None


def _read(view: View, keys: Iterable[bytes]) -> list[tuple[str, str | None]]:
    values = ((key, view.get(key) if key else None) for key in keys)
    return [(to_hex(key), None if value is None else to_hex(value)) for key, value in values]


def _push_changes(
    subscription: Subscription, keys: tuple[bytes, ...], imported: Imported, header: bytes
) -> None:
    changed = [(key, imported.changes[key]) for key in keys if key in imported.changes]
    if changed:
        changes = [(to_hex(key), None if value is None else to_hex(value)) for key, value in changed]
        subscription.push(orjson.dumps({"block": to_hex(imported.stored.hash), "changes": changes}))
