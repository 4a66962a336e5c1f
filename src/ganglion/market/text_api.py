"""POST /v1/chat/completions and /v1/completions: text, whole or streamed.

A stream's text is passed on as it comes, and can be checked only when the miner's signature over all of it
has come. So another miner takes over as long as nothing was passed on; afterwards a failure ends the stream
with an error event, which OpenAI's clients raise as APIError, and nothing is charged. `finish_reason` is sent
only once the signature holds.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from aiohttp import web

from ganglion.market.errors import ApiError, broken_off
from ganglion.market.events import EventStream
from ganglion.market.ledger import BROKEN, LEFT, OK
from ganglion.market.openai_shape import Shape, Usage, counted
from ganglion.market.openai_wire import ChatCompletionRequest, CompletionRequest
from ganglion.market.race import Speaking
from ganglion.market.replies import miner_headers, parsed, reply
from ganglion.market.stalls import Stalls
from ganglion.market.visit import Order, Visit
from ganglion.neuron.protocols import Neuron
from ganglion.neuron.streaming import StreamBroken
from ganglion.subnets.text.task import CompleteRequest, Completion

_NAME = "text"


class TextApi:
    """Text from the miners of the text subnet."""

    def __init__(self, stalls: Stalls) -> None:
        self._stalls = stalls

    async def chat(self, visit: Visit, http: web.Request, body: bytes) -> web.StreamResponse:
        """POST /v1/chat/completions."""
        return await self._answer(visit, http, parsed(ChatCompletionRequest, body))

    async def complete(self, visit: Visit, http: web.Request, body: bytes) -> web.StreamResponse:
        """POST /v1/completions."""
        return await self._answer(visit, http, parsed(CompletionRequest, body))

    async def _answer(
        self, visit: Visit, http: web.Request, asked: ChatCompletionRequest | CompletionRequest
    ) -> web.StreamResponse:
        broker, uid = self._stalls.find(asked.model, _NAME)
        request = asked.request()
        sale = _Sale(
            visit, Order(broker, asked.model, uid, request, counted(request.context)), asked, request
        )
        return await (sale.stream(http) if asked.stream else sale.whole())


class _Sale:
    """One text being sold."""

    def __init__(
        self,
        visit: Visit,
        order: Order,
        asked: ChatCompletionRequest | CompletionRequest,
        request: CompleteRequest,
    ) -> None:
        self._visit = visit
        self._order = order
        self._asked = asked
        self._request = request
        self._text: list[str] = []

    async def whole(self) -> web.Response:
        served = await self._visit.buy(self._order, self._units)
        answer: Completion = served.value
        usage = Usage.of(self._request, answer.text)
        told = self._shape(served.neuron).whole(answer.text, answer.finish_reason, usage)
        return reply(told, self._visit, served.neuron)

    async def stream(self, http: web.Request) -> web.StreamResponse:
        """Pass on pieces, write down what it came to, and only then say how it ended."""
        outcome, neuron = LEFT, None
        try:
            async with self._order.broker.stream(self._request, self._order.uid) as speaking:
                neuron = speaking.neuron
                events = EventStream(http, miner_headers(self._visit, neuron))
                await events.open()
                finish_reason = await self._pass_on(speaking, events)
            outcome, ending = OK, self._ending(neuron, finish_reason)
        except ApiError as error:
            outcome = error.code
            raise
        except StreamBroken as error:
            outcome, ending = BROKEN, [broken_off(error.fault).body()]
        except (ConnectionError, TimeoutError):  # the customer is gone, or takes nothing any more
            return events.response
        finally:
            self._visit.meter(self._order, neuron, outcome, self._usage().completion)
        with suppress(ConnectionError, TimeoutError):
            for event in ending:
                await events.send(event)
            if outcome == OK:
                await events.end()
        return events.response

    async def _pass_on(self, speaking: Speaking, events: EventStream) -> str:
        shape = self._shape(speaking.neuron)
        if opening := shape.opening():
            await events.send(opening)
        piece = speaking.first
        while True:
            if piece.text:
                await events.send(shape.piece(piece.text))
                self._text.append(piece.text)
            last, piece = piece, await anext(speaking.rest, None)
            if piece is None:
                return str(last.finish_reason)

    def _ending(self, neuron: Neuron, finish_reason: str) -> list[dict[str, Any]]:
        shape = self._shape(neuron)
        usage = [shape.usage(self._usage())] if self._asked.wants_usage else []
        return [shape.closing(finish_reason), *usage]

    def _units(self, answer: Completion) -> int:
        return Usage.of(self._request, answer.text).completion

    def _usage(self) -> Usage:
        return Usage.of(self._request, "".join(self._text))

    def _shape(self, neuron: Neuron) -> Shape:
        chats = isinstance(self._asked, ChatCompletionRequest)
        return Shape(self._visit.id, self._visit.created, self._asked.model, neuron.hotkey, chats)
