import asyncio
import json

import httpx
import pytest
from pydantic import BaseModel

from ganglion.neuron.auth import RequestSigner, RequestVerifier
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.server import NeuronServer
from ganglion.neuron.service import Route, Service


class Text(BaseModel):
    text: str


@pytest.fixture
async def server(ledger, clock, alice, bob):
    async def echo(request: Text, _caller: str) -> Text:
        return request

    ledger.register(alice.ss58_address, permit=True)
    admission = Admission(min_stake_rao=1)
    admission.update(ledger.metagraph())
    service = Service(
        (Route("/echo", Text, echo),),
        verifier=RequestVerifier(bob.ss58_address, clock),
        admission=admission,
        limit=CallerLimit(clock, per_second=100, burst=100),
        max_body=1000,
    )
    async with NeuronServer(
        service, host="127.0.0.1", port=0, health={"kind": "echo"}, read_timeout_s=0.2
    ) as server:
        yield server


@pytest.fixture
async def http(server):
    async with httpx.AsyncClient(base_url=server.endpoint.url, trust_env=False) as client:
        yield client


def signed(clock, sender, receiver, body):
    return RequestSigner(sender, clock).headers(path="/echo", body=body, receiver=receiver.ss58_address)


async def test_a_signed_request_is_answered_over_http(http, clock, alice, bob):
    body = b'{"text": "hello"}'
    answer = await http.post("/echo", content=body, headers=signed(clock, alice, bob, body))
    assert (answer.status_code, answer.json()) == (200, {"text": "hello"})


async def test_the_signature_covers_the_query_string(http, clock, alice, bob):
    body = b'{"text": "hello"}'
    answer = await http.post("/echo?x=1", content=body, headers=signed(clock, alice, bob, body))
    assert answer.status_code == 404


async def test_anybody_may_ask_for_health(http):
    assert (await http.get("/health")).json() == {"status": "ok", "kind": "echo"}


async def test_an_unsigned_request_is_refused_with_a_reason(http):
    answer = await http.post("/echo", content=b"{}")
    assert (answer.status_code, answer.json()["error"]) == (401, "MalformedAuth")


async def test_an_oversized_body_is_refused_announced_or_not(http, clock, alice, bob):
    async def chunks():
        for _ in range(20):
            yield b"x" * 100

    body = b"x" * 2000
    headers = signed(clock, alice, bob, body)
    assert (await http.post("/echo", content=body, headers=headers)).status_code == 413
    assert (await http.post("/echo", content=chunks(), headers=headers)).status_code == 413


async def test_a_body_which_never_ends_is_given_up(server, clock, alice, bob):
    reader, writer = await asyncio.open_connection(server.endpoint.ip, server.endpoint.port)
    lines = [f"{name}: {value}" for name, value in signed(clock, alice, bob, b"").items()]
    head = ["POST /echo HTTP/1.1", "Host: x", "Content-Length: 500", *lines]
    writer.write(("\r\n".join(head) + "\r\n\r\n{").encode())
    assert (await reader.readline()).split()[1] == b"408"
    writer.close()
    await writer.wait_closed()


async def test_header_bytes_which_are_not_text_are_refused(server, clock, alice, bob):
    reader, writer = await asyncio.open_connection(server.endpoint.ip, server.endpoint.port)
    headers = signed(clock, alice, bob, b"{}") | {"X-Bittensor-Receiver": "\xff"}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = ["POST /echo HTTP/1.1", "Host: x", "Content-Length: 2", *lines]
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
