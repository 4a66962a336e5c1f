"""A validator: asks every serving miner, scores the answers, and sets weights once per epoch.

A round: newest metagraph -> one fresh challenge per miner, all at the same time -> grades -> moving scores ->
checkpoint -> weights when they are due. What a miner does, or fails to do, ends in its own score.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, NoReturn, Protocol, TypeVar

import numpy as np
from pydantic import BaseModel

from ganglion.neuron import checkpoint as checkpoints
from ganglion.neuron.checkpoint import Checkpoint
from ganglion.neuron.client import Answer, Client, Failure, Fault
from ganglion.neuron.errors import ChainRefused
from ganglion.neuron.loop import forever
from ganglion.neuron.protocols import Chain, Clock, Metagraph, Neuron
from ganglion.neuron.report import MinerScore, Reporter, RoundScored, WeightsSet
from ganglion.neuron.weights import weights_from_scores

log = logging.getLogger(__name__)

A = TypeVar("A", bound=BaseModel)
A_contra = TypeVar("A_contra", bound=BaseModel, contravariant=True)


@dataclass(frozen=True, slots=True)
class Grade:
    """What one answer is worth. `quality` is what people want to know, `score` what is paid for; both in
    [0, 1].
    """

    quality: float
    score: float


NOTHING = Grade(0.0, 0.0)


class Challenge(Protocol[A_contra]):
    """One question to one miner, with what is needed to grade the answer."""

    @property
    def request(self) -> BaseModel:
        """What the miner is sent."""
        ...

    def grade(self, answer: A_contra, latency_s: float) -> Grade:
        """Grade an answer which came in time and fits its model. Takes whatever the model lets through."""
        ...


class Task(Protocol[A]):
    """What a subnet's validators do: where they ask, what they expect, and how they make questions."""

    @property
    def path(self) -> str:
        """HTTP path of the miners' endpoint."""
        ...

    @property
    def answer(self) -> type[A]:
        """Model of an answer."""
        ...

    def challenge(self, rng: np.random.Generator) -> Challenge[A]:
        """A question nobody was asked before, drawn from `rng` alone."""
        ...


@dataclass(frozen=True, slots=True)
class ValidatorSettings:
    """`interval_s` seconds between rounds; `alpha` weight of a new score in the moving one. A moving score
    below `least_score` earns no weight: weights are relative, and where no honest miner serves yet the
    least of all scores would otherwise be paid in full.
    """

    interval_s: float = 5.0
    alpha: float = 0.1
    least_score: float = 0.001


