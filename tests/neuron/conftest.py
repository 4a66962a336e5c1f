"""A small world for neurons: real keys on disk, a ledger in memory behind `Chain`, and a clock turned by
hand.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bittensor import Wallet

from ganglion.neuron.auth import RequestVerifier
from ganglion.neuron.errors import ChainRefused, ChainUnavailable, SubnetNotFound
from ganglion.neuron.gate import Gate
from ganglion.neuron.keys import Hotkey, load_hotkey
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.miner import Caller, Miner
from ganglion.neuron.protocols import HTTP, Endpoint, Metagraph, Neuron, WeightRules, Weights
from ganglion.neuron.service import Service
from ganglion.neuron.task import Message, Task

NETUID = 1


class Number(Message):
    value: int


TENTH: Task[Number, Number] = Task(
    "tenth", "/tenth", Number, Number, max_request=1000, max_answer=1000, timeout_s=1.0, piece=Number
)
"""What is ten divided by a number? Streamed: so many ones."""


class TenthMiner(Miner[Number, Number]):
    """Right, but not at zero. `pause` is awaited before each answer or piece."""

    task = TENTH
    kind = "tenth"

    def __init__(self) -> None:
        self.pause: Callable[[], object] = lambda: asyncio.sleep(0)
        self.asked: list[Caller] = []

    async def answer(self, request: Number, caller: Caller) -> Number:
        self.asked.append(caller)
        await self.pause()
        return Number(value=10 // request.value)

    async def stream(self, request: Number, caller: Caller) -> AsyncIterator[Number]:
        self.asked.append(caller)
        for _ in range(10 // request.value):
            await self.pause()
            yield Number(value=1)


class HandClock:
    """Time moves only by `advance` or by sleeping."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def now_ns(self) -> int:
        return round(self.seconds * 10**9)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class Ledger:
    """What the chain knows. `refusal` or `down` make it fail; states before block `oldest` are gone."""

    def __init__(self) -> None:
        self.neurons: list[Neuron] = []
        self.block = 100
        self.last_step = 90
        self.rules = WeightRules(
            rate_limit=0, version_key=7, min_allowed=1, max_limit=65535, commit_reveal=False
        )
        self.weights: dict[str, Weights] = {}
        self.version_keys: list[int] = []
        self.commitments: dict[str, bytes] = {}
        self.commitment_refusal: str | None = None
        self.refusal: str | None = None
        self.down = False
        self.prices_down = False
        self.oldest = 0

    def register(
        self, hotkey: str, *, stake_rao: int = 0, permit: bool = False, axon: Endpoint | None = None
    ) -> int:
        uid = len(self.neurons)
        self.neurons.append(Neuron(uid, hotkey, "cold", stake_rao, permit, 0, 0.0, 0.0, axon, self.block))
        return uid

    def metagraph(self) -> Metagraph:
        return Metagraph(NETUID, self.block, 10, self.last_step, "owner", self.rules, tuple(self.neurons))

    def change(self, hotkey: str, /, **fields: object) -> None:
        self.neurons = [replace(n, **fields) if n.hotkey == hotkey else n for n in self.neurons]


class LedgerChain:
    """`Chain` over a `Ledger` as one hotkey sees it."""

    def __init__(self, ledger: Ledger, hotkey: str) -> None:
        self._ledger = ledger
        self._hotkey = hotkey

    async def block(self) -> int:
        self._check("block")
        return self._ledger.block

    async def metagraph(self, netuid: int) -> Metagraph:
        if self._ledger.down:
            raise ChainUnavailable("memory", 1)
        if netuid != NETUID:
            raise SubnetNotFound(netuid)
        return self._ledger.metagraph()

    async def prices(self, block: int | None = None) -> dict[int, float]:
        """One alpha costs a thousandth of the block's number, in TAO."""
        if self._ledger.prices_down:
            raise ChainUnavailable("memory", 1)
        if block is not None and block < self._ledger.oldest:
            raise ChainRefused("prices", "StateDiscarded", "")
        return {NETUID: (block or self._ledger.block) / 1000}

    async def serve_axon(self, netuid: int, endpoint: Endpoint, protocol: int = HTTP) -> None:
        self._check("serve_axon")
        self._ledger.change(self._hotkey, **{"axon" if protocol == HTTP else "evidence": endpoint})

    async def commit(self, netuid: int, digest: bytes) -> None:
        self._check("commit")
        if self._ledger.commitment_refusal is not None:
            raise ChainRefused("commit", self._ledger.commitment_refusal, "")
        self._ledger.commitments[self._hotkey] = digest

    async def set_weights(self, netuid: int, weights: Weights, version_key: int) -> None:
        self._check("set_weights")
        self._ledger.weights[self._hotkey] = weights
        self._ledger.version_keys.append(version_key)
        self._ledger.change(self._hotkey, last_update=self._ledger.block)

    async def close(self) -> None:
        return None

    def _check(self, operation: str) -> None:
        if self._ledger.down:
            raise ChainUnavailable("memory", 1)
        if self._ledger.refusal is not None:
            raise ChainRefused(operation, self._ledger.refusal, "")


class Events:
    """A reporter which keeps events."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def report(self, event: object) -> None:
        self.seen.append(event)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def chain_of(ledger: Ledger) -> Callable[[str], LedgerChain]:
    return lambda hotkey: LedgerChain(ledger, hotkey)


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture(scope="session")
def wallets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wallets")
    for name in ("alice", "bob", "carol"):
        Wallet(name=name, hotkey="default", path=str(path)).create_new_hotkey(suppress=True)
    return path


@pytest.fixture(scope="session")
def alice(wallets: Path) -> Hotkey:
    return load_hotkey(wallets, "alice", "default")


@pytest.fixture(scope="session")
def bob(wallets: Path) -> Hotkey:
    return load_hotkey(wallets, "bob", "default")


@pytest.fixture(scope="session")
def carol(wallets: Path) -> Hotkey:
    return load_hotkey(wallets, "carol", "default")


@pytest.fixture
def tenth() -> TenthMiner:
    return TenthMiner()


@pytest.fixture
def service_of(ledger: Ledger, clock: HandClock, alice: Hotkey, bob: Hotkey) -> Callable[..., Service]:
    """Bob's service for a miner, which admits alice; `running`, `queued` and `per_second` as said."""
    ledger.register(alice.ss58_address, permit=True)

    def make(miner: Miner, *, running: int = 8, queued: int = 8, per_second: float = 100) -> Service:
        admission = Admission(min_stake_rao=1)
        admission.update(ledger.metagraph())
        return Service(
            miner,
            hotkey=bob,
            verifier=RequestVerifier(bob.ss58_address, clock),
            admission=admission,
            limit=CallerLimit(clock, per_second=per_second, burst=int(per_second)),
            gate=Gate(running=running, queued=queued),
        )

    return make
