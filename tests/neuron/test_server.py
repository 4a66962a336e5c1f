import asyncio
import contextlib
import json

import httpx
import pytest

from ganglion.neuron.auth import SIGNATURE_HEADER, RequestSigner
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.server import NeuronServer
from ganglion.neuron.signature import HEADER, is_answer_of

BODY = b'{"value": 5}'


@pytest.fixture
async def server(service_of, tenth):
    async with NeuronServer(
        service_of(tenth),
        SystemClock(),
        host="127.0.0.1",
        port=0,
        about={"kind": "tenth"},
        read_timeout_s=0.2,
    ) as server:
        yield server


@pytest.fixture
async def http(server):
    async with httpx.AsyncClient(base_url=server.endpoint.url, trust_env=False) as client:
        yield client


def signed(clock, sender, receiver, body, path="/tenth"):
    return RequestSigner(sender, clock).headers(path=path, body=body, receiver=receiver.ss58_address)


async def test_a_signed_request_gets_a_signed_answer_over_http(http, clock, alice, bob):
    headers = signed(clock, alice, bob, BODY)
    answer = await http.post("/tenth", content=BODY, headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"value": 2})
    asked, signature = headers[SIGNATURE_HEADER], answer.headers[HEADER]
    assert is_answer_of(bob.ss58_address, signature, asked, 200, answer.content)


async def test_an_answer_can_be_streamed(http, clock, alice, bob):
    headers = signed(clock, alice, bob, BODY, "/tenth/stream")
    answer = await http.post("/tenth/stream", content=BODY, headers=headers)
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    *pieces, end = map(json.loads, answer.content.splitlines())
    assert (pieces, end["end"]) == ([{"value": 1}] * 2, True)


