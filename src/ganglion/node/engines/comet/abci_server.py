"""ABCI over a Unix socket: CometBFT's requests in, the application's answers out, in order.

CometBFT opens four connections (consensus, mempool, query, snapshot). On each, messages are protobuf with
their length in front as a varint, and answers come in the order of the requests.
Source: cometbft abci/server/socket_server.go.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Protocol

from google.protobuf.message import DecodeError

from ganglion.node.engines.comet.abci_pb2 import (
    Request,
    Response,
    ResponseEcho,
    ResponseException,
    ResponseFlush,
)

log = logging.getLogger(__name__)

MOST_BYTES = 100 << 20
"""The largest message that CometBFT sends or takes."""

LONGEST_PREFIX = 5


class Application(Protocol):
    """What CometBFT drives: one coroutine per kind of request, named as in `Request.value`."""

    async def answer(self, kind: str, request: Any) -> Any:
        """The response to a request of `kind`, as the message that the kind prescribes.

        Raising means that the application cannot go on: CometBFT is told, and stops.
        """


class AbciServer:
    """Listens at `path` while entered. `failure` is set once the application could not go on."""

    def __init__(self, application: Application, path: Path) -> None:
        self._application = application
        self._path = path
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def start(self) -> None:
        """Listen. Raises: OSError."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._on_connection, self._path)
        self._path.chmod(0o600)  # whoever may connect decides on blocks

    async def stop(self) -> None:
        """Listen no more, and drop every connection."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        self._path.unlink(missing_ok=True)

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection is served by a task")
        self._connections.add(task)
        try:
            await self._serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # CometBFT stopped, or was killed.
        except (DecodeError, ValueError) as error:
            log.warning("abci connection dropped: %s", error)
        finally:
            self._connections.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            request = Request.FromString(await _read_message(reader))
            response = await self._respond(request)
            _write_message(writer, response)
            if not isinstance(response, ResponseFlush):
                await writer.drain()

    async def _respond(self, request: Request) -> Response:
        kind = request.WhichOneof("value")
        if kind is None:
            return Response(exception=ResponseException(error="unknown request"))
        if kind == "flush":
            return Response(flush=ResponseFlush())
        if kind == "echo":
            return Response(echo=ResponseEcho(message=request.echo.message))
        try:
            answering: Awaitable[Any] = self._application.answer(kind, getattr(request, kind))
            return Response(**{kind: await answering})
        except Exception as error:
            log.exception("abci %s failed", kind)
            if not self.failure.done():
                self.failure.set_exception(error)
            return Response(exception=ResponseException(error=f"{type(error).__name__}: {error}"))


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    """The next message. Raises: IncompleteReadError at the end, ValueError for a length beyond bounds."""
    length = 0
    for at in range(LONGEST_PREFIX):
        byte = (await reader.readexactly(1))[0]
        length |= (byte & 0x7F) << (7 * at)
        if byte < 0x80:
            break
    else:
        raise ValueError("the length of a message is malformed")
    if length > MOST_BYTES:
        raise ValueError(f"a message of {length} bytes is too large")
    return await reader.readexactly(length)


def _write_message(writer: asyncio.StreamWriter, response: Response) -> None:
    body = response.SerializeToString()
    prefix = bytearray()
    length = len(body)
    while length >= 0x80:
        prefix.append(length & 0x7F | 0x80)
        length >>= 7
    prefix.append(length)
    writer.write(bytes(prefix) + body)
