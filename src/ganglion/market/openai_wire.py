"""OpenAI's requests for text, as far as miners can fulfil them, and as the text subnet's request.

Fields which would change the answer but which no miner knows (tools, several choices, log probabilities, ...)
are accepted only with the value which asks for nothing; whatever else is unknown is refused by its name.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from ganglion.market.errors import invalid, unfitting
from ganglion.neuron.task import Message
from ganglion.subnets.text.task import ChatMessage, CompleteRequest

Zero = Annotated[float, Field(ge=0, le=0)]
Empty = Annotated[tuple[()], Field()]


class StreamOptions(Message):
    """`include_usage` asks for a last chunk with the number of tokens."""

    include_usage: bool | None = None
    include_obfuscation: bool | None = None


class _Sampling(Message):
    """What both ways of asking share."""

    model: str
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: str | tuple[str, ...] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    user: str | None = None
    n: Literal[1] | None = None
    frequency_penalty: Zero | None = None
    presence_penalty: Zero | None = None
    logit_bias: Annotated[dict[str, float], Field(max_length=0)] | None = None

    @property
    def wants_usage(self) -> bool:
        """Whether a stream shall end with the number of tokens."""
        return self.stream_options is not None and bool(self.stream_options.include_usage)

    def _sampling(self) -> dict[str, Any]:
        stop = (self.stop,) if isinstance(self.stop, str) else self.stop
        wanted = {
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "seed": self.seed,
            "stop": stop,
        }
        return {name: value for name, value in wanted.items() if value is not None}


class TextPart(Message):
    """A part of a message's content. Miners read text only."""

    type: Literal["text"]
    text: str


class Turn(Message):
    """One message. The fields without a use are what clients copy from earlier answers."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | tuple[TextPart, ...]
    name: str | None = None
    refusal: None = None
    audio: None = None
    function_call: None = None
    tool_calls: None = None
    annotations: Empty | None = None

    def message(self) -> ChatMessage:
        """As the subnet's message."""
        text = self.content
        return ChatMessage(
            role="system" if self.role == "developer" else self.role,
            content=text if isinstance(text, str) else "\n".join(part.text for part in text),
        )


class ResponseFormat(Message):
    """Miners answer in text only."""

    type: Literal["text"]


class ChatCompletionRequest(_Sampling):
    """POST /v1/chat/completions."""

    messages: tuple[Turn, ...]
    max_completion_tokens: int | None = None
    logprobs: Literal[False] | None = None
    tools: Empty | None = None
    response_format: ResponseFormat | None = None
    store: Literal[False] | None = None
    metadata: dict[str, str] | None = None
    service_tier: Literal["auto", "default"] | None = None

    def request(self) -> CompleteRequest:
        """As the subnet's request. Raises: ApiError."""
        wanted = self._sampling()
        name = "max_tokens"
        if self.max_completion_tokens is not None:
            name, wanted["max_tokens"] = "max_completion_tokens", self.max_completion_tokens
        try:
            messages = tuple(turn.message() for turn in self.messages)
            return CompleteRequest(messages=messages, **wanted)
        except ValidationError as error:
            raise unfitting(error, {"max_tokens": name, "content": "messages"}) from error


class CompletionRequest(_Sampling):
    """POST /v1/completions."""

    prompt: str | tuple[str, ...]
    echo: Literal[False] | None = None
    suffix: Literal[""] | None = None
    best_of: Literal[1] | None = None
    logprobs: Literal[0] | None = None

    def request(self) -> CompleteRequest:
        """As the subnet's request. Raises: ApiError."""
        prompts = (self.prompt,) if isinstance(self.prompt, str) else self.prompt
        if len(prompts) != 1:
            raise invalid("one prompt at a time", param="prompt")
        try:
            return CompleteRequest(prompt=prompts[0], **self._sampling())
        except ValidationError as error:
            raise unfitting(error) from error
