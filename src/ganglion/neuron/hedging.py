"""One question to several neurons, one after another, until one answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from ganglion.neuron.client import Answer, Client, Outcome
from ganglion.neuron.protocols import Neuron
from ganglion.neuron.task import A, Q, Task


@dataclass(frozen=True, slots=True)
class Hedged(Generic[A]):
    """The first answer and who gave it; where nobody answered, the last failure."""

    neuron: Neuron
    outcome: Outcome[A]


async def hedged(
    client: Client,
    neurons: Sequence[Neuron],
    task: Task[Q, A],
    request: Q,
    *,
    after_s: float,
    timeout_s: float | None = None,
) -> Hedged[A]:
    """Ask the first of `neurons`; whenever the ones asked fail, or `after_s` seconds pass, the next one too.

    Whoever is still at it when an answer comes is broken off. `timeout_s` bounds each question. Raises:
    ValueError without neurons.
    """
    if not neurons:
        raise ValueError("nobody to ask")
    waiting = list(neurons)
    asked: dict[asyncio.Task[Outcome[A]], Neuron] = {}
    patience: asyncio.Task[None] | None = None
    last: Hedged[A] | None = None
    try:
        while waiting or asked:
            if waiting and (not asked or patience is None or patience.done()):
                neuron = waiting.pop(0)
                asking = client.ask(neuron, task, request, timeout_s=timeout_s)
                asked[asyncio.create_task(asking)] = neuron
                if patience is not None:
                    patience.cancel()
                patience = asyncio.create_task(_pause(client, after_s))
            watched = {*asked, patience} if waiting and patience is not None else set(asked)
            done, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            for question in [each for each in asked if each in done]:
                last = Hedged(asked.pop(question), question.result())
                if isinstance(last.outcome, Answer):
                    return last
    finally:
        left = [*asked, *([] if patience is None else [patience])]
        for pending in left:
            pending.cancel()
        await asyncio.gather(*left, return_exceptions=True)
    assert last is not None
    return last


async def _pause(client: Client, seconds: float) -> None:
    await client.clock.sleep(seconds)
