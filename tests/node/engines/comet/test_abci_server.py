"""ABCI over a Unix socket: answers in order, and hostile bytes end only their own connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ganglion.node.engines.comet import abci_pb2 as abci
from ganglion.node.engines.comet.abci_server import AbciServer


class Echoing:
    """An application that answers a query with its data, and fails on demand."""

    async def answer(self, kind: str, request: Any) -> Any:
        if kind == "commit":
            raise OSError("disk gone")
        return abci.ResponseQuery(value=request.data)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[tuple[AbciServer, Path]]:
    path = tmp_path / "abci.sock"
    server = AbciServer(Echoing(), path)
    await server.start()
    yield server, path
    await server.stop()
    assert not path.exists()


@asynccontextmanager
async def connected(path: Path) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_unix_connection(path)
    yield reader, writer
    writer.close()


def framed(request: abci.Request) -> bytes:
    body = request.SerializeToString()
    length, prefix = len(body), bytearray()
    while length >= 0x80:
        prefix.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes((*prefix, length)) + body


async def response(reader: asyncio.StreamReader) -> abci.Response:
    length = shift = 0
    while True:
        (byte,) = await reader.readexactly(1)
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return abci.Response.FromString(await reader.readexactly(length))


def query(data: bytes) -> bytes:
    return framed(abci.Request(query=abci.RequestQuery(data=data)))


async def test_answers_come_in_the_order_of_requests(server: Any) -> None:
    async with connected(server[1]) as (reader, writer):
        wanted = [b"one", b"x" * 300, b"three" * 20_000]
        writer.write(b"".join(query(data) for data in wanted) + framed(abci.Request(flush={})))
        assert [(await response(reader)).query.value for _ in wanted] == wanted
        assert (await response(reader)).WhichOneof("value") == "flush"


async def test_echo_is_answered_without_the_application(server: Any) -> None:
    async with connected(server[1]) as (reader, writer):
        writer.write(framed(abci.Request(echo=abci.RequestEcho(message="hello"))))
        assert (await response(reader)).echo.message == "hello"


@pytest.mark.parametrize(
    "hostile",
    [b"\x05\xff\xff\xff\xff\xff", b"\xff\xff\xff\xff\xff\xff", b"\xff\xff\xff\xff\x0f", b"\x03\x01"],
    ids=["no protobuf", "endless length", "4 GiB", "ends early"],
)
async def test_hostile_bytes_end_their_connection_and_no_other(server: Any, hostile: bytes) -> None:
    async with connected(server[1]) as (reader, writer):
        writer.write(hostile)
        writer.write_eof()
        assert await reader.read() == b""
    async with connected(server[1]) as (reader, writer):
        writer.write(query(b"still here"))
        assert (await response(reader)).query.value == b"still here"
    assert not server[0].failure.done()


async def test_an_application_that_cannot_go_on_tells_cometbft_and_the_node(server: Any) -> None:
    async with connected(server[1]) as (reader, writer):
        writer.write(framed(abci.Request(commit={})))
        assert (await response(reader)).exception.error == "OSError: disk gone"
    with pytest.raises(OSError, match="disk gone"):
        await server[0].failure
