"""Miners which fail, lie, dawdle or die: the customer gets an answer or a clear error; the miner rests."""

import asyncio
import json

import openai
import pytest
from aiohttp import web
from bittensor.keyfiles import Keypair

from ganglion.neuron.auth import SIGNATURE_HEADER
from ganglion.neuron.client import Fault
from ganglion.neuron.protocols import Endpoint
from ganglion.neuron.signature import HEADER, end_line, sign_answer
from market_on_loopback import Speaker

MODEL = "ganglion/text"
HELLO = [{"role": "user", "content": "Hello"}]
GOOD = json.dumps({"text": "x", "finish_reason": "stop", "prompt_tokens": 1, "completion_tokens": 1}).encode()
STRANGER = Keypair.create_from_uri("//Stranger")
NOBODY = Endpoint("127.0.0.1", 1)


def says(body, *, signer=None, status=200, kind="application/json"):
    """A peer which always answers `body`, signed by itself or another."""

    async def handle(request, hotkey):
        signature = sign_answer(signer or hotkey, request.headers[SIGNATURE_HEADER], 200, body)
        return web.Response(status=status, body=body, headers={HEADER: signature}, content_type=kind)

    return handle


def streams(*lines, ends=True, signer=None):
    """A peer which streams `lines`, and then its signature, or nothing, or silence until it is left."""

    async def handle(request, hotkey):
        response = web.StreamResponse()
        await response.prepare(request)
        for line in lines:
            await response.write(line)
        if ends:
            asked = request.headers[SIGNATURE_HEADER]
            await response.write(end_line(sign_answer(signer or hotkey, asked, 200, b"".join(lines))))
        return response

    return handle


async def hangs(_request, _hotkey):
    await asyncio.Event().wait()


PIECE = b'{"text": "Hello"}\n'
LAST = b'{"finish_reason": "stop", "prompt_tokens": 1, "completion_tokens": 1}\n'

BAD_ANSWERS = [
    pytest.param(says(b'{"text": "x", "completion_tokens": NaN}'), Fault.MALFORMED, id="NaN"),
    pytest.param(says(b"x" * 10_000_000), Fault.OVERSIZED, id="10 MB"),
    pytest.param(says(b"<html>", kind="text/html"), Fault.MALFORMED, id="HTML"),
    pytest.param(says(GOOD, signer=STRANGER), Fault.UNSIGNED, id="another's signature"),
    pytest.param(says(GOOD, status=500), Fault.REFUSED, id="500"),
    pytest.param(says(GOOD, status=302), Fault.REFUSED, id="redirect"),
]


@pytest.mark.parametrize(("bad", "fault"), BAD_ANSWERS)
async def test_a_bad_answer_is_replaced_by_another_miners(town, bad, fault):
    liar = await town.peer(bad, incentive=1.0)
    await town.miner(Speaker("Hello"), incentive=0.1)
    answer = await town.customer().chat.completions.create(model=MODEL, messages=HELLO)
    assert answer.choices[0].message.content == "Hello"
    assert town.records().of(liar.hotkey).last_fault is fault


@pytest.mark.parametrize(("bad", "fault"), BAD_ANSWERS)
async def test_where_every_miner_fails_the_customer_is_told_and_pays_nothing(town, bad, fault):
    await town.peer(bad)
    with pytest.raises(openai.InternalServerError) as caught:
        await town.customer().chat.completions.create(model=MODEL, messages=HELLO)
    assert (caught.value.status_code, caught.value.code) == (502, "miners_failed")
    assert str(fault) in caught.value.message
    (use,) = town.ledger.uses(limit=5)
    assert (use.outcome, use.hotkey, use.price_rao) == ("miners_failed", None, 0)


async def test_without_miners_the_answer_is_503(town):
    with pytest.raises(openai.InternalServerError) as caught:
        await town.customer().chat.completions.create(model=MODEL, messages=HELLO)
    assert (caught.value.status_code, caught.value.code) == (503, "no_miner")


