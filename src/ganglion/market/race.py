"""One question to several miners which stream: who speaks first is heard, the others are broken off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from ganglion.market.miner_client import MinerClient
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
    if not neurons:
        raise ValueError("nobody to ask")
    waiting = list(neurons)
    streams: dict[asyncio.Task[Any], tuple[Neuron, AsyncGenerator[Any, None]]] = {}
    patience: asyncio.Task[None] | None = None
    broken: StreamBroken | None = None
    try:
        while waiting or streams:
            if waiting and (not streams or patience is None or patience.done()):
                neuron = waiting.pop(0)
                pieces = client.stream(neuron, request)
                streams[asyncio.create_task(_first(pieces))] = neuron, pieces
                if patience is not None:
                    patience.cancel()
                patience = asyncio.create_task(_pause(client, after_s))
            watched = {*streams, patience} if waiting and patience is not None else set(streams)
            done, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            for hearing in [each for each in streams if each in done]:
                neuron, pieces = streams.pop(hearing)
                try:
                    first = hearing.result()
                except StreamBroken as error:
                    broken = error
                    continue
                await _end(streams, patience)
                try:
                    yield Speaking(neuron, first, pieces)
                finally:
                    await pieces.aclose()
                return
    finally:
        await _end(streams, patience)
    assert broken is not None
    raise broken


async def _first(pieces: AsyncGenerator[Any, None]) -> Any:
    return await anext(pieces)


async def _pause(client: MinerClient, seconds: float) -> None:
    await client.clock.sleep(seconds)


async def _end(
    streams: dict[asyncio.Task[Any], tuple[Neuron, AsyncGenerator[Any, None]]],
    patience: asyncio.Task[None] | None,
) -> None:
    left = [*streams, *([] if patience is None else [patience])]
    for pending in left:
        pending.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    for _, pieces in streams.values():
        await pieces.aclose()  # of one who spoke a moment too late
    streams.clear()
