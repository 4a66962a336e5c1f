"""A market on loopback: real miners behind real HTTP, real keys, and a list in memory for the chain."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx
import numpy as np
import openai
from aiohttp import web
from bittensor.keyfiles import Keypair

from ganglion.market.database import open_database
from ganglion.market.door import Door
from ganglion.market.host import World, make_stalls
from ganglion.market.keys import Keys
from ganglion.market.ledger import Ledger
from ganglion.market.metrics import Metrics
from ganglion.market.offers import WARES, Offer
from ganglion.market.server import MarketServer
from ganglion.market.visit import Till
from ganglion.neuron.access import AccessLists
from ganglion.neuron.auth import RequestVerifier
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.errors import ChainUnavailable
from ganglion.neuron.gate import Gate
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.miner import Miner
from ganglion.neuron.protocols import Endpoint, Metagraph, Neuron, WeightRules
from ganglion.neuron.server import NeuronServer
from ganglion.neuron.service import Service
from ganglion.neuron.transport import HttpTransport
from ganglion.subnets.forecast.package import make_miner as forecast_miner
from ganglion.subnets.text.generation import TextMiner, last_piece
from ganglion.subnets.text.task import Piece
from ganglion.subnets.vision.package import make_miner as vision_miner

NETUIDS = {"text": 1, "vision": 2, "forecast": 3}
MARKET = Keypair.create_from_uri("//Market")
RULES = WeightRules(rate_limit=0, version_key=0, min_allowed=1, max_limit=65535, commit_reveal=False)


class Speaker(TextMiner):
    """Says its words one by one; with a `gate`, each once somebody opened it."""

    kind = "speaker"

    def __init__(self, *words: str, gate=None) -> None:
        self._words = words
        self._gate = gate
        self.asked = []

    async def stream(self, request, caller) -> AsyncIterator[Piece]:
        self.asked.append(request)
        for word in self._words:
            if self._gate is not None:
                await self._gate.acquire()
            yield Piece(text=word)
        yield last_piece("stop", 10**6, 10**6)  # nobody believes what it says it counted


class Chain:
    """The metagraphs of the test, as the chain would tell them."""

    def __init__(self) -> None:
        self.neurons: dict[int, list[Neuron]] = {netuid: [] for netuid in NETUIDS.values()}
        self.down = False

    async def metagraph(self, netuid: int) -> Metagraph:
        if self.down:
            raise ChainUnavailable("memory", 1)
        return Metagraph(netuid, 7, 10, 0, "owner", RULES, tuple(self.neurons[netuid]))

    def publish(self, name: str, hotkey: str, axon: Endpoint | None, **fields) -> Neuron:
        neurons = self.neurons[NETUIDS[name]]
        neuron = Neuron(len(neurons), hotkey, "cold", 0, False, 0, 0.5, 0.0, axon)
        neurons.append(replace(neuron, **fields))
        return neurons[-1]


class Town:
    """A market, its miners and its customers. Everything ends with `ends`."""

    def __init__(self, directory, ends: AsyncExitStack) -> None:
        self.ends = ends
        self.chain = Chain()
        self.clock = SystemClock()
        self.database = open_database(directory / "market.sqlite")
        ends.callback(self.database.close)
        self.keys, self.ledger, self.metrics = Keys(self.database), Ledger(self.database), Metrics()
        offers = [Offer(name, netuid, WARES[name], WARES[name].price) for name, netuid in NETUIDS.items()]
        transport = HttpTransport()
        ends.push_async_callback(transport.close)
        world = World(MARKET, self.chain, transport, self.clock, np.random.default_rng(1))
        self.stalls = make_stalls(offers, world, self.metrics)

    async def open(self) -> "Town":
        till = Till(self.ledger, self.metrics, self.clock)
        door = Door(self.keys, till, read_timeout_s=0.3)
        server = MarketServer(self.stalls, door, till, host="127.0.0.1", port=0, drain_s=0.1)
        await self.ends.enter_async_context(server)
        self.url = server.endpoint.url
        return self

    async def look(self) -> None:
        """Let the market see the chain."""
        for broker in self.stalls.brokers.values():
            await broker.roster.step()

    def records(self, name: str = "text"):
        return self.stalls.brokers[name].records

    def key(self, name: str = "customer", *, per_minute=600, parallel=16, budget_rao=None) -> str:
        limits = {"per_minute": per_minute, "parallel": parallel, "budget_rao": budget_rao}
        return self.keys.new(name, "secret-of-" + name, now_ns=self.clock.now_ns(), **limits)

    def customer(self, key: str | None = None, **options) -> openai.AsyncOpenAI:
        """OpenAI's own client. It does not try again by itself, unless `options` say so."""
        http = openai.DefaultAsyncHttpxClient(trust_env=False)
        self.ends.push_async_callback(http.aclose)
        options = {"max_retries": 0, **options}
        return openai.AsyncOpenAI(
            base_url=self.url + "/v1", api_key=key or self.key(), http_client=http, **options
        )

    def http(self, key: str | None = None) -> httpx.AsyncClient:
        """A client without manners."""
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        client = httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False)
        self.ends.push_async_callback(client.aclose)
        return client

    async def miner(self, miner: Miner, name: str = "text", **fields) -> Neuron:
        """Serve `miner` and publish it on the chain."""
        hotkey = Keypair.create_from_uri(f"//{name}{len(self.chain.neurons[NETUIDS[name]])}")
        lists = AccessLists()
        lists.whitelisted = frozenset({MARKET.ss58_address})
        service = Service(
            miner,
            hotkey=hotkey,
            verifier=RequestVerifier(hotkey.ss58_address, self.clock),
            admission=Admission(min_stake_rao=1, lists=lists),
            limit=CallerLimit(self.clock, per_second=1000, burst=1000),
            gate=Gate(running=8, queued=64),
        )
        server = NeuronServer(service, self.clock, host="127.0.0.1", port=0, about={}, drain_s=0.1)
        await self.ends.enter_async_context(server)
        neuron = self.chain.publish(name, hotkey.ss58_address, server.endpoint, **fields)
        await self.look()
        return neuron

    async def peer(self, handle, name: str = "text", **fields) -> Neuron:
        """Something on the network which answers every POST with `handle(request, hotkey)`."""
        hotkey = Keypair.create_from_uri(f"//{name}{len(self.chain.neurons[NETUIDS[name]])}")

        async def on_post(request):
            return await handle(request, hotkey)

        app = web.Application()
        app.router.add_post("/{path:.*}", on_post)
        runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        self.ends.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        axon = Endpoint(*runner.addresses[0][:2])
        neuron = self.chain.publish(name, hotkey.ss58_address, axon, **fields)
        await self.look()
        return neuron

    async def vision(self, kind: str = "logistic", **fields) -> Neuron:
        return await self._trained(vision_miner(kind, 1, {}), "vision", fields)

    async def forecast(self, kind: str = "short", **fields) -> Neuron:
        return await self._trained(forecast_miner(kind, 1, {}), "forecast", fields)

    async def _trained(self, miner: Miner, name: str, fields) -> Neuron:
        await miner.start(None)
        return await self.miner(miner, name, **fields)
