"""The HTTP server of a miner: a `Service` behind a socket, with /health and a graceful end."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from aiohttp import web

from ganglion.neuron.protocols import Endpoint
from ganglion.neuron.service import Reply, Service, refusal

log = logging.getLogger(__name__)


class NeuronServer:
    """Serves on (`host`, `port`) while entered; port 0 takes a free one.

    `read_timeout_s` bounds the arrival of a body, `drain_s` how long the end waits for requests in work.
    `health` is what GET /health tells beside "ok", to anybody.
    """

    def __init__(
        self,
        service: Service,
        *,
        host: str,
        port: int,
        health: Mapping[str, str],
        read_timeout_s: float = 5.0,
        drain_s: float = 2.0,
    ) -> None:
        self._service = service
        self._host = host
        self._port = port
        self._health = json.dumps({"status": "ok", **health}).encode()
        self._read_timeout_s = read_timeout_s
        app = web.Application(client_max_size=service.max_body)
        app.router.add_get("/health", self._on_health)
        app.router.add_post("/{path:.*}", self._on_post)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=drain_s, lingering_time=1.0)

    @property
    def endpoint(self) -> Endpoint:
        """Where the server listens."""
        host, port = self._runner.addresses[0][:2]
        return Endpoint(host, port)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        log.info("serving url=%s", self.endpoint.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _on_health(self, _request: web.Request) -> web.Response:
        return web.Response(body=self._health, content_type="application/json")

    async def _on_post(self, request: web.Request) -> web.Response:
        path, headers = request.raw_path, request.headers
        reply = self._service.refuse_unread(path=path, headers=headers, length=request.content_length)
        if reply is None:
            body = await self._body(request)
            if isinstance(body, Reply):
                reply = body
            else:
                reply = await self._service.answer(path=path, headers=headers, body=body)
        return web.Response(status=reply.status, body=reply.body, content_type="application/json")

    async def _body(self, request: web.Request) -> bytes | Reply:
        try:
            async with asyncio.timeout(self._read_timeout_s):
                return await request.read()
        except TimeoutError:
            return refusal(408, "TooSlow", f"body not complete within {self._read_timeout_s:g} s")
        except web.HTTPRequestEntityTooLarge:
            return refusal(413, "TooLarge", f"body exceeds {self._service.max_body} bytes")
