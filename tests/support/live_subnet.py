"""A vision subnet of real processes: a node, miners, and a validator which keeps evidence."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bittensor as bt
from bittensor.keyfiles import Keypair

GANGLION = (sys.executable, "-m", "ganglion")
ADDRESS = "127.0.0.2"
RAO = 10**9
VALIDATOR = "validator"
PATIENCE_S = 90


class LiveSubnet:
    """`netuid` on the chain at `url`; each of `kinds` is a miner's kind and its wallet's name. Weights are
    sealed first where `commit_reveal` says so.
    """

    def __init__(self, directory: Path, kinds: tuple[str, ...], *, commit_reveal: bool) -> None:
        self.commit_reveal = commit_reveal
        self.directory = directory
        self.kinds = kinds
        self.netuid = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"ws://127.0.0.1:{probe.getsockname()[1]}"
        self.wallets = {name: self._wallet(name) for name in (VALIDATOR, *kinds)}
        self.validator = self.wallets[VALIDATOR].hotkeypub.ss58_address
        self.running: dict[str, subprocess.Popen[str]] = {}

    def start(self, name: str, *command: str) -> subprocess.Popen[str]:
        """Start a part, also once more after its end; its log is a file of its name."""
        if name in self.running:
            self.running[name].communicate()
        with (self.directory / f"{name}.log").open("a") as log:
            process = subprocess.Popen([*GANGLION, *command], stdout=subprocess.PIPE, stderr=log, text=True)
        self.running[name] = process
        return process

    def start_node(self) -> None:
        """Start the chain and wait for its first block."""
        data, port = str(self.directory / "chain"), self.url.rpartition(":")[2]
        node = ("node", "--chain", "localnet", "--block-time", "0.25", "--data", data, "--port", port)
        log = self.directory / "node.out"
        with log.open("w") as out:
            self.running["node"] = subprocess.Popen([*GANGLION, *node], stdout=out, stderr=out, text=True)
        asyncio.run(self._first_block())

    def start_neuron(self, name: str, role: str, *options: str) -> subprocess.Popen[str]:
        """Start a miner or validator with the wallet `name`."""
        return self.start(
            name, "neuron", role, "--subnet", "vision", "--netuid", str(self.netuid), "--chain", self.url,
            "--wallet-path", str(self.directory / "wallets"), "--wallet-name", name, "--seed", "11",
            "--external-ip", ADDRESS, *options,
        )  # fmt: skip

    def audit(self, *options: str, hotkey: str = "") -> subprocess.CompletedProcess[str]:
        """Run `ganglion audit`, by default on the validator."""
        validator = hotkey or self.validator
        return subprocess.run(
            [*GANGLION, "audit", "--netuid", str(self.netuid), "--validator", validator,
             "--chain", self.url, *options],
            capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip

    def settle(self) -> None:
        """Register the subnet with quick rules and its neurons; stake on the validator."""
        asyncio.run(self._settle())

    def set_weights(self, weights: dict[str, float]) -> None:
        """Set the validator's weights, by name, behind its back."""
        asyncio.run(self._set_weights(weights))

    async def _first_block(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    async with bt.Client(self.url) as client:
                        await client.wait_for_block(1, timeout=PATIENCE_S)
                        return
                except (bt.BittensorError, OSError):
                    await asyncio.sleep(0.1)

    async def _settle(self) -> None:
        alice = self._wallet("alice", Keypair.create_from_uri("//Alice"))
        module, admin = bt.calls.SubtensorModule, bt.calls.AdminUtils
        async with bt.Client(self.url) as client:

            async def send(call: Any, wallet: bt.Wallet = alice) -> Any:
                result = await client.submit_call(call, wallet)
                assert result.success, result.message
                return result

            async def together(calls: list[Any]) -> Any:
                composed = [await client.compose(call) for call in calls]
                return bt.calls.Utility.batch_all(calls=composed)

            founded = await send(module.register_network(hotkey=alice.hotkeypub.ss58_address))
            added = next(e["event"] for e in founded.events if e["event"]["event_id"] == "NetworkAdded")
            attributes = added["attributes"]
            self.netuid = netuid = int(
                next(iter(attributes.values())) if isinstance(attributes, dict) else attributes[0]
            )
            rules = [
                admin.sudo_set_admin_freeze_window(window=0),
                admin.sudo_set_tempo(netuid=netuid, tempo=6),
                admin.sudo_set_commit_reveal_weights_enabled(netuid=netuid, enabled=self.commit_reveal),
                admin.sudo_set_weights_set_rate_limit(netuid=netuid, weights_set_rate_limit=0),
                admin.sudo_set_serving_rate_limit(netuid=netuid, serving_rate_limit=0),
                admin.sudo_set_max_registrations_per_block(netuid=netuid, max_registrations_per_block=8),
                admin.sudo_set_target_registrations_per_interval(
                    netuid=netuid, target_registrations_per_interval=8
                ),
                admin.sudo_set_max_allowed_validators(netuid=netuid, max_allowed_validators=1),
            ]
            await send(bt.calls.Sudo.sudo(call=await client.compose(await together(rules))))
            await send(
                await together(
                    [
                        bt.calls.Balances.transfer_keep_alive(
                            dest=wallet.coldkeypub.ss58_address, value=1_000 * RAO
                        )
                        for wallet in self.wallets.values()
                    ]
                )
            )
            await send(module.start_call(netuid=netuid))
            for wallet in self.wallets.values():
                hotkey = wallet.hotkeypub.ss58_address
                await send(module.burned_register(netuid=netuid, hotkey=hotkey), wallet)
            stake = module.add_stake(hotkey=self.validator, netuid=netuid, amount_staked=100 * RAO)
            await send(stake, self.wallets[VALIDATOR])

    async def _set_weights(self, weights: dict[str, float]) -> None:
        async with bt.Client(self.url) as client:
            graph = await client.subnets.metagraph(self.netuid, commitments=False)
            uids = {neuron.hotkey: neuron.uid for neuron in graph.neurons}
            by_uid = {uids[self.wallets[name].hotkeypub.ss58_address]: w for name, w in weights.items()}
            result = await client.execute(
                bt.SetWeights(netuid=self.netuid, weights=by_uid), self.wallets[VALIDATOR]
            )
            assert result.success, result.message

    def _wallet(self, name: str, coldkey: Keypair | None = None) -> bt.Wallet:
        def fresh() -> Keypair:
            return Keypair.create_from_mnemonic(Keypair.generate_mnemonic())

        wallet = bt.Wallet(name, "default", str(self.directory / "wallets"))
        cold, hot = coldkey or fresh(), fresh()
        wallet.coldkey_file.set_keypair(cold, encrypt=False)
        wallet.regenerate_coldkeypub(ss58_address=cold.ss58_address)
        wallet.hotkey_file.set_keypair(hot, encrypt=False)
        wallet.regenerate_hotkeypub(ss58_address=hot.ss58_address)
        return wallet


def wait_for(process: subprocess.Popen[str], event: str, times: int = 1) -> dict[str, Any]:
    """The JSON line of `event`, when it came so many times. Fails if the process ends before."""
    assert process.stdout is not None
    for line in process.stdout:
        told: dict[str, Any] = json.loads(line)
        times -= told["event"] == event
        if times == 0:
            return told
    raise AssertionError(f"the process ended without {event!r}")


@contextmanager
def live_subnet(
    directory: Path, kinds: tuple[str, ...], *, commit_reveal: bool = False
) -> Iterator[LiveSubnet]:
    """A subnet whose miners serve already; the validator is not started. All processes end with it."""
    subnet = LiveSubnet(directory, kinds, commit_reveal=commit_reveal)
    try:
        subnet.start_node()
        subnet.settle()
        miners = [
            subnet.start_neuron(kind, "miner", "--kind", kind, "--port", "0", "--sync-interval", "0.5")
            for kind in kinds
        ]
        for miner in miners:
            wait_for(miner, "serving")
        yield subnet
    finally:
        for process in subnet.running.values():
            process.send_signal(signal.SIGTERM)
        for process in subnet.running.values():
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                process.communicate()
