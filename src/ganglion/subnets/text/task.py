"""The messages of the text subnet: a prompt or a conversation out, its continuation back, all bounded.

Fields have the names and meanings of OpenAI's completions, so that a market can pass requests on.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ganglion.neuron.task import Message, Task

MAX_TOKENS = 512
MAX_CHARACTERS = 16_000
"""Of a prompt, of a message, and of an answer."""
MAX_MESSAGES = 64

FinishReason = Literal["stop", "length"]
Count = Annotated[int, Field(ge=0, le=10**6)]


class ChatMessage(Message):
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: Annotated[str, Field(max_length=MAX_CHARACTERS)]


class CompleteRequest(Message):
    """What to continue: either `prompt` or `messages`.

    `max_tokens` are tokens of the miner's own model. `temperature` 0 asks for the likeliest text, `top_p`
    leaves out the least likely tokens of each step; the same `seed` asks for the same text. The answer ends
    before the first of the texts in `stop`.
    """

    prompt: Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS)] | None = None
    messages: Annotated[tuple[ChatMessage, ...], Field(min_length=1, max_length=MAX_MESSAGES)] | None = None
    max_tokens: Annotated[int, Field(ge=1, le=MAX_TOKENS)] = 128
    temperature: Annotated[float, Field(ge=0, le=2)] = 1.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    seed: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    stop: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=64)], ...], Field(max_length=4)] = ()

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.prompt is None) == (self.messages is None):
            raise ValueError("either prompt or messages")
        return self

    @property
    def context(self) -> str:
        """What is continued, as one text."""
        if self.prompt is not None:
            return self.prompt
        return "\n".join(message.content for message in self.messages or ())


class Completion(Message):
    """The continuation, why it ended, and how many tokens the miner's model read and wrote."""

    text: Annotated[str, Field(max_length=MAX_CHARACTERS)]
    finish_reason: FinishReason
    prompt_tokens: Count
    completion_tokens: Count


class Piece(Message):
    """The next part of a streamed continuation. The last piece has everything but `text` set."""

    text: Annotated[str, Field(max_length=MAX_CHARACTERS)] = ""
    finish_reason: FinishReason | None = None
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None


TASK: Task[CompleteRequest, Completion] = Task(
    name="text",
    path="/complete",
    request=CompleteRequest,
    answer=Completion,
    max_request=128 * 1024,
    max_answer=128 * 1024,
    timeout_s=10.0,
    piece=Piece,
)
