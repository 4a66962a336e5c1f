"""A validator at work: asks every serving miner, grades when the time has come, sets weights once per epoch.

A pass: newest metagraph -> challenges -> all asked at the same time -> the round waits until it is due ->
grades -> evidence -> moving scores -> checkpoint -> weights when they are due. What a miner does, or fails
to do, ends in its own score.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from ganglion.neuron import checkpoint as checkpoints
from ganglion.neuron.checkpoint import Checkpoint
from ganglion.neuron.client import Client
from ganglion.neuron.due import weights_due
from ganglion.neuron.errors import ChainError, ChainRefused
from ganglion.neuron.grading import GradingFailed, graded
from ganglion.neuron.loop import forever
from ganglion.neuron.protocols import EVIDENCE, Chain, Clock, Endpoint, Metagraph, Neuron
from ganglion.neuron.report import MinerScore, Reporter, RoundAsked, RoundScored, WeightsSet
from ganglion.neuron.rounds import OK, Asked, GradedRound, NoLog, Round, RoundLog, RoundStore, Weighing
from ganglion.neuron.validator import Challenge, Draw, Truth, Validator
from ganglion.neuron.weights import weights_from_moving

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ValidatorSettings:
    """`interval_s` seconds between rounds; `alpha` weight of a new score in the moving one. A moving score
    below `least_score` earns no weight: weights are relative, and where no honest miner serves yet the
    least of all scores would otherwise be paid in full. `timeout_s` replaces the task's own limit.
    At most `most_waiting` rounds wait to be graded; more are not asked.
    """

    interval_s: float = 5.0
    alpha: float = 0.1
    least_score: float = 0.001
    timeout_s: float | None = None
    most_waiting: int = 256


class ValidatorLoop:
    """One validator of one subnet. All questions come from `seed`, the block and the round."""

    def __init__(
        self,
        validator: Validator[Any, Any],
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
        round_log: RoundLog | None = None,
        evidence: Endpoint | None = None,
    ) -> None:
        """Resumes from the file `checkpoint`, and the rounds beside it, where there are any. `evidence` is
        where others can read the `round_log`.

        Raises: CheckpointInvalid, OSError.
        """
        self._validator = validator
        self._netuid = netuid
        self._hotkey = hotkey
        self._chain = chain
        self._client = client
        self._clock = clock
        self._reporter = reporter
        self._seed = seed
        self._path = checkpoint
        self._settings = settings
        self._log = round_log or NoLog()
        self._evidence = evidence
        self.state: Checkpoint = checkpoints.load(checkpoint, netuid=netuid, hotkey=hotkey)
        self._log.resumed(self.state.scores, self.state.waiting)
        self._store = RoundStore(checkpoint.with_name(checkpoint.name + ".rounds"))

    async def run(self) -> NoReturn:
        """Validate until cancelled."""
        await forever(self.step, self._clock, name="validator", interval_s=self._settings.interval_s)

    async def step(self) -> None:
        """One round, the grades which are due, and the weights if they are due."""
        metagraph = await self._chain.metagraph(self._netuid)
        own = metagraph.by_hotkey(self._hotkey)
        if own is None:
            # Miners refuse strangers: grading now would punish them for our missing registration.
            log.warning("validator netuid=%d hotkey=%s registered=no", self._netuid, self._hotkey)
            return
        if self._evidence not in {None, own.evidence}:
            await self._publish(self._evidence)
        for number in [each for each, due in self.state.waiting.items() if due <= metagraph.block]:
            await self._settle_stored(number, metagraph)
        await self._ask(metagraph)
        if weights_due(metagraph, own, self.state.weights_block):
            await self._set_weights(metagraph)

    async def _ask(self, metagraph: Metagraph) -> None:
        miners = [neuron for neuron in metagraph.serving() if neuron.hotkey != self._hotkey]
        if not miners or len(self.state.waiting) >= self._settings.most_waiting:
            return
        prices = await self._chain.prices(metagraph.block) if self._validator.wants_prices else {}
        # Kept before anything is asked: a crash must not lead to the same questions again.
        number = self.state.round + 1
        self._remember(round=number)
        rng = np.random.default_rng([self._log.draw_seed(self._seed), metagraph.block, number])
        draw = Draw(rng, metagraph.block, number, prices)
        challenges = await asyncio.to_thread(self._validator.challenges, miners, draw)
        began = self._clock.monotonic()
        asked = await asyncio.gather(
            *(self._examine(miner, challenge) for miner, challenge in zip(miners, challenges, strict=True))
        )
        asked_round = Round(netuid=self._netuid, number=number, block=metagraph.block, asked=tuple(asked))
        seconds, outcomes = self._clock.monotonic() - began, Counter(each.outcome for each in asked)
        log.info("round=%d block=%d asked=%d answered=%d", number, metagraph.block, len(asked), outcomes[OK])
        self._log.asked(asked_round)
        self._reporter.report(
            RoundAsked(
                self._netuid, number, metagraph.block, seconds, dict(outcomes), len(self.state.waiting)
            )
        )
        if asked_round.due_block <= metagraph.block:
            await self._settle(asked_round, metagraph)
        else:
            self._store.keep(asked_round)
            self._remember(waiting={**self.state.waiting, number: asked_round.due_block})

    async def _examine(self, miner: Neuron, challenge: Challenge[Any]) -> Asked:
        task, timeout_s = self._validator.task, self._settings.timeout_s
        outcome = await self._client.ask(miner, task, challenge.request, timeout_s=timeout_s)
        return Asked.of(miner, challenge, outcome)

    async def _settle_stored(self, number: int, metagraph: Metagraph) -> None:
        stored = self._store.load(number)
        if stored is None:
            self._log.lost(number, "its file is missing or broken")
            self._forget(number)
        else:
            await self._settle(stored, metagraph)

    async def _settle(self, waiting: Round, metagraph: Metagraph) -> None:
        """Grade a round which is due, and forget it. A lost chain leaves it waiting."""
        try:
            prices = {block: dict(await self._chain.prices(block)) for block in waiting.price_blocks}
            grades = await asyncio.to_thread(graded, self._validator, waiting, Truth(prices))
        except (ChainRefused, GradingFailed) as error:
            log.error("round=%d not graded: %s", waiting.number, error, exc_info=error)
            self._log.lost(waiting.number, str(error))
            self._forget(waiting.number)
            return
        registered = frozenset(neuron.hotkey for neuron in metagraph.neurons)
        measured = {asked.hotkey: grade.score for asked, grade in zip(waiting.asked, grades, strict=True)}
        moving = self.state.moving().blended(measured, registered, self._settings.alpha)
        self._log.record(
            GradedRound(
                round=waiting,
                graded_block=metagraph.block,
                prices=prices,
                registered=tuple(sorted(registered)),
                grades=tuple((grade.quality, grade.score) for grade in grades),
                scores=dict(moving.by_hotkey),
            )
        )
        self._forget(waiting.number, scores=dict(moving.by_hotkey))
        scores = tuple(
            MinerScore(
                each.uid, each.hotkey, grade.quality, each.latency_s, moving.of(each.hotkey), each.outcome
            )
            for each, grade in zip(waiting.asked, grades, strict=True)
        )
        self._reporter.report(RoundScored(self._netuid, waiting.number, waiting.block, scores))

    async def _set_weights(self, metagraph: Metagraph) -> None:
        moving = self.state.moving()
        weights = weights_from_moving(moving, metagraph, self._settings.least_score)
        if weights is None:
            log.warning("weights netuid=%d set=no reason=no-score-worth-paying", self._netuid)
            return
        self._log.weighing(Weighing.of(metagraph, moving.by_hotkey, weights))
        try:
            await self._chain.set_weights(self._netuid, weights, metagraph.rules.version_key)
        except ChainRefused as error:
            log.warning("weights block=%d set=no: %s", metagraph.block, error)
            return
        self._remember(weights_block=metagraph.block)
        self._reporter.report(WeightsSet(self._netuid, metagraph.block, weights.uids, weights.values))
        log.info("weights block=%d uids=%s values=%s", metagraph.block, weights.uids, weights.values)
        await self._commit(self._log.weighed(metagraph.block))

    async def _commit(self, digest: bytes | None) -> None:
        if digest is None:
            return
        try:
            await self._chain.commit(self._netuid, digest)
        except ChainError as error:
            # The weights stand; the next commitment binds this evidence too.
            log.warning("evidence digest=%s committed=no: %s", digest.hex(), error)

    async def _publish(self, evidence: Endpoint) -> None:
        try:
            await self._chain.serve_axon(self._netuid, evidence, EVIDENCE)
        except ChainRefused as error:
            log.warning("evidence url=%s published=no: %s", evidence.url, error)

    def _forget(self, number: int, **changes: object) -> None:
        # One write: a crash leaves the round ungraded and waiting, or graded and gone.
        waiting = {each: due for each, due in self.state.waiting.items() if each != number}
        self._remember(waiting=waiting, **changes)
        self._store.drop(number)

    def _remember(self, **changes: object) -> None:
        self.state = self.state.model_copy(update=changes)
        checkpoints.save(self.state, self._path)
