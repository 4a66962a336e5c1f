"""Who may stay connected: a listening socket which lets in so many connections of one address, and no more.

Whoever is let in has to come to the point: a connection without a complete head of a request, dripped or not
sent at all, is closed by aiohttp's keep-alive timer, which neither bytes nor lines of a head prolong.
"""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from aiohttp import web

log = logging.getLogger(__name__)


class _Visitor(asyncio.Protocol):
    """A new connection: handed to aiohttp, or closed."""

    def __init__(self, server: web.Server, per_address: int) -> None:
        self._server = server
        self._per_address = per_address

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        address = _address(transport.get_extra_info("peername"))
        present = sum(_address(each.peername) == address for each in self._server.connections)
        socket = cast(asyncio.Transport, transport)
        if present >= self._per_address:
            log.debug("connection refused address=%s connections=%d", address, present)
            socket.abort()
            return
        handler = self._server()
        socket.set_protocol(handler)
        handler.connection_made(socket)


async def listen(server: web.Server, host: str, port: int, *, per_address: int) -> asyncio.Server:
    """Serve `server` on (`host`, `port`); one address has at most `per_address` connections at a time."""
    return await asyncio.get_running_loop().create_server(
        lambda: _Visitor(server, per_address), host, port, backlog=128
    )


def _address(peername: object) -> object:
    return peername[0] if isinstance(peername, tuple) else peername
