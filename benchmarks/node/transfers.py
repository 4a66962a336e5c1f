"""How many signed transfers per second does a node take, from RPC to disk, and do reads stay quick meanwhile?

Starts a node of its own on a fresh data directory, funds senders, signs all transfers in advance, then offers
them at a steady rate while it reads storage over another connection. Prints one JSON object.

    python benchmarks/node/transfers.py --rate 2000 --seconds 20
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from ganglion.crypto.hashing import blake2_256
from ganglion.crypto.keys import Keypair
from ganglion.frame.address import AddressId, Sr25519
from ganglion.frame.call import RuntimeCall
from ganglion.frame.era import Era
from ganglion.frame.extrinsic import ExtrinsicCodec, Signed
from ganglion.node.chain_spec import ChainSpec, load
from ganglion.pallets.balances import Balances
from ganglion.pallets.extensions import Mode
from ganglion.pallets.system import System
from ganglion.state.memory import MemoryStore
from ganglion.state.overlay import Overlay
from ganglion.state.state_db import StateDB

TICK_S = 0.02
IDLE_BLOCKS = 6
FUNDS = 10**12
AMOUNT = 1_000


class Signer:
    """Builds signed, immortal extrinsics of a chain."""

    def __init__(self, spec: ChainSpec) -> None:
        self.runtime = spec.runtime()
        self.codec = ExtrinsicCodec(self.runtime)
        self.genesis_hash = spec.build_genesis(self.runtime).stored.hash
        self._names = [extension.identifier for extension in self.runtime.extensions]

    def sign(self, key: Keypair, nonce: int, call: RuntimeCall) -> bytes:
        """A signed extrinsic with its length prefix."""
        extra = self._values(
            {
                "CheckMortality": Era(),
                "CheckNonce": nonce,
                "ChargeTransactionPayment": 0,
                "CheckMetadataHash": Mode.Disabled,
            }
        )
        version = self.runtime.version
        implicit = self._values(
            {
                "CheckSpecVersion": version.spec_version,
                "CheckTxVersion": version.transaction_version,
                "CheckGenesis": self.genesis_hash,
                "CheckMortality": self.genesis_hash,
                "CheckMetadataHash": None,
            }
        )
        payload = self.codec.payload(self.codec.signable(call, extra), implicit)
        signed = Signed(AddressId(key.public_key), Sr25519(key.sign(payload)), extra)
        return self.codec.encode_signed(call, signed)

    def transfer(self, key: Keypair, nonce: int, to: bytes, amount: int) -> bytes:
        """A signed `transfer_keep_alive`. `amount` in rao."""
        call = self.runtime.call(Balances.transfer_keep_alive, AddressId(to), amount)
        return self.sign(key, nonce, call)

    def _values(self, known: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(known.get(name, ()) for name in self._names)

    def account_key(self, account: bytes) -> bytes:
        """The storage key of an account."""
        state = Overlay(StateDB.open(MemoryStore()).view())
        return self.runtime.on(state)[System].account.item.key((account,))


@dataclass
class Measured:
    """What was seen. Times in seconds."""

    sent: dict[bytes, float] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    inclusion: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    blocks: list[tuple[int, int, float]] = field(default_factory=list)
    ended: float = 0.0


class Client:
    """One WebSocket to the node; requests may overlap."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._next = 0
        self.news: asyncio.Queue[Any] = asyncio.Queue()
        self._listener = asyncio.create_task(self._listen())

    async def call(self, name: str, *params: Any) -> Any:
        """Call a method; its result. Raises RuntimeError for an error answer."""
        return (await self.calls([(name, params)]))[0]

    async def calls(self, calls: list[tuple[str, tuple[Any, ...]]]) -> list[Any]:
        """Call several methods in separate messages; their results, or errors as RuntimeError objects."""
        futures = []
        for name, params in calls:
            self._next += 1
            request = {"jsonrpc": "2.0", "id": self._next, "method": name, "params": params}
            future = self._waiting[self._next] = asyncio.get_running_loop().create_future()
            futures.append(future)
            await self._socket.send_str(json.dumps(request))
        answers = await asyncio.gather(*futures)
        return [RuntimeError(json.dumps(a["error"])) if "error" in a else a["result"] for a in answers]

    async def _listen(self) -> None:
        async for message in self._socket:
            answer = json.loads(message.data)
            if "id" in answer:
                waiting = self._waiting.pop(answer["id"])
                if not waiting.done():  # whoever asked may have been cancelled
                    waiting.set_result(answer)
            else:
                self.news.put_nowait(answer["params"]["result"])


@contextlib.asynccontextmanager
async def connect(port: int) -> AsyncIterator[Client]:
    url = f"ws://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as ws:
        yield Client(ws)