async def test_a_miner_which_hangs_is_overtaken_by_another(town):
    await town.peer(hangs, incentive=1.0)
    speaker = await town.miner(Speaker("Hello"), incentive=0.1)
    slow = town.records()
    for neuron in town.chain.neurons[1]:
        for _ in range(8):  # both are known to be quick
            slow.of(neuron.hotkey).whole.note(0.001)
            slow.of(neuron.hotkey).first.note(0.001)
    customer = town.customer()
    answer = await customer.chat.completions.create(model=MODEL, messages=HELLO)
    assert answer.system_fingerprint == speaker.hotkey
    stream = await customer.completions.create(model=MODEL, prompt="Hi", stream=True)
    assert {chunk.system_fingerprint async for chunk in stream} == {speaker.hotkey}


async def test_a_miner_which_failed_rests_while_others_serve(town):
    town.chain.publish("text", STRANGER.ss58_address, NOBODY, incentive=1.0)
    await town.miner(Speaker("Hello"), incentive=0.1)
    customer = town.customer()
    for _ in range(5):
        await customer.chat.completions.create(model=MODEL, messages=HELLO)
    assert town.records().of(STRANGER.ss58_address).failed == 1


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(streams(PIECE, ends=False), id="no end"),
        pytest.param(streams(PIECE, LAST, signer=STRANGER), id="another's signature"),
        pytest.param(streams(PIECE), id="no last piece"),
        pytest.param(streams(PIECE, b"<html>\n"), id="HTML"),
        pytest.param(streams(PIECE, b'{"text": NaN}\n'), id="NaN"),
        pytest.param(streams(*[PIECE] * 100_000), id="too long"),
    ],
)
async def test_a_stream_which_breaks_ends_with_an_error_and_is_free(town, bad):
    liar = await town.peer(bad)
    seen = []
    stream = await town.customer().chat.completions.create(model=MODEL, messages=HELLO, stream=True)
    with pytest.raises(openai.APIError) as caught:
        async for chunk in stream:
            seen.append(chunk.choices[0])
    assert caught.value.code == "stream_broken"
    assert seen[1].delta.content == "Hello"
    assert all(choice.finish_reason is None for choice in seen)
    assert town.records().of(liar.hotkey).failed == 1
    (use,) = town.ledger.uses(limit=5)
    assert (use.outcome, use.units_in, use.units_out, use.price_rao) == ("broken", 0, 0, 0)


@pytest.mark.parametrize("bad", [streams(b"<html>\n"), streams(), says(b"", status=503)])
async def test_a_stream_which_breaks_before_its_first_piece_is_taken_over(town, bad):
    await town.peer(bad, incentive=1.0)
    speaker = await town.miner(Speaker("Hello"), incentive=0.1)
    stream = await town.customer().chat.completions.create(model=MODEL, messages=HELLO, stream=True)
    assert {chunk.system_fingerprint async for chunk in stream} == {speaker.hotkey}


async def test_where_no_stream_begins_the_refusal_has_its_status(town):
    await town.peer(says(b"", status=503))
    with pytest.raises(openai.InternalServerError) as caught:
        await town.customer().chat.completions.create(model=MODEL, messages=HELLO, stream=True)
    assert caught.value.status_code == 502


async def test_while_the_chain_is_away_the_miners_stay_known(town):
    await town.miner(Speaker("Hello"))
    town.chain.down = True
    answer = await town.customer().chat.completions.create(model=MODEL, messages=HELLO)
    assert answer.choices[0].message.content == "Hello"


async def test_what_cannot_be_metered_is_answered_all_the_same_and_logged(town, caplog):
    await town.miner(Speaker("Hello"))
    customer = town.customer()
    town.database.execute("DROP TABLE usage")
    for _ in range(2):
        answer = await customer.chat.completions.create(model=MODEL, messages=HELLO)
        assert answer.choices[0].message.content == "Hello"
    assert "not metered" in caplog.text
    assert not town.database.in_transaction
