"""OpenAI's answers: a completion or a chat completion, whole or in chunks.

`system_fingerprint`, which with OpenAI tells the back end, is the hotkey of the miner that answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ganglion.subnets.text.task import CompleteRequest

_BYTES_A_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the market counts and charges them: four bytes of UTF-8 each, rounded up, and never more out
    than the customer asked for. Miners' own counts differ with their models, and nobody could check them.
    """

    prompt: int
    completion: int

    @classmethod
    def of(cls, request: CompleteRequest, text: str) -> Usage:
        """Of an answer `text` to `request`."""
        return cls(counted(request.context), min(counted(text), request.max_tokens))

    def json(self) -> dict[str, int]:
        """OpenAI's `usage`."""
        return {
            "prompt_tokens": self.prompt,
            "completion_tokens": self.completion,
            "total_tokens": self.prompt + self.completion,
        }


def counted(text: str) -> int:
    """How many tokens `text` is charged as."""
    return -(-len(text.encode()) // _BYTES_A_TOKEN)


@dataclass(frozen=True, slots=True)
class Shape:
    """How one answer is told. `created` is Unix time in seconds, `id` the request's."""

    id: str
    created: int
    model: str
    hotkey: str
    chats: bool

    def whole(self, text: str, finish_reason: str, usage: Usage) -> dict[str, Any]:
        """The answer at once."""
        said = {"message": {"role": "assistant", "content": text, "refusal": None}}
        choice = said if self.chats else {"text": text}
        kind = "chat.completion" if self.chats else "text_completion"
        return self._object(kind, [self._choice(choice, finish_reason)]) | {"usage": usage.json()}

    def opening(self) -> dict[str, Any] | None:
        """The first chunk, which says who speaks; only in chats."""
        return self._chunk({"delta": {"role": "assistant", "content": ""}}, None) if self.chats else None

    def piece(self, text: str) -> dict[str, Any]:
        """The chunk of the next piece of text."""
        return self._chunk({"delta": {"content": text}} if self.chats else {"text": text}, None)

    def closing(self, finish_reason: str) -> dict[str, Any]:
        """The chunk which says why the text ended."""
        return self._chunk({"delta": {}} if self.chats else {"text": ""}, finish_reason)

    def usage(self, usage: Usage) -> dict[str, Any]:
        """The chunk after the last, for those who want it."""
        return self._object(self._chunked, []) | {"usage": usage.json()}

    @property
    def _chunked(self) -> str:
        return "chat.completion.chunk" if self.chats else "text_completion"

    def _chunk(self, choice: dict[str, Any], finish_reason: str | None) -> dict[str, Any]:
        return self._object(self._chunked, [self._choice(choice, finish_reason)])

    def _choice(self, said: dict[str, Any], finish_reason: str | None) -> dict[str, Any]:
        return {"index": 0, **said, "logprobs": None, "finish_reason": finish_reason}

    def _object(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "system_fingerprint": self.hotkey,
            "choices": choices,
        }
