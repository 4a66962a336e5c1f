"""Server-sent events to one customer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import orjson
from aiohttp import web

_DONE = b"data: [DONE]\n\n"


class EventStream:
    """The answer to `request` as events. A customer which takes none for `patience_s` is given up.

    Raises, on every write: ConnectionError, TimeoutError.
    """

    def __init__(self, request: web.Request, headers: Mapping[str, str], *, patience_s: float = 10.0) -> None:
        told = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache", **headers}
        self.response = web.StreamResponse(headers=told)
        self._request = request
        self._patience_s = patience_s

    async def open(self) -> None:
        """Send the head."""
        await self.response.prepare(self._request)

    async def send(self, data: object) -> None:
        """Send one event."""
        await self._write(b"data: " + orjson.dumps(data) + b"\n\n")

    async def end(self) -> None:
        """Send OpenAI's last event."""
        await self._write(_DONE)

    async def _write(self, event: bytes) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                await self.response.write(event)
        except TimeoutError:
            if self._request.transport is not None:
                self._request.transport.abort()
            raise
