"""chain_subscribe*: news of blocks. Every block is final, so all three kinds tell the same."""

from __future__ import annotations

from functools import partial

from ganglion.node.rpc.backend import Backend
from ganglion.node.rpc.connection import Cancel, Connection, Subscription
from ganglion.node.rpc.heads import encode_header
from ganglion.node.rpc.method import Family, Json, method
from ganglion.node.rpc.params import Text


class HeadSubscriptions(Family):
    """Subscriptions to headers; the present one is told at once."""

    def __init__(self, backend: Backend) -> None:
        self._chain = backend.chain
        self._heads = backend.heads

    @method("chain_subscribeNewHeads", "chain_subscribeNewHead", "subscribe_newHead")
    def new_heads(self, connection: Connection) -> Json:
        """Every new head."""
        return connection.subscribe("chain_newHead", self._start)

    @method("chain_subscribeFinalizedHeads", "chain_subscribeFinalisedHeads")
    def finalized_heads(self, connection: Connection) -> Json:
        """Every block that became final."""
        return connection.subscribe("chain_finalizedHead", self._start)

    @method("chain_subscribeAllHeads")
    def all_heads(self, connection: Connection) -> Json:
        """Every block."""
        return connection.subscribe("chain_allHead", self._start)

    @method(
        "chain_unsubscribeNewHeads",
        "chain_unsubscribeNewHead",
        "unsubscribe_newHead",
        "chain_unsubscribeFinalizedHeads",
        "chain_unsubscribeFinalisedHeads",
        "chain_unsubscribeAllHeads",
    )
    def unsubscribe(self, connection: Connection, subscription_id: Text) -> Json:
        """End a subscription; false if it is gone already."""
        return connection.unsubscribe(subscription_id)

    def _start(self, subscription: Subscription) -> Cancel:
        subscription.push(encode_header(self._chain.head))
        return self._heads.listen(partial(_push_header, subscription))


def _push_header(subscription: Subscription, imported: object, header: bytes) -> None:
    subscription.push(header)
