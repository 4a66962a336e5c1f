"""A testnet of real processes on loopback: `ganglion node --engine comet`, each with its CometBFT."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ganglion.cli.node_client import NodeClient, NodeClientError
from ganglion.cli.testnet.genesis import write_testnet
from ganglion.cli.testnet.layout import PORTS_PER_NODE, Layout, NodePlan, planned_nodes
from ganglion.cli.testnet.start import node_command
from ganglion.node.chain_spec import ChainSpec, localnet
from ganglion.node.engines.comet.process import find_binary
from ganglion.node.errors import CannotStart

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
    """Validators of one chain. Nodes are named by number."""

    def __init__(
        self, directory: Path, validators: int, *, block_time_s: float = 0.5, chain: ChainSpec | None = None
    ) -> None:
        first = free_ports((validators + 1) * PORTS_PER_NODE)
        self.layout = Layout(directory, block_time_s, planned_nodes(("127.0.0.1",) * validators, first))
        self.spare_port = first + validators * PORTS_PER_NODE
        write_testnet(self.layout, chain or localnet(), os.urandom, int(time.time()))
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def node(self, number: int) -> NodePlan:
        return self.layout.nodes[number]

    def start(self, *numbers: int, options: tuple[str, ...] = ("--snapshot-every", "10")) -> None:
        """Start nodes, by default all."""
        for number in numbers or range(len(self.layout.nodes)):
            node = self.node(number)
            self.run(node.name, *node_command(self.layout, node), *options)

    def run(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """Start `python -m COMMAND` as a node called `name`."""
        secret = self.layout.shield_secret.read_text().strip()
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "GANGLION_SHIELD_SECRET": secret},
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
