"""The run itself: node, set-up, neurons, then watching until it is time to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bittensor as bt

from ganglion.cli.up.cast import HOTKEY, OWNER, Cast, Part, Role
from ganglion.cli.up.display import Display
from ganglion.cli.up.processes import Processes
from ganglion.cli.up.settlement import Settler, Terms
from ganglion.cli.up.standing import Observer, Standing
from ganglion.cli.up.wallets import make_wallets, rich_wallet
from ganglion.neuron.address import machine_local_address
from ganglion.neuron.clock import SystemClock

log = logging.getLogger(__name__)

NODE_PATIENCE_S = 30.0
MINERS_PATIENCE_S = 120.0
CONNECT_PAUSE_S = 0.1
LOOK_PAUSE_S = 0.2
ADMITTED_STAKE = 10
"""Alpha that a caller needs: the validators have it as soon as they are staked on, a cheat that would pass
questions on to other miners never has.
"""


class NetworkSilent(RuntimeError):
    """The node or a miner did not come up in time."""


@dataclass(frozen=True)
class Plan:
    """What to run. `block_time` in seconds; `blocks` is how many blocks after the set-up to stay, None
    for as long as nobody interrupts; `port` 0 takes a free one.
    """

    cast: Cast
    directory: Path
    block_time: float
    terms: Terms
    port: int = 0
    blocks: int | None = None
    until_paid: bool = False
    round_s: float = 1.0


@dataclass
class Network:
    """A network being run. `standing` is the newest view, `seconds_to_first_tao` from the start."""

    plan: Plan
    display: Display
    standing: Standing | None = None
    seconds_to_first_tao: float | None = None
    _clock: SystemClock = field(default_factory=SystemClock)
    _observer: Observer | None = None
    _serving: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Run until the plan is fulfilled or this task is cancelled. Every process is stopped at the end.

        Raises: NetworkSilent, SetupFailed, ProcessFailed.
        """
        started = self._clock.monotonic()
        plan = self.plan
        wallets = make_wallets(plan.directory / "wallets", (OWNER, *(part.name for part in plan.cast.parts)))
        rich = rich_wallet(plan.directory / "wallets")
        port = plan.port or free_port()
        logs = plan.directory / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        async with Processes(logs, self._take) as processes:
            self.display.say(f"node: ws://127.0.0.1:{port}   files: {plan.directory}")
            await processes.start("node", *node_command(plan, port))
            client = await self._connect(f"ws://127.0.0.1:{port}", processes)
            try:
                settler = Settler(client, rich, wallets, plan.cast, plan.terms, say=self.display.say)
                netuid = await settler.found()
                for part in plan.cast.parts:
                    await processes.start(part.name, *neuron_command(plan, part, netuid, port))
                await settler.settle(netuid)
                await self._miners_serving(processes)
                settlement = await settler.stake(netuid)
                self.display.say("everybody is in place; waiting for the first pay")
                hotkeys = {wallet.hotkeypub.ss58_address: name for name, wallet in wallets.items()}
                self._observer = Observer(client, plan.cast, hotkeys, settlement)
                await self._watch(self._observer, processes, started)
            finally:
                await close(client)

    async def _connect(self, url: str, processes: Processes) -> bt.Client:
        deadline = self._clock.monotonic() + NODE_PATIENCE_S
        while self._clock.monotonic() < deadline:
            processes.check()
            client = bt.Client(url)
            try:
                await client.connect()
                await client.wait_for_block(1, timeout=NODE_PATIENCE_S)
            except (bt.BittensorError, OSError):
                await close(client)
                await self._clock.sleep(CONNECT_PAUSE_S)
            else:
                return client
        raise NetworkSilent(f"the node at {url} did not answer in {NODE_PATIENCE_S:g} s")

    async def _miners_serving(self, processes: Processes) -> None:
        """Wait until all miners serve: whose model takes longest to train would miss the first pay."""
        self.display.say("waiting for the miners to train and serve")
        deadline = self._clock.monotonic() + MINERS_PATIENCE_S
        missing = {part.name for part in self.plan.cast.miners}
        while missing := missing - self._serving:
            processes.check()
            if self._clock.monotonic() > deadline:
                raise NetworkSilent(f"{', '.join(sorted(missing))} did not serve in {MINERS_PATIENCE_S:g} s")
            await self._clock.sleep(LOOK_PAUSE_S)

    async def _watch(self, observer: Observer, processes: Processes, started: float) -> None:
        first: int | None = None
        while True:
            processes.check()
            standing = await observer.look()
            if self.standing is None or standing.block > self.standing.block:
                self.standing = standing
                self.display.show(standing)
            if self.seconds_to_first_tao is None and standing.is_miner_paid:
                self.seconds_to_first_tao = round(self._clock.monotonic() - started, 2)
            first = standing.block if first is None else first
            if self._is_fulfilled(standing.block - first):
                return
            await self._clock.sleep(LOOK_PAUSE_S)

    def _is_fulfilled(self, blocks: int) -> bool:
        if self.plan.until_paid and self.seconds_to_first_tao is not None:
            return self.plan.blocks is None or blocks >= self.plan.blocks
        return not self.plan.until_paid and self.plan.blocks is not None and blocks >= self.plan.blocks

    def _take(self, name: str, event: dict[str, Any]) -> None:
        if event.get("event") == "serving":
            self._serving.add(name)
        if self._observer is not None:
            self._observer.note(event)


def node_command(plan: Plan, port: int) -> tuple[str, ...]:
    """How the node is started."""
    return (
        "ganglion", "node", "--chain", "localnet", "--block-time", str(plan.block_time),
        "--data", str(plan.directory / "chain"), "--port", str(port),
    )  # fmt: skip


def neuron_command(plan: Plan, part: Part, netuid: int, port: int) -> tuple[str, ...]:
    """How a neuron is started."""
    pause = str(plan.round_s)
    command = (
        "ganglion", "neuron", str(part.role), "--subnet", "vision", "--chain", f"ws://127.0.0.1:{port}",
        "--netuid", str(netuid), "--wallet-path", str(plan.directory / "wallets"),
        "--wallet-name", part.name, "--wallet-hotkey", HOTKEY, "--seed", str(part.seed),
    )  # fmt: skip
    if part.role is Role.MINER:
        return (
            *command, "--kind", part.kind, "--port", "0", "--external-ip", machine_local_address(),
            "--min-stake", str(ADMITTED_STAKE), "--sync-interval", pause,
        )  # fmt: skip
    return (*command, "--interval", pause)


def free_port() -> int:
    """A TCP port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def close(client: bt.Client) -> None:
    """Close a connection, whatever state it is in."""
    with contextlib.suppress(bt.BittensorError, OSError, TimeoutError):
        async with asyncio.timeout(2):
            await client.close()
