"""Chains, pools and nodes on the localnet preset, with a clock that tests set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from ganglion.crypto.keys import Keypair
from ganglion.frame.address import AddressId, Sr25519
from ganglion.frame.call import RuntimeCall
from ganglion.frame.era import Era
from ganglion.frame.executive import CheckedExtrinsic
from ganglion.frame.extrinsic import ExtrinsicCodec, Signed
from ganglion.frame.runtime import Runtime
from ganglion.node.chain import Chain, Imported
from ganglion.node.chain_spec import ChainSpec, localnet
from ganglion.node.config import NodeConfig
from ganglion.node.engines.engine import Sealing
from ganglion.node.genesis import Genesis
from ganglion.node.pool import Pool
from ganglion.node.service import Node, open_node
from ganglion.pallets.balances import Balances
from ganglion.pallets.extensions import Mode
from ganglion.pallets.system import System
from ganglion.state.memory import MemoryStore
from ganglion.state.overlay import Overlay

START_MS = 1_800_000_000_000
TAO = 10**9


class SetClock:
    """A clock that moves when told to; nobody sleeps on it for real."""

    def __init__(self) -> None:
        self.ms = START_MS

    def now_ms(self) -> int:
        return self.ms

    def steady_s(self) -> float:
        return self.ms / 1000

    async def sleep(self, seconds: float) -> None:
        self.ms += int(seconds * 1000)


@dataclass(frozen=True)
class Signer:
    """Signs extrinsics for a chain of the preset."""

    runtime: Runtime
    genesis_hash: bytes

    def sign(
        self,
        key: Keypair,
        nonce: int,
        call: RuntimeCall,
        *,
        era: Era | None = None,
        birth_hash: bytes | None = None,
        tip: int = 0,
        spec_version: int | None = None,
    ) -> bytes:
        """A signed extrinsic with its length prefix."""
        version, codec = self.runtime.version, ExtrinsicCodec(self.runtime)
        extra = self._values(
            CheckMortality=era or Era(),
            CheckNonce=nonce,
            ChargeTransactionPayment=tip,
            CheckMetadataHash=Mode.Disabled,
        )
        implicit = self._values(
            CheckSpecVersion=spec_version or version.spec_version,
            CheckTxVersion=version.transaction_version,
            CheckGenesis=self.genesis_hash,
            CheckMortality=birth_hash or self.genesis_hash,
            CheckMetadataHash=None,
        )
        signature = Sr25519(key.sign(codec.payload(codec.signable(call, extra), implicit)))
        return codec.encode_signed(call, Signed(AddressId(key.public_key), signature, extra))

    def transfer(self, key: Keypair, nonce: int, to: Keypair, amount: int = TAO, **options: Any) -> bytes:
        """A signed `transfer_keep_alive`; `amount` in rao."""
        call = self.runtime.call(Balances.transfer_keep_alive, AddressId(to.public_key), amount)
        return self.sign(key, nonce, call, **options)

    def _values(self, **known: Any) -> tuple[Any, ...]:
        return tuple(known.get(extension.identifier, ()) for extension in self.runtime.extensions)


@pytest.fixture(scope="session")
def alice() -> Keypair:
    return Keypair("//Alice")


@pytest.fixture(scope="session")
def bob() -> Keypair:
    return Keypair("//Bob")


@pytest.fixture(scope="session")
def authority() -> Keypair:
    return Keypair("//One")


@pytest.fixture(scope="session")
def spec() -> ChainSpec:
    return localnet()


@pytest.fixture(scope="session")
def genesis(spec: ChainSpec) -> Genesis:
    return spec.build_genesis(spec.runtime())


@pytest.fixture(scope="session")
def signer(spec: ChainSpec, genesis: Genesis) -> Signer:
    return Signer(spec.runtime(), genesis.stored.hash)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def new_chain(spec: ChainSpec, genesis: Genesis) -> Iterator[Callable[..., Chain]]:
    """Opens chains in memory (or in the store given), and closes them at the end."""
    opened = []

    def make(store: Any = None) -> Chain:
        chain = Chain.open(spec.runtime(), genesis, MemoryStore() if store is None else store)
        opened.append(chain)
        return chain

    yield make
    for chain in opened:
        chain.close()


@pytest.fixture
def chain(new_chain: Callable[..., Chain]) -> Chain:
    return new_chain()


@pytest.fixture
def pool(chain: Chain, clock: SetClock) -> Iterator[Pool]:
    pool = Pool(chain, clock)
    yield pool
    pool.close()


@pytest.fixture
def check(chain: Chain) -> Callable[[bytes], CheckedExtrinsic]:
    """Checks an extrinsic as the pool would, for the block after the head."""

    def checked(raw: bytes) -> CheckedExtrinsic:
        pool = Pool(chain, SetClock())
        pool.submit(raw)
        (ready,) = pool.ready()
        pool.close()
        return ready

    return checked


@pytest.fixture
def free_of() -> Callable[..., int]:
    """Free TAO of an account at a chain's head, in rao."""

    def free(chain: Chain, key: Keypair) -> int:
        with chain.view() as view:
            return chain.runtime.on(Overlay(view))[System].account[key.public_key].data.free

    return free


