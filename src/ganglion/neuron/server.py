"""The HTTP server of a miner: a `Service` behind a socket, with /health, /metrics and a graceful end."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import aclosing
from types import TracebackType
from typing import Self

from aiohttp import web

from ganglion.neuron.door import Listener
from ganglion.neuron.errors import Refusal
from ganglion.neuron.metrics import Metrics
from ganglion.neuron.metrics_page import metrics_response
from ganglion.neuron.protocols import Clock, Endpoint
from ganglion.neuron.service import Call, Service

log = logging.getLogger(__name__)


class NeuronServer:
    """Serves on (`host`, `port`) while entered; port 0 takes a free one.

    Leaving it takes no new requests and waits up to `drain_s` seconds for those in work. `read_timeout_s`
    bounds the arrival of a body, `idle_s` how long a connection may be without a complete head of a request,
    before the first one or after another; `per_address` is how many connections one address may have. `about`
    is what GET /health tells beside "status", to anybody; `metrics_public` whether anybody may GET /metrics.
    """

    def __init__(
        self,
        service: Service,
        clock: Clock,
        *,
        host: str,
        port: int,
        about: Mapping[str, str],
        read_timeout_s: float = 5.0,
        idle_s: float = 30.0,
        per_address: int = 512,
        metrics_public: bool = True,
        drain_s: float = 4.0,
    ) -> None:
        self._service = service
        self._clock = clock
        self._about = about
        self._read_timeout_s = read_timeout_s
        self.metrics = Metrics(service.task.name, service.gate)
        app = web.Application(client_max_size=service.task.max_request)
        app.router.add_get("/health", self._on_health)
        if metrics_public:
            app.router.add_get("/metrics", self._on_metrics)
        app.router.add_post("/{path:.*}", self._on_post)
        self._listener = Listener(
            app, host=host, port=port, idle_s=idle_s, per_address=per_address, drain_s=drain_s
        )

    @property
    def endpoint(self) -> Endpoint:
        """Where the server listens."""
        return self._listener.endpoint

    async def __aenter__(self) -> Self:
        await self._listener.open()
        log.info("serving url=%s", self.endpoint.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._service.draining = True
        log.info("draining in_flight=%d waiting=%d", self._service.gate.in_flight, self._service.gate.waiting)
        await self._listener.close()

    async def _on_health(self, _request: web.Request) -> web.Response:
        status = "draining" if self._service.draining else "ok"
        return web.json_response({"status": status, **self._about})

    async def _on_metrics(self, _request: web.Request) -> web.Response:
        return metrics_response(self.metrics.page())

    async def _on_post(self, request: web.Request) -> web.StreamResponse:
        started = self._clock.monotonic()
        try:
            call = await self._admitted(request)
            response = await (self._streamed(request, call) if call.streams else self._whole(call))
        except Refusal as refusal:
            self.metrics.refused(refusal.error)
            return _refused(refusal)
        if request.transport is not None and not request.transport.is_closing():
            self.metrics.answered(self._clock.monotonic() - started)
        return response

    async def _admitted(self, request: web.Request) -> Call:
        path, headers = request.raw_path, request.headers
        self._service.check_head(path=path, headers=headers, length=request.content_length)
        return self._service.admit(path=path, headers=headers, body=await self._body(request))

    async def _body(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(self._read_timeout_s):
                return await request.read()
        except TimeoutError as error:
            detail = f"body not complete within {self._read_timeout_s:g} s"
            raise Refusal(408, "TooSlow", detail) from error
        except web.HTTPRequestEntityTooLarge as error:
            detail = f"body exceeds {self._service.task.max_request} bytes"
            raise Refusal(413, "TooLarge", detail) from error

    async def _whole(self, call: Call) -> web.Response:
        reply = await self._service.reply(call)
        return web.Response(body=reply.body, headers=reply.headers, content_type="application/json")

    async def _streamed(self, request: web.Request, call: Call) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        async with aclosing(self._service.lines(call)) as lines:
            line = await anext(lines)  # a refusal before the first piece still has a status of its own
            await response.prepare(request)
            try:
                await response.write(line)
                async for line in lines:
                    await response.write(line)
            except Refusal as refusal:
                self.metrics.refused(refusal.error)
                if request.transport is not None:
                    request.transport.close()
        return response


def _refused(refusal: Refusal) -> web.Response:
    body = json.dumps({"error": refusal.error, "detail": refusal.detail}).encode()
    return web.Response(status=refusal.status, body=body, content_type="application/json")
