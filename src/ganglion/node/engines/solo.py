"""One authority in one process: blocks at a fixed pace, when there is something to include, or on demand.

Reads and submissions go on while a block is made. What comes in one piece (hooks, epochs, root, disk) runs in
a worker thread; filling, which is most of the work and can be interrupted anywhere, takes turns with the rest
of the node in one thread: two busy threads would spend a third of the time on handing over the interpreter.
Blocks are final at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from ganglion.node.aura import Sealer, seal_of
from ganglion.node.beacon import LocalBeacon
from ganglion.node.chain import Chain, Imported
from ganglion.node.clock import Clock
from ganglion.node.engines.engine import ALONE, Listener, Sealing, Surroundings, log_imported
from ganglion.node.pool import Pool
from ganglion.node.proposal import Proposal
from ganglion.node.shield import ShieldKeys
from ganglion.node.turn import Turn

FILLING_SHARE = 0.6
"""The part of the block time after which no transaction is begun; the rest is for hooks, root and disk."""

INSTANT_FILLING_S = 5.0
"""The same limit, in seconds, where there is no block time."""


FILLING_TURN_S = 0.005
"""How long filling may keep others waiting."""

P = ParamSpec("P")
R = TypeVar("R")


class SoloEngine:
    """See the module. `block_time_s` counts under `Sealing.AUTO` only."""

    def __init__(
        self,
        chain: Chain,
        pool: Pool,
        clock: Clock,
        sealer: Sealer,
        *,
        sealing: Sealing = Sealing.AUTO,
        block_time_s: float = 12.0,
        shield_keys: ShieldKeys | None = None,
        beacon: LocalBeacon | None = None,
    ) -> None:
        self.sealing = sealing
        self._chain = chain
        self._pool = pool
        self._clock = clock
        self._sealer = sealer
        self._shield_keys = shield_keys
        self._beacon = beacon
        self._block_time_s = block_time_s
        self._filling_s = INSTANT_FILLING_S if sealing is not Sealing.AUTO else block_time_s * FILLING_SHARE
        self._listeners: list[Listener] = [self._tell_pool]
        self._worker = ThreadPoolExecutor(1, "blocks")
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._stopping = False

    def on_imported(self, listener: Listener) -> None:
        """Call `listener` with every new block and the seconds it took, after the pool has followed."""
        self._listeners.append(listener)

    async def run(self) -> None:
        """Make blocks until `stop`. Raises what making a block raises."""
        if self.sealing is Sealing.AUTO:
            await self._run_paced()
        elif self.sealing is Sealing.INSTANT:
            await self._run_instant()
        else:
            await self._stopped()

    def stop(self) -> None:
        """Let `run` return after the block that is being made."""
        self._stopping = True
        self._wake.set()

    def close(self) -> None:
        """End the worker thread."""
        self._worker.shutdown()

    async def surroundings(self) -> Surroundings:
        """There are no other nodes."""
        return ALONE

    async def seal(self) -> Imported:
        """Make one block now. Raises: InvariantBroken, StoreFull."""
        async with self._turn:
            began = self._clock.steady_s()
            proposal = await self._aside(self._open, self._clock.now_ms())
            try:
                await self._fill(proposal, began + self._filling_s)
            except BaseException:
                self._chain.abandon()
                raise
            imported = await self._aside(self._finish, proposal)
            took_s = self._clock.steady_s() - began
            for listener in self._listeners:
                listener(imported, took_s)
            log_imported(imported, took_s)
            return imported

    def _open(self, now_ms: int) -> Proposal:
        return self._chain.begin(self._chain.opening(now_ms), self._shield_keys, self._beacon)

    def _finish(self, proposal: Proposal) -> Imported:
        candidate = self._chain.finish(proposal)
        return self._chain.commit(candidate, seal_of(candidate.header, self._sealer))

    async def _fill(self, proposal: Proposal, until_s: float) -> None:
        turn = Turn(self._clock.steady_s, FILLING_TURN_S)
        for transaction in self._pool.ready():
            if proposal.is_full or self._clock.steady_s() >= until_s:
                return
            proposal.offer(transaction)
            await turn.pass_on()

    async def _aside(self, function: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, lambda: function(*args, **named))

    async def _run_paced(self) -> None:
        due = self._clock.steady_s()
        while not self._stopping:
            await self.seal()
            # A block that took too long delays those after it, and they are not made up for.
            due = max(due + self._block_time_s, self._clock.steady_s())
            await self._wait_until(due)

    async def _run_instant(self) -> None:
        self._pool.on_ready(self._wake.set)
        while not self._stopping:
            self._wake.clear()
            if self._pool.ready_count:
                imported = await self.seal()
                if imported.transactions or imported.deferred:
                    continue
            await self._wake.wait()

    async def _stopped(self) -> None:
        while not self._stopping:
            self._wake.clear()
            await self._wake.wait()

    async def _wait_until(self, due: float) -> None:
        sleeping = asyncio.ensure_future(self._clock.sleep(max(0.0, due - self._clock.steady_s())))
        stopped = asyncio.ensure_future(self._wake.wait())
        _, left = await asyncio.wait((sleeping, stopped), return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()

    def _tell_pool(self, imported: Imported, took_s: float) -> None:
        self._pool.on_imported(imported)
