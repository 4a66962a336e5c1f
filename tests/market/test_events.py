"""Server-sent events to customers who do not listen."""

import asyncio
from contextlib import suppress

import pytest
from aiohttp import web

from ganglion.market.events import EventStream


@pytest.fixture
async def ended():
    """Connects without ever reading to a server which sends without end; how its sending ended."""
    ends = asyncio.get_running_loop().create_future()

    async def handle(request):
        events = EventStream(request, {}, patience_s=0.05)
        await events.open()
        try:
            while True:
                await events.send({"text": "x" * 100_000})
        except (ConnectionError, TimeoutError) as error:
            ends.set_result(error)
        return events.response

    app = web.Application()
    app.router.add_get("/", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    yield ends, reader, writer
    writer.close()
    await runner.cleanup()


async def test_a_customer_which_takes_nothing_is_given_up_and_its_connection_closed(ended):
    ends, reader, _ = ended
    assert isinstance(await ends, TimeoutError)
    with suppress(ConnectionError):
        await reader.read(-1)  # returns only once nothing more can come


async def test_a_customer_which_is_gone_ends_the_sending(ended):
    ends, reader, writer = ended
    await reader.readline()
    writer.transport.abort()
    assert isinstance(await ends, ConnectionError)
