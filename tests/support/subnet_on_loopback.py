"""A subnet on loopback: real keys, real HTTP, and a ledger in memory in place of the chain."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from bittensor import Wallet

from ganglion.neuron.auth import RequestSigner, RequestVerifier
from ganglion.neuron.client import Client
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.gate import Gate
from ganglion.neuron.keys import Hotkey, load_hotkey
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.miner import Surroundings
from ganglion.neuron.miner_loop import MinerLoop
from ganglion.neuron.package import SubnetPackage
from ganglion.neuron.protocols import HTTP, Endpoint, Metagraph, Neuron, WeightRules, Weights
from ganglion.neuron.report import RoundScored
from ganglion.neuron.server import NeuronServer
from ganglion.neuron.service import Service
from ganglion.neuron.transport import HttpTransport
from ganglion.neuron.validator import Validator
from ganglion.neuron.validator_loop import ValidatorLoop, ValidatorSettings

NETUID = 1


class Ledger:
    """`Chain` of every hotkey at once: a block passes with each metagraph. `price(block)` by netuid."""

    def __init__(self) -> None:
        self.block = 0
        self.neurons: dict[str, Neuron] = {}
        self.weights: Weights | None = None
        self.commitments: dict[str, bytes] = {}
        self.price = lambda block: {NETUID: block / 1000}

    def register(self, hotkey: str, *, permit: bool = False) -> None:
        uid = len(self.neurons)
        self.neurons[hotkey] = Neuron(uid, hotkey, "cold", 0, permit, 0, 0.0, 0.0, None, self.block)

    def of(self, hotkey: str) -> LedgerOf:
        return LedgerOf(self, hotkey)


class LedgerOf:
    """`Chain` over a `Ledger` as one hotkey sees it."""

    def __init__(self, ledger: Ledger, hotkey: str) -> None:
        self._ledger = ledger
        self._hotkey = hotkey

    async def block(self) -> int:
        return self._ledger.block

    async def metagraph(self, netuid: int) -> Metagraph:
        self._ledger.block += 1
        block = self._ledger.block
        rules = WeightRules(rate_limit=0, version_key=0, min_allowed=1, max_limit=65535, commit_reveal=False)
        return Metagraph(netuid, block, 1, block - 1, "owner", rules, tuple(self._ledger.neurons.values()))

    async def prices(self, block: int | None = None) -> Mapping[int, float]:
        return self._ledger.price(self._ledger.block if block is None else block)

    async def set_weights(self, _netuid: int, weights: Weights, _version_key: int) -> None:
        self._ledger.weights = weights

    async def serve_axon(self, _netuid: int, endpoint: Endpoint, protocol: int = HTTP) -> None:
        neurons, place = self._ledger.neurons, "axon" if protocol == HTTP else "evidence"
        changed = replace(neurons[self._hotkey], served_at=self._ledger.block, **{place: endpoint})
        neurons[self._hotkey] = changed

    async def commit(self, _netuid: int, digest: bytes) -> None:
        self._ledger.commitments[self._hotkey] = digest

    async def close(self) -> None:
        return None


class Events:
    """A reporter which keeps events."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def report(self, event: object) -> None:
        self.seen.append(event)

    def scored(self) -> dict[int, RoundScored]:
        """The graded rounds by number."""
        return {event.round: event for event in self.seen if isinstance(event, RoundScored)}


class Subnet:
    """Miners and validators of `package`, started one by one; all end with `ends`."""

    def __init__(self, package: SubnetPackage, wallets: Path, ends: AsyncExitStack) -> None:
        self._package = package
        self._wallets = wallets
        self._ends = ends
        self._loops: list[tuple[MinerLoop, Endpoint]] = []
        self._validator: Hotkey | None = None
        self.ledger = Ledger()
        self.events = Events()

    def key(self, name: str) -> Hotkey:
        Wallet(name=name, hotkey="default", path=str(self._wallets)).create_new_hotkey(suppress=True)
        return load_hotkey(self._wallets, name, "default")

    def client(self, key: Hotkey) -> Client:
        transport, clock = HttpTransport(), SystemClock()
        self._ends.push_async_callback(transport.close)
        return Client(RequestSigner(key, clock), transport, clock)

    async def miner(self, kind: str, *, open_to_all: bool = False) -> str:
        """Start a miner of `kind` and publish it; returns its hotkey."""
        key, clock = self.key(f"{kind}{len(self._loops)}"), SystemClock()
        self.ledger.register(key.ss58_address)
        admission = Admission(min_stake_rao=0 if open_to_all else 1)
        loop = MinerLoop(
            netuid=NETUID,
            hotkey=key.ss58_address,
            chain=self.ledger.of(key.ss58_address),
            clock=clock,
            admission=admission,
            reporter=self.events,
            interval_s=1.0,
        )
        miner = self._package.make_miner(kind, 11, {})
        await miner.start(Surroundings(clock, self.client(key), loop.others))
        service = Service(
            miner,
            hotkey=key,
            verifier=RequestVerifier(key.ss58_address, clock),
            admission=admission,
            limit=CallerLimit(clock, per_second=1000, burst=1000),
            gate=Gate(running=8, queued=64),
        )
        server = NeuronServer(service, clock, host="127.0.0.1", port=0, about={}, drain_s=0.1)
        await self._ends.enter_async_context(server)
        self._loops.append((loop, server.endpoint))
        return key.ss58_address

    async def sync(self) -> None:
        """Let every miner look at the chain."""
        for loop, endpoint in self._loops:
            await loop.step(endpoint)

    def validator(
        self, state: Path, validator: Validator | None = None, *, timeout_s: float | None = None
    ) -> ValidatorLoop:
        """The validator's loop, registered and permitted; another one resumes from the same `state`.

        `timeout_s` replaces the task's own limit.
        """
        if self._validator is None:
            self._validator = self.key("validator")
            self.ledger.register(self._validator.ss58_address, permit=True)
        return ValidatorLoop(
            validator or self._package.make_validator(5, {}),
            netuid=NETUID,
            hotkey=self._validator.ss58_address,
            chain=self.ledger.of(self._validator.ss58_address),
            client=self.client(self._validator),
            clock=SystemClock(),
            reporter=self.events,
            seed=5,
            checkpoint=state / "state.json",
            settings=ValidatorSettings(timeout_s=timeout_s),
        )

    async def known_validator(
        self, state: Path, validator: Validator | None = None, *, timeout_s: float | None = None
    ) -> ValidatorLoop:
        """The validator's loop, once every miner knows it and all others."""
        loop = self.validator(state, validator, timeout_s=timeout_s)
        await self.sync()
        await self.sync()
        return loop
