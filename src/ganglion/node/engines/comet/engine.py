"""The chain of many authorities: CometBFT decides, this node proposes, judges and executes."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from ganglion.node.beacon import LocalBeacon
from ganglion.node.chain import Chain, Imported
from ganglion.node.clock import Clock
from ganglion.node.continuation import Continuation
from ganglion.node.engines.comet.abci_server import AbciServer
from ganglion.node.engines.comet.application import CometApplication
from ganglion.node.engines.comet.home import socket_of
from ganglion.node.engines.comet.maker import BlockMaker
from ganglion.node.engines.comet.process import CometProcess
from ganglion.node.engines.comet.room import check_room, watch_room
from ganglion.node.engines.comet.rpc import CometRpc
from ganglion.node.engines.comet.snapshots import Snapshots
from ganglion.node.engines.engine import Listener, Sealing, Surroundings, log_imported
from ganglion.node.pool import Pool
from ganglion.node.shield import ShieldKeys

log = logging.getLogger(__name__)

SNAPSHOTS = "snapshots"
"""Directory in CometBFT's home."""

FILLING_SHARE = 0.5
"""The part of the block time that a proposer may fill its block for: the others then execute it, and vote."""


class CometEngine:
    """See the module. `process` is None where CometBFT is started by the operator.

    A chain that `continues` goes there when CometBFT begins it; who joins later takes a newer state.
    """

    sealing = Sealing.AUTO

    def __init__(
        self,
        chain: Chain,
        pool: Pool,
        clock: Clock,
        *,
        continues: Continuation | None,
        home: Path,
        process: CometProcess | None,
        block_time_s: float,
        snapshot_every: int,
        shield_keys: ShieldKeys | None = None,
        beacon: LocalBeacon | None = None,
    ) -> None:
        self._pool = pool
        self._process = process
        self._home = home
        self._clock = clock
        self._socket = socket_of(home)
        self._rpc = CometRpc(home)
        self._maker = BlockMaker(chain, shield_keys=shield_keys, beacon=beacon)
        self._snapshots = Snapshots(
            chain, home / SNAPSHOTS, every=snapshot_every, on_restored=self._on_restored
        )
        self._application = CometApplication(
            chain,
            pool,
            self._maker,
            self._snapshots,
            clock,
            continues=continues,
            filling_s=block_time_s * FILLING_SHARE,
            on_imported=self._tell,
            on_restored=self._on_restored,
        )
        self._listeners: list[Listener] = [lambda imported, _: pool.on_imported(imported)]
        self._stopping = asyncio.Event()

    def on_imported(self, listener: Listener) -> None:
        """Call `listener` with every new block and the seconds it took, after the pool has followed."""
        self._listeners.append(listener)

    async def run(self) -> None:
        """Serve CometBFT until `stop`. Raises what executing a decided block raises, CometStopped, NoRoom."""
        check_room(self._home)
        server = AbciServer(self._application, self._socket)
        await server.start()
        ends: list[asyncio.Future[None]] = [
            server.failure,
            asyncio.ensure_future(self._wait_for_stop()),
            asyncio.ensure_future(watch_room(self._home, self._clock)),
        ]
        try:
            if self._process is not None:
                ends.append(asyncio.ensure_future(self._process.run()))
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for end in done:
                end.result()
        finally:
            for end in ends:
                end.cancel()
            if self._process is not None:
                await self._process.stop()
            await server.stop()
            await asyncio.gather(*ends, return_exceptions=True)

    def stop(self) -> None:
        """Let `run` return."""
        self._stopping.set()

    def close(self) -> None:
        """End the threads."""
        self._application.close()
        self._snapshots.close()

    async def surroundings(self) -> Surroundings:
        """What CometBFT says of its peers."""
        return await self._rpc.surroundings()

    async def seal(self) -> Imported:
        """Blocks are made when CometBFT asks for them, and only then."""
        raise RuntimeError("nobody makes blocks by hand where many decide on them")

    async def _wait_for_stop(self) -> None:
        await self._stopping.wait()

    def _on_restored(self, imported: Imported) -> None:
        self._maker.follow()
        self._tell(imported, 0.0)

    def _tell(self, imported: Imported, took_s: float) -> None:
        for listener in self._listeners:
            listener(imported, took_s)
        log_imported(imported, took_s)
