"""What a subnet author writes of a miner: `Miner`, which answers one task's requests.

    class Doubler(Miner[Number, Number]):
        task = TASK
        kind = "doubler"

        async def answer(self, request: Number, caller: Caller) -> Number:
            return Number(value=2 * request.value)

Authentication, limits, metrics and the axon on the chain are the library's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from pydantic import BaseModel

from ganglion.neuron.protocols import Clock, Neuron
from ganglion.neuron.task import A, Q, Task

if TYPE_CHECKING:
    from ganglion.neuron.client import Client


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as the newest metagraph knows it. `stake_rao` in alpha-rao."""

    hotkey: str
    stake_rao: int
    validator_permit: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a miner may use beside its request: time, questions to other neurons in its own name, and
    `peers()`, the other serving neurons of the newest metagraph.
    """

    clock: Clock
    client: Client
    peers: Callable[[], tuple[Neuron, ...]]


class Miner(ABC, Generic[Q, A]):
    """Answers requests of one task. `kind` names the model for people: "svm", "bigram"."""

    task: ClassVar[Task[Any, Any]]
    kind: str

    async def start(self, surroundings: Surroundings) -> None:
        """Load or train, before the first request. Long computing belongs into a thread
        (`asyncio.to_thread`).
        """

    @abstractmethod
    async def answer(self, request: Q, caller: Caller) -> A:
        """Answer one request. Several may be under way at once. An exception costs this answer only."""

    def stream(self, request: Q, caller: Caller) -> AsyncIterator[BaseModel]:
        """The pieces of an answer, as they come to be; only where the task has a model of a piece."""
        raise NotImplementedError(f"{type(self).__name__} does not stream")

    async def close(self) -> None:
        """Release what `start` took. Called once no request is under way."""
