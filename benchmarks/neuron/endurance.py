"""Do a validator and its miners outlive a bad half hour?

A node, a validator and two miners, each the process an operator would run; between validator and miners a
proxy drops or delays a tenth of all requests. After a third of the time the node is ended with SIGTERM, after
the second with SIGKILL, and started again on the same data each time after a pause.

    python benchmarks/neuron/endurance.py --minutes 30

Writes a JSON report to the end of standard output and, where something was not as it must be, ends with 1.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bittensor as bt
from faulty_proxy import FaultyProxy
from living_subnet import Child, children, connected, eventually, found_subnet, free_port, wallet

from ganglion.neuron.protocols import Endpoint

MINERS = {"svm": ("//Bob", "127.0.0.2"), "guess": ("//Charlie", "127.0.0.3")}
"""Kind -> coldkey and published address, where the proxy listens. The chain refuses 127.0.0.1."""

BEHIND = "127.0.0.1"
SHARE = 0.1
DELAY_S = 6.0  # the vision task gives 3 s
ALPHA = 0.1
TEMPO = 10
MOST_GROWTH = 24 << 20
"""Bytes a neuron may grow from the first quarter of the time to the last."""


@dataclass
class Trial:
    """The processes, and what was seen of them. Memory in bytes, sampled once a second."""

    url: str
    node: Child
    neurons: tuple[Child, ...]
    proxies: tuple[FaultyProxy, ...]
    phase_s: float
    pause_s: float
    memory: dict[str, list[int]] = field(default_factory=dict)
    restarts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def validator(self) -> Child:
        return self.neurons[0]

    async def run(self) -> None:
        """Three phases with a restart between them, and weights on the chain after each."""
        sampling = asyncio.create_task(self._sample())
        await asyncio.sleep(self.phase_s)
        for number in (signal.SIGTERM, signal.SIGKILL):
            await self._restart(number)
            await asyncio.sleep(self.phase_s)
        sampling.cancel()

    async def _restart(self, number: signal.Signals) -> None:
        before = self.validator.events("weights")[-1]["block"]
        status = await asyncio.to_thread(self.node.end, number)
        await asyncio.sleep(self.pause_s)
        self.node.start()
        began = time.monotonic()
        await eventually(
            f"weights were set again after {number.name}", lambda: self._are_weights_newer(before)
        )
        seconds = round(time.monotonic() - began, 1)
        self.restarts.append({"by": number.name, "status": status, "seconds_to_weights": seconds})

    def _are_weights_newer(self, block: int) -> bool:
        self.node.check()
        return bool(self.validator.events("weights")[-1]["block"] > block)

    async def _sample(self) -> None:
        while True:
            for neuron in self.neurons:
                if neuron.process.poll() is None:
                    self.memory.setdefault(neuron.name, []).append(neuron.memory)
            await asyncio.sleep(1)

    def report(self) -> dict[str, Any]:
        """What was seen, once all have ended."""
        rounds = self.validator.events("round")
        logs = {neuron.name: neuron.log.read_text() for neuron in self.neurons}
        return {
            "restarts": self.restarts,
            "requests": dict(sum((proxy.fates for proxy in self.proxies), Counter())),
            "rounds": [event["round"] for event in rounds],
            "outcomes": Counter(miner["outcome"] for event in rounds for miner in event["miners"]),
            "jumps": jumps(rounds),
            "scores": {each["hotkey"]: each["score"] for each in rounds[-1]["miners"]},
            "weights_set": len(self.validator.events("weights")),
            "growth": {name: growth(sizes) for name, sizes in self.memory.items()},
            "memory": {name: max(sizes) for name, sizes in self.memory.items()},
            "warnings": sum(text.count(" WARNING ") for text in logs.values()),
            "errors": [line for text in logs.values() for line in text.splitlines() if is_error(line)],
        }


def jumps(rounds: list[dict[str, Any]]) -> int:
    """How often a moving score was what no single grade makes of the last: scores which were lost show."""
    count, last = 0, {}
    for event in rounds:
        scores = {miner["hotkey"]: miner["score"] for miner in event["miners"]}
        for hotkey in scores.keys() & last.keys():
            least = last[hotkey] * (1 - ALPHA)
            count += not least - 1e-9 <= scores[hotkey] <= least + ALPHA + 1e-9
        last |= scores
    return count


def growth(sizes: list[int]) -> int:
    """Bytes, from the most in the first quarter to the most in the last."""
    quarter = max(1, len(sizes) // 4)
    return max(sizes[-quarter:]) - max(sizes[:quarter])


def is_error(line: str) -> bool:
    """Whether an operator would have to ask what this is."""
    return line.startswith("Traceback") or " ERROR " in line or " CRITICAL " in line


def complaints(report: dict[str, Any]) -> list[str]:
    """What is not as it must be."""
    requests = sum(report["requests"].values())
    faulty = 1 - report["requests"]["passed"] / requests
    checks = {
        "a neuron ended": not report["ended"],
        "a neuron did not stop well": not any(report["exit_statuses"]),
        "rounds are missing or came twice": report["rounds"] == list(range(1, len(report["rounds"]) + 1)),
        "a score jumped": report["jumps"] == 0,
        "the checkpoint has other scores": report["kept"] == {**report["kept"], **report["scores"]},
        "the chain pays the wrong miner": report["incentives"]["svm"] > report["incentives"]["guess"],
        "the chain lost weights": report["last_update"] > report["weights_block"],
        "memory grew": max(report["growth"].values()) <= MOST_GROWTH,
        "the log tells of errors": not report["errors"],
        "the proxy did no harm": faulty > SHARE / 4,
        "no faulty answer was counted": set(report["outcomes"]) > {"ok"},
    }
    return [complaint for complaint, is_well in checks.items() if not is_well]


async def trial(minutes: float, directory: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Run it all; the report."""
    block_s = 0.25 if minutes < 5 else 1.0
    rng = random.Random(1)
    url = f"ws://127.0.0.1:{(port := free_port(BEHIND))}"
    wallets = directory / "wallets"
    owner = wallet(wallets, "owner", "//Alice")
    miners = [wallet(wallets, kind, uri) for kind, (uri, _) in MINERS.items()]
    with children(directory) as start:
        chain = ("--chain", "localnet", "--block-time", str(block_s), "--data", str(directory / "chain"))
        node = start("node", "node", *chain, "--port", str(port))
        client = await connected(url)
        netuid = await found_subnet(client, owner, miners, tempo=TEMPO)
        say(f"subnet {netuid} founded")
        common = ("--subnet", "vision", "--netuid", str(netuid), "--chain", url, "--seed", "1",
                  "--wallet-path", str(wallets))  # fmt: skip
        async with contextlib.AsyncExitStack() as proxied:
            proxies, neurons = [], []
            for kind, (_, address) in MINERS.items():
                front = free_port(address, BEHIND)
                proxy = FaultyProxy(
                    Endpoint(address, front), Endpoint(BEHIND, front), rng, share=SHARE, delay_s=DELAY_S
                )
                proxies.append(await proxied.enter_async_context(proxy))
                place = ("--external-ip", address, "--bind", BEHIND, "--port", str(front))
                options = ("--kind", kind, "--wallet-name", kind, "--sync-interval", "1")
                neurons.append(start(kind, "neuron", "miner", *common, *options, *place))
            await eventually("the miners serve", lambda: all(each.events("serving") for each in neurons))
            asking = ("--wallet-name", "owner", "--interval", "1", "--alpha", str(ALPHA))
            neurons.insert(0, start("validator", "neuron", "validator", *common, *asking))
            await eventually("the first weights were set", lambda: neurons[0].events("weights"))
            say("first weights set: the bad time begins")
            await close(client)
            phase_s, pause_s = minutes * 20, min(15.0, minutes * 2)
            seen = Trial(url, node, tuple(neurons), tuple(proxies), phase_s, pause_s)
            await seen.run()
            weights_block = neurons[0].events("weights")[-1]["block"]
            client = await connected(url)
            graph = await client.subnets.metagraph(netuid, commitments=False)
            await close(client)
            ended = [neuron.name for neuron in neurons if neuron.process.poll() is not None]
            statuses = [neuron.end(signal.SIGTERM) for neuron in neurons]
            chain_now = {neuron.hotkey: neuron for neuron in graph.neurons}
            checkpoint = wallets / "owner" / f"default-vision-{netuid}.json"
            return seen.report() | {
                "ended": ended,
                "exit_statuses": statuses,
                "kept": json.loads(checkpoint.read_text())["scores"],
                "weights_block": weights_block,
                "last_update": chain_now[owner.hotkeypub.ss58_address].last_update,
                "incentives": {
                    each.name: round(chain_now[each.hotkeypub.ss58_address].incentive, 4) for each in miners
                },
            }


async def close(client: bt.Client) -> None:
    """Close a connection, whatever state it is in."""
    with contextlib.suppress(bt.BittensorError, OSError, TimeoutError):
        async with asyncio.timeout(2):
            await client.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--directory", type=Path, help="keep chain, wallets and logs here")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends the processes, too
    with contextlib.ExitStack() as stack:
        made = arguments.directory or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made.mkdir(parents=True, exist_ok=True)
        report = asyncio.run(trial(arguments.minutes, made, print))
    report["complaints"] = complaints(report)
    report["rounds"] = len(report["rounds"])
    print(json.dumps(report))
    sys.exit(bool(report["complaints"]))


if __name__ == "__main__":
    main()
