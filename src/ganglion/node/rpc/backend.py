"""What the methods work with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from ganglion.node.chain import Chain
from ganglion.node.chain_spec import ChainSpec
from ganglion.node.engines.engine import Engine
from ganglion.node.pool import Pool
from ganglion.node.rpc.heads import Heads
from ganglion.node.runtime_calls import RuntimeCalls

P = ParamSpec("P")
R = TypeVar("R")

READERS = 4


@dataclass(frozen=True)
class Backend:
    """The parts of the node that answer. `threads` runs what may take longer than a block of a fast chain."""

    spec: ChainSpec
    chain: Chain
    calls: RuntimeCalls
    pool: Pool
    engine: Engine
    heads: Heads
    threads: ThreadPoolExecutor

    async def aside(self, function: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Run a long read in a thread, so that short ones need not wait for it."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, lambda: function(*args, **named))
