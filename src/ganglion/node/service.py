"""One node from its settings: opens what it needs in order, runs, and closes in the opposite order.

Shutting down means: take no more requests, finish the block that is being made, close the store.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from ganglion.node.chain import Chain
from ganglion.node.clock import Clock, SystemClock
from ganglion.node.config import NodeConfig
from ganglion.node.continuation import continue_from
from ganglion.node.engines.choice import make_engine
from ganglion.node.engines.engine import Engine
from ganglion.node.errors import CannotStart
from ganglion.node.metrics import Metrics
from ganglion.node.pool import Pool
from ganglion.node.rpc.backend import READERS, Backend
from ganglion.node.rpc.discovery import all_methods
from ganglion.node.rpc.dispatch import Dispatcher, MessageLimits
from ganglion.node.rpc.heads import Heads
from ganglion.node.rpc.server import RpcServer
from ganglion.node.runtime_calls import RuntimeCalls
from ganglion.state.lmdb_store import LmdbStore

log = logging.getLogger(__name__)

SWITCH_INTERVAL_S = 0.0005
"""How long one thread may keep the interpreter: short, so that a read need not wait for a block."""

GC_THRESHOLDS = (50_000, 20, 50)
"""Blocks make many objects and few cycles: Python's own thresholds cost a tenth of the time."""


@dataclass(frozen=True)
class Node:
    """A node that serves requests. `run` makes its blocks."""

    chain: Chain
    pool: Pool
    engine: Engine
    server: RpcServer

    async def run(self) -> None:
        """Make blocks until `stop`, or until making one fails."""
        await self.engine.run()

    def stop(self) -> None:
        """Let `run` return when the present block is done."""
        self.engine.stop()


@asynccontextmanager
async def open_node(config: NodeConfig, clock: Clock | None = None) -> AsyncIterator[Node]:
    """A node that serves requests inside the `with` block.

    Raises: CannotStart, InvalidChainSpec, InvalidBlock, StateError.
    """
    clock = clock or SystemClock()
    spec = config.spec.at_block_time(config.block_time_s)
    runtime = spec.runtime()
    genesis = config.genesis or spec.build_genesis(runtime)
    async with AsyncExitStack() as stack:
        store = LmdbStore(_data_directory(config, stack.enter_context(ExitStack())))
        stack.callback(store.close)
        chain = Chain.open(runtime, genesis, store, archive=config.archive)
        stack.callback(chain.close)
        if spec.continues is not None and config.comet is None:
            continue_from(chain, spec.continues)
        pool = Pool(chain, clock)
        stack.callback(pool.close)
        engine = make_engine(config, chain, pool, clock)
        stack.callback(engine.close)
        threads = ThreadPoolExecutor(READERS, "reads")
        stack.callback(threads.shutdown)
        backend = Backend(spec, chain, RuntimeCalls(chain), pool, engine, Heads(), threads)
        server = await _serve(config, backend, stack)
        log.info(
            "serving chain=%s head=#%d genesis=0x%s rpc=ws://%s:%d",
            config.spec.id,
            chain.head.number,
            chain.genesis_hash.hex(),
            config.host,
            server.port,
        )
        yield Node(chain, pool, engine, server)


def run_node(config: NodeConfig) -> None:
    """Run a node until it is told to stop (SIGINT, SIGTERM). Raises what opening and making blocks raise."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.set_threshold(*GC_THRESHOLDS)
    asyncio.run(_run(config))


async def _run(config: NodeConfig) -> None:
    async with open_node(config) as node:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, node.stop)
        gc.collect()
        gc.freeze()
        await node.run()
        await node.server.stop()
    log.info("stopped head=#%d", node.chain.head.number)


async def _serve(config: NodeConfig, backend: Backend, stack: AsyncExitStack) -> RpcServer:
    dispatcher = Dispatcher(all_methods(backend), MessageLimits(), backend.chain.blocks.hash_of)
    server = RpcServer(dispatcher)
    metrics = Metrics(backend.pool, dispatcher, server)
    backend.engine.on_imported(backend.heads.on_imported)
    backend.engine.on_imported(metrics.on_imported)
    if config.metrics_port is None:
        server.add_page("/metrics", metrics.page)
    else:
        await _serve_metrics(metrics, config.host, config.metrics_port, stack)
    stack.push_async_callback(server.stop)
    await server.start(config.host, config.port)
    return server


async def _serve_metrics(metrics: Metrics, host: str, port: int, stack: AsyncExitStack) -> None:
    app = web.Application()
    app.router.add_get("/metrics", metrics.page)
    runner = web.AppRunner(app, access_log=None)
    stack.push_async_callback(runner.cleanup)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise CannotStart(f"cannot listen on {host}:{port}: {error.strerror}") from error


def _data_directory(config: NodeConfig, stack: ExitStack) -> Path:
    if config.data is not None:
        return config.data
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ganglion-")))
    log.info("state is kept in %s until the node stops; --data DIR keeps it", directory)
    return directory / "chain"
