"""A task: what travels between a subnet's validators and its miners, and within which bounds.

A subnet declares its messages as subclasses of `Message` and one `Task` of them. Everything else (HTTP,
signatures, limits, metrics) follows from the task.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

Q = TypeVar("Q", bound=BaseModel)
A = TypeVar("A", bound=BaseModel)


class Message(BaseModel):
    """Base of requests, answers, pieces and keys: nothing unknown, nothing coerced, no NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Task(Generic[Q, A]):
    """The wire facts of one task.

    `name` names files and metrics; `path` is the HTTP path of the miners' endpoint, for example "/classify".
    `max_request` and `max_answer` in bytes, a streamed answer in all included; `timeout_s` is how long a
    validator waits for one answer. `piece` is the model of one line of a streamed answer, None where answers
    do not stream.
    """

    name: str
    path: str
    request: type[Q]
    answer: type[A]
    max_request: int
    max_answer: int
    timeout_s: float
    piece: type[BaseModel] | None = None

    @property
    def stream_path(self) -> str:
        """Where the streamed form of the answer is asked for."""
        return self.path + "/stream"
