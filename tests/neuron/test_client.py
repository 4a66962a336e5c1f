import json

import pytest
from aiohttp import web
from pydantic import BaseModel, Field

from ganglion.neuron.auth import RequestSigner, RequestVerifier
from ganglion.neuron.client import Answer, Client, Failure, Fault
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.protocols import Endpoint, Neuron
from ganglion.neuron.transport import HttpTransport


class Number(BaseModel):
    number: int = Field(ge=0, le=9, strict=True)


def neuron(hotkey, axon):
    return Neuron(0, hotkey, "cold", 0, False, 0, 0.0, 0.0, axon)


@pytest.fixture
async def client(alice):
    clock = SystemClock()
    transport = HttpTransport()
    yield Client(RequestSigner(alice, clock), transport, clock, timeout_s=0.5, max_answer=1000)
    await transport.close()


@pytest.fixture
async def asked(client, bob):
    """Ask a peer which answers with `status` and `body`."""
    runners = []

    async def ask(body, status=200):
        async def handler(request):
            asked.headers, asked.body = dict(request.headers), await request.read()
            return web.Response(status=status, body=body)

        app = web.Application()
        app.router.add_post("/ask", handler)
        runners.append(web.AppRunner(app))
        await runners[-1].setup()
        await web.TCPSite(runners[-1], "127.0.0.1", 0).start()
        peer = neuron(bob.ss58_address, Endpoint(*runners[-1].addresses[0][:2]))
        return await client.query(peer, "/ask", Number(number=3), Number)

    asked = ask
    yield ask
    for runner in runners:
        await runner.cleanup()


async def test_a_fitting_answer_comes_with_its_latency(asked):
    outcome = await asked(b'{"number": 4}')
    assert isinstance(outcome, Answer)
    assert outcome.value.number == 4
    assert 0 < outcome.latency_s < 0.5


async def test_the_query_is_signed_for_its_receiver_alone(asked, alice, bob):
    await asked(b'{"number": 4}')
    verifier = RequestVerifier(bob.ss58_address, SystemClock())
    sender = verifier.sender(asked.headers, method="POST", path="/ask", body=asked.body)
    assert sender == alice.ss58_address
    assert json.loads(asked.body) == {"number": 3}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"NaN",
        b'{"number": NaN}',
        b'{"number": 10}',
        b'{"number": "4"}',
        b"\xff",
        b"[" * 900,
        b'{"number": ' + b"9" * 900 + b"}",
    ],
)
async def test_an_answer_which_does_not_fit_is_malformed(asked, body):
    outcome = await asked(body)
    assert isinstance(outcome, Failure)
    assert outcome.fault is Fault.MALFORMED


@pytest.mark.parametrize("status", [201, 307, 401, 403, 429, 500])
async def test_any_status_but_200_is_a_refusal(asked, status):
    outcome = await asked(b'{"number": 4}', status)
    assert (outcome.fault, outcome.detail) == (Fault.REFUSED, f"status {status}")


async def test_an_oversized_answer_is_a_failure(asked):
    assert (await asked(b" " * 5000)).fault is Fault.OVERSIZED


async def test_a_neuron_without_axon_or_server_is_a_failure(client, bob):
    for axon, fault in ((None, Fault.NOT_SERVING), (Endpoint("127.0.0.1", 1), Fault.UNREACHABLE)):
        outcome = await client.query(neuron(bob.ss58_address, axon), "/ask", Number(number=3), Number)
        assert outcome.fault is fault
