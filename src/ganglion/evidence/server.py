"""A validator's log over HTTP, for anybody, read-only.

GET /evidence                         which segments are closed, their sizes, and whether they are withheld
GET /evidence/N/head                  the signed head of a closed segment
GET /evidence/N/records?offset=BYTE   the next bytes of its records, at most PAGE

A head is told as soon as there is one, records from the block on which the head names. Of the open segment
only the number of records is told.

Strangers cost a bounded read of a file and nothing else; each address has a rate and few connections, few are
served at once, and who does not take its answer is left.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from ganglion.evidence.blocks import NewestBlock
from ganglion.evidence.log import EvidenceLog
from ganglion.evidence.records import FORMAT
from ganglion.neuron.door import listen
from ganglion.neuron.limits import CallerLimit
from ganglion.neuron.protocols import Clock, Endpoint

log = logging.getLogger(__name__)

PAGE = 2**20
"""Bytes of records in one answer."""
_AT_ONCE = 32
_CONNECTIONS = 8
_TAKING_S = 20.0
_ADDRESSES = 10_000
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_SEGMENT = "{segment:[0-9]{1,9}}"


class EvidenceServer:
    """Serves `evidence` on (`host`, `port`) while entered; port 0 takes a free one. `newest` tells which
    block the chain has reached.

    Each address may ask `burst` times at once and `per_second` for long.
    """

    def __init__(
        self,
        evidence: EvidenceLog,
        newest: NewestBlock,
        clock: Clock,
        *,
        host: str,
        port: int,
        per_second: float = 20.0,
        burst: int = 200,
    ) -> None:
        self._log = evidence
        self._files = evidence.files
        self._newest = newest
        self._known: dict[int, tuple[int, int]] = {}
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
        self._listener: asyncio.Server | None = None
        self._runner = web.AppRunner(
            app, access_log=None, keepalive_timeout=30.0, shutdown_timeout=1.0, handler_cancellation=True
        )

    @property
    def endpoint(self) -> Endpoint:
        """Where the server listens."""
        assert self._listener is not None, "not entered"
        host, port = self._listener.sockets[0].getsockname()[:2]
        return Endpoint(host, port)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        assert self._runner.server is not None, "set up"
        self._listener = await listen(self._runner.server, self._host, self._port, per_address=_CONNECTIONS)
        log.info("evidence url=%s/evidence", self.endpoint.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listener is not None:
            self._listener.close()
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
        closed = await asyncio.to_thread(self._closed)
        newest = await self._newest.known(max((at for _, at in closed.values()), default=0))
        segments = [
            {"segment": number, "bytes": size, "withheld": newest < disclosed_at}
            for number, (size, disclosed_at) in closed.items()
        ]
        about = {"format": FORMAT, "hotkey": self._log.hotkey, "open_records": self._log.open_records}
        return web.json_response(about | {"segments": segments})

    def _closed(self) -> dict[int, tuple[int, int]]:
        """The closed segments: bytes of their records, and when they are disclosed."""
        closed = {}
        for number in self._files.numbers():
            known = self._known.get(number)
            disclosed_at = self._read_disclosed_at(number) if known is None else known[1]
            with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                size = self._files.records(number).stat().st_size
                if disclosed_at is not None:
                    closed[number] = size, disclosed_at
        self._known = closed
        return closed

    def _read_disclosed_at(self, number: int) -> int | None:
        signed = self._files.signed_head(number)
        return None if signed is None else signed.parsed().disclosed_at

    async def _on_head(self, request: web.Request) -> web.StreamResponse:
        path = self._files.head(int(request.match_info["segment"]))
        return await self._bytes_of(request, path, 0, "application/json")

    async def _on_records(self, request: web.Request) -> web.StreamResponse:
        offset = request.query.get("offset", "0")
        if not (offset.isascii() and offset.isdigit() and len(offset) <= 12):
            raise web.HTTPBadRequest(text="offset is no number of bytes")
        number = int(request.match_info["segment"])
        disclosed_at = await asyncio.to_thread(self._read_disclosed_at, number)
        if disclosed_at is None:
            raise web.HTTPNotFound
        if await self._newest.known(disclosed_at) < disclosed_at:
            raise web.HTTPForbidden(text=f"withheld until block {disclosed_at}")
        return await self._bytes_of(request, self._files.records(number), int(offset), "application/x-ndjson")

    async def _bytes_of(
        self, request: web.Request, path: Path, offset: int, content_type: str
    ) -> web.StreamResponse:
        try:
            body = await asyncio.to_thread(_page, path, offset)
        except FileNotFoundError as error:
            raise web.HTTPNotFound from error
        response = web.StreamResponse(headers={"Content-Type": content_type})
        response.content_length = len(body)
        try:
            # Written here and not after: whoever is slow to take it holds one of the few places, not memory.
            async with asyncio.timeout(_TAKING_S):
                await response.prepare(request)
                await response.write(body)
                await response.write_eof()
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()
        return response


def _page(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(PAGE)
