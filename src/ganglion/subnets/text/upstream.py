"""A miner which asks an OpenAI-compatible server: vLLM, Ollama, llama.cpp, or a paid service.

The server's address, its model and the way of asking are the operator's; its key comes from the environment
(`GANGLION_UPSTREAM_KEY`), never from the command line. Whatever the server does, a caller waits a bounded
time for a bounded answer.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from ganglion.neuron.miner import Caller, Surroundings
from ganglion.subnets.text.generation import TextMiner, last_piece
from ganglion.subnets.text.kinds import BackendKind
from ganglion.subnets.text.task import MAX_CHARACTERS, CompleteRequest, FinishReason, Piece
from ganglion.subnets.text.words import tokens

KEY_VARIABLE = "GANGLION_UPSTREAM_KEY"
CONTINUE = "Continue the text. Answer with nothing but its continuation, in the same style."
"""What a chat model is told before a prompt which is no conversation."""

_DATA = "data:"
_MAX_LINE = 64 * 1024  # characters of one event
_MAX_EVENTS = 8 * 1024
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)

Api = Literal["chat", "completions"]


class UpstreamFailed(Exception):
    """The server refused, broke off, or said what is no completion. The message never has the key."""


@dataclass(frozen=True, slots=True)
class UpstreamSettings:
    """`url` is the server's base, as OpenAI's client takes it ("http://127.0.0.1:11434/v1"); `model` its name
    of the model. Conversations always go to its chat; prompts go to its completions, or as a conversation
    where `api` is "chat".
    """

    url: str
    model: str
    api: Api = "completions"
    key: str | None = None


class UpstreamMiner(TextMiner):
    """Passes requests on, and the answers back piece by piece."""

    kind = BackendKind.UPSTREAM

    def __init__(self, settings: UpstreamSettings) -> None:
        self._settings = settings

    async def start(self, surroundings: Surroundings) -> None:
        """Open the connections."""
        key = self._settings.key
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.AsyncClient(base_url=self._settings.url, headers=headers, timeout=_TIMEOUT)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def stream(self, request: CompleteRequest, caller: Caller) -> AsyncIterator[Piece]:
        """The server's own stream. Raises: UpstreamFailed."""
        path, body = asked(request, self._settings)
        reading = _Reading(len(tokens(request.context)))
        try:
            async with self._http.stream("POST", path, json=body) as response:
                if response.status_code != httpx.codes.OK:
                    raise UpstreamFailed(f"{path} answered {response.status_code}")
                async for event in _events(response):
                    if text := reading.text(event):
                        yield Piece(text=text)
        except httpx.HTTPError as error:
            raise UpstreamFailed(f"{path}: {type(error).__name__}") from error
        yield reading.last()


def asked(request: CompleteRequest, settings: UpstreamSettings) -> tuple[str, Mapping[str, object]]:
    """Path and body which ask the server for `request`."""
    body: dict[str, object] = {
        "model": settings.model,
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.seed is not None:
        body["seed"] = request.seed
    if request.stop:
        body["stop"] = list(request.stop)
    if request.messages is not None:
        return "chat/completions", body | {"messages": [turn.model_dump() for turn in request.messages]}
    if settings.api == "chat":
        turns = [{"role": "system", "content": CONTINUE}, {"role": "user", "content": request.prompt}]
        return "chat/completions", body | {"messages": turns}
    return "completions", body | {"prompt": request.prompt}


class _Reading:
    """What was read of one answer so far."""

    def __init__(self, prompt_tokens: int) -> None:
        self._prompt_tokens = prompt_tokens
        self._completion_tokens = 0
        self._characters = 0
        self._reason: FinishReason | None = None

    def text(self, event: Mapping[str, Any]) -> str:
        """The text which `event` brings. Raises: UpstreamFailed."""
        try:
            if "error" in event:
                raise UpstreamFailed("the server reported an error while it answered")
            if usage := event.get("usage"):
                self._prompt_tokens = int(usage["prompt_tokens"])
                self._completion_tokens = int(usage["completion_tokens"])
            if not event["choices"]:
                return ""
            choice = event["choices"][0]
            if choice.get("finish_reason"):
                self._reason = "length" if choice["finish_reason"] == "length" else "stop"
            text = (choice["delta"].get("content") if "delta" in choice else choice["text"]) or ""
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise UpstreamFailed("an event which is no part of a completion") from error
        if not isinstance(text, str):
            raise UpstreamFailed("a text which is none")
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS:
            raise UpstreamFailed(f"an answer of more than {MAX_CHARACTERS} characters")
        # A server which tells no usage sends about a token an event.
        self._completion_tokens += bool(text) and "usage" not in event
        return text

    def last(self) -> Piece:
        """The piece which ends the stream. Raises: UpstreamFailed where the server broke off."""
        if self._reason is None:
            raise UpstreamFailed("the answer broke off")
        return last_piece(self._reason, self._prompt_tokens, self._completion_tokens)


async def _events(response: httpx.Response) -> AsyncIterator[Mapping[str, Any]]:
    """The server-sent events of `response` up to its end mark. Raises: UpstreamFailed."""
    count = 0
    async for line in _lines(response):
        data = line.removeprefix(_DATA).strip()
        if not line.startswith(_DATA) or not data:
            continue
        if data == "[DONE]":
            return
        count += 1
        try:
            event = json.loads(data)
        except ValueError as error:
            raise UpstreamFailed("an event which is no JSON") from error
        if not isinstance(event, dict) or count > _MAX_EVENTS:
            raise UpstreamFailed("no stream of completions")
        yield event


async def _lines(response: httpx.Response) -> AsyncIterator[str]:
    """Lines of bounded length: httpx's own would wait for an end of line without limit."""
    held = ""
    async for text in response.aiter_text():
        *lines, held = (held + text).split("\n")
        if len(held) > _MAX_LINE:
            raise UpstreamFailed(f"a line of more than {_MAX_LINE} characters")
        for line in lines:
            yield line.rstrip("\r")
    if held:
        yield held
