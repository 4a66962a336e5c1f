import asyncio
from contextlib import aclosing

import pytest
from aiohttp import web

from ganglion.neuron.auth import SIGNATURE_HEADER, RequestSigner
from ganglion.neuron.client import Client, Fault
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.protocols import Endpoint, Neuron
from ganglion.neuron.signature import end_line, sign_answer
from ganglion.neuron.streaming import StreamBroken, stream
from ganglion.neuron.task import Message, Task


class Number(Message):
    value: int


COUNT = Task("count", "/count", Number, Number, 1000, 1000, 0.5, piece=Number)
ONE = b'{"value": 1}\n'


@pytest.fixture
async def client(alice):
    from ganglion.neuron.transport import HttpTransport

    transport = HttpTransport()
    yield Client(RequestSigner(alice, SystemClock()), transport, SystemClock())
    await transport.close()


@pytest.fixture
async def streamed(client, bob):
    """The pieces of a peer which sends `chunks`, and then, with a `signer`, a last line."""
    runners = []

    async def read(*chunks, signer=bob, status=200, drip_s=None):
        async def handle(request):
            answer = web.StreamResponse(status=status)
            await answer.prepare(request)
            for chunk in chunks:
                await answer.write(chunk)
            while drip_s is not None:
                await asyncio.sleep(drip_s)
                await answer.write(b" ")
            if signer is not None:
                asked = request.headers[SIGNATURE_HEADER]
                await answer.write(end_line(sign_answer(signer, asked, 200, b"".join(chunks))))
            return answer

        app = web.Application()
        app.router.add_post("/count/stream", handle)
        runners.append(web.AppRunner(app, shutdown_timeout=0.1))
        await runners[-1].setup()
        await web.TCPSite(runners[-1], "127.0.0.1", 0).start()
        axon = Endpoint(*runners[-1].addresses[0][:2])
        peer = Neuron(0, bob.ss58_address, "cold", 0, False, 0, 0.0, 0.0, axon)
        return [piece.value async for piece in stream(client, peer, COUNT, Number(value=0))]

    yield read
    for runner in runners:
        await runner.cleanup()


async def fault_of(reading):
    with pytest.raises(StreamBroken) as caught:
        await reading
    return caught.value.fault


async def test_pieces_arrive_in_their_order_however_they_were_cut(streamed):
    assert await streamed(b'{"value": 1}\n{"val', b'ue": 2}', b"\n") == [1, 2]


async def test_a_stream_without_its_last_line_is_broken(streamed):
    assert await fault_of(streamed(ONE, signer=None)) is Fault.MALFORMED
    assert await fault_of(streamed(ONE, b'{"value"', signer=None)) is Fault.MALFORMED


async def test_a_stream_signed_by_another_is_broken(streamed, carol):
    assert await fault_of(streamed(ONE, signer=carol)) is Fault.UNSIGNED


@pytest.mark.parametrize("line", [b"<html>\n", b'{"value": NaN}\n', b'{"value": "1"}\n', b"\n", b"\xff\n"])
async def test_a_piece_which_does_not_fit_breaks_the_stream(streamed, line):
    assert await fault_of(streamed(ONE, line)) is Fault.MALFORMED


async def test_an_endless_stream_is_cut_off_with_or_without_lines(streamed):
    assert await fault_of(streamed(*[ONE * 10] * 100)) is Fault.OVERSIZED
    assert await fault_of(streamed(b" " * 5000)) is Fault.OVERSIZED


async def test_a_dripping_stream_is_given_up(streamed):
    assert await fault_of(streamed(ONE, drip_s=0.01)) is Fault.LATE


async def test_a_refusal_is_a_fault_of_its_own(streamed):
    assert await fault_of(streamed(ONE, status=503)) is Fault.REFUSED


async def test_nobody_there_is_a_fault_of_its_own(client, bob):
    for axon, fault in ((None, Fault.NOT_SERVING), (Endpoint("127.0.0.1", 1), Fault.UNREACHABLE)):
        peer = Neuron(0, bob.ss58_address, "cold", 0, False, 0, 0.0, 0.0, axon)
        with pytest.raises(StreamBroken) as caught:
            async with aclosing(stream(client, peer, COUNT, Number(value=0))) as pieces:
                await anext(pieces)
        assert caught.value.fault is fault
