"""A validator's log over HTTP, for anybody, read-only.

GET /evidence                         which segments there are, and their sizes
GET /evidence/N/head                  the signed head of a closed segment
GET /evidence/N/records?offset=BYTE   the next bytes of its records, at most PAGE

Strangers cost a bounded read of a file and nothing else; each address has a rate, and few are served at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.records import FORMAT
from ganglion.neuron.limits import CallerLimit
from ganglion.neuron.protocols import Clock, Endpoint

log = logging.getLogger(__name__)

PAGE = 2**20
"""Bytes of records in one answer."""
_AT_ONCE = 8
_ADDRESSES = 10_000
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_SEGMENT = "{segment:[0-9]{1,9}}"


class EvidenceServer:
    """Serves the log of `hotkey` on (`host`, `port`) while entered; port 0 takes a free one.

    Each address may ask `burst` times at once and `per_second` for long.
    """

    def __init__(
        self,
        files: SegmentFiles,
        hotkey: str,
        clock: Clock,
        *,
        host: str,
        port: int,
        per_second: float = 20.0,
        burst: int = 200,
    ) -> None:
        self._files = files
        self._hotkey = hotkey
        self._clock = clock
        self._host = host
        self._port = port
        self._rate = (per_second, burst)
        self._forget_addresses()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        app = web.Application(client_max_size=0, middlewares=[self._limited])
        app.router.add_get("/evidence", self._on_index)
        app.router.add_get(f"/evidence/{_SEGMENT}/head", self._on_head)
        app.router.add_get(f"/evidence/{_SEGMENT}/records", self._on_records)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, handler_cancellation=True)

    @property
    def endpoint(self) -> Endpoint:
        """Where the server listens."""
        host, port = self._runner.addresses[0][:2]
        return Endpoint(host, port)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        log.info("evidence url=%s/evidence", self.endpoint.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @web.middleware
    async def _limited(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        address = request.remote or ""
        if len(self._addresses) >= _ADDRESSES:
            self._forget_addresses()
        self._addresses.add(address)
        if not self._limit.allows(address):
            raise web.HTTPTooManyRequests
        async with self._slots:
            return await handler(request)

    def _forget_addresses(self) -> None:
        per_second, burst = self._rate
        self._addresses: set[str] = set()
        self._limit = CallerLimit(self._clock, per_second=per_second, burst=burst)

    async def _on_index(self, _request: web.Request) -> web.Response:
        return web.json_response(await asyncio.to_thread(self._index))

    def _index(self) -> dict[str, object]:
        files = self._files
        segments = [
            {
                "segment": number,
                "bytes": files.records(number).stat().st_size,
                "closed": files.is_closed(number),
            }
            for number in files.numbers()
        ]
        return {"format": FORMAT, "hotkey": self._hotkey, "segments": segments}

    async def _on_head(self, request: web.Request) -> web.Response:
        path = self._files.head(int(request.match_info["segment"]))
        return await self._bytes_of(path, 0, "application/json")

    async def _on_records(self, request: web.Request) -> web.Response:
        offset = request.query.get("offset", "0")
        if not (offset.isascii() and offset.isdigit() and len(offset) <= 12):
            raise web.HTTPBadRequest(text="offset is no number of bytes")
        path = self._files.records(int(request.match_info["segment"]))
        return await self._bytes_of(path, int(offset), "application/x-ndjson")

    async def _bytes_of(self, path: Path, offset: int, content_type: str) -> web.Response:
        try:
            body = await asyncio.to_thread(_page, path, offset)
        except FileNotFoundError as error:
            raise web.HTTPNotFound from error
        return web.Response(body=body, content_type=content_type)


def _page(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(PAGE)
