"""The node as a process: how it starts, refuses to start, stops, and survives being killed."""

from __future__ import annotations

import asyncio
import json
import random
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from ganglion.crypto.keys import Keypair
from ganglion.node.chain import Chain
from ganglion.node.chain_spec import ChainSpec
from ganglion.node.genesis import Genesis
from ganglion.state.lmdb_store import LmdbStore
from ganglion.state.trie import trie_root

GANGLION = Path(sys.executable).with_name("ganglion")
BLOCK_TIME_S = 0.1
WAIT_S = 30
KILLS = 20
IMPORTED = re.compile(r"Imported #(\d+) hash=0x([0-9a-f]{64}) .* root=0x([0-9a-f]{64})")
SERVING = re.compile(r"serving .* rpc=ws://127\.0\.0\.1:(\d+)")


class NodeProcess:
    """A running `ganglion node` whose log is read line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.port = 0
        self.imported: list[tuple[int, bytes, bytes]] = []

    async def lines_until(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Read the log up to a line that matches."""
        said = ""
        while line := await self.next_line():
            found = pattern.search(line)
            if found:
                return found
            said += line
        code = await self.process.wait()
        raise AssertionError(f"the node ended with {code} before {pattern.pattern!r}, and said:\n{said}")

    async def next_line(self) -> str:
        assert self.process.stdout is not None
        line = (await asyncio.wait_for(self.process.stdout.readline(), WAIT_S)).decode()
        found = IMPORTED.search(line)
        if found:
            number, block_hash, root = found.groups()
            self.imported.append((int(number), bytes.fromhex(block_hash), bytes.fromhex(root)))
        return line

    async def drain(self) -> str:
        """The rest of the log."""
        rest = ""
        while line := await self.next_line():
            rest += line
        return rest


