import asyncio
import json

import pytest
from aiohttp import web

from ganglion.neuron.auth import SIGNATURE_HEADER, RequestSigner, RequestVerifier
from ganglion.neuron.client import Answer, Client, Failure, Fault
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.protocols import Endpoint, Neuron
from ganglion.neuron.signature import HEADER, sign_answer
from ganglion.neuron.task import Message, Task
from ganglion.neuron.transport import HttpTransport


class Number(Message):
    number: int


ASK = Task("number", "/ask", Number, Number, max_request=1000, max_answer=1000, timeout_s=0.5)


def neuron(hotkey, axon):
    return Neuron(0, hotkey, "cold", 0, False, 0, 0.0, 0.0, axon)


@pytest.fixture
async def client(alice):
    clock = SystemClock()
    transport = HttpTransport()
    yield Client(RequestSigner(alice, clock), transport, clock)
    await transport.close()


class Peer:
    """Bob's server, which answers with `status` and `body`, signed by `signer`."""

    def __init__(self, bob):
        self.body, self.status, self.signer, self.bob = b"", 200, bob, bob
        self.seen = []
        self.busy = 0

    async def handle(self, request):
        self.seen.append((dict(request.headers), await request.read()))
        if self.busy:
            self.busy -= 1
            return web.Response(status=503)
        headers = {}
        if self.signer is not None:
            asked = request.headers[SIGNATURE_HEADER]
            headers[HEADER] = sign_answer(self.signer, asked, self.status, self.body)
        return web.Response(status=self.status, body=self.body, headers=headers)


@pytest.fixture
async def peer(bob):
    peer = Peer(bob)
    app = web.Application()
    app.router.add_post("/ask", peer.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    peer.neuron = neuron(bob.ss58_address, Endpoint(*runner.addresses[0][:2]))
    yield peer
    await runner.cleanup()


@pytest.fixture
def asked(client, peer):
    async def ask(body, status=200, **how):
        peer.body, peer.status = body, status
        return await client.ask(peer.neuron, ASK, Number(number=3), **how)

    return ask


async def test_a_fitting_answer_comes_with_its_latency_and_its_evidence(asked):
    outcome = await asked(b'{"number": 4}')
    assert isinstance(outcome, Answer)
    assert outcome.value.number == 4
    assert 0 < outcome.latency_s < 0.5
    assert (outcome.exchange.request, outcome.exchange.body) == (b'{"number":3}', b'{"number": 4}')
    assert outcome.exchange.is_signed


async def test_the_question_is_signed_for_its_receiver_alone(asked, peer, alice, bob):
    await asked(b'{"number": 4}')
    headers, body = peer.seen[0]
    verifier = RequestVerifier(bob.ss58_address, SystemClock())
    assert verifier.sender(headers, method="POST", path="/ask", body=body) == alice.ss58_address
    assert json.loads(body) == {"number": 3}


@pytest.mark.parametrize("signer", [None, "carol"])
async def test_an_answer_unsigned_or_signed_by_another_is_no_answer(asked, peer, carol, signer):
    peer.signer = carol if signer else None
    outcome = await asked(b'{"number": 4}')
    assert outcome.fault is Fault.UNSIGNED
    assert not outcome.exchange.is_signed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"NaN",
        b'{"number": NaN}',
        b'{"number": 4, "more": 1}',
        b'{"number": "4"}',
        b"\xff",
        b"[" * 900,
        b'{"number": ' + b"9" * 900 + b"e9}",
    ],
)
async def test_an_answer_which_does_not_fit_is_malformed_and_kept_as_evidence(asked, body):
    outcome = await asked(body)
    assert isinstance(outcome, Failure)
    assert outcome.fault is Fault.MALFORMED
    assert (outcome.exchange.body, outcome.exchange.is_signed) == (body, True)


@pytest.mark.parametrize("status", [201, 307, 401, 403, 429, 500])
async def test_any_status_but_200_is_a_refusal(asked, status):
    outcome = await asked(b'{"number": 4}', status)
    assert (outcome.fault, outcome.detail) == (Fault.REFUSED, f"status {status}")


async def test_an_oversized_answer_is_a_failure(asked):
    assert (await asked(b" " * 5000)).fault is Fault.OVERSIZED


async def test_a_neuron_without_axon_or_server_is_a_failure(client, bob):
    for axon, fault in ((None, Fault.NOT_SERVING), (Endpoint("127.0.0.1", 1), Fault.UNREACHABLE)):
        outcome = await client.ask(neuron(bob.ss58_address, axon), ASK, Number(number=3))
        assert outcome.fault is fault
        assert outcome.exchange.status is None


async def test_a_busy_neuron_is_asked_again_as_often_as_allowed_each_time_signed_anew(asked, peer):
    peer.busy = 2
    assert isinstance(await asked(b'{"number": 4}', retries=2, pause_s=0), Answer)
    assert len({headers[SIGNATURE_HEADER] for headers, _ in peer.seen}) == 3


async def test_retries_are_bounded_and_only_for_what_may_pass(asked, peer):
    peer.busy = 9
    assert (await asked(b'{"number": 4}', retries=2, pause_s=0)).fault is Fault.REFUSED
    assert len(peer.seen) == 3
    peer.busy = 0
    await asked(b"<html>", retries=2, pause_s=0)
    assert len(peer.seen) == 4


async def test_without_a_wish_a_question_is_asked_once(asked, peer):
    peer.busy = 1
    assert (await asked(b'{"number": 4}')).fault is Fault.REFUSED
    assert len(peer.seen) == 1


async def test_no_more_questions_are_under_way_than_allowed(alice, bob):
    under_way, most = 0, 0

    class Slow:
        async def post(self, *_arguments, **_bounds):
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1
            return web_response

    from ganglion.neuron.protocols import Response

    web_response = Response(500, b"")
    client = Client(RequestSigner(alice, SystemClock()), Slow(), SystemClock(), concurrency=3)
    target = neuron(bob.ss58_address, Endpoint("10.0.0.1", 1))
    await asyncio.gather(*(client.ask(target, ASK, Number(number=n)) for n in range(20)))
    assert most == 3
