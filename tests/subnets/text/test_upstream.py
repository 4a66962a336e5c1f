"""Against a real HTTP server which speaks OpenAI's protocol, and against some which do not."""

import json
import socket

import pytest
from aiohttp import web

from ganglion.neuron.miner import Caller
from ganglion.subnets.text.task import MAX_CHARACTERS, ChatMessage, CompleteRequest
from ganglion.subnets.text.upstream import UpstreamFailed, UpstreamMiner, UpstreamSettings

CALLER = Caller("hotkey", 0, True)
REQUEST = CompleteRequest(prompt="Once upon", max_tokens=9, temperature=0.5, seed=4, stop=("END",))


def event(body):
    return f"data: {json.dumps(body)}\n\n".encode()


def completion(text, *, reason=None):
    return event({"choices": [{"index": 0, "text": text, "finish_reason": reason}]})


def chunk(text, *, reason=None):
    delta = {"content": text} if text else {"role": "assistant"}
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})


USAGE = event({"choices": [], "usage": {"prompt_tokens": 2, "completion_tokens": 21}})
DONE = b"data: [DONE]\n\n"


class Upstream:
    """Answers every request with `parts`, and keeps what it was asked."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.status = 200
        self.asked: list[tuple[str, dict, str | None]] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, await request.json(), request.headers.get("authorization")))
        response = web.StreamResponse(status=self.status, headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        for part in self.parts:
            await response.write(part)
        return response


@pytest.fixture
async def upstream():
    upstream, app = Upstream(), web.Application()
    app.router.add_post("/v1/{path:.*}", upstream.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    upstream.url = f"http://{host}:{port}/v1"
    yield upstream
    await runner.cleanup()


@pytest.fixture
async def miner_for():
    started = []

    async def start(url, **settings):
        miner = UpstreamMiner(UpstreamSettings(url, "tiny", **settings))
        await miner.start(None)
        started.append(miner)
        return miner

    yield start
    for miner in started:
        await miner.close()


async def test_a_prompt_goes_to_completions_with_all_its_wishes(upstream, miner_for):
    upstream.parts = [completion(" a"), completion(" time", reason="length"), USAGE, DONE]
    answer = await (await miner_for(upstream.url, key="secret")).answer(REQUEST, CALLER)
    assert (answer.text, answer.finish_reason) == (" a time", "length")
    assert (answer.prompt_tokens, answer.completion_tokens) == (2, 21)
    ((path, body, authorization),) = upstream.asked
    assert (path, authorization) == ("/v1/completions", "Bearer secret")
    wishes = {"prompt": "Once upon", "max_tokens": 9, "temperature": 0.5, "seed": 4, "stop": ["END"]}
    assert body.items() >= {"model": "tiny", "stream": True, **wishes}.items()


async def test_a_conversation_goes_to_chat(upstream, miner_for):
    upstream.parts = [chunk(""), chunk("Hello"), chunk(" there"), chunk("", reason="stop"), DONE]
    turns = (ChatMessage(role="user", content="Hi"),)
    answer = await (await miner_for(upstream.url)).answer(CompleteRequest(messages=turns), CALLER)
    assert (answer.text, answer.finish_reason, answer.completion_tokens) == ("Hello there", "stop", 2)
    ((path, body, authorization),) = upstream.asked
    assert (path, authorization) == ("/v1/chat/completions", None)
    assert body["messages"] == [{"role": "user", "content": "Hi"}]


async def test_a_prompt_becomes_a_conversation_where_the_server_only_chats(upstream, miner_for):
    upstream.parts = [chunk("!", reason="stop"), DONE]
    await (await miner_for(upstream.url, api="chat")).answer(REQUEST, CALLER)
    ((path, body, _),) = upstream.asked
    assert path == "/v1/chat/completions"
    assert body["messages"][-1] == {"role": "user", "content": "Once upon"}


async def test_pieces_come_as_the_server_sends_them(upstream, miner_for):
    upstream.parts = [completion(" a"), completion(" time", reason="stop"), DONE]
    miner = await miner_for(upstream.url)
    pieces = [piece async for piece in miner.stream(REQUEST, CALLER)]
    assert [piece.text for piece in pieces] == [" a", " time", ""]
    assert pieces[-1].finish_reason == "stop"


async def test_events_are_read_however_they_are_cut(upstream, miner_for):
    whole = b": hello\r\n\r\n" + completion(" é", reason="stop").replace(b"\n", b"\r\n") + DONE
    upstream.parts = [whole[at : at + 7] for at in range(0, len(whole), 7)]
    assert (await (await miner_for(upstream.url)).answer(REQUEST, CALLER)).text == " é"


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [DONE],
        [completion(" a")],
        [completion(" a"), DONE],
        [b"<html>busy</html>"],
        [b"data: {broken\n\n"],
        [b"data: []\n\n"],
        [event({"error": {"message": "overloaded"}})],
        [event({"choices": 5})],
        [event({"choices": [{"text": 7}]})],
        [event({"choices": [], "usage": {"prompt_tokens": "many"}})],
        [completion("x" * (MAX_CHARACTERS + 1), reason="stop")],
        [completion("x" * 1000)] * (MAX_CHARACTERS // 1000 + 1),
        [b"data: " + b"x" * 1_000_000],
    ],
)
async def test_what_is_no_completion_is_a_clear_fault(upstream, miner_for, parts):
    upstream.parts = parts
    miner = await miner_for(upstream.url)
    with pytest.raises(UpstreamFailed):
        await miner.answer(REQUEST, CALLER)


@pytest.mark.parametrize("status", [401, 404, 429, 500, 302])
async def test_a_refusal_is_a_fault_which_names_the_status_and_not_the_key(upstream, miner_for, status):
    upstream.status = status
    miner = await miner_for(upstream.url, key="secret")
    with pytest.raises(UpstreamFailed, match=str(status)) as failed:
        await miner.answer(REQUEST, CALLER)
    assert "secret" not in str(failed.value)


async def test_a_server_which_is_not_there_is_a_fault(miner_for):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        miner = await miner_for(f"http://127.0.0.1:{free.getsockname()[1]}/v1")
        with pytest.raises(UpstreamFailed, match="Connect"):
            await miner.answer(REQUEST, CALLER)
