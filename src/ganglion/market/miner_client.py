"""Questions to the miners of one offer, with a record kept of each answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from pydantic import BaseModel

from ganglion.market.metrics import Metrics
from ganglion.market.offers import Offer
from ganglion.market.records import Record, Records
from ganglion.neuron.auth import RequestSigner
from ganglion.neuron.client import Answer, Client, Failure, Fault, Outcome
from ganglion.neuron.protocols import Clock, Neuron, Transport
from ganglion.neuron.streaming import StreamBroken, stream
from ganglion.neuron.task import A, Q, Task

log = logging.getLogger(__name__)


class MinerClient(Client):
    """A client whose every question makes its miner better or worse known."""

    def __init__(
        self,
        offer: Offer,
        records: Records,
        metrics: Metrics,
        signer: RequestSigner,
        transport: Transport,
        clock: Clock,
    ) -> None:
        super().__init__(signer, transport, clock)
        self._offer = offer
        self._records = records
        self._metrics = metrics

    async def ask(
        self,
        neuron: Neuron,
        task: Task[Q, A],
        request: Q,
        *,
        timeout_s: float | None = None,
        retries: int = 0,
        pause_s: float = 0.2,
    ) -> Outcome[A]:
        """See `Client.ask`. An answer to another question than `request` is no answer."""
        record = self._records.of(neuron.hotkey)
        self._metrics.asked(self._offer.model)
        started = self.clock.monotonic()
        with record.asked():
            try:
                outcome = await super().ask(
                    neuron, task, request, timeout_s=timeout_s, retries=retries, pause_s=pause_s
                )
            except asyncio.CancelledError:  # another miner was faster, or the customer left
                record.whole.note_at_least(self.clock.monotonic() - started)
                raise
        if isinstance(outcome, Answer) and not self._offer.ware.fits(request, outcome.value):
            detail = "answers another number of items than asked"
            outcome = Failure(Fault.MALFORMED, detail, outcome.latency_s, outcome.exchange)
        if isinstance(outcome, Failure):
            self._failed(neuron, record, outcome.fault, outcome.detail)
        else:
            record.succeeded()
            record.whole.note(outcome.latency_s)
        return outcome

    async def stream(self, neuron: Neuron, request: Any) -> AsyncGenerator[Any, None]:
        """The pieces of `neuron`'s streamed answer, at least one. Raises: StreamBroken."""
        record = self._records.of(neuron.hotkey)
        self._metrics.asked(self._offer.model)
        started = self.clock.monotonic()
        last: BaseModel | None = None
        with record.asked():
            try:
                async with aclosing(stream(self, neuron, self._offer.ware.task, request)) as pieces:
                    async for piece in pieces:
                        if last is None:
                            record.first.note(self.clock.monotonic() - started)
                        last = piece
                        yield piece
                if last is None or not self._offer.ware.ends(last):
                    raise StreamBroken(Fault.MALFORMED, "a stream without its last piece")
            except StreamBroken as error:
                self._failed(neuron, record, error.fault, str(error))
                raise
            except asyncio.CancelledError:
                if last is None:
                    record.first.note_at_least(self.clock.monotonic() - started)
                raise
        record.succeeded()

    def _failed(self, neuron: Neuron, record: Record, fault: Fault, detail: str) -> None:
        record.failed_by(fault, self.clock.monotonic())
        self._metrics.failed(self._offer.model, fault)
        log.warning(
            "miner model=%s uid=%d hotkey=%s fault=%s rests_s=%.0f: %s",
            self._offer.model,
            neuron.uid,
            neuron.hotkey,
            fault,
            record.rests_until - self.clock.monotonic(),
            detail,
        )
