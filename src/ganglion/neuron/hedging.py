"""One question to several neurons, one after another, until one answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ganglion.neuron.client import Answer, Client, Outcome
from ganglion.neuron.protocols import Clock, Neuron
from ganglion.neuron.task import A, Q, Task

T = TypeVar("T")


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
    last: Hedged[A] | None = None
    turns = in_turn(
        neurons,
        lambda neuron: client.ask(neuron, task, request, timeout_s=timeout_s),
        client.clock,
        after_s=after_s,
    )
    async with aclosing(turns) as asked:
        async for neuron, question in asked:
            last = Hedged(neuron, question.result())
            if isinstance(last.outcome, Answer):
                return last
    assert last is not None
    return last


async def in_turn(
    neurons: Sequence[Neuron],
    ask: Callable[[Neuron], Coroutine[Any, Any, T]],
    clock: Clock,
    *,
    after_s: float,
) -> AsyncGenerator[tuple[Neuron, asyncio.Task[T]], None]:
    """Ask the first of `neurons`; whenever those asked have ended, or `after_s` seconds pass, the next too.

    Yields each with how it ended, as they end; closing this breaks off whoever is still at it.
    Raises: ValueError without neurons.
    """
    if not neurons:
        raise ValueError("nobody to ask")
    waiting = list(neurons)
    asked: dict[asyncio.Task[T], Neuron] = {}
    patience: asyncio.Task[None] | None = None
    try:
        while waiting or asked:
            if waiting and (not asked or patience is None or patience.done()):
                neuron = waiting.pop(0)
                asked[asyncio.create_task(ask(neuron))] = neuron
                if patience is not None:
                    patience.cancel()
                patience = asyncio.create_task(_pause(clock, after_s))
            watched = {*asked, patience} if waiting and patience is not None else set(asked)
            done, _ = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            for ended in [each for each in asked if each in done]:
                yield asked.pop(ended), ended
    finally:
        left = [*asked, *([] if patience is None else [patience])]
        for pending in left:
            pending.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _pause(clock: Clock, seconds: float) -> None:
    await clock.sleep(seconds)