@contextlib.contextmanager
def node(block_time: float) -> Iterator[tuple[int, int]]:
    """A node process; its port and process id."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory() as directory, (log := Path(directory, "log")).open("w") as sink:
        command = [*NODE, "node", "--chain", "localnet", "--block-time", str(block_time)]
        command += ["--data", f"{directory}/chain", "--port", str(port)]
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT)
        try:
            while "Imported #1" not in log.read_text():
                if process.poll() is not None:
                    raise SystemExit(log.read_text()[-2000:])
                time.sleep(0.05)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(30)


NODE = [str(Path(sys.executable).with_name("ganglion"))]


async def fund(signer: Signer, client: Client, keys: list[Keypair]) -> None:
    """Give every sender some TAO."""
    alice = Keypair("//Alice")
    raws = [signer.transfer(alice, nonce, key.public_key, FUNDS) for nonce, key in enumerate(keys)]
    for answer in await client.calls([("author_submitExtrinsic", ("0x" + raw.hex(),)) for raw in raws]):
        if isinstance(answer, RuntimeError):
            raise answer
    while await client.call("author_pendingExtrinsics"):
        await asyncio.sleep(0.1)


def sign_all(signer: Signer, keys: list[Keypair], count: int) -> list[bytes]:
    """Transfers round the senders, in an order in which nonces rise."""
    raws = []
    for at in range(count):
        nonce, turn = divmod(at, len(keys))
        raws.append(signer.transfer(keys[turn], nonce, keys[turn - 1].public_key, AMOUNT))
    return raws


async def offer(clients: list[Client], raws: list[bytes], rate: float, seen: Measured) -> None:
    """Send at a steady rate, round the connections."""
    began = time.monotonic()
    at, pending = 0, set()
    while at < len(raws):
        due = min(len(raws), int((time.monotonic() - began) * rate))
        for turn, client in enumerate(clients):
            part = raws[at + turn : due : len(clients)]
            if part:
                task = asyncio.create_task(_send(client, part, seen))
                pending.add(task)
                task.add_done_callback(pending.discard)
        at = max(at, due)
        await asyncio.sleep(TICK_S)
    await asyncio.gather(*pending)


async def _send(client: Client, raws: list[bytes], seen: Measured) -> None:
    now = time.monotonic()
    for raw in raws:
        seen.sent[blake2_256(raw)] = now
    for answer in await client.calls([("author_submitExtrinsic", ("0x" + raw.hex(),)) for raw in raws]):
        if isinstance(answer, RuntimeError):
            seen.refused[str(answer)] = seen.refused.get(str(answer), 0) + 1


async def follow(client: Client, count: int, seen: Measured) -> None:
    """Note when each sent transfer is in a block, until all are, or until blocks stay without any: what the
    pool refuses leaves a gap in its sender's nonces, and those behind it wait in vain.
    """
    await client.call("chain_subscribeNewHeads")
    idle = 0
    while len(seen.inclusion) + sum(seen.refused.values()) < count and idle < IDLE_BLOCKS:
        head = await client.news.get()
        now = time.monotonic()
        number = int(head["number"], 16)
        block_hash = await client.call("chain_getBlockHash", number)
        body = (await client.call("chain_getBlock", block_hash))["block"]["extrinsics"]
        times = [seen.sent.get(blake2_256(bytes.fromhex(raw[2:]))) for raw in body]
        mine = [now - at for at in times if at is not None]
        seen.inclusion += mine
        idle = 0 if mine else idle + 1
        seen.ended = now if mine else seen.ended
        seen.blocks.append((number, len(body) - 1, now))


async def read(client: Client, key: bytes, seen: Measured) -> None:
    """Read one storage entry again and again."""
    while True:
        began = time.monotonic()
        await client.call("state_getStorage", "0x" + key.hex())
        seen.reads.append(time.monotonic() - began)
        await asyncio.sleep(0.005)


def rss_mib(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * 4096 / 2**20, 1)


def percentile_ms(values: list[float], share: float) -> float:
    """A percentile of seconds, in milliseconds."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1)


def cpu_s(pid: int) -> float:
    """Processor seconds of a process so far, from the scheduler's own account (ticks would be biased)."""
    spent = [
        task.joinpath("schedstat").read_text().split()[0] for task in Path(f"/proc/{pid}/task").iterdir()
    ]
    return sum(map(int, spent)) / 1e9


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run the load; what was seen."""
    signer, seen = Signer(load("localnet").at_block_time(options.block_time)), Measured()
    keys = [Keypair(f"//load/{number}") for number in range(options.senders)]
    raws = sign_all(signer, keys, int(options.rate * options.seconds))
    with node(options.block_time) as (port, pid):
        at_rest = rss_mib(pid)
        async with contextlib.AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(connect(port)) for _ in range(options.connections + 2)]
            await fund(signer, clients[0], keys)
            cpu = cpu_s(pid)
            reading = asyncio.create_task(read(clients[-1], signer.account_key(keys[0].public_key), seen))
            following = asyncio.create_task(follow(clients[-2], len(raws), seen))
            began = time.monotonic()
            await offer(clients[:-2], raws, options.rate, seen)
            await asyncio.wait_for(following, 120)
            took = seen.ended - began
            reading.cancel()
            cpu = cpu_s(pid) - cpu
        return {
            "offered_per_s": options.rate,
            "block_time_s": options.block_time,
            "included": len(seen.inclusion),
            "extrinsics_per_s": round(len(seen.inclusion) / took),
            "largest_block": max(count for _, count, _ in seen.blocks),
            "inclusion_p50_ms": percentile_ms(seen.inclusion, 0.5),
            "inclusion_p99_ms": percentile_ms(seen.inclusion, 0.99),
            "reads": len(seen.reads),
            "read_p50_ms": percentile_ms(seen.reads, 0.5),
            "read_p99_ms": percentile_ms(seen.reads, 0.99),
            "node_cpu_us_per_extrinsic": round(cpu / max(1, len(seen.inclusion)) * 1e6),
            "rss_at_rest_mib": at_rest,
            "rss_after_mib": rss_mib(pid),
            "refused": seen.refused,
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=2_000, help="transfers offered per second")
    parser.add_argument("--seconds", type=float, default=20, help="how long")
    parser.add_argument("--senders", type=int, default=200, help="accounts that send")
    parser.add_argument("--connections", type=int, default=4, help="WebSocket connections that submit")
    parser.add_argument("--block-time", type=float, default=1.0, help="seconds between blocks")
    options = parser.parse_args()
    print(json.dumps(asyncio.run(measure(options)), indent=2))


if __name__ == "__main__":
    main()
