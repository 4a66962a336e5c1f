"""Who may stay connected: a listening socket which lets in so many connections of one address, and no more.

Whoever is let in has to come to the point: a connection without a complete head of a request, dripped or not
sent at all, is closed by aiohttp's keep-alive timer, which neither bytes nor lines of a head prolong.
"""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from aiohttp import web

from ganglion.neuron.protocols import Endpoint

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


class Listener:
    """An application on (`host`, `port`) from `open` to `close`; port 0 takes a free one.

    `idle_s` bounds how long a connection may be without a complete head of a request, before the first one
    or after another; `per_address` is how many connections one address may have; closing waits up to
    `drain_s` seconds for requests under way.
    """

    def __init__(
        self, app: web.Application, *, host: str, port: int, idle_s: float, per_address: int, drain_s: float
    ) -> None:
        self._host = host
        self._port = port
        self._per_address = per_address
        self._socket: asyncio.Server | None = None
        self._runner = web.AppRunner(
            app,
            access_log=None,
            keepalive_timeout=idle_s,
            shutdown_timeout=drain_s,
            lingering_time=1.0,
            handler_cancellation=True,  # who hung up frees its place at once
        )

    @property
    def endpoint(self) -> Endpoint:
        """Where it listens."""
        assert self._socket is not None, "not open"
        host, port = self._socket.sockets[0].getsockname()[:2]
        return Endpoint(host, port)

    async def open(self) -> None:
        """Listen. Raises: OSError."""
        await self._runner.setup()
        server = self._runner.server
        assert server is not None, "set up"
        self._socket = await listen(server, self._host, self._port, per_address=self._per_address)

    async def close(self) -> None:
        """Take no new connections, and let those who are served go in peace."""
        if self._socket is not None:
            self._socket.close()
        await self._runner.cleanup()


def _address(peername: object) -> object:
    return peername[0] if isinstance(peername, tuple) else peername
