"""One customer's request on its way through the market: who asks, for what, and what it comes to."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from ganglion.market.broker import Broker, Served
from ganglion.market.errors import ApiError, too_large
from ganglion.market.keys import Key
from ganglion.market.ledger import LEFT, OK, Ledger, Use
from ganglion.market.metrics import Metrics
from ganglion.neuron.protocols import Clock, Neuron

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Till:
    """Where visits are metered."""

    ledger: Ledger
    metrics: Metrics
    clock: Clock


@dataclass(frozen=True, slots=True)
class Order:
    """What a customer wants: `request` answered by a miner of `broker`, by the one with `uid` where one is
    named. `model` as the customer said it; `units_in` are charged for the request.
    """

    broker: Broker
    model: str
    uid: int | None
    request: BaseModel
    units_in: int

    def __post_init__(self) -> None:
        """Raises: ApiError for a request which is larger than miners take."""
        limit = self.broker.offer.ware.task.max_request
        if len(self.request.model_dump_json()) > limit:
            raise too_large(limit)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request which passed the door. `started` is a monotonic time."""

    id: str
    key: Key
    started: float
    till: Till

    @property
    def created(self) -> int:
        """Now, as OpenAI tells it: Unix time in seconds."""
        return self.till.clock.now_ns() // 10**9

    async def buy(self, order: Order, units_out: Callable[[Any], int]) -> Served:
        """Have `order` answered and pay for it: `units_out` counts an answer. Raises: ApiError."""
        try:
            served = await order.broker.ask(order.request, order.uid)
        except ApiError as error:
            self.meter(order, None, error.code)
            raise
        except asyncio.CancelledError:
            self.meter(order, None, LEFT)
            raise
        self.meter(order, served.neuron, OK, units_out(served.value))
        return served

    def meter(self, order: Order, neuron: Neuron | None, outcome: str, units_out: int = 0) -> None:
        """Write down what was used. Charged are answers, and what a customer took of one before it left."""
        offer, till = order.broker.offer, self.till
        seconds = till.clock.monotonic() - self.started
        charged = neuron is not None and outcome in {OK, LEFT}
        units_in = order.units_in if charged else 0
        price_rao = offer.price.of(units_in, units_out) if charged else 0
        use = Use(
            at_ns=till.clock.now_ns(),
            key_id=self.key.id,
            request=self.id,
            model=order.model,
            netuid=offer.netuid,
            uid=None if neuron is None else neuron.uid,
            hotkey=None if neuron is None else neuron.hotkey,
            outcome=outcome,
            units_in=units_in,
            units_out=units_out if charged else 0,
            price_rao=price_rao,
            seconds=seconds,
        )
        try:
            till.ledger.record(use)
        except sqlite3.Error:  # the customer shall not suffer from the market's disk
            log.exception("not metered: %s", use)
        if charged:
            till.metrics.sold(offer.model, use.units_in, use.units_out, price_rao, seconds)
        log.info(
            "request id=%s key=%s model=%s uid=%s outcome=%s in=%d out=%d rao=%d seconds=%.3f",
            self.id, self.key.name, order.model, use.uid, outcome, units_in, use.units_out, price_rao,
            seconds,
        )  # fmt: skip
