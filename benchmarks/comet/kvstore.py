"""CometBFT's own key-value application on several validators: what the engine does without us."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
from transfers import TICK_S, Measured

from ganglion.cli.testnet.layout import NodePlan, planned_nodes
from ganglion.frame.block import Digest, Header
from ganglion.node.engines.comet.home import CometGenesis, CometSettings, write_joining_home
from ganglion.node.engines.comet.keys import CometKey
from ganglion.node.engines.comet.process import find_binary

APPLICATION = {
    "": {"proxy_app": "kvstore"},
    "mempool": {"type": "flood", "size": 100_000, "cache_size": 200_000},
}
TX_BYTES = 150
"""About what a signed transfer takes."""


@contextlib.contextmanager
def kvstore(
    directory: Path, validators: int, block_time_s: float, first_port: int
) -> Iterator[list[NodePlan]]:
    """Running validators of a chain of the key-value application."""
    nodes = planned_nodes(("127.0.0.1",) * validators, first_port)
    voting, naming = ([CometKey(os.urandom(32)) for _ in nodes] for _ in range(2))
    nothing = Header(bytes(32), 0, bytes(32), bytes(32), Digest(()))
    genesis = {
        **CometGenesis("kvstore", int(time.time()), nothing).to_json(),
        "validators": [
            {"pub_key": key.voting_json()["pub_key"], "power": "1", "name": "", "address": key.address.hex()}
            for key in voting
        ],
    }
    peers = [f"{key.node_id}@{node.host}:{node.p2p_port}" for key, node in zip(naming, nodes, strict=True)]
    processes = []
    for at, node in enumerate(nodes):
        settings = CometSettings(
            node.name,
            block_time_s,
            f"{node.host}:{node.p2p_port}",
            f"{node.host}:{node.comet_port}",
            tuple(peer for other, peer in enumerate(peers) if other != at),
            extra=APPLICATION,
        )
        home = directory / node.name
        write_joining_home(home, settings, genesis, voting[at], naming[at])
        with (home / "log").open("wb") as log:
            command = [find_binary(None), "start", "--home", home]
            processes.append(subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT))
    try:
        yield list(nodes)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)


class KvClient:
    """One WebSocket to a CometBFT's RPC."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws
        self._ids = itertools.count(1)
        self.blocks: asyncio.Queue[list[bytes]] = asyncio.Queue()
        self.refused = 0
        self._listening = asyncio.create_task(self._listen())

    async def follow(self) -> None:
        """Hear of every block."""
        await self._send("subscribe", query="tm.event='NewBlock'")

    async def broadcast(self, tx: bytes) -> None:
        """Give the node a transaction."""
        await self._send("broadcast_tx_async", tx=base64.b64encode(tx).decode())

    async def _send(self, method: str, **params: Any) -> None:
        request = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}
        await self._ws.send_str(json.dumps(request))

    async def _listen(self) -> None:
        async for message in self._ws:
            answer = json.loads(message.data)
            self.refused += "error" in answer
            value = (answer.get("result") or {}).get("data", {})
            if isinstance(value, dict) and value.get("type") == "tendermint/event/NewBlock":
                txs = value["value"]["block"]["data"]["txs"] or []
                self.blocks.put_nowait([base64.b64decode(tx) for tx in txs])


@contextlib.asynccontextmanager
async def kv_client(node: NodePlan) -> AsyncIterator[KvClient]:
    """A client of a node, once it answers."""
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                url = f"ws://{node.host}:{node.comet_port}/websocket"
                async with session.ws_connect(url, max_msg_size=0) as ws:
                    yield KvClient(ws)
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.2)


async def load(nodes: list[NodePlan], rate: float, seconds: float) -> tuple[Measured, float]:
    """Offer transactions round the nodes; what was seen, and in how many seconds."""
    seen = Measured()
    txs = [f"k{at}={'v' * (TX_BYTES - len(str(at)) - 2)}".encode() for at in range(int(rate * seconds))]
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(kv_client(node)) for node in nodes]
        follower = await stack.enter_async_context(kv_client(nodes[0]))
        await follower.follow()
        await follower.blocks.get()
        began = time.monotonic()
        counting = asyncio.create_task(_count(follower, len(txs), seen))
        at = 0
        while at < len(txs):
            due = min(len(txs), int((time.monotonic() - began) * rate))
            for number in range(at, due):
                seen.sent[txs[number]] = time.monotonic()
                await clients[number % len(clients)].broadcast(txs[number])
            at = due
            await asyncio.sleep(TICK_S)
        await counting
    return seen, seen.ended - began


async def _count(follower: KvClient, wanted: int, seen: Measured) -> None:
    idle = 0
    while len(seen.inclusion) < wanted and idle < 6:
        txs = await follower.blocks.get()
        now = time.monotonic()
        seen.inclusion += [now - seen.sent[tx] for tx in txs if tx in seen.sent]
        seen.ended = now if txs else seen.ended
        idle = 0 if txs else idle + 1
