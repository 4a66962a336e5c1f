"""The broker of one offer: puts a customer's request to its miners until one answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel

from ganglion.market.errors import no_answer, no_miner, unknown_model
from ganglion.market.miner_client import MinerClient
from ganglion.market.offers import Offer
from ganglion.market.race import Speaking, first_to_speak
from ganglion.market.ranking import ranked
from ganglion.market.records import Records
from ganglion.market.roster import Roster
from ganglion.neuron.client import Failure
from ganglion.neuron.hedging import hedged
from ganglion.neuron.protocols import Neuron
from ganglion.neuron.streaming import StreamBroken

ASKED = 3
"""So many miners at most are asked for one answer."""
_SHORTEST_PATIENCE_S = 0.05


@dataclass(frozen=True, slots=True)
class Served:
    """A valid answer and the miner who gave it."""

    neuron: Neuron
    value: Any


class Broker:
    """Asks the best miner first; another one when it fails, or takes longer than it usually does."""

    def __init__(
        self,
        offer: Offer,
        roster: Roster,
        records: Records,
        client: MinerClient,
        rng: np.random.Generator,
    ) -> None:
        self.offer = offer
        self.roster = roster
        self.records = records
        self.client = client
        self._rng = rng

    async def ask(self, request: BaseModel, uid: int | None = None) -> Served:
        """The first valid answer. With `uid` only that miner is asked. Raises: ApiError."""
        order = self._order(uid, streams=False)
        done = await hedged(
            self.client,
            order,
            self.offer.ware.task,
            request,
            after_s=self._patience_s(order[0], streams=False),
        )
        if isinstance(done.outcome, Failure):
            raise no_answer(self.offer.model, done.outcome.fault)
        return Served(done.neuron, done.outcome.value)

    @asynccontextmanager
    async def stream(self, request: BaseModel, uid: int | None = None) -> AsyncIterator[Speaking]:
        """The answer of the first miner that speaks. Raises: ApiError, while nobody has spoken."""
        order = self._order(uid, streams=True)
        after_s = self._patience_s(order[0], streams=True)
        async with AsyncExitStack() as stack:
            race = first_to_speak(self.client, order, request, after_s=after_s)
            try:
                speaking = await stack.enter_async_context(race)
            except StreamBroken as error:
                raise no_answer(self.offer.model, error.fault) from error
            yield speaking

    def order(self) -> list[Neuron]:
        """All miners as they would be asked now, without exploring."""
        return self._ranked(list(self.roster.miners), streams=False, explores=False)

    def _order(self, uid: int | None, *, streams: bool) -> list[Neuron]:
        candidates = [neuron for neuron in self.roster.miners if uid in (None, neuron.uid)]
        if not candidates:
            raise no_miner(self.offer.model) if uid is None else unknown_model(self.offer.model_of(uid))
        return self._ranked(candidates, streams=streams, explores=True)[:ASKED]

    def _ranked(self, candidates: list[Neuron], *, streams: bool, explores: bool) -> list[Neuron]:
        return ranked(
            candidates,
            self.records,
            streams=streams,
            now=self.client.clock.monotonic(),
            rng=self._rng if explores else None,
        )

    def _patience_s(self, neuron: Neuron, *, streams: bool) -> float:
        usual_s = self.records.of(neuron.hotkey).pace(streams=streams).usual_s()
        if usual_s is None:
            usual_s = self.offer.ware.task.timeout_s / 4
        return max(usual_s, _SHORTEST_PATIENCE_S)