class ValidatorLoop(Generic[A]):
    """One validator of one subnet. All questions come from `seed`, the block, the round and the uid."""

    def __init__(
        self,
        task: Task[A],
        *,
        netuid: int,
        hotkey: str,
        chain: Chain,
        client: Client,
        clock: Clock,
        reporter: Reporter,
        seed: int,
        checkpoint: Path,
        settings: ValidatorSettings,
    ) -> None:
        """Resumes from the file `checkpoint` where there is one. Raises: CheckpointInvalid."""
        self._task = task
        self._netuid = netuid
        self._hotkey = hotkey
        self._chain = chain
        self._client = client
        self._clock = clock
        self._reporter = reporter
        self._seed = seed
        self._path = checkpoint
        self._settings = settings
        self.state: Checkpoint = checkpoints.load(checkpoint, netuid=netuid, hotkey=hotkey)

    async def run(self) -> NoReturn:
        """Validate until cancelled."""
        await forever(self.step, self._clock, name="validator", interval_s=self._settings.interval_s)

    async def step(self) -> None:
        """One round, and the weights if they are due."""
        metagraph = await self._chain.metagraph(self._netuid)
        own = metagraph.by_hotkey(self._hotkey)
        if own is None:
            # Miners refuse strangers: grading now would punish them for our missing registration.
            log.warning("validator netuid=%d hotkey=%s registered=no", self._netuid, self._hotkey)
            return
        await self._round(metagraph)
        if weights_due(metagraph, own, self.state.weights_block):
            await self._set_weights(metagraph)

    async def _round(self, metagraph: Metagraph) -> None:
        # Kept before anything is asked: a crash must not lead to the same questions again.
        self._remember(round=self.state.round + 1)
        miners = [neuron for neuron in metagraph.serving() if neuron.hotkey != self._hotkey]
        graded = await asyncio.gather(*(self._examine(metagraph, neuron) for neuron in miners))
        measured = {miner.hotkey: grade.score for miner, (grade, _) in zip(miners, graded, strict=True)}
        registered = frozenset(neuron.hotkey for neuron in metagraph.neurons)
        moving = self.state.moving().blended(measured, registered, self._settings.alpha)
        self._remember(scores=dict(moving.by_hotkey))
        scores = tuple(
            _miner_score(miner, grade, outcome, moving.of(miner.hotkey))
            for miner, (grade, outcome) in zip(miners, graded, strict=True)
        )
        self._reporter.report(RoundScored(self._netuid, self.state.round, metagraph.block, scores))
        answered = sum(score.outcome == "ok" for score in scores)
        log.info(
            "round=%d block=%d asked=%d answered=%d", self.state.round, metagraph.block, len(scores), answered
        )

    async def _examine(self, metagraph: Metagraph, miner: Neuron) -> tuple[Grade, Answer[A] | Failure]:
        rng = np.random.default_rng([self._seed, metagraph.block, self.state.round, miner.uid])
        challenge = self._task.challenge(rng)
        outcome = await self._client.query(miner, self._task.path, challenge.request, self._task.answer)
        if isinstance(outcome, Failure):
            log.debug("uid=%d fault=%s detail=%s", miner.uid, outcome.fault, outcome.detail)
            return NOTHING, outcome
        try:
            return challenge.grade(outcome.value, outcome.latency_s), outcome
        except Exception:
            # A fault of the task, but found by one miner's answer: the others keep their round.
            log.exception("grading failed uid=%d", miner.uid)
            return NOTHING, Failure(Fault.MALFORMED, "broke its grading", outcome.latency_s)

    async def _set_weights(self, metagraph: Metagraph) -> None:
        moving = self.state.moving()
        scores = {neuron.uid: moving.of(neuron.hotkey) for neuron in metagraph.neurons}
        scores = {uid: score for uid, score in scores.items() if score >= self._settings.least_score}
        weights = weights_from_scores(scores, metagraph)
        if weights is None:
            log.warning("weights netuid=%d set=no reason=no-score-worth-paying", self._netuid)
            return
        try:
            await self._chain.set_weights(self._netuid, weights, metagraph.rules.version_key)
        except ChainRefused as error:
            log.warning("weights block=%d set=no: %s", metagraph.block, error)
            return
        self._remember(weights_block=metagraph.block)
        self._reporter.report(WeightsSet(self._netuid, metagraph.block, weights.uids, weights.values))
        log.info("weights block=%d uids=%s values=%s", metagraph.block, weights.uids, weights.values)

    def _remember(self, **changes: object) -> None:
        self.state = self.state.model_copy(update=changes)
        checkpoints.save(self.state, self._path)


def weights_due(metagraph: Metagraph, own: Neuron, weights_block: int | None) -> bool:
    """Whether to set weights now: once after each epoch, if permitted, and not faster than the chain's limit.

    `weights_block` is the block at which this validator set them last. Rules: subtensor,
    pallets/subtensor/src/subnets/weights.rs (check_rate_limit, check_validator_permit).
    """
    if not own.validator_permit and own.hotkey != metagraph.owner_hotkey:
        return False
    if weights_block is not None and metagraph.last_step < weights_block <= metagraph.block:
        return False
    return own.last_update == 0 or metagraph.block - own.last_update >= metagraph.rules.rate_limit


def _miner_score(miner: Neuron, grade: Grade, outcome: Answer[A] | Failure, moving: float) -> MinerScore:
    fault = str(outcome.fault) if isinstance(outcome, Failure) else "ok"
    return MinerScore(miner.uid, miner.hotkey, grade.quality, outcome.latency_s, moving, fault)