async def test_a_stream_which_fails_before_its_first_piece_is_refused_with_a_status(http, clock, alice, bob):
    body = b'{"value": 0}'
    headers = signed(clock, alice, bob, body, "/tenth/stream")
    answer = await http.post("/tenth/stream", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (500, "MinerFailed")


async def test_a_stream_which_fails_midway_breaks_off(http, tenth, clock, alice, bob):
    pauses = iter([asyncio.sleep(0)])
    tenth.pause = lambda: next(pauses)
    headers = signed(clock, alice, bob, BODY, "/tenth/stream")
    with pytest.raises(httpx.RemoteProtocolError):
        await http.post("/tenth/stream", content=BODY, headers=headers)


async def test_metrics_count_answers_and_refusals_by_name(http, clock, alice, bob):
    await http.post("/tenth", content=BODY, headers=signed(clock, alice, bob, BODY))
    await http.post("/tenth", content=b"{}")
    page = (await http.get("/metrics")).text
    assert 'ganglion_miner_requests_total{outcome="ok",task="tenth"} 1.0' in page
    assert 'ganglion_miner_requests_total{outcome="MalformedAuth",task="tenth"} 1.0' in page
    assert 'ganglion_miner_answer_seconds_count{task="tenth"} 1.0' in page
    assert 'ganglion_miner_in_flight{task="tenth"} 0.0' in page


async def test_leaving_finishes_what_is_in_work_and_takes_nothing_new(service_of, tenth, clock, alice, bob):
    begun, finish = asyncio.Event(), asyncio.Event()

    async def pause():
        begun.set()
        await finish.wait()

    tenth.pause = pause
    server = NeuronServer(service_of(tenth), SystemClock(), host="127.0.0.1", port=0, about={})
    async with httpx.AsyncClient(trust_env=False) as http, server:
        url = server.endpoint.url
        headers = signed(clock, alice, bob, BODY)
        at_work = asyncio.create_task(http.post(url + "/tenth", content=BODY, headers=headers))
        await begun.wait()
        leaving = asyncio.create_task(server.__aexit__(None, None, None))
        await asyncio.sleep(0)
        with pytest.raises(httpx.ConnectError):
            await http.get(url + "/health")
        finish.set()
        assert (await at_work).json() == {"value": 2}
        await leaving


async def test_leaving_waits_no_longer_than_it_may(service_of, tenth, clock, alice, bob):
    begun = asyncio.Event()

    async def pause():
        begun.set()
        await asyncio.Event().wait()

    tenth.pause = pause
    async with httpx.AsyncClient(trust_env=False) as http:
        server = NeuronServer(
            service_of(tenth), SystemClock(), host="127.0.0.1", port=0, about={}, drain_s=0.1
        )
        async with server:
            headers = signed(clock, alice, bob, BODY)
            endless = asyncio.create_task(
                http.post(server.endpoint.url + "/tenth", content=BODY, headers=headers)
            )
            await begun.wait()
        with pytest.raises(httpx.HTTPError):
            await endless


async def test_who_hangs_up_frees_its_place(server, tenth, clock, alice, bob):
    begun, ended = asyncio.Event(), asyncio.Event()

    async def pause():
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    tenth.pause = pause
    async with httpx.AsyncClient(base_url=server.endpoint.url, trust_env=False) as http:
        headers = signed(clock, alice, bob, BODY)
        asking = asyncio.create_task(http.post("/tenth", content=BODY, headers=headers))
        await begun.wait()
        asking.cancel()
        await asyncio.wait_for(ended.wait(), 5)


async def test_the_signature_covers_the_query_string(http, clock, alice, bob):
    answer = await http.post("/tenth?x=1", content=BODY, headers=signed(clock, alice, bob, BODY))
    assert answer.status_code == 404


async def test_anybody_may_ask_for_health(http):
    assert (await http.get("/health")).json() == {"status": "ok", "kind": "tenth"}


async def test_an_unsigned_request_is_refused_with_a_reason(http):
    answer = await http.post("/tenth", content=b"{}")
    assert (answer.status_code, answer.json()["error"]) == (401, "MalformedAuth")


async def test_an_oversized_body_is_refused_announced_or_not(http, clock, alice, bob):
    async def chunks():
        for _ in range(20):
            yield b"x" * 100

    body = b"x" * 2000
    headers = signed(clock, alice, bob, body)
    assert (await http.post("/tenth", content=body, headers=headers)).status_code == 413
    assert (await http.post("/tenth", content=chunks(), headers=headers)).status_code == 413


async def test_a_body_which_never_ends_is_given_up(server, clock, alice, bob):
    reader, writer = await asyncio.open_connection(server.endpoint.ip, server.endpoint.port)
    lines = [f"{name}: {value}" for name, value in signed(clock, alice, bob, b"").items()]
    head = ["POST /tenth HTTP/1.1", "Host: x", "Content-Length: 500", *lines]
    writer.write(("\r\n".join(head) + "\r\n\r\n{").encode())
    assert (await reader.readline()).split()[1] == b"408"
    writer.close()
    await writer.wait_closed()


async def test_header_bytes_which_are_not_text_are_refused(server, clock, alice, bob):
    reader, writer = await asyncio.open_connection(server.endpoint.ip, server.endpoint.port)
    headers = signed(clock, alice, bob, b"{}") | {"X-Bittensor-Receiver": "\xff"}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = ["POST /tenth HTTP/1.1", "Host: x", "Content-Length: 2", *lines]
    writer.write(("\r\n".join(head) + "\r\n\r\n{}").encode("latin-1"))
    assert (await reader.readline()).split()[1] in {b"400", b"401"}
    writer.close()
    await writer.wait_closed()


async def test_the_server_still_answers_after_garbage(server, http):
    _, writer = await asyncio.open_connection(server.endpoint.ip, server.endpoint.port)
    writer.write(b"\x00\xff garbage\r\n\r\n")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert json.loads((await http.get("/health")).content)["status"] == "ok"


@pytest.fixture
async def impatient(service_of, tenth):
    """Closes connections which do not come to the point within moments; two of one address."""
    about = {"kind": "tenth"}
    async with NeuronServer(
        service_of(tenth), SystemClock(), host="127.0.0.1", port=0, about=about, idle_s=0.2, per_address=2
    ) as server:
        yield server


async def drip(writer):
    """Send a head which never ends, a header at a time, until the other side has had enough."""
    writer.write(b"POST /tenth HTTP/1.1\r\nHost: x\r\n")
    while not writer.is_closing():
        writer.write(b"X-Drip: drop\r\n")
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("answered_before", [False, True])
async def test_a_head_which_never_ends_is_given_up(impatient, answered_before):
    reader, writer = await asyncio.open_connection(impatient.endpoint.ip, impatient.endpoint.port)
    if answered_before:
        writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"}")
    dripping = asyncio.create_task(drip(writer))
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        await asyncio.gather(dripping, return_exceptions=True)
    writer.close()


async def test_an_address_has_so_many_connections_and_another_its_own(impatient):
    place = impatient.endpoint
    first = [await asyncio.open_connection(place.ip, place.port) for _ in range(2)]
    await first[0][1].drain()
    for reader, writer in first:  # both are let in, and in time
        writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200" in await reader.readline()
    reader, third = await asyncio.open_connection(place.ip, place.port)
    with contextlib.suppress(ConnectionResetError):
        assert await reader.read() == b""
    reader, fourth = await asyncio.open_connection(place.ip, place.port, local_addr=("127.0.0.2", 0))
    fourth.write(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"200" in await reader.readline()
    for writer in (third, fourth, *(writer for _, writer in first)):
        writer.close()


async def test_metrics_are_nobody_elses_where_they_are_not_public(service_of, tenth):
    server = NeuronServer(
        service_of(tenth), SystemClock(), host="127.0.0.1", port=0, about={}, metrics_public=False
    )
    async with server, httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(server.endpoint.url + "/metrics")).status_code in {404, 405}
