"""A testnet of real processes: `ganglion node --engine comet`, each with its CometBFT.

All on loopback, or each on a machine of its own: see `wires`.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ganglion.cli.node_client import NodeClient, NodeClientError
from ganglion.cli.testnet.genesis import write_testnet
from ganglion.cli.testnet.layout import PORTS_PER_NODE, Layout, NodePlan, planned_nodes
from ganglion.cli.testnet.start import node_command
from ganglion.node.chain import Chain
from ganglion.node.chain_spec import ChainSpec, load, localnet
from ganglion.node.engines.comet.process import find_binary
from ganglion.node.errors import CannotStart
from ganglion.state.lmdb_store import LmdbStore
from ganglion.state.state_db import StateDB
from wires import Wires

PATIENCE_S = 90.0
POLL_S = 0.1


def needs_cometbft() -> None:
    """Skip the test where CometBFT is not installed."""
    try:
        find_binary(None)
    except CannotStart as missing:
        pytest.skip(str(missing))


def free_ports(count: int) -> int:
    """The first of so many neighbouring ports that nobody listens on."""
    for first in range(20_000 + os.getpid() % 20_000, 60_000, count):
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def eventually(what: str, test: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """Ask until the answer is true; that answer. Fails with `what` when patience ends."""
    deadline = time.monotonic() + patience_s
    while True:
        found = test()
        if found:
            return found
        if time.monotonic() > deadline:
            pytest.fail(f"it never came that {what}")
        time.sleep(POLL_S)


class Replicas:
    """Validators of one chain. Nodes are named by number; with `wires`, so are their machines."""

    def __init__(
        self,
        directory: Path,
        validators: int,
        *,
        block_time_s: float = 0.5,
        chain: ChainSpec | None = None,
        wires: Wires | None = None,
    ) -> None:
        self._wires = wires
        hosts = wires.hosts if wires is not None else ("127.0.0.1",) * validators
        first = free_ports((validators + 1) * PORTS_PER_NODE)
        self.layout = Layout(directory, block_time_s, planned_nodes(hosts, first))
        self.spare_port = first + validators * PORTS_PER_NODE
        write_testnet(self.layout, chain or localnet(), os.urandom, int(time.time()))
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def node(self, number: int) -> NodePlan:
        return self.layout.nodes[number]

    def start(
        self,
        *numbers: int,
        options: tuple[str, ...] = ("--snapshot-every", "10"),
        through: tuple[str, ...] = (),
        **environment: str,
    ) -> None:
        """Start nodes, by default all; `through` a module that runs the command behind its arguments."""
        for number in numbers or range(len(self.layout.nodes)):
            node = self.node(number)
            command = (*through, *node_command(self.layout, node), *options)
            self.run(node.name, *command, machine=number, **environment)

    def run(self, name: str, *command: str, machine: int = 0, **environment: str) -> subprocess.Popen[bytes]:
        """Start `python -m COMMAND` as a node called `name`."""
        secret = self.layout.shield_secret.read_text().strip()
        before = () if self._wires is None else self._wires.on(machine)
        path = os.pathsep.join(sys.path)
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                [*before, sys.executable, "-m", *command],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": path, "GANGLION_SHIELD_SECRET": secret, **environment},
            )
        self._running[name] = process
        return process

    def log(self, name: str) -> Path:
        return self.layout.directory / f"{name}.log"

    def kill(self, number: int) -> None:
        """kill -9 of the node, whose CometBFT goes with it."""
        self._end(self.node(number).name, signal.SIGKILL)

    def end(self, number: int) -> int:
        """An orderly end; the exit status."""
        return self._end(self.node(number).name, signal.SIGTERM)

    def ended(self, number: int) -> int:
        """The exit status of a node that ends by itself."""
        name = self.node(number).name
        status = self._running[name].wait(PATIENCE_S)
        del self._running[name]
        return status

    def comet_pid(self, number: int) -> int | None:
        """The process of a node's CometBFT."""
        process = self._running[self.node(number).name]
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def call(self, url: str, method: str, *params: Any) -> Any:
        """The result of a node's RPC; None if it is away."""
        try:
            with NodeClient(url) as client:
                return client.call(method, *params)
        except NodeClientError:
            return None

    def head(self, number: int) -> int:
        """A node's newest block; -1 if it is away."""
        header = self.call(self.node(number).url, "chain_getHeader")
        return -1 if header is None else int(header["number"], 16)

    def hash_at(self, number: int, height: int) -> str | None:
        """A node's block hash at a height."""
        found: str | None = self.call(self.node(number).url, "chain_getBlockHash", height)
        return found

    def reaches(self, height: int, *numbers: int) -> None:
        """Wait until nodes, by default all, have that block."""
        for number in numbers or range(len(self.layout.nodes)):
            eventually(f"node {number} has block {height}", lambda at=number: self.head(at) >= height)

    def agree(self, height: int, *numbers: int) -> None:
        """All those nodes have the same block at a height."""
        hashes = {self.hash_at(number, height) for number in numbers or range(len(self.layout.nodes))}
        assert len(hashes) == 1
        assert None not in hashes

    def history(self, number: int) -> list[str | None]:
        """A node's block hashes up to its newest; None where it has no block, since it joined later."""
        heights = list(range(self.head(number) + 1))
        found: list[str | None] = self.call(self.node(number).url, "chain_getBlockHash", heights)
        return found

    def is_sound(self, before: list[str | None], *numbers: int) -> None:
        """Nodes, by default all, have the same block at every height, and what was committed `before`."""
        histories = [self.history(number) for number in numbers or range(len(self.layout.nodes))]
        for at_height in zip(*histories, strict=False):
            assert len(set(at_height) - {None}) == 1
        assert all(len(history) >= len(before) for history in histories)
        assert all(
            found in (None, hash_then)
            for history in histories
            for found, hash_then in zip(history, before, strict=False)
        )

    def beyond(self, *numbers: int, by: int = 3) -> int:
        """Wait until nodes, by default all, have some more blocks; the height that all have then."""
        chosen = numbers or range(len(self.layout.nodes))
        height = max(self.head(number) for number in chosen) + by
        self.reaches(height, *chosen)
        return height

    def audit(self) -> None:
        """After `close`: what every node kept is whole, and adds up to what was issued."""
        spec = load(str(self.layout.spec))
        runtime = spec.runtime()
        genesis = spec.build_genesis(runtime)
        for node in self.layout.nodes:
            with (
                closing(LmdbStore(self.layout.data(node) / "chain")) as store,
                closing(Chain.open(runtime, genesis, store)) as chain,
            ):
                StateDB.open(store).verify()
                chain.world.try_state()

    def close(self) -> None:
        """End every node."""
        for name in list(self._running):
            self._end(name, signal.SIGTERM)

    def _end(self, name: str, number: signal.Signals) -> int:
        process = self._running.pop(name)
        process.send_signal(number)
        try:
            return process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
