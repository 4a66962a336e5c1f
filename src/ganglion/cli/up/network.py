"""The run itself: node, subnets one after the other, market; watched from the first subnet on.

Whoever starts everything at once on two cores waits for everything: subnets come up one by one, so that the
first pays while the next still trains its models.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bittensor as bt

from ganglion.cli.up.cast import MARKET, OWNER, Cast, Role
from ganglion.cli.up.commands import free_port, market_command, neuron_command, node_command
from ganglion.cli.up.display import Display
from ganglion.cli.up.hints import audit_call, market_call, new_customer
from ganglion.cli.up.processes import Processes
from ganglion.cli.up.settlement import Settler, Terms
from ganglion.cli.up.standing import Observer, Standing
from ganglion.cli.up.wallets import make_wallets, rich_wallet
from ganglion.neuron.clock import SystemClock

NODE_PATIENCE_S = 30.0
MINERS_PATIENCE_S = 180.0
CONNECT_PAUSE_S = 0.1
LOOK_PAUSE_S = 0.2


class NetworkSilent(RuntimeError):
    """The node, a miner or the market did not come up in time."""


@dataclass(frozen=True)
class Plan:
    """What to run. `block_time` in seconds; `blocks` is how many blocks after the set-up to stay, None
    for as long as nobody interrupts; `port` and `market_port` 0 take free ones; `round_s` seconds lie between
    a validator's rounds.
    """

    cast: Cast
    directory: Path
    block_time: float
    terms: Terms
    port: int = 0
    market_port: int = 0
    blocks: int | None = None
    until_paid: bool = False
    round_s: float = 1.0


@dataclass
class Network:
    """A network being run. `standing` is the newest view, `seconds_to_first_tao` from the start by subnet."""

    plan: Plan
    display: Display
    standing: Standing | None = None
    seconds_to_first_tao: dict[str, float] = field(default_factory=dict)
    _clock: SystemClock = field(default_factory=SystemClock)
    _observer: Observer | None = None
    _serving: set[str] = field(default_factory=set)
    _market_url: str | None = None

    async def run(self) -> None:
        """Run until the plan is fulfilled or this task is cancelled. Every process is stopped at the end.

        Raises: NetworkSilent, SetupFailed, ProcessFailed.
        """
        started = self._clock.monotonic()
        plan = self.plan
        wallets = make_wallets(plan.directory / "wallets", (OWNER, *plan.cast.names))
        rich = rich_wallet(plan.directory / "wallets")
        port = plan.port or free_port()
        chain = f"ws://127.0.0.1:{port}"
        logs = plan.directory / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        async with Processes(logs, self._take) as processes:
            self.display.say(f"node: {chain}   files: {plan.directory}")
            await processes.start("node", *node_command(plan.directory, port, plan.block_time))
            client = await self._connect(chain, processes)
            try:
                hotkeys = {wallet.hotkeypub.ss58_address: name for name, wallet in wallets.items()}
                observer = self._observer = Observer(client, plan.cast, hotkeys)
                settler = Settler(client, rich, wallets, plan.cast, plan.terms, say=self.display.say)
                setting_up = asyncio.create_task(self._set_up(settler, observer, processes, chain))
                try:
                    await self._watch(observer, processes, setting_up, started)
                finally:
                    setting_up.cancel()
                    await asyncio.gather(setting_up, return_exceptions=True)
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

    async def _set_up(self, settler: Settler, observer: Observer, processes: Processes, chain: str) -> None:
        plan = self.plan
        await settler.fund()
        for subnet in plan.cast.subnets:
            netuid = await settler.found(subnet)
            for part in plan.cast.of(subnet):
                command = neuron_command(plan.directory, part, netuid, chain, plan.round_s)
                await processes.start(part.name, *command)
            await settler.settle(subnet, netuid)
            await self._miners_serving(subnet)
            observer.settlements.append(await settler.stake(subnet, netuid))
            self.display.say(f"{subnet} is in place; waiting for its first pay; then check who pays:")
            validator = plan.cast.of(subnet, Role.VALIDATOR)[0]
            self.display.say(audit_call(chain, netuid, settler.hotkey_of(validator.name)))
        if plan.cast.has_market:
            await self._open_market(observer, processes, chain)

    async def _miners_serving(self, subnet: str) -> None:
        """Wait until all miners serve: whose model takes longest to train would miss the first pay."""
        self.display.say(f"waiting for the miners of {subnet} to train and serve")
        deadline = self._clock.monotonic() + MINERS_PATIENCE_S
        missing = {part.name for part in self.plan.cast.of(subnet, Role.MINER)}
        while missing := missing - self._serving:
            if self._clock.monotonic() > deadline:
                raise NetworkSilent(f"{', '.join(sorted(missing))} did not serve in {MINERS_PATIENCE_S:g} s")
            await self._clock.sleep(LOOK_PAUSE_S)

    async def _open_market(self, observer: Observer, processes: Processes, chain: str) -> None:
        plan = self.plan
        key = new_customer(plan.directory)
        netuids = {settlement.subnet: settlement.netuid for settlement in observer.settlements}
        await processes.start(MARKET, *market_command(plan.directory, netuids, chain, plan.market_port))
        deadline = self._clock.monotonic() + MINERS_PATIENCE_S
        while self._market_url is None:
            if self._clock.monotonic() > deadline:
                raise NetworkSilent(f"the market did not open in {MINERS_PATIENCE_S:g} s")
            await self._clock.sleep(LOOK_PAUSE_S)
        self.display.say(f"market: {self._market_url}   buy an answer:")
        self.display.say(market_call(self._market_url, key, plan.cast.subnets))

    async def _watch(
        self, observer: Observer, processes: Processes, setting_up: asyncio.Task[None], started: float
    ) -> None:
        """Look at every block until the plan is fulfilled. Raises what the set-up raises."""
        first: int | None = None
        while True:
            processes.check()
            if setting_up.done():
                setting_up.result()
            if observer.settlements:
                standing = await observer.look()
                if self.standing is None or standing.block > self.standing.block:
                    self.standing = standing
                    self.display.show(standing)
                for subnet in standing.paid - self.seconds_to_first_tao.keys():
                    self.seconds_to_first_tao[subnet] = round(self._clock.monotonic() - started, 2)
                if setting_up.done():
                    first = standing.block if first is None else first
                    if self._is_fulfilled(standing.block - first):
                        return
            await self._clock.sleep(LOOK_PAUSE_S)

    def _is_fulfilled(self, blocks: int) -> bool:
        if self.plan.until_paid and not set(self.plan.cast.subnets) <= self.seconds_to_first_tao.keys():
            return False
        if self.plan.blocks is None:
            return self.plan.until_paid
        return blocks >= self.plan.blocks

    def _take(self, name: str, event: dict[str, Any]) -> None:
        if event.get("event") == "serving":
            self._serving.add(name)
        if name == MARKET and event.get("event") == "ready":
            self._market_url = event["url"]
        if self._observer is not None:
            self._observer.note(event)


async def close(client: bt.Client) -> None:
    """Close a connection, whatever state it is in."""
    with contextlib.suppress(bt.BittensorError, OSError, TimeoutError):
        async with asyncio.timeout(2):
            await client.close()
