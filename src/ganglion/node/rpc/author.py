"""author_*: transactions into the pool, and what becomes of them."""

from __future__ import annotations

import orjson

from ganglion.node.pool import Pool
from ganglion.node.pool.transaction import FINAL, Status
from ganglion.node.rpc.backend import Backend
from ganglion.node.rpc.connection import Cancel, Connection, Subscription
from ganglion.node.rpc.method import Family, Json, method
from ganglion.node.rpc.params import Hex, Text
from ganglion.node.rpc.wire import to_hex


class AuthorMethods(Family):
    """Submission of extrinsics."""

    def __init__(self, backend: Backend) -> None:
        self._pool = backend.pool

    @method("author_submitExtrinsic")
    def submit(self, extrinsic: Hex) -> Json:
        """Take an extrinsic in; its hash."""
        return to_hex(self._pool.submit(extrinsic))

    @method("author_submitAndWatchExtrinsic")
    def submit_and_watch(self, connection: Connection, extrinsic: Hex) -> Json:
        """Take an extrinsic in and tell every step until it is final or gone."""
        watch = _Watch(connection, self._pool)
        subscription_id = connection.subscribe("author_extrinsicUpdate", watch.start)
        try:
            watch.tx_hash = self._pool.submit(extrinsic, watch.hear)
        except BaseException:
            connection.unsubscribe(subscription_id)
            raise
        return subscription_id

    @method("author_unwatchExtrinsic")
    def unwatch(self, connection: Connection, subscription_id: Text) -> Json:
        """Tell no more; false if the watch is over already."""
        return connection.unsubscribe(subscription_id)

    @method("author_pendingExtrinsics")
    def pending(self) -> Json:
        """The extrinsics that are ready to be included, in order."""
        return [to_hex(checked.extrinsic.raw) for checked in self._pool.ready()]


class _Watch:
    """Hears of one transaction, and tells its subscription once that has begun."""

    def __init__(self, connection: Connection, pool: Pool) -> None:
        self.tx_hash = b""
        self._connection = connection
        self._pool = pool
        self._subscription: Subscription | None = None
        self._heard: list[Status] = []

    def hear(self, status: Status) -> None:
        """A step of the transaction."""
        if self._subscription is None:
            self._heard.append(status)
            return
        self._subscription.push(orjson.dumps(_status_json(status)))
        if status.kind in FINAL:
            self._connection.unsubscribe(self._subscription.id)

    def start(self, subscription: Subscription) -> Cancel:
        """Tell what was heard so far, and the rest as it comes."""
        self._subscription = subscription
        for status in self._heard:
            self.hear(status)
        return lambda: self._pool.unwatch(self.tx_hash, self.hear)


def _status_json(status: Status) -> Json:
    return status.kind.value if status.hash is None else {status.kind.value: to_hex(status.hash)}
