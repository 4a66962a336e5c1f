"""What does a call through the market cost, against asking the best miner directly?

A text miner with a trivial model and the market run in processes of their own. This process asks the miner
directly (signed, the answer's signature checked), then the market (which does the same, after the key, the
limits and the ranking, and meters it): whole answers and streams, one after another and so many at once.

    python benchmarks/neuron/market.py --requests 1000 --at-once 8

The best of three is shown; all processes share the machine.
"""

import argparse
import asyncio
import multiprocessing
import secrets
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from bittensor.keyfiles import Keypair

from ganglion.market.database import open_database
from ganglion.market.host import MarketSettings, World, run_market
from ganglion.market.keys import Keys
from ganglion.market.offers import WARES, Offer, Price
from ganglion.neuron.access import AccessLists
from ganglion.neuron.auth import RequestSigner, RequestVerifier
from ganglion.neuron.client import Answer, Client
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.gate import Gate
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.protocols import Endpoint, Metagraph, Neuron, WeightRules
from ganglion.neuron.server import NeuronServer
from ganglion.neuron.service import Service
from ganglion.neuron.streaming import stream
from ganglion.neuron.transport import HttpTransport
from ganglion.subnets.text.generation import TextMiner, last_piece
from ganglion.subnets.text.task import TASK, ChatMessage, CompleteRequest, Piece

MINER, MARKET = Keypair.create_from_uri("//Bob"), Keypair.create_from_uri("//Alice")
MODEL, SAID = "ganglion/text", "The quick brown fox jumps over the lazy dog. " * 5
RUNS = 3
Ask = Callable[[], Awaitable[None]]


class Instant(TextMiner):
    kind = "instant"

    async def stream(self, request, caller):
        for word in SAID.split():
            yield Piece(text=word + " ")
        yield last_piece("stop", 1, 1)


class OneMiner:
    """`Chain` with the one miner."""

    def __init__(self, neuron: Neuron) -> None:
        self._neuron = neuron

    async def metagraph(self, netuid: int) -> Metagraph:
        rules = WeightRules(0, 0, 1, 65535, commit_reveal=False)
        return Metagraph(netuid, 1, 10, 0, "owner", rules, (self._neuron,))

    async def close(self) -> None:
        return None


class Ready:
    """Tells the port when the market is open."""

    def __init__(self, told: Connection) -> None:
        self._told = told

    def report(self, event) -> None:
        self._told.send(event.url)


def neuron_at(endpoint: Endpoint) -> Neuron:
    return Neuron(0, MINER.ss58_address, "cold", 0, False, 0, 1.0, 0.0, endpoint)


async def serve_miner(told: Connection) -> None:
    clock, lists = SystemClock(), AccessLists()
    lists.whitelisted = frozenset({MARKET.ss58_address})
    service = Service(
        Instant(),
        hotkey=MINER,
        verifier=RequestVerifier(MINER.ss58_address, clock),
        admission=Admission(min_stake_rao=1, lists=lists),
        limit=CallerLimit(clock, per_second=1e9, burst=10**9),
        gate=Gate(running=64, queued=1024),
    )
    async with NeuronServer(service, clock, host="127.0.0.1", port=0, about={}) as server:
        told.send(server.endpoint)
        await asyncio.Event().wait()


async def serve_market(endpoint: Endpoint, database: Path, told: Connection) -> None:
    offer = Offer("text", 1, WARES["text"], Price(1000, 1000))
    rng = np.random.default_rng(1)
    world = World(MARKET, OneMiner(neuron_at(endpoint)), HttpTransport(), SystemClock(), rng)
    settings = MarketSettings((offer,), "127.0.0.1", 0)
    await run_market(settings, world, open_database(database), Ready(told))


async def latencies(ask: Ask, requests: int, at_once: int) -> list[float]:
    seconds: list[float] = []
    left = iter(range(requests))

    async def work() -> None:
        for _ in left:
            began = time.perf_counter()
            await ask()
            seconds.append(time.perf_counter() - began)

    await asyncio.gather(*(work() for _ in range(at_once)))
    return seconds


async def measure(endpoint: Endpoint, url: str, key: str, requests: int, at_once: int) -> None:
    transport, clock = HttpTransport(), SystemClock()
    client = Client(RequestSigner(MARKET, clock), transport, clock)
    neuron = neuron_at(endpoint)
    request = CompleteRequest(messages=(ChatMessage(role="user", content="Hello"),))
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}]}
    http = httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {key}"}, trust_env=False)

    async def directly() -> None:
        answer = await client.ask(neuron, TASK, request)
        assert isinstance(answer, Answer), answer

    async def through() -> None:
        answer = await http.post("/v1/chat/completions", json=body)
        assert answer.status_code == 200, answer.text

    async def stream_directly() -> None:
        async for _ in stream(client, neuron, TASK, request):
            pass

    async def stream_through() -> None:
        answer = await http.post("/v1/chat/completions", json={**body, "stream": True})
        assert answer.text.endswith("[DONE]\n\n"), answer.text

    for name, pair in (
        ("whole answers", (directly, through)),
        ("streams of 45 pieces, to their end", (stream_directly, stream_through)),
    ):
        for crowd in (1, at_once):
            best = []
            for ask in pair:
                runs = [await latencies(ask, requests, crowd) for _ in range(RUNS)]
                best.append(min(percentiles(run) for run in runs))
            (direct50, direct99), (market50, market99) = best
            print(f"{name}, {crowd} at once")
            overhead = (market50 - direct50, market99 - direct99)
            for what, (p50, p99) in zip(("directly", "market", "overhead"), (*best, overhead), strict=True):
                print(f"  {what:10} p50 {p50:6.1f} ms   p99 {p99:6.1f} ms")
    await transport.close()
    await http.aclose()


def percentiles(seconds: list[float]) -> tuple[float, float]:
    """p50 and p99 in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return cuts[49] * 1e3, cuts[98] * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=8)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "market.sqlite"
        database = open_database(path)
        key = Keys(database).new(
            "bench", secrets.token_urlsafe(32), now_ns=1, per_minute=10**9, parallel=10**4
        )
        database.close()
        endpoint, miner = started(serve_miner)
        url, market = started(serve_market, endpoint, path)
        try:
            asyncio.run(measure(endpoint, url, key, chosen.requests, chosen.at_once))
        finally:
            for process in (market, miner):
                process.terminate()
                process.join()


def started(serve: Callable[..., Coroutine[None, None, None]], *arguments: object) -> tuple[Any, Any]:
    """What a process running `serve` tells first, and the process."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=lambda: asyncio.run(serve(*arguments, theirs)), daemon=True)
    process.start()
    return ours.recv(), process


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()
