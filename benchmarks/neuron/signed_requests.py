"""How many signed requests does a miner answer, and what do signatures cost?

A miner with a trivial model runs in a process of its own. Clients in this process ask it, so many at once,
with requests signed beforehand in batches (a nonce is good for ten seconds); then the same handler on the
same HTTP library without btauth, for comparison.

    python benchmarks/neuron/signed_requests.py --requests 4000 --at-once 32

The best of three is shown; both processes share the machine.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import time
from multiprocessing.connection import Connection

import aiohttp
from aiohttp import web
from bittensor.keyfiles import Keypair

from ganglion.neuron.access import AccessLists
from ganglion.neuron.auth import RequestSigner, RequestVerifier
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.gate import Gate
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.miner import Caller, Miner
from ganglion.neuron.server import NeuronServer
from ganglion.neuron.service import Service
from ganglion.neuron.task import Message, Task

MINER, CALLER = Keypair.create_from_uri("//Bob"), Keypair.create_from_uri("//Alice")
BODY = b'{"value":7}'
BATCH = 500


class Number(Message):
    value: int


TASK: Task[Number, Number] = Task("echo", "/echo", Number, Number, 1000, 1000, 5.0)


class Echo(Miner[Number, Number]):
    task, kind = TASK, "echo"

    async def answer(self, request: Number, caller: Caller) -> Number:
        return request


async def serve(ports: Connection, miner: Echo) -> None:
    clock = SystemClock()
    lists = AccessLists()
    lists.whitelisted = frozenset({CALLER.ss58_address})
    service = Service(
        miner,
        hotkey=MINER,
        verifier=RequestVerifier(MINER.ss58_address, clock),
        admission=Admission(min_stake_rao=1, lists=lists),
        limit=CallerLimit(clock, per_second=1e9, burst=10**9),
        gate=Gate(running=256, queued=1024),
    )

    async def bare(request: web.Request) -> web.Response:
        number = Number.model_validate_json(await request.read())
        return web.Response(body=number.model_dump_json().encode(), content_type="application/json")

    app = web.Application()
    app.router.add_post("/echo", bare)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with NeuronServer(service, clock, host="127.0.0.1", port=0, about={}) as server:
        ports.send((server.endpoint.port, runner.addresses[0][1]))
        await asyncio.Event().wait()


async def measure(port: int, *, signed: bool, requests: int, at_once: int) -> tuple[float, list[float]]:
    """Seconds for all, and of each."""
    signer = RequestSigner(CALLER, SystemClock())
    latencies: list[float] = []
    seconds = 0.0
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", connector=connector) as http:

        async def work(queue: list[dict[str, str]]) -> None:
            while queue:
                headers = queue.pop()
                began = time.perf_counter()
                async with http.post("/echo", data=BODY, headers=headers) as answer:
                    await answer.read()
                    assert answer.status == 200, answer.status
                latencies.append(time.perf_counter() - began)

        for _ in range(0, requests, BATCH):
            receiver = MINER.ss58_address
            queue = [
                signer.headers(path="/echo", body=BODY, receiver=receiver) if signed else {}
                for _ in range(BATCH)
            ]
            began = time.perf_counter()
            await asyncio.gather(*(work(queue) for _ in range(at_once)))
            seconds += time.perf_counter() - began
    return seconds, latencies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--at-once", type=int, default=32)
    chosen = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=lambda: asyncio.run(serve(theirs, Echo())), daemon=True)
    server.start()
    ports = dict(zip((True, False), ours.recv(), strict=True))
    rates = {}
    for signed, port in ports.items():
        runs = [
            asyncio.run(measure(port, signed=signed, requests=chosen.requests, at_once=chosen.at_once))
            for _ in range(3)
        ]
        seconds, latencies = min(runs)
        rates[signed] = len(latencies) / seconds
        cuts = statistics.quantiles(latencies, n=100)
        name = "signed, verified, answer signed" if signed else "without btauth"
        print(
            f"{name:32} {rates[signed]:8,.0f} requests/s   "
            f"p50 {cuts[49] * 1e3:.1f} ms   p99 {cuts[98] * 1e3:.1f} ms"
        )
    print(f"ratio {rates[True] / rates[False]:.2f}")
    server.terminate()


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()