@asynccontextmanager
async def running(data: Path, *options: str) -> AsyncIterator[NodeProcess]:
    """A node on `data`, once it serves."""
    command = [GANGLION, "node", "--chain", "localnet", "--data", data, "--port", "0"]
    command += ["--block-time", str(BLOCK_TIME_S), *options]
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    node = NodeProcess(process)
    try:
        node.port = int((await node.lines_until(SERVING)).group(1))
        yield node
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def failure(*options: str) -> str:
    """What a node that refuses to start says; it must be one line, with exit code 1."""
    process = await asyncio.create_subprocess_exec(
        str(GANGLION), "node", *options, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(process.communicate(), WAIT_S)
    assert process.returncode == 1
    (line,) = said.decode().splitlines()
    assert line.startswith("ganglion node: ")
    return line


@pytest.fixture
def fast_spec(spec: ChainSpec) -> ChainSpec:
    return spec.at_block_time(BLOCK_TIME_S)


@pytest.fixture
def fast_genesis(fast_spec: ChainSpec) -> Genesis:
    return fast_spec.build_genesis(fast_spec.runtime())


async def test_a_node_stops_cleanly_and_goes_on_where_it_was(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as node:
        await node.lines_until(re.compile("Imported #3"))
        node.process.send_signal(signal.SIGTERM)
        assert "stopped head=#" in await node.drain()
        assert await node.process.wait() == 0
        last = node.imported[-1][0]
    async with running(tmp_path / "data") as node:
        assert (await node.lines_until(IMPORTED)).group(1) == str(last + 1)


async def test_metrics_are_served_on_a_port_of_their_own(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path / "data", "--metrics-port", str(port)) as node:
        await node.lines_until(IMPORTED)
        url = f"http://127.0.0.1:{port}/metrics"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            figures = await response.text()
    for name in ("ganglion_block_height", "ganglion_pool_ready", "ganglion_block_seconds_bucket"):
        assert name in figures


async def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        assert f"cannot listen on 127.0.0.1:{port}" in await failure("--port", port)


async def test_a_directory_in_use_is_told(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with running(data):
        assert "another process" in await failure("--chain", "localnet", "--data", str(data), "--port", "0")


async def test_a_directory_of_other_things_is_told_and_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "letter.txt"
    precious.write_text("dear")
    assert "cannot use data directory" in await failure("--data", str(tmp_path), "--port", "0")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


async def test_a_directory_of_another_chain_is_told(tmp_path: Path, spec: ChainSpec) -> None:
    async with running(tmp_path / "data") as node:
        await node.lines_until(IMPORTED)
    other = tmp_path / "spec.json"
    other.write_text(json.dumps({**spec.to_json(), "genesis": {**spec.genesis, "Sudo": {}}}))
    options = ("--chain", str(other), "--block-time", str(BLOCK_TIME_S), "--data", str(tmp_path / "data"))
    assert "genesis" in await failure(*options, "--port", "0")


@pytest.mark.parametrize("damage", ["overwritten", "cut"])
async def test_a_damaged_directory_is_told(tmp_path: Path, damage: str) -> None:
    data = tmp_path / "data"
    async with running(data) as node:
        await node.lines_until(IMPORTED)
    file = data / "data.mdb"
    content = file.read_bytes()
    file.write_bytes(b"\xa5" * len(content) if damage == "overwritten" else content[:8192])
    assert "cannot use data directory" in await failure("--data", str(data), "--port", "0")


async def test_an_invalid_chain_spec_is_told(tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    path.write_text('{"name": "x", "id": "x", "genesis": {"Sudo": {"key": 5}}}')
    said = await failure("--chain", str(path), "--port", "0")
    assert "invalid chain spec: genesis.Sudo.key" in said


async def test_a_key_that_is_no_authority_is_told(tmp_path: Path) -> None:
    options = ("--data", str(tmp_path / "data"), "--port", "0")
    assert "is no authority" in await failure(*options, "--authority", "//Two")
    said = await failure(*options, "--authority", "not a uri")
    assert "invalid key uri" in said
    assert "not a uri" not in said


@pytest.mark.slow
async def test_a_killed_node_loses_no_block_and_keeps_every_root(
    *, tmp_path: Path, signer: Any, fast_spec: ChainSpec, fast_genesis: Genesis, alice: Keypair, bob: Keypair
) -> None:
    moments, data = random.Random(7), tmp_path / "data"
    signer = type(signer)(fast_spec.runtime(), fast_genesis.stored.hash)
    transfers = 0
    for _ in range(KILLS):
        async with running(data) as node:
            load = asyncio.create_task(keep_busy(node.port, signer, alice, bob))
            reading = asyncio.create_task(node.drain())
            await asyncio.sleep(moments.uniform(0.05, 0.6))
            node.process.kill()
            await asyncio.gather(reading, load)
        transfers += check_everything(data, fast_spec, fast_genesis, node.imported)
    assert transfers > 100


def check_everything(
    data: Path, spec: ChainSpec, genesis: Genesis, told: list[tuple[int, bytes, bytes]]
) -> int:
    """Open the chain and hold it against itself and against what the node told; extrinsics since then."""
    store = LmdbStore(data)
    chain = Chain.open(spec.runtime(), genesis, store)
    for number, block_hash, root in told:
        stored = chain.blocks.header(number)
        assert stored is not None
        assert (stored.hash, stored.header.state_root) == (block_hash, root)
        assert stored.header.hash == block_hash
    with chain.view() as view:
        assert trie_root(dict(view.pairs())) == chain.head.header.state_root
    transfers = sum(len(chain.blocks.body(number) or ()) - 1 for number, _, _ in told)
    chain.close()
    store.close()
    return transfers


async def keep_busy(port: int, signer: Any, key: Keypair, to: Keypair) -> None:
    """Submit transfers for as long as the node lives."""
    url = f"ws://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as client:
            await client.send_json({"jsonrpc": "2.0", "id": 0, "method": NEXT_NONCE, "params": [key.address]})
            nonce = (await client.receive_json())["result"]
            while True:
                raw = signer.transfer(key, nonce, to, 1_000)
                request = {"jsonrpc": "2.0", "id": 1, "method": SUBMIT, "params": [raw.hex()]}
                await client.send_json(request)
                await client.receive_json()
                nonce += 1
    except (aiohttp.ClientError, ConnectionError, TypeError):
        return  # the node is gone, as it was meant to be


NEXT_NONCE, SUBMIT = "system_accountNextIndex", "author_submitExtrinsic"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
