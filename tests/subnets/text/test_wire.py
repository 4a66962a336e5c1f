"""A text miner behind the library's server, asked and streamed over HTTP with real keys."""

from contextlib import AsyncExitStack

import pytest

from ganglion.neuron.client import Answer
from ganglion.neuron.streaming import stream
from ganglion.subnets.text.generation import together
from ganglion.subnets.text.package import PACKAGE
from ganglion.subnets.text.task import MAX_TOKENS, TASK, CompleteRequest
from subnet_on_loopback import Subnet

REQUEST = CompleteRequest(prompt="A hacker is a person who", max_tokens=60, seed=8)


@pytest.fixture
async def subnet(tmp_path):
    async with AsyncExitStack() as ends:
        yield Subnet(PACKAGE, tmp_path / "wallets", ends)


@pytest.fixture
def client(subnet):
    """Of a validator."""
    key = subnet.key("validator")
    subnet.ledger.register(key.ss58_address, permit=True)
    return subnet.client(key)


@pytest.fixture
async def peer(subnet, client):
    """A serving bigram miner, which knows the validator."""
    hotkey = await subnet.miner("bigram")
    await subnet.sync()
    return subnet.ledger.neurons[hotkey]


async def test_an_answer_and_its_stream_say_the_same(client, peer):
    answer = await client.ask(peer, TASK, REQUEST)
    assert isinstance(answer, Answer)
    pieces = [piece async for piece in stream(client, peer, TASK, REQUEST)]
    assert len(pieces) > 5
    assert together(pieces) == answer.value


async def test_the_longest_answer_fits_the_wire(client, peer):
    request = REQUEST.model_copy(update={"max_tokens": MAX_TOKENS})
    pieces = [piece async for piece in stream(client, peer, TASK, request)]
    assert together(pieces).completion_tokens == MAX_TOKENS
