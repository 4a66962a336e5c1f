"""A vision subnet on loopback: real keys, real HTTP, and a ledger in memory in place of the chain."""

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bittensor import Wallet

from ganglion.neuron.auth import RequestSigner, RequestVerifier
from ganglion.neuron.client import Client
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.gate import Gate
from ganglion.neuron.keys import Hotkey, load_hotkey
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.miner import Surroundings
from ganglion.neuron.miner_loop import MinerLoop
from ganglion.neuron.protocols import Endpoint, Metagraph, Neuron, WeightRules, Weights
from ganglion.neuron.server import NeuronServer
from ganglion.neuron.service import Service
from ganglion.neuron.transport import HttpTransport
from ganglion.neuron.validator_loop import ValidatorLoop, ValidatorSettings
from ganglion.subnets.vision.package import make_miner, make_validator

NETUID = 1


class Ledger:
    """`Chain` of every hotkey at once: a block passes with each metagraph."""

    def __init__(self) -> None:
        self.block = 0
        self.neurons: dict[str, Neuron] = {}
        self.weights: Weights | None = None

    def register(self, hotkey: str, *, permit: bool = False) -> None:
        uid = len(self.neurons)
        self.neurons[hotkey] = Neuron(uid, hotkey, "cold", 0, permit, 0, 0.0, 0.0, None, self.block)

    async def metagraph(self, netuid: int) -> Metagraph:
        self.block += 1
        rules = WeightRules(rate_limit=0, version_key=0, min_allowed=1, max_limit=65535, commit_reveal=False)
        last_step = self.block - 1
        return Metagraph(netuid, self.block, 1, last_step, "owner", rules, tuple(self.neurons.values()))

    async def set_weights(self, _netuid: int, weights: Weights, _version_key: int) -> None:
        self.weights = weights

    def of(self, hotkey: str) -> "LedgerOf":
        return LedgerOf(self, hotkey)


class LedgerOf:
    """`Chain` over a `Ledger` as one hotkey sees it."""

    def __init__(self, ledger: Ledger, hotkey: str) -> None:
        self._ledger = ledger
        self._hotkey = hotkey
        self.metagraph = ledger.metagraph
        self.set_weights = ledger.set_weights

    async def block(self) -> int:
        return self._ledger.block

    async def serve_axon(self, _netuid: int, endpoint: Endpoint) -> None:
        neurons = self._ledger.neurons
        neurons[self._hotkey] = replace(neurons[self._hotkey], axon=endpoint)

    async def close(self) -> None:
        return None


class Events:
    """A reporter which keeps events."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def report(self, event: object) -> None:
        self.seen.append(event)


class Subnet:
    """Miners and validators, started one by one; all end with the test."""

    def __init__(self, wallets: Path, ends: AsyncExitStack) -> None:
        self._wallets = wallets
        self._ends = ends
        self.ledger = Ledger()
        self.events = Events()
        self.loops: list[tuple[MinerLoop, Endpoint]] = []

    def key(self, name: str) -> Hotkey:
        Wallet(name=name, hotkey="default", path=str(self._wallets)).create_new_hotkey(suppress=True)
        return load_hotkey(self._wallets, name, "default")

    def transport(self) -> HttpTransport:
        transport = HttpTransport()
        self._ends.push_async_callback(transport.close)
        return transport

    async def miner(self, kind: str, *, open_to_all: bool = False, name: str = "") -> str:
        """Start a miner of `kind` and publish it; returns its hotkey."""
        key, clock = self.key(name or kind), SystemClock()
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
        client = Client(RequestSigner(key, clock), self.transport(), clock)
        miner = make_miner(kind, 11, {})
        await miner.start(Surroundings(clock, client, loop.others))
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
        self.loops.append((loop, server.endpoint))
        return key.ss58_address

    async def sync(self) -> None:
        """Let every miner look at the chain."""
        for loop, endpoint in self.loops:
            await loop.step(endpoint)

    def validator(self, state: Path, *, timeout_s: float = 1.0) -> ValidatorLoop:
        """A validator's loop, registered and permitted."""
        key, clock = self.key("validator"), SystemClock()
        self.ledger.register(key.ss58_address, permit=True)
        return ValidatorLoop(
            make_validator(5, {}),
            netuid=NETUID,
            hotkey=key.ss58_address,
            chain=self.ledger.of(key.ss58_address),
            client=Client(RequestSigner(key, clock), self.transport(), clock),
            clock=clock,
            reporter=self.events,
            seed=5,
            checkpoint=state / "state.json",
            settings=ValidatorSettings(timeout_s=timeout_s),
        )


@pytest.fixture
async def subnet(tmp_path):
    async with AsyncExitStack() as ends:
        yield Subnet(tmp_path / "wallets", ends)


@pytest.fixture
def rng():
    return np.random.default_rng(3)
