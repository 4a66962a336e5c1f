"""Rounds: what was asked and answered, kept as it happened until it can be graded.

A round holds bytes and not opinions: challenges and answers are read from them again, by the loop and by
whoever checks the loop.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from ganglion.neuron.checkpoint import replace_file
from ganglion.neuron.client import Answer, Outcome
from ganglion.neuron.exchange import Exchange
from ganglion.neuron.protocols import Metagraph, Neuron, Weights
from ganglion.neuron.task import Message
from ganglion.neuron.validator import Case, Challenge, Validator

log = logging.getLogger(__name__)

OK = "ok"


class Asked(Message):
    """One miner's part in a round. `key` is the challenge's key as JSON; `outcome` "ok" or the fault."""

    uid: int
    hotkey: str
    registered_at: int
    key: str
    due_block: int
    price_blocks: tuple[int, ...]
    latency_s: float
    outcome: str
    exchange: Exchange

    @classmethod
    def of(cls, miner: Neuron, challenge: Challenge[Any], outcome: Outcome[Any]) -> Asked:
        """The record of asking `miner` this."""
        return cls(
            uid=miner.uid,
            hotkey=miner.hotkey,
            registered_at=miner.registered_at,
            key=challenge.key.model_dump_json(),
            due_block=challenge.due_block,
            price_blocks=challenge.price_blocks,
            latency_s=outcome.latency_s,
            outcome=OK if isinstance(outcome, Answer) else str(outcome.fault),
            exchange=outcome.exchange,
        )

    def case(self, validator: Validator[Any, Any]) -> Case[Any, Any]:
        """What `validator` grades. Raises: ValidationError where the record is not its own."""
        task, exchange = validator.task, self.exchange
        return Case(
            uid=self.uid,
            hotkey=self.hotkey,
            registered_at=self.registered_at,
            challenge=Challenge(
                task.request.model_validate_json(exchange.request),
                validator.key.model_validate_json(self.key),
                self.due_block,
                self.price_blocks,
            ),
            answer=task.answer.model_validate_json(exchange.body) if self.outcome == OK else None,
            latency_s=self.latency_s,
        )


class Round(Message):
    """One round of one validator, as asked at `block`."""

    netuid: int
    number: int
    block: int
    asked: tuple[Asked, ...]

    @property
    def due_block(self) -> int:
        """The block from which on it can be graded."""
        return max((asked.due_block for asked in self.asked), default=0)

    @property
    def price_blocks(self) -> tuple[int, ...]:
        """The blocks whose prices its grading asks for, ascending."""
        return tuple(sorted({block for asked in self.asked for block in asked.price_blocks}))

    def cases(self, validator: Validator[Any, Any]) -> tuple[Case[Any, Any], ...]:
        """What `validator` grades, in the order of asking. Raises: ValidationError."""
        return tuple(asked.case(validator) for asked in self.asked)


class GradedRound(Message):
    """A round with its grades (quality, score), in the order of asking; `prices` by block and netuid, all
    that the grading knew; `registered` the hotkeys of the subnet at `graded_block`, which alone keep scores;
    `scores` the moving scores after it.
    """

    round: Round
    graded_block: int
    prices: dict[int, dict[int, float]]
    registered: tuple[str, ...]
    grades: tuple[tuple[float, float], ...]
    scores: dict[str, float]


class Weighing(Message):
    """Weights (`uids`, `values`) about to be set at `block`, and all they were made of: the moving `scores`
    by hotkey, the subnet's hotkeys in uid order, and its rules.
    """

    block: int
    scores: dict[str, float]
    hotkeys: tuple[str, ...]
    min_allowed: int
    max_limit: int
    uids: tuple[int, ...]
    values: tuple[int, ...]

    @classmethod
    def of(cls, metagraph: Metagraph, scores: Mapping[str, float], weights: Weights) -> Weighing:
        """The record of setting `weights` as they follow from `scores` and `metagraph`."""
        return cls(
            block=metagraph.block,
            scores=dict(scores),
            hotkeys=tuple(neuron.hotkey for neuron in metagraph.neurons),
            min_allowed=metagraph.rules.min_allowed,
            max_limit=metagraph.rules.max_limit,
            uids=weights.uids,
            values=weights.values,
        )


class RoundLog(Protocol):
    """Keeps the evidence of a validator's work, always before the work counts: any method may raise OSError,
    and then it does not count.
    """

    def draw_seed(self, seed: int) -> int:
        """What the next round's questions are drawn from; `seed` is the validator's own secret."""
        ...

    def resumed(self, scores: Mapping[str, float], waiting: Collection[int]) -> None:
        """Keep the moving scores (by hotkey) with which the validator starts, or starts again. `waiting` are
        the rounds which will still be graded.
        """
        ...

    def asked(self, asked: Round) -> None:
        """Keep a round as soon as its answers are in."""
        ...

    def record(self, graded: GradedRound) -> None:
        """Keep the grades of a round."""
        ...

    def lost(self, number: int, reason: str) -> None:
        """Keep that a round will never be graded."""
        ...

    def weighing(self, weighing: Weighing) -> None:
        """Keep weights before they are sent to the chain."""
        ...

    def weighed(self, block: int) -> bytes | None:
        """The weights of `block` are on the chain: what is to be committed there now, 32 bytes or nothing."""
        ...


class NoLog:
    """Keeps nothing."""

    def draw_seed(self, seed: int) -> int:
        """See `RoundLog.draw_seed`."""
        return seed

    def resumed(self, scores: Mapping[str, float], waiting: Collection[int]) -> None:
        """See `RoundLog.resumed`."""

    def asked(self, asked: Round) -> None:
        """See `RoundLog.asked`."""

    def record(self, graded: GradedRound) -> None:
        """See `RoundLog.record`."""

    def lost(self, number: int, reason: str) -> None:
        """See `RoundLog.lost`."""

    def weighing(self, weighing: Weighing) -> None:
        """See `RoundLog.weighing`."""

    def weighed(self, block: int) -> None:
        """See `RoundLog.weighed`."""


class RoundStore:
    """Rounds which wait, a file each, beside the checkpoint which knows their numbers."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, waiting: Round) -> None:
        """Write a round. Raises: OSError."""
        replace_file(self._file(waiting.number), waiting.model_dump_json())

    def load(self, number: int) -> Round | None:
        """The round of this number; None, and a log line, where its file is missing or broken."""
        try:
            return Round.model_validate_json(self._file(number).read_text())
        except (OSError, ValidationError, UnicodeDecodeError) as error:
            log.error("round=%d lost: %s", number, error)
            return None

    def drop(self, number: int) -> None:
        """Remove a round; one without a file too."""
        self._file(number).unlink(missing_ok=True)

    def _file(self, number: int) -> Path:
        return self._directory / f"{number}.json"
