"""Signed questions to other neurons. Every failure is a value, so that no peer can end a validator's loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeAlias

from pydantic import ValidationError

from ganglion.neuron import signature
from ganglion.neuron.auth import RequestSigner
from ganglion.neuron.errors import AnswerTooLarge, PeerTooSlow, PeerUnreachable
from ganglion.neuron.exchange import Exchange
from ganglion.neuron.protocols import Clock, Endpoint, Neuron, Response, Transport
from ganglion.neuron.task import A, Q, Task


class Fault(StrEnum):
    """Why a question has no answer."""

    NOT_SERVING = "not-serving"
    UNREACHABLE = "unreachable"
    LATE = "late"
    OVERSIZED = "oversized"
    REFUSED = "refused"
    UNSIGNED = "unsigned"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Answer(Generic[A]):
    """A complete answer which its miner signed and which fits its model. `latency_s` from request to last
    byte, in seconds.
    """

    value: A
    latency_s: float
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer: which fault, what is known of it, after how many seconds, and what passed."""

    fault: Fault
    detail: str
    latency_s: float
    exchange: Exchange

    @property
    def is_passing(self) -> bool:
        """Whether the same question may fare better in a moment: nobody there, or too busy."""
        return self.fault is Fault.UNREACHABLE or self.exchange.status in {429, 503}


Outcome: TypeAlias = Answer[A] | Failure


class Client:
    """Asks neurons as one hotkey, at most `concurrency` at once; further questions wait their turn."""

    def __init__(
        self, signer: RequestSigner, transport: Transport, clock: Clock, *, concurrency: int = 256
    ) -> None:
        self._signer = signer
        self._transport = transport
        self._clock = clock
        self.slots = asyncio.Semaphore(concurrency)

    @property
    def transport(self) -> Transport:
        """How requests travel."""
        return self._transport

    @property
    def clock(self) -> Clock:
        """What waiting and latency are measured by."""
        return self._clock

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
        """Ask `neuron` and check its answer: size, status, signature, model.

        `timeout_s` (default: the task's) bounds each attempt. A passing failure is tried again up to
        `retries` times, after `pause_s`, then twice that, and so on.
        """
        bound_s = task.timeout_s if timeout_s is None else timeout_s
        outcome = await self._once(neuron, task, request, bound_s)
        for attempt in range(retries):
            if not (isinstance(outcome, Failure) and outcome.is_passing):
                break
            await self._clock.sleep(pause_s * 2**attempt)
            outcome = await self._once(neuron, task, request, bound_s)
        return outcome

    def signed(self, neuron: Neuron, path: str, body: bytes) -> dict[str, str]:
        """The headers which prove `body` to `neuron`. Sign last: they grow stale within seconds."""
        return self._signer.headers(path=path, body=body, receiver=neuron.hotkey)

    async def _once(self, neuron: Neuron, task: Task[Q, A], request: Q, timeout_s: float) -> Outcome[A]:
        body = request.model_dump_json().encode()
        if neuron.axon is None:
            nothing = Exchange(receiver=neuron.hotkey, path=task.path, headers={}, request=body)
            return Failure(Fault.NOT_SERVING, "no axon published", 0.0, nothing)
        async with self.slots:
            headers = self.signed(neuron, task.path, body)
            started = self._clock.monotonic()
            outcome = await self._post(neuron.axon, task, headers, body, timeout_s)
            latency_s = self._clock.monotonic() - started
        exchange = Exchange(receiver=neuron.hotkey, path=task.path, headers=headers, request=body)
        if isinstance(outcome, Response):
            answered = {
                "status": outcome.status,
                "body": outcome.body,
                "signature": outcome.headers.get(signature.HEADER.lower()),
            }
            return checked(exchange.model_copy(update=answered), task, latency_s)
        fault, detail = outcome
        return Failure(fault, detail, timeout_s if fault is Fault.LATE else latency_s, exchange)

    async def _post(
        self,
        endpoint: Endpoint,
        task: Task[Q, A],
        headers: Mapping[str, str],
        body: bytes,
        timeout_s: float,
    ) -> Response | tuple[Fault, str]:
        try:
            return await self._transport.post(
                endpoint, task.path, headers, body, timeout_s=timeout_s, max_bytes=task.max_answer
            )
        except PeerTooSlow as error:
            return Fault.LATE, str(error)
        except AnswerTooLarge as error:
            return Fault.OVERSIZED, str(error)
        except PeerUnreachable as error:
            return Fault.UNREACHABLE, str(error)


def checked(exchange: Exchange, task: Task[Q, A], latency_s: float) -> Outcome[A]:
    """What came back, which must be complete: an answer, or what is wrong with it."""
    if exchange.status != 200:
        return Failure(Fault.REFUSED, f"status {exchange.status}", latency_s, exchange)
    try:
        value = task.answer.model_validate_json(exchange.body)
    except ValidationError as error:
        detail = f"{error.error_count()} fields do not fit the model"
        return Failure(Fault.MALFORMED, detail, latency_s, exchange)
    if not exchange.is_signed:
        return Failure(Fault.UNSIGNED, "not signed by the neuron that was asked", latency_s, exchange)
    return Answer(value, latency_s, exchange)
