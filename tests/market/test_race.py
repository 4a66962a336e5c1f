"""Several miners asked for one stream."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from ganglion.market.race import first_to_speak
from ganglion.neuron.client import Fault
from ganglion.neuron.streaming import StreamBroken
from ganglion.subnets.text.task import CompleteRequest
from market_on_loopback import Speaker

REQUEST = CompleteRequest(prompt="Hello")


@pytest.fixture
def client(town):
    return town.stalls.brokers["text"].client


async def said(speaking):
    async with aclosing(speaking.rest) as rest:
        return [speaking.first.text, *[piece.text async for piece in rest if piece.text]]


async def heard_of(client, neurons):
    async with first_to_speak(client, neurons, REQUEST, after_s=0.0) as speaking:
        return await said(speaking)


async def test_the_first_to_speak_is_heard_and_the_others_are_broken_off(town, client):
    never = asyncio.Semaphore(0)
    silent = await town.miner(Speaker("never", gate=never))
    quick = await town.miner(Speaker("Hello", " world"))
    async with first_to_speak(client, [silent, quick], REQUEST, after_s=0.0) as speaking:
        assert speaking.neuron == quick
        assert town.records().of(silent.hotkey).in_flight == 0
        assert await said(speaking) == ["Hello", " world"]
    assert town.records().of(silent.hotkey).failed == 0
    assert town.records().of(quick.hotkey).answered == 1


async def test_a_patient_market_asks_one_miner_only(town, client):
    first, second = Speaker("Hello"), Speaker("Hello")
    neurons = [await town.miner(first), await town.miner(second)]
    async with first_to_speak(client, neurons, REQUEST, after_s=60.0) as speaking:
        assert await said(speaking) == ["Hello"]
    assert (len(first.asked), len(second.asked)) == (1, 0)


async def test_when_both_speak_at_once_one_is_heard_and_nothing_stays_open(town, client):
    gate = asyncio.Semaphore(0)
    speakers = [Speaker("Hello", gate=gate), Speaker("Hello", gate=gate)]
    neurons = [await town.miner(speaker) for speaker in speakers]
    for times in range(1, 21):
        async with asyncio.TaskGroup() as group:
            heard = group.create_task(heard_of(client, neurons))
            while [len(speaker.asked) for speaker in speakers] != [times, times]:
                await asyncio.sleep(0)
            gate.release()
            gate.release()
        assert heard.result() == ["Hello"]
        assert [town.records().of(neuron.hotkey).in_flight for neuron in neurons] == [0, 0]


async def test_where_nobody_speaks_the_last_failure_is_told(town, client):
    neurons = [await town.miner(Speaker("x")) for _ in range(2)]
    gone = [replace(neuron, axon=None) for neuron in neurons]
    with pytest.raises(StreamBroken) as caught:
        async with first_to_speak(client, gone, REQUEST, after_s=60.0):
            pass
    assert caught.value.fault is Fault.NOT_SERVING
    assert [town.records().of(neuron.hotkey).failed for neuron in neurons] == [1, 1]


async def test_nobody_to_ask_is_a_mistake_of_the_caller(client):
    with pytest.raises(ValueError, match="nobody"):
        async with first_to_speak(client, [], REQUEST, after_s=0.0):
            pass
