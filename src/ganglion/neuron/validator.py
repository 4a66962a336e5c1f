"""What a subnet author writes of a validator: `Validator`, which makes challenges and grades answers.

The loop does the rest: it asks everybody at once, keeps the round until it can be graded (also over a
restart), averages, and sets weights.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Generic

import numpy as np
from pydantic import BaseModel

from ganglion.neuron.protocols import Neuron
from ganglion.neuron.task import A, Q, Task

Prices = Mapping[int, float]
"""netuid -> TAO for one alpha."""


@dataclass(frozen=True, slots=True)
class Challenge(Generic[Q]):
    """A question to one miner, and what is needed to grade its answer.

    `key` is what the miner must not know; it goes into the evidence. The answer is graded once the chain has
    reached `due_block` (0: at once). `price_blocks` are the blocks, none after `due_block`, whose prices the
    grading will ask of `Truth`.
    """

    request: Q
    key: BaseModel
    due_block: int = 0
    price_blocks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case(Generic[Q, A]):
    """One miner's part in a round: whom we asked, what, and what came. `registered_at` is the block of the
    registration; `answer` is None where no valid one came in time; `latency_s` in seconds.
    """

    uid: int
    hotkey: str
    registered_at: int
    challenge: Challenge[Q]
    answer: A | None
    latency_s: float


@dataclass(frozen=True, slots=True)
class Draw:
    """What challenges are made from. `rng` is this round's own, `block` the metagraph's; `prices` at that
    block, empty unless the validator `wants_prices`.
    """

    rng: np.random.Generator
    block: int
    round: int
    prices: Prices = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Truth:
    """What has become known since the questions: prices by block, then by netuid."""

    prices: Mapping[int, Prices] = field(default_factory=lambda: MappingProxyType({}))

    def price(self, netuid: int, block: int) -> float:
        """TAO for one alpha of `netuid` at `block`. Raises: KeyError for a block no challenge named, and for
        a subnet which did not exist then.
        """
        return self.prices[block][netuid]


@dataclass(frozen=True, slots=True)
class Grade:
    """What one answer is worth. `quality` is what people want to know, `score` what is paid for; both in
    [0, 1].
    """

    quality: float
    score: float


NOTHING = Grade(0.0, 0.0)


class Validator(ABC, Generic[Q, A]):
    """Makes a task's challenges and grades its rounds. `key` is the model of the challenges' keys.

    `open_draws` says that a validator made of the same seed and options gives the same challenges for the
    same miners, `draw.rng` and `draw.block`, whatever was before, and that its seed may be told: then an
    audit draws the questions again.
    """

    task: ClassVar[Task[Any, Any]]
    key: ClassVar[type[BaseModel]]
    wants_prices: ClassVar[bool] = False
    open_draws: ClassVar[bool] = False

    def discloses_at(self, block: int) -> int:
        """The block from which on anybody may read what was asked and answered in a round of `block`; 0: at
        once. Evidence is withheld until then. Pure, and never falls while `block` rises.
        """
        return 0

    async def start(self) -> None:
        """Load what challenges and grading need. Long computing belongs into a thread."""

    @abstractmethod
    def challenges(self, miners: Sequence[Neuron], draw: Draw) -> Sequence[Challenge[Q]]:
        """One challenge for each of `miners`, in their order. All randomness comes from `draw.rng`."""

    @abstractmethod
    def grades(self, cases: Sequence[Case[Q, A]], truth: Truth) -> Sequence[Grade]:
        """One grade for each of `cases`, in their order; all cases of one round are due together.

        Pure: the audit calls it again with the same arguments and expects the same grades. Takes whatever
        the answer's model lets through.
        """
