"""Miners as processes of their own, one of which is killed while it streams."""

import asyncio
import json
import sys
from pathlib import Path

import openai
import pytest
from bittensor import Wallet

from ganglion.neuron.protocols import Endpoint
from market_on_loopback import MARKET

MODEL = "ganglion/text"
HELLO = [{"role": "user", "content": "The history of the"}]


@pytest.fixture
async def start(town, tmp_path):
    """Start `ganglion neuron miner` and publish it once it listens."""
    admitted = tmp_path / "whitelist"
    admitted.write_text(MARKET.ss58_address)
    processes = []

    async def run(subnet, kind, **fields):
        Wallet(name=kind, hotkey="default", path=str(tmp_path)).create_new_hotkey(suppress=True)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ganglion", "neuron", "miner", "--subnet", subnet, "--kind", kind,
            "--netuid", "1", "--wallet-path", str(tmp_path), "--wallet-name", kind, "--port", "0",
            "--chain", "ws://127.0.0.1:1", "--whitelist", str(admitted), "--bind", "127.0.0.1",
            "--external-ip", "10.0.0.1",
            cwd=Path(__file__).parent,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        processes.append(process)
        ready = json.loads(await process.stdout.readline())
        axon = Endpoint("127.0.0.1", int(ready["url"].rpartition(":")[2]))
        neuron = town.chain.publish("text", ready["hotkey"], axon, **fields)
        await town.look()
        return process, neuron

    yield run
    for process in processes:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_a_miner_killed_in_its_stream_ends_it_cleanly_and_another_serves_the_next_call(town, start):
    process, _ = await start("hesitant:PACKAGE", "hesitant", incentive=1.0)
    _, other = await start("text", "bigram", incentive=0.1)
    customer = town.customer()
    stream = await customer.chat.completions.create(model=MODEL, messages=HELLO, stream=True)
    assert [(await anext(stream)).choices[0].delta.content for _ in range(3)] == ["", "Well", ", "]
    process.kill()
    with pytest.raises(openai.APIError) as caught:
        await anext(stream)
    assert caught.value.code == "stream_broken"

    answer = await customer.chat.completions.create(model=MODEL, messages=HELLO, max_tokens=8)
    assert answer.system_fingerprint == other.hotkey
    assert answer.choices[0].message.content
    stream = await customer.chat.completions.create(model=MODEL, messages=HELLO, stream=True, max_tokens=8)
    chunks = [chunk async for chunk in stream]
    assert {chunk.system_fingerprint for chunk in chunks} == {other.hotkey}
    assert chunks[-1].choices[0].finish_reason in {"stop", "length"}


async def test_a_miner_killed_before_its_first_word_is_replaced_within_the_call(town, start):
    process, _ = await start("hesitant:PACKAGE", "hesitant", incentive=1.0)
    _, other = await start("text", "bigram", incentive=0.1)
    customer = town.customer()
    process.kill()
    await process.wait()
    stream = await customer.chat.completions.create(model=MODEL, messages=HELLO, stream=True, max_tokens=8)
    assert {chunk.system_fingerprint async for chunk in stream} == {other.hotkey}


async def test_a_whole_answer_is_finished_by_another_when_its_miner_is_killed(town, start):
    process, first = await start("hesitant:PACKAGE", "hesitant", incentive=1.0)
    _, other = await start("text", "bigram", incentive=0.1)
    asking = asyncio.create_task(
        town.customer().chat.completions.create(model=MODEL, messages=HELLO, max_tokens=8)
    )
    while not town.records().of(first.hotkey).in_flight:
        await asyncio.sleep(0)
    process.kill()
    assert (await asking).system_fingerprint == other.hotkey
