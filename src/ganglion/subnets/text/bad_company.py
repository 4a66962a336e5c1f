"""Cheats which need time or other miners: `late` and `copier`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from ganglion.neuron.client import Answer
from ganglion.neuron.miner import Caller, Surroundings
from ganglion.subnets.text.generation import TextMiner, last_piece
from ganglion.subnets.text.kinds import CheatKind, ModelKind
from ganglion.subnets.text.miner import ModelMiner
from ganglion.subnets.text.task import TASK, CompleteRequest, Piece

_LATE_S = 6 * TASK.timeout_s


class LateMiner(ModelMiner):
    """The best model's answers, after the time is over."""

    def __init__(self, seed: int) -> None:
        super().__init__(ModelKind.BLEND, seed)
        self.kind = CheatKind.LATE

    async def start(self, surroundings: Surroundings) -> None:
        """Learn, and remember the clock."""
        await super().start(surroundings)
        self._clock = surroundings.clock

    async def stream(self, request: CompleteRequest, caller: Caller) -> AsyncIterator[Piece]:
        """Nothing for a minute, then everything."""
        await self._clock.sleep(_LATE_S)
        async for piece in super().stream(request, caller):
            yield piece


class CopierMiner(TextMiner):
    """Another miner's answer to the same question; where nobody tells it, the last it heard."""

    kind = CheatKind.COPIER

    def __init__(self) -> None:
        self._heard = ""

    async def start(self, surroundings: Surroundings) -> None:
        """Remember whom to ask."""
        self._client = surroundings.client
        self._peers = surroundings.peers

    async def stream(self, request: CompleteRequest, caller: Caller) -> AsyncIterator[Piece]:
        """The longest answer the others give, as one piece."""
        outcomes = await asyncio.gather(*(self._client.ask(peer, TASK, request) for peer in self._peers()))
        texts = [outcome.value.text for outcome in outcomes if isinstance(outcome, Answer)]
        self._heard = max(texts, key=len, default=self._heard)
        yield Piece(text=self._heard)
        yield last_piece("length", 0, request.max_tokens)
