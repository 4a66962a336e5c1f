"""What an operator watches, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from ganglion.node.chain import Imported
from ganglion.node.pool import Pool
from ganglion.node.rpc.dispatch import Dispatcher
from ganglion.node.rpc.server import RpcServer

BLOCK_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 12.0)


class _RpcCalls(Collector):
    """The dispatcher's counts."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def collect(self) -> Iterator[Metric]:
        """Calls by method and outcome."""
        calls = CounterMetricFamily("ganglion_rpc_calls", "RPC calls", labels=("method", "outcome"))
        for (name, failed), count in self._dispatcher.counts.items():
            calls.add_metric((name, "error" if failed else "ok"), count)
        yield calls


class Metrics:
    """The node's figures."""

    def __init__(self, pool: Pool, dispatcher: Dispatcher, server: RpcServer) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(_RpcCalls(dispatcher))
        self._height = Gauge("ganglion_block_height", "Number of the newest block", registry=self.registry)
        self._extrinsics = Counter("ganglion_extrinsics", "Extrinsics in blocks", registry=self.registry)
        self._refused = Counter(
            "ganglion_transactions_refused", "Transactions left out of blocks", registry=self.registry
        )
        self._block_s = Histogram(
            "ganglion_block_seconds", "Time to make a block", registry=self.registry, buckets=BLOCK_BUCKETS_S
        )
        self._gauge("ganglion_pool_ready", "Transactions ready for a block", lambda: pool.ready_count)
        self._gauge("ganglion_pool_future", "Transactions waiting for a nonce", lambda: pool.future_count)
        self._gauge("ganglion_rpc_connections", "WebSocket clients", lambda: server.connections)

    def on_imported(self, imported: Imported, took_s: float) -> None:
        """Count a block."""
        self._height.set(imported.stored.number)
        self._extrinsics.inc(len(imported.block.extrinsics))
        self._refused.inc(len(imported.refusals))
        self._block_s.observe(took_s)

    async def page(self, request: web.Request) -> web.Response:
        """All figures in Prometheus's text form."""
        return web.Response(body=generate_latest(self.registry), content_type="text/plain", charset="utf-8")

    def _gauge(self, name: str, meaning: str, read: Callable[[], int]) -> None:
        Gauge(name, meaning, registry=self.registry).set_function(lambda: float(read()))
