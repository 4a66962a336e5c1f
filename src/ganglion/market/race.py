"""One question to several miners which stream: who speaks first is heard, the others are broken off."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from ganglion.market.miner_client import MinerClient
from ganglion.neuron.hedging import in_turn
from ganglion.neuron.protocols import Neuron
from ganglion.neuron.streaming import StreamBroken


@dataclass(frozen=True, slots=True)
class Speaking:
    """A miner whose first piece has come. `rest` are the pieces after it. Raises: StreamBroken."""

    neuron: Neuron
    first: Any
    rest: AsyncIterator[Any]


@asynccontextmanager
async def first_to_speak(
    client: MinerClient, neurons: Sequence[Neuron], request: BaseModel, *, after_s: float
) -> AsyncIterator[Speaking]:
    """Ask the first of `neurons`; whenever those asked fail, or `after_s` seconds pass, the next one too.

    Raises: StreamBroken, the last one's, where nobody speaks; ValueError without neurons.
    """
    opened: list[AsyncGenerator[Any, None]] = []

    async def first_piece(neuron: Neuron) -> tuple[AsyncGenerator[Any, None], Any]:
        pieces = client.stream(neuron, request)
        opened.append(pieces)
        return pieces, await anext(pieces)

    speaking: Speaking | None = None
    broken: StreamBroken | None = None
    async with AsyncExitStack() as heard:
        try:
            async with aclosing(in_turn(neurons, first_piece, client.clock, after_s=after_s)) as turns:
                async for neuron, hearing in turns:
                    try:
                        pieces, first = hearing.result()
                    except StreamBroken as error:
                        broken = error
                        continue
                    opened.remove(pieces)
                    speaking = Speaking(neuron, first, await heard.enter_async_context(aclosing(pieces)))
                    break
        finally:
            for late in opened:
                await late.aclose()  # of one who spoke a moment too late
        if speaking is not None:
            yield speaking
            return
    assert broken is not None
    raise broken
