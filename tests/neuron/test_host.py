import asyncio
import json

import httpx
import pytest

from ganglion.neuron.auth import RequestSigner
from ganglion.neuron.client import Answer, Client
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.errors import CheckpointInvalid
from ganglion.neuron.host import MinerSettings, run_miner, run_validator
from ganglion.neuron.protocols import Endpoint
from ganglion.neuron.report import Ready, RoundScored, Serving
from ganglion.neuron.transport import HttpTransport
from ganglion.neuron.validator import NOTHING, Challenge, Grade, Validator
from ganglion.neuron.validator_loop import ValidatorSettings


class Hearing:
    """A reporter which lets a test wait for an event."""

    def __init__(self):
        self.queue = asyncio.Queue()

    def report(self, event):
        self.queue.put_nowait(event)

    async def next(self, kind):
        while True:
            event = await asyncio.wait_for(self.queue.get(), 30)
            if isinstance(event, kind):
                return event


@pytest.fixture
def hearing():
    return Hearing()


@pytest.fixture
async def miner(tenth, bob, chain_of, hearing):
    """Bob's miner as a running task."""
    tenth.life = []

    async def start(surroundings):
        tenth.life.append("start")
        tenth.surroundings = surroundings

    async def close():
        tenth.life.append("close")

    tenth.start, tenth.close = start, close
    running = asyncio.create_task(
        run_miner(
            tenth,
            MinerSettings(netuid=1, published_ip="127.0.0.1", host="127.0.0.1", port=0, interval_s=0.01),
            bob,
            chain=chain_of(bob.ss58_address),
            transport=HttpTransport(),
            clock=SystemClock(),
            reporter=hearing,
        )
    )
    yield running
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_miner_starts_listens_publishes_answers_and_closes(miner, tenth, ledger, hearing, alice, bob):
    ledger.register(alice.ss58_address, permit=True)
    ledger.register(bob.ss58_address)
    ready = await hearing.next(Ready)
    await hearing.next(Serving)
    neuron = ledger.metagraph().by_hotkey(bob.ss58_address)
    assert ready.url == neuron.axon.url
    transport = HttpTransport()
    client = Client(RequestSigner(alice, SystemClock()), transport, SystemClock())
    outcome = await client.ask(neuron, tenth.task, tenth.task.request(value=5))
    assert isinstance(outcome, Answer)
    assert outcome.value.value == 2
    await transport.close()
    assert tenth.life == ["start"]
    miner.cancel()
    await asyncio.gather(miner, return_exceptions=True)
    assert tenth.life == ["start", "close"]


async def test_the_health_of_a_miner_tells_what_it_is(miner, hearing, bob):
    ready = await hearing.next(Ready)
    async with httpx.AsyncClient(trust_env=False) as http:
        told = json.loads((await http.get(ready.url + "/health")).content)
    assert told == {"status": "ok", "hotkey": bob.ss58_address, "task": "tenth", "kind": "tenth"}


async def test_a_miner_which_lost_its_uid_publishes_itself_under_the_next(miner, ledger, hearing, bob):
    ledger.register(bob.ss58_address)
    assert (await hearing.next(Serving)).uid == 0
    ledger.change(bob.ss58_address, hotkey="replaced")
    ledger.register(bob.ss58_address)
    assert (await hearing.next(Serving)).uid == 1


async def test_a_miner_knows_its_peers(miner, tenth, ledger, hearing, bob):
    ledger.register(bob.ss58_address)
    ledger.register("other", axon=Endpoint("10.0.0.9", 1))
    await hearing.next(Serving)
    assert [peer.hotkey for peer in tenth.surroundings.peers()] == ["other"]


@pytest.fixture
def validator_class(tenth):
    class TenthValidator(Validator):
        task = tenth.task
        key = tenth.task.request

        def challenges(self, miners, draw):
            return [Challenge(self.task.request(value=5), self.key(value=2)) for _ in miners]

        def grades(self, cases, truth):
            return [Grade(1.0, 1.0) if case.answer == case.challenge.key else NOTHING for case in cases]

    return TenthValidator


async def test_a_validator_and_a_miner_find_each_other(
    miner, validator_class, ledger, hearing, chain_of, alice, bob, tmp_path
):
    ledger.register(alice.ss58_address, permit=True)
    ledger.register(bob.ss58_address)
    await hearing.next(Serving)
    running = asyncio.create_task(validate(validator_class, chain_of, hearing, alice, tmp_path))
    scored = await hearing.next(RoundScored)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [(each.hotkey, each.quality, each.outcome) for each in scored.miners] == [
        (bob.ss58_address, 1.0, "ok")
    ]


async def test_a_broken_checkpoint_stops_a_validator_before_it_asks(
    validator_class, hearing, chain_of, alice, tmp_path
):
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(CheckpointInvalid):
        await validate(validator_class, chain_of, hearing, alice, tmp_path)
    assert hearing.queue.empty()


async def validate(validator_class, chain_of, hearing, key, directory):
    await run_validator(
        validator_class(),
        ValidatorSettings(interval_s=0.05),
        key,
        netuid=1,
        seed=1,
        checkpoint=directory / "state.json",
        chain=chain_of(key.ss58_address),
        transport=HttpTransport(),
        clock=SystemClock(),
        reporter=hearing,
    )
