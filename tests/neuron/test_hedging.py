import asyncio

import pytest

from ganglion.neuron.auth import RequestSigner
from ganglion.neuron.client import Answer, Client, Fault
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.errors import PeerUnreachable
from ganglion.neuron.hedging import hedged
from ganglion.neuron.protocols import Endpoint, Neuron, Response
from ganglion.neuron.signature import HEADER, sign_answer
from ganglion.neuron.task import Message, Task

LONG_S = 30.0


class Number(Message):
    value: int


ASK = Task("ask", "/ask", Number, Number, 1000, 1000, 60.0)


class Miners:
    """A transport to miners of one key, told apart by port: "answers", "fails", "hangs"."""

    def __init__(self, key):
        self._key = key
        self.behaviours = {}
        self.asked = []
        self.cancelled = []

    async def post(self, endpoint, path, headers, body, *, timeout_s, max_bytes):
        self.asked.append(endpoint.port)
        match self.behaviours[endpoint.port]:
            case "fails":
                raise PeerUnreachable("gone")
            case "hangs":
                try:
                    await asyncio.Event().wait()
                finally:
                    self.cancelled.append(endpoint.port)
        signature = sign_answer(self._key, headers["X-Bittensor-Signature"], 200, b'{"value":1}')
        return Response(200, b'{"value":1}', {HEADER.lower(): signature})


@pytest.fixture
def miners(bob):
    return Miners(bob)


@pytest.fixture
def ask(miners, alice, bob):
    async def run(*behaviours, after_s):
        miners.behaviours = dict(enumerate(behaviours, 1))
        neurons = [
            Neuron(port, bob.ss58_address, "cold", 0, False, 0, 0.0, 0.0, Endpoint("10.0.0.1", port))
            for port in miners.behaviours
        ]
        client = Client(RequestSigner(alice, SystemClock()), miners, SystemClock())
        found = await hedged(client, neurons, ASK, Number(value=0), after_s=after_s)
        return found.neuron.uid, found.outcome

    return run


async def test_while_the_first_answers_nobody_else_is_asked(ask, miners):
    uid, outcome = await ask("answers", "answers", after_s=LONG_S)
    assert (uid, isinstance(outcome, Answer), miners.asked) == (1, True, [1])


async def test_who_fails_is_followed_at_once(ask, miners):
    uid, _ = await ask("fails", "fails", "answers", after_s=LONG_S)
    assert (uid, miners.asked) == (3, [1, 2, 3])


async def test_who_hangs_is_overtaken_and_broken_off(ask, miners):
    uid, _ = await ask("hangs", "answers", after_s=0.01)
    assert (uid, miners.asked, miners.cancelled) == (2, [1, 2], [1])


async def test_when_nobody_answers_the_last_failure_remains(ask):
    uid, outcome = await ask("fails", "fails", after_s=LONG_S)
    assert (uid, outcome.fault) == (2, Fault.UNREACHABLE)


async def test_without_neurons_there_is_nobody_to_ask(ask):
    with pytest.raises(ValueError, match="nobody"):
        await ask(after_s=1.0)
