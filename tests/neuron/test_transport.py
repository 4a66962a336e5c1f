import asyncio
import gzip
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from ganglion.neuron.errors import AnswerTooLarge, PeerTooSlow, PeerUnreachable
from ganglion.neuron.protocols import Endpoint
from ganglion.neuron.transport import HttpTransport


@pytest.fixture
async def transport():
    transport = HttpTransport()
    yield transport
    await transport.close()


@asynccontextmanager
async def peer(handler):
    app = web.Application()
    app.router.add_post("/", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Endpoint(*runner.addresses[0][:2])
    await runner.cleanup()


async def post(transport, endpoint, *, timeout_s=5.0, max_bytes=1000):
    return await transport.post(
        endpoint, "/", {"X-A": "b"}, b"hello", timeout_s=timeout_s, max_bytes=max_bytes
    )


async def test_an_answer_comes_back_with_its_status(transport):
    async def handler(request):
        return web.Response(status=418, body=await request.read() + request.headers["X-A"].encode())

    async with peer(handler) as endpoint:
        response = await post(transport, endpoint)
    assert (response.status, response.body) == (418, b"hellob")


async def test_a_silent_peer_is_given_up(transport):
    async def handler(_request):
        await asyncio.sleep(30)
        return web.Response()

    async with peer(handler) as endpoint:
        with pytest.raises(PeerTooSlow) as caught:
            await post(transport, endpoint, timeout_s=0.1)
    assert caught.value.timeout_s == 0.1


async def test_a_peer_which_drips_bytes_is_given_up_as_a_whole(transport):
    async def handler(request):
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x")
            await asyncio.sleep(0.01)

    async with peer(handler) as endpoint:
        with pytest.raises(PeerTooSlow):
            await post(transport, endpoint, timeout_s=0.2)


async def test_an_oversized_answer_is_cut_off(transport):
    async def handler(_request):
        return web.Response(body=b"x" * 10_000_000)

    async with peer(handler) as endpoint:
        with pytest.raises(AnswerTooLarge) as caught:
            await post(transport, endpoint)
    assert caught.value.limit == 1000


async def test_a_compressed_answer_is_not_unfolded(transport):
    packed = gzip.compress(b"0" * 100_000)

    async def handler(_request):
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    async with peer(handler) as endpoint:
        assert (await post(transport, endpoint)).body == packed


async def test_a_redirect_is_not_followed(transport):
    async def handler(_request):
        raise web.HTTPTemporaryRedirect("http://203.0.113.1/")

    async with peer(handler) as endpoint:
        assert (await post(transport, endpoint)).status == 307


async def test_a_peer_which_speaks_no_http_is_unreachable(transport):
    async def talk(_reader, writer):
        writer.write(b"\x00\x01 hello\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        with pytest.raises(PeerUnreachable):
            await post(transport, Endpoint("127.0.0.1", server.sockets[0].getsockname()[1]))


@pytest.mark.parametrize(
    "endpoint", [Endpoint("127.0.0.1", 1), Endpoint("::1", 1), Endpoint("nonsense host", 1)]
)
async def test_nobody_there_is_unreachable(transport, endpoint):
    with pytest.raises(PeerUnreachable):
        await post(transport, endpoint)
