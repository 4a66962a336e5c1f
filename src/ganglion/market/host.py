"""A market, put together with everything it lives on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NoReturn

import numpy as np

from ganglion.market.broker import Broker
from ganglion.market.door import Door
from ganglion.market.keys import Keys
from ganglion.market.ledger import Ledger
from ganglion.market.metrics import Metrics
from ganglion.market.miner_client import MinerClient
from ganglion.market.offers import Offer
from ganglion.market.records import Records
from ganglion.market.roster import Roster
from ganglion.market.server import MarketServer
from ganglion.market.stalls import Stalls
from ganglion.market.visit import Till
from ganglion.neuron.auth import RequestSigner
from ganglion.neuron.keys import Hotkey
from ganglion.neuron.metrics_page import metrics_served
from ganglion.neuron.protocols import Chain, Clock, Endpoint, Transport
from ganglion.neuron.report import Reporter


@dataclass(frozen=True, slots=True)
class MarketReady:
    """The market is open at `url`. `seconds` since its start."""

    event: ClassVar[str] = "ready"
    role: str
    url: str
    models: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class MarketSettings:
    """What a market's operator chooses. `interval_s` lies between metagraph reads; `metrics`: where figures
    are told, instead of beside the API.
    """

    offers: Sequence[Offer]
    host: str
    port: int
    interval_s: float = 6.0
    drain_s: float = 4.0
    metrics: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What a market lives on. `hotkey` signs its questions; `rng` decides when another miner is tried."""

    hotkey: Hotkey
    chain: Chain
    transport: Transport
    clock: Clock
    rng: np.random.Generator


def make_stalls(offers: Sequence[Offer], world: World, metrics: Metrics) -> Stalls:
    """A broker for each offer. One signer for all: its nonces rise strictly."""
    signer = RequestSigner(world.hotkey, world.clock)
    brokers = {}
    for offer in offers:
        records = Records()
        roster = Roster(offer, world.hotkey.ss58_address, world.chain, world.clock, records)
        client = MinerClient(offer, records, metrics, signer, world.transport, world.clock)
        brokers[offer.name] = Broker(offer, roster, records, client, world.rng)
        metrics.watch_miners(offer.model, roster.size)
    return Stalls(brokers)


async def run_market(
    settings: MarketSettings, world: World, database: sqlite3.Connection, reporter: Reporter
) -> NoReturn:
    """Open the market and keep its rosters in step with the chain until cancelled."""
    started = world.clock.monotonic()
    metrics = Metrics()
    stalls = make_stalls(settings.offers, world, metrics)
    till = Till(Ledger(database), metrics, world.clock)
    server = MarketServer(
        stalls,
        Door(Keys(database), till),
        till,
        host=settings.host,
        port=settings.port,
        drain_s=settings.drain_s,
        metrics_public=settings.metrics is None,
    )
    try:
        async with (
            server,
            metrics_served(settings.metrics, metrics.page),
            asyncio.TaskGroup() as rosters,
        ):
            for broker in stalls.brokers.values():
                rosters.create_task(broker.roster.run(settings.interval_s))
            models = tuple(offer.model for offer in settings.offers)
            seconds = world.clock.monotonic() - started
            reporter.report(MarketReady("market", server.endpoint.url, models, seconds))
    finally:
        await world.transport.close()
        await world.chain.close()
        database.close()
    raise AssertionError("rosters end by cancellation only")
