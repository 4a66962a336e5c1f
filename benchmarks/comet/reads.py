"""How many reads per second do 1, 2 and 4 full nodes serve?

One validator keeps a chain; full nodes follow it. Each full node has a client, a process of its own, which
keeps 50 `state_getStorage` of the chain's keys in flight over one WebSocket. All share this machine, and a
node and its client together keep one core busy: more full nodes than cores serve no more.

    python benchmarks/comet/reads.py --nodes 1 2 4 --seconds 5
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import aiohttp
import orjson

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent.parent / "tests" / "support"))

from ganglion.cli.testnet.layout import PORTS_PER_NODE  # noqa: E402
from replicas import Replicas, eventually, free_ports  # noqa: E402

IN_FLIGHT = 50
LEAD_S = 10.0
"""What the slowest client takes to come up; then all begin together."""
KEYS = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nodes", type=int, nargs="+", default=[1, 2, 4], help="full nodes")
    parser.add_argument("--seconds", type=float, default=5, help="how long each time")
    parser.add_argument("--repeats", type=int, default=3, help="how often; the best counts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        replicas = Replicas(Path(directory, "net"), 1, block_time_s=1.0)
        replicas.start()
        try:
            replicas.reaches(2)
            urls = followers(replicas, Path(directory), max(options.nodes))
            print(f"{os.cpu_count()} cores")
            print(f"{'full nodes':>10} {'reads/s':>8} {'per node':>8} {'p50 ms':>7} {'p99 ms':>7}")
            for count in options.nodes:
                print(best(urls[:count], options.seconds, options.repeats), flush=True)
        finally:
            replicas.close()


def followers(replicas: Replicas, directory: Path, count: int) -> list[str]:
    """Full nodes which have caught up with the validator; their addresses."""
    first, peer = free_ports(count * PORTS_PER_NODE), f"http://127.0.0.1:{replicas.node(0).comet_port}"
    urls = []
    for number in range(count):
        port = first + number * PORTS_PER_NODE
        replicas.run(
            f"full{number}", "ganglion", "node", "join", "--chain", str(replicas.layout.spec),
            "--data", str(directory / f"full{number}"), "--peer", peer,
            "--port", str(port), "--p2p-port", str(port + 1), "--comet-port", str(port + 2),
        )  # fmt: skip
        urls.append(f"ws://127.0.0.1:{port}")
    for url in urls:
        eventually(f"{url} follows", lambda at=url: number_of(replicas, at) >= replicas.head(0) - 1)
    return urls


def number_of(replicas: Replicas, url: str) -> int:
    """A node's newest block; -1 if it is away."""
    header = replicas.call(url, "chain_getHeader")
    return -1 if header is None else int(header["number"], 16)


def best(urls: list[str], seconds: float, repeats: int) -> str:
    """The line of the best of some trials."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(urls), mp_context=spawn) as clients:
        trials = []
        for _ in range(repeats):
            task = partial(run_client, time.monotonic() + LEAD_S, seconds)
            trials.append(list(clients.map(task, urls)))
    latencies = sorted(max(([took for each in trial for took in each] for trial in trials), key=len))
    rate = len(latencies) / seconds
    p50, p99 = (1_000 * latencies[int(len(latencies) * share)] for share in (0.5, 0.99))
    return f"{len(urls):>10} {rate:>8.0f} {rate / len(urls):>8.0f} {p50:>7.1f} {p99:>7.1f}"


def run_client(begin: float, seconds: float, url: str) -> list[float]:
    """Read for so many seconds from `begin` of the monotonic clock; how long each read took, in seconds."""
    return asyncio.run(read(begin, seconds, url))


async def read(begin: float, seconds: float, url: str) -> list[float]:
    """The work of one client. Raises RuntimeError if it comes late or is refused."""
    async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as socket:

        async def ask(number: int, method: str, *params: Any) -> None:
            request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
            await socket.send_str(orjson.dumps(request).decode())

        await ask(0, "state_getKeysPaged", "0x", KEYS)
        keys = cycle((await socket.receive_json(loads=orjson.loads))["result"])
        sent, took, end = {}, [], begin + seconds
        if (wait := begin - time.monotonic()) < 0:
            raise RuntimeError(f"the client came {-wait:.1f} s late")
        await asyncio.sleep(wait)
        for number in range(IN_FLIGHT):
            sent[number] = time.monotonic()
            await ask(number, "state_getStorage", next(keys))
        while time.monotonic() < end:
            answer = await socket.receive_json(loads=orjson.loads)
            if answer.get("result") is None:
                raise RuntimeError(answer)
            number, now = answer["id"], time.monotonic()
            took.append(now - sent[number])
            sent[number] = now
            await ask(number, "state_getStorage", next(keys))
        return took


if __name__ == "__main__":
    main()
