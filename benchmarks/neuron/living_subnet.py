"""A node and neurons as the processes which an operator runs, for trials that do them harm."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bittensor as bt
from bittensor.keyfiles import Keypair

RAO = 10**9
PATIENCE_S = 120.0


class Child:
    """`ganglion ARGUMENTS` as a process: log lines in NAME.log, events in NAME.events."""

    def __init__(self, directory: Path, name: str, *arguments: str) -> None:
        self.name = name
        self.log = directory / f"{name}.log"
        self._events = directory / f"{name}.events"
        self._command = [sys.executable, "-m", "ganglion", *arguments]
        self.start()

    def start(self) -> None:
        """Start, or start again with the same arguments; both files grow on."""
        with self.log.open("ab") as log, self._events.open("ab") as events:
            self.process = subprocess.Popen(self._command, stdout=events, stderr=log)

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit status."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def check(self) -> None:
        """Raises RuntimeError, with the end of the log, if it has ended."""
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended: {self.log.read_text()[-1000:]}")

    def events(self, kind: str) -> list[dict[str, Any]]:
        """What it told so far of this kind."""
        lines = self._events.read_text().splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [event for event in told if event["event"] == kind]

    @property
    def memory(self) -> int:
        """Resident bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024


async def eventually(what: str, test: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """Ask until the answer is true; that answer. Raises TimeoutError which says what never came."""
    try:
        async with asyncio.timeout(patience_s):
            while not (found := test()):
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        raise TimeoutError(f"it never came that {what}") from error
    return found


@contextlib.contextmanager
def children(directory: Path) -> Iterator[Callable[..., Child]]:
    """Starts children by name and arguments; at the end none is left."""
    started: list[Child] = []

    def start(name: str, *arguments: str) -> Child:
        started.append(Child(directory, name, *arguments))
        return started[-1]

    try:
        yield start
    finally:
        for child in started:
            child.process.kill()
            child.process.wait()


def free_port(*addresses: str) -> int:
    """A TCP port on which nobody listens at any of these addresses."""
    with contextlib.ExitStack() as probes:
        first = probes.enter_context(socket.socket())
        first.bind((addresses[0], 0))
        port = int(first.getsockname()[1])
        for address in addresses[1:]:
            probes.enter_context(socket.socket()).bind((address, port))
        return port


def wallet(directory: Path, name: str, uri: str) -> bt.Wallet:
    """A wallet on disk whose coldkey is the development account `uri`, with the hotkey `uri//hotkey`."""
    made = bt.Wallet(name, "default", str(directory))
    coldkey, hotkey = Keypair.create_from_uri(uri), Keypair.create_from_uri(f"{uri}//hotkey")
    made.coldkey_file.set_keypair(coldkey, encrypt=False)
    made.regenerate_coldkeypub(ss58_address=coldkey.ss58_address)
    made.hotkey_file.set_keypair(hotkey, encrypt=False)
    made.regenerate_hotkeypub(ss58_address=hotkey.ss58_address)
    return made


async def connected(url: str) -> bt.Client:
    """A client of a node which may still be about to start."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            client = bt.Client(url)
            try:
                await client.connect()
                await client.wait_for_block(1, timeout=PATIENCE_S)
            except (bt.BittensorError, OSError):
                await asyncio.sleep(0.2)
            else:
                return client


async def found_subnet(client: bt.Client, owner: bt.Wallet, miners: list[bt.Wallet], *, tempo: int) -> int:
    """A started subnet whose owner, who has the sudo key, validates with stake; its netuid."""

    async def send(call: Any, sender: bt.Wallet) -> None:
        (await client.submit_call(call, sender)).raise_for_failure()

    calls, admin = bt.calls.SubtensorModule, bt.calls.AdminUtils
    hotkey = owner.hotkeypub.ss58_address
    await send(calls.register_network(hotkey=hotkey), owner)
    netuid = max(subnet.netuid for subnet in await client.subnets.all())
    terms = [
        admin.sudo_set_admin_freeze_window(window=0),
        admin.sudo_set_tempo(netuid=netuid, tempo=tempo),
        admin.sudo_set_commit_reveal_weights_enabled(netuid=netuid, enabled=False),
        admin.sudo_set_weights_set_rate_limit(netuid=netuid, weights_set_rate_limit=0),
    ]
    batch = bt.calls.Utility.batch_all(calls=[await client.compose(term) for term in terms])
    await send(bt.calls.Sudo.sudo(call=await client.compose(batch)), owner)
    await send(calls.start_call(netuid=netuid), owner)
    for miner in miners:
        await send(calls.burned_register(netuid=netuid, hotkey=miner.hotkeypub.ss58_address), miner)
    await send(calls.add_stake(hotkey=hotkey, netuid=netuid, amount_staked=100 * RAO), owner)
    return netuid