@pytest.fixture
def seal(clock: SetClock, authority: Keypair) -> Callable[..., Imported]:
    """Makes a block of a chain from the pool's transactions, one second after the last."""

    def make(chain: Chain, pool: Pool | None = None) -> Imported:
        clock.ms += 1000
        imported = chain.produce(pool.ready() if pool else (), clock.ms, authority)
        if pool:
            pool.on_imported(imported)
        return imported

    return make


class RpcClient:
    """A WebSocket client of a node."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.news: list[dict[str, Any]] = []
        self._next = 0

    async def call(self, name: str, *params: Any) -> Any:
        """The whole answer to a call; news that come before it are kept."""
        self._next += 1
        await self.send({"jsonrpc": "2.0", "id": self._next, "method": name, "params": list(params)})
        while True:
            answer = await self.receive()
            if answer.get("id") == self._next:
                return answer
            self.news.append(answer)

    async def result(self, name: str, *params: Any) -> Any:
        """The result of a call, which must have one."""
        answer = await self.call(name, *params)
        assert "error" not in answer, answer
        return answer["result"]

    async def error(self, name: str, *params: Any) -> tuple[int, str, Any]:
        """Code, message and data of a call's error, which it must have."""
        answer = await self.call(name, *params)
        assert "error" in answer, answer
        return answer["error"]["code"], answer["error"]["message"], answer["error"].get("data")

    async def next_news(self) -> Any:
        """The next result pushed to a subscription."""
        message = self.news.pop(0) if self.news else await self.receive()
        return message["params"]["result"]

    async def send(self, message: Any) -> None:
        await self.socket.send_str(message if isinstance(message, str) else orjson.dumps(message).decode())

    async def receive(self) -> Any:
        return await self.socket.receive_json(timeout=20)


@asynccontextmanager
async def connect(port: int) -> AsyncIterator[RpcClient]:
    url = f"ws://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as socket:
        yield RpcClient(socket)


@pytest.fixture
async def node(spec: ChainSpec, tmp_path: Path, clock: SetClock) -> AsyncIterator[Node]:
    """A node in this process that makes blocks on demand, on a free port."""
    config = NodeConfig(spec, tmp_path / "data", sealing=Sealing.MANUAL, port=0)
    async with open_node(config, clock) as running:
        yield running


@pytest.fixture
async def rpc(node: Node) -> AsyncIterator[RpcClient]:
    async with connect(node.server.port) as client:
        yield client


@pytest.fixture
def new_connection(node: Node) -> Callable[[], Any]:
    """Makes another connection: `async with new_connection() as client`."""
    return lambda: connect(node.server.port)
