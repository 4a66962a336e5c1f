"""Signed queries to other neurons. Every failure is a value, so that no peer can end a validator's loop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from ganglion.neuron.auth import RequestSigner
from ganglion.neuron.errors import AnswerTooLarge, PeerTooSlow, PeerUnreachable
from ganglion.neuron.protocols import Clock, Neuron, Response, Transport

A = TypeVar("A", bound=BaseModel)


class Fault(StrEnum):
    """Why a query has no answer."""

    NOT_SERVING = "not-serving"
    UNREACHABLE = "unreachable"
    LATE = "late"
    OVERSIZED = "oversized"
    REFUSED = "refused"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Answer(Generic[A]):
    """A complete answer which fits its model. `latency_s` from request to last byte, in seconds."""

    value: A
    latency_s: float


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer: which fault, what is known of it, and after how many seconds."""

    fault: Fault
    detail: str
    latency_s: float


Outcome: TypeAlias = Answer[A] | Failure


class Client:
    """Asks neurons as one hotkey. `timeout_s` bounds a query in all, `max_answer` its answer in bytes."""

    def __init__(
        self, signer: RequestSigner, transport: Transport, clock: Clock, *, timeout_s: float, max_answer: int
    ) -> None:
        self._signer = signer
        self._transport = transport
        self._clock = clock
        self.timeout_s = timeout_s
        self._max_answer = max_answer

    async def query(self, neuron: Neuron, path: str, request: BaseModel, answer: type[A]) -> Outcome[A]:
        """Post `request` to `neuron` and check what comes back against the model `answer`."""
        if neuron.axon is None:
            return Failure(Fault.NOT_SERVING, "no axon published", 0.0)
        body = request.model_dump_json().encode()
        headers = self._signer.headers(path=path, body=body, receiver=neuron.hotkey)
        started = self._clock.monotonic()
        try:
            response = await self._transport.post(
                neuron.axon, path, headers, body, timeout_s=self.timeout_s, max_bytes=self._max_answer
            )
        except PeerTooSlow as error:
            return Failure(Fault.LATE, str(error), self.timeout_s)
        except AnswerTooLarge as error:
            return Failure(Fault.OVERSIZED, str(error), self._clock.monotonic() - started)
        except PeerUnreachable as error:
            return Failure(Fault.UNREACHABLE, str(error), self._clock.monotonic() - started)
        return _checked(response, answer, self._clock.monotonic() - started)


def _checked(response: Response, answer: type[A], latency_s: float) -> Outcome[A]:
    if response.status != 200:
        return Failure(Fault.REFUSED, f"status {response.status}", latency_s)
    try:
        return Answer(answer.model_validate_json(response.body), latency_s)
    except ValidationError as error:
        return Failure(Fault.MALFORMED, f"{error.error_count()} fields do not fit the model", latency_s)
