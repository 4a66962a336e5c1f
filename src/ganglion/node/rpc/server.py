"""The RPC server: WebSocket and HTTP POST on one port."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable

from aiohttp import WSMsgType, web

from ganglion.node.errors import CannotStart
from ganglion.node.rpc.connection import Connection, ConnectionLimits
from ganglion.node.rpc.dispatch import TURN_S, Dispatcher
from ganglion.node.turn import Turn

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 1_000
SHUTDOWN_S = 2.0
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
"""Web pages of wallets and explorers call nodes directly, as they call every Substrate node."""


class RpcServer:
    """Serves a dispatcher. `pages` are further GET handlers by path, `/metrics` for example."""

    def __init__(self, dispatcher: Dispatcher, limits: ConnectionLimits | None = None) -> None:
        self._dispatcher = dispatcher
        self._limits = limits or ConnectionLimits()
        self._connections: set[Connection] = set()
        self._app = web.Application(client_max_size=dispatcher.limits.request_bytes)
        self._app.router.add_get("/", self._serve_socket)
        self._app.router.add_post("/", self._serve_post)
        self._app.router.add_options("/", self._serve_options)
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=SHUTDOWN_S)

    @property
    def connections(self) -> int:
        """WebSocket clients."""
        return len(self._connections)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._runner.addresses[0][1])

    def add_page(self, path: str, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> None:
        """Serve another GET path on the same port."""
        self._app.router.add_get(path, handler)

    async def start(self, host: str, port: int) -> None:
        """Listen. Port 0 is any free one. Raises: CannotStart."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            raise CannotStart(f"cannot listen on {host}:{port}: {error.strerror}") from error

    async def stop(self) -> None:
        """Stop listening and end all connections."""
        goodbyes = [connection.close() for connection in self._connections]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*goodbyes, return_exceptions=True), SHUTDOWN_S)
        await self._runner.cleanup()

    async def _serve_post(self, request: web.Request) -> web.Response:
        try:
            message = await request.read()
        except web.HTTPRequestEntityTooLarge as error:
            return web.Response(status=413, text=str(error.text), headers=CORS)
        answer = await self._dispatcher.answer(message, None)
        return web.Response(body=answer, content_type="application/json", headers=CORS)

    async def _serve_options(self, request: web.Request) -> web.Response:
        return web.Response(status=204, headers=CORS)

    async def _serve_socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=self._dispatcher.limits.request_bytes, compress=False)
        if not socket.can_prepare(request):
            return web.Response(status=405, text="connect by WebSocket, or POST JSON-RPC\n", headers=CORS)
        if len(self._connections) >= MOST_CONNECTIONS:
            return web.Response(status=429, text="too many connections\n")
        await socket.prepare(request)
        if request.transport is None:
            return socket
        connection = Connection(socket, request.transport, self._limits)
        self._connections.add(connection)
        try:
            await self._converse(socket, connection)
        finally:
            self._connections.discard(connection)
            connection.end_subscriptions()
        return socket

    async def _converse(self, socket: web.WebSocketResponse, connection: Connection) -> None:
        """Answer the client's messages until it leaves: quick ones in order, long ones beside each other."""
        turns = asyncio.Semaphore(self._limits.requests_in_flight)
        turn = Turn(time.monotonic, TURN_S)
        tasks: set[asyncio.Task[None]] = {asyncio.create_task(connection.send_waiting())}
        try:
            async for message in socket:
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    break
                answer = self._dispatcher.begin(message.data, connection)
                if isinstance(answer, bytes):
                    await connection.answer(answer)
                    await turn.pass_on()
                    continue
                await turns.acquire()
                task = asyncio.create_task(_answer_later(answer, connection, turns))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        except ConnectionError as gone:
            log.debug("client left before its answer: %s", gone)
        finally:
            for task in tuple(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _answer_later(answer: Awaitable[bytes], connection: Connection, turns: asyncio.Semaphore) -> None:
    try:
        await connection.answer(await answer)
    except ConnectionError as gone:
        log.debug("client left before its answer: %s", gone)
    finally:
        turns.release()
