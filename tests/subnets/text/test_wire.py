"""A text miner behind the library's server, asked and streamed over HTTP with real keys."""

import pytest
from bittensor import Wallet

from ganglion.neuron.auth import RequestSigner, RequestVerifier
from ganglion.neuron.client import Answer, Client
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.gate import Gate
from ganglion.neuron.keys import load_hotkey
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.protocols import Metagraph, Neuron, WeightRules
from ganglion.neuron.server import NeuronServer
from ganglion.neuron.service import Service
from ganglion.neuron.streaming import stream
from ganglion.neuron.transport import HttpTransport
from ganglion.subnets.text.generation import together
from ganglion.subnets.text.package import make_miner
from ganglion.subnets.text.task import MAX_TOKENS, TASK, CompleteRequest

RULES = WeightRules(rate_limit=0, version_key=0, min_allowed=1, max_limit=65535, commit_reveal=False)
REQUEST = CompleteRequest(prompt="A hacker is a person who", max_tokens=60, seed=8)


@pytest.fixture
def key_of(tmp_path):
    def make(name):
        Wallet(name=name, hotkey="default", path=str(tmp_path)).create_new_hotkey(suppress=True)
        return load_hotkey(tmp_path, name, "default")

    return make


@pytest.fixture
def validator_key(key_of):
    return key_of("validator")


@pytest.fixture
async def client(validator_key):
    transport = HttpTransport()
    yield Client(RequestSigner(validator_key, SystemClock()), transport, SystemClock())
    await transport.close()


@pytest.fixture
async def peer(key_of, validator_key):
    """A serving bigram miner, which knows the validator."""
    key, clock, miner = key_of("miner"), SystemClock(), make_miner("bigram", 1, {})
    await miner.start(None)
    caller = Neuron(1, validator_key.ss58_address, "cold", 0, True, 0, 0.0, 0.0, None)
    admission = Admission(min_stake_rao=1)
    admission.update(Metagraph(1, 1, 1, 0, "owner", RULES, (caller,)))
    service = Service(
        miner,
        hotkey=key,
        verifier=RequestVerifier(key.ss58_address, clock),
        admission=admission,
        limit=CallerLimit(clock, per_second=1000, burst=1000),
        gate=Gate(running=8, queued=64),
    )
    async with NeuronServer(service, clock, host="127.0.0.1", port=0, about={}, drain_s=0.1) as server:
        yield Neuron(0, key.ss58_address, "cold", 0, False, 0, 0.0, 0.0, server.endpoint)


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
