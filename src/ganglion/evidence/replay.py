"""Going through a log record by record, doing all of the validator's work again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from ganglion.evidence.asking import Asking, missing
from ganglion.evidence.chain import Witness
from ganglion.evidence.records import (
    About,
    AskedRound,
    GradedRecord,
    Head,
    LostRound,
    Record,
    Started,
    WeighingRecord,
)
from ganglion.evidence.report import Findings, Heard, Kind, Place
from ganglion.neuron.errors import ChainRefused
from ganglion.neuron.grading import GradingFailed, graded
from ganglion.neuron.protocols import Metagraph, Neuron, WeightRules, Weights
from ganglion.neuron.rounds import OK, Round, Weighing
from ganglion.neuron.scoring import MovingScores
from ganglion.neuron.validator import Grade, Truth, Validator
from ganglion.neuron.weights import weights_from_moving

CLOSE = 1e-9
"""Grades and scores closer than this are the same: machines may round a power differently."""
SETTLING_BLOCKS = 2
"""How long after its weights are on the chain a validator needs to close their segment."""
MOST_WAITING = 512
"""Rounds without grades which are held in memory; a validator lets half as many wait."""
MOST_PRICE_BLOCKS = 256
"""Blocks of one round whose prices are asked of the node: it keeps as many."""
PATIENCE_BLOCKS = 10
"""How long after it is due a round may wait for its grades, and a segment for its commitment."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Weights in the log, at `place`; `expected` is what follows from the evidence; of the scores behind it
    the share `trusted` comes from before the log begins.
    """

    place: Place
    weighing: Weighing
    expected: Weights | None
    trusted: float


class Replay:
    """The state of a validator as its own log tells it, and as it should be."""

    def __init__(
        self,
        validator: Validator[Any, Any],
        hotkey: str,
        metagraph: Metagraph,
        witness: Witness,
        findings: Findings,
    ) -> None:
        self._validator = validator
        self._hotkey = hotkey
        self._metagraph = metagraph
        self._witness = witness
        self._findings = findings
        self.asking = Asking(validator, hotkey, metagraph, findings)
        self.about: About | None = None
        self.weighed: list[Weighed] = []
        self.asked_at: dict[int, tuple[Place, frozenset[str]]] = {}
        self.rounds = 0
        self.blocks = (0, 0)
        self._heard: dict[str, Heard] = {}
        self._moving = MovingScores()
        self._before: tuple[MovingScores, Round] | None = None
        self._trusted = 0.0
        self._told: set[str] = set()
        self._waiting: dict[int, tuple[Place, Round]] = {}
        self._first: int | None = None
        self._last: int | None = None

    @property
    def heard(self) -> tuple[Heard, ...]:
        """Who was asked how often, by uid."""
        return tuple(sorted(self._heard.values(), key=lambda heard: heard.uid))

    async def take(self, record: Record, place: Place, head: Head | None) -> None:
        """Do what `record` says was done, and name what comes out differently."""
        match record:
            case Started():
                self._start(record, place)
            case AskedRound(round=asked):
                await asyncio.to_thread(self._ask, asked, replace_round(place, asked.number), head)
            case GradedRecord(number=number):
                await self._grade(record, replace_round(place, number))
            case LostRound(number=number, reason=reason):
                self._lose(number, reason)
            case WeighingRecord(weighing=weighing):
                self._weigh(weighing, place)

    def finish(self) -> None:
        """Name the rounds which should have been graded by the end of the log."""
        for place, asked in self._waiting.values():
            if max(asked.due_block, asked.block) + PATIENCE_BLOCKS < self.blocks[1]:
                self._findings.differ(Kind.OMISSION, "the round was asked and never graded", place)

    def _start(self, started: Started, place: Place) -> None:
        scores = MovingScores(started.scores)
        about = started.about
        if (about.hotkey, about.netuid) != (self._hotkey, self._metagraph.netuid):
            text = f"is the log of {about.hotkey} on subnet {about.netuid}"
            self._findings.differ(Kind.RECORD, text, place)
        if self._validator.open_draws and about.private is None:
            text = "the seed of the questions is not told, so that they cannot be drawn again"
            self._findings.differ(Kind.QUESTION, text, place)
        if self.about is None:
            self._moving, self._trusted = scores, float(bool(started.scores))
        elif self._before is not None and _same(scores, self._before[0]) and not _same(scores, self._moving):
            self._moving, asked = self._before
            self._waiting[asked.number] = (place, asked)
            self._findings.note(f"a crash took back the grades of round {asked.number}")
        elif not _same(scores, self._moving):
            self._differing_scores(started.scores, place)
        if self.about is not None and self.about != about:
            self._findings.note(f"the validator changed its settings in segment {place.segment}")
        self.about, self._before = about, None

    def _ask(self, asked: Round, place: Place, head: Head | None) -> None:
        last = self._last
        if asked.netuid != self._metagraph.netuid:
            self._findings.differ(Kind.RECORD, f"is a round of subnet {asked.netuid}", place)
        if last is not None and asked.number <= last:
            self._findings.differ(Kind.ORDER, f"comes after round {last}", place)
        elif last is not None and asked.number > last + 1:
            text = f"rounds {last + 1} to {asked.number - 1} are not in the log"
            self._findings.differ(Kind.OMISSION, text, place)
        self._first = asked.number if self._first is None else self._first
        self._last = max(asked.number, last or 0)
        self._note_block(asked.block)
        self.rounds += 1
        self._waiting[asked.number] = (place, asked)
        if len(self._waiting) > MOST_WAITING:
            oldest, _ = self._waiting.pop(next(iter(self._waiting)))
            text = f"is one of more than {MOST_WAITING} rounds without grades"
            self._findings.differ(Kind.OMISSION, text, oldest)
        hotkeys = frozenset(each.hotkey for each in asked.asked)
        self.asked_at[asked.block] = (place, hotkeys)
        for each in asked.asked:
            known = self._heard.get(each.hotkey)
            before = (known.asked, known.answered) if known else (0, 0)
            self._heard[each.hotkey] = Heard(
                uid=each.uid,
                hotkey=each.hotkey,
                asked=before[0] + 1,
                answered=before[1] + (each.outcome == OK),
            )
        self.asking.check(asked, place, head)

    async def _grade(self, record: GradedRecord, place: Place) -> None:
        _, asked = self._waiting.pop(record.number, (place, None))
        if asked is None:
            if self._first is None or record.number < self._first:
                # It was asked before the log begins: its scores count as brought along.
                self._moving, self._trusted = MovingScores(record.scores), 1.0
            else:
                self._findings.differ(Kind.GRADE, "is graded, and was not asked or is graded already", place)
            return
        self._note_block(record.graded_block)
        if record.graded_block < asked.due_block:
            text = f"was graded at block {record.graded_block}, and is due at {asked.due_block}"
            self._findings.differ(Kind.GRADE, text, place)
        await self._check_prices(asked, record, place)
        try:
            grades = await asyncio.to_thread(graded, self._validator, asked, Truth(record.prices))
        except GradingFailed as error:
            self._findings.differ(Kind.GRADE, f"cannot be graded again: {error}", place)
            return
        measured = self._compared(asked, record, grades, place)
        registered = frozenset(record.registered)
        for uid, hotkey in missing(record.registered, self._metagraph, record.graded_block).items():
            text = f"is registered, and was counted as gone at block {record.graded_block}"
            self._findings.differ(Kind.SCORES, text, place, uid=uid, hotkey=hotkey)
            registered |= {hotkey}
            self._told.add(hotkey)
        if self.about is None:
            return
        self._before = (self._moving, asked)
        self._moving = self._moving.blended(measured, registered, self.about.alpha)
        self._trusted *= 1 - self.about.alpha
        if not _same(MovingScores(record.scores), self._moving):
            self._differing_scores(record.scores, place)

    async def _check_prices(self, asked: Round, record: GradedRecord, place: Place) -> None:
        if len(asked.price_blocks) > MOST_PRICE_BLOCKS:
            text = (
                f"needs the prices of {len(asked.price_blocks)} blocks: no more than {MOST_PRICE_BLOCKS} are"
            )
            self._findings.differ(Kind.GRADE, text + " checked", place)
        for block in asked.price_blocks[:MOST_PRICE_BLOCKS]:
            if not 0 <= block <= record.graded_block:
                self._findings.differ(Kind.GRADE, f"the prices of block {block} were not known", place)
                return
            try:
                real = dict(await self._witness.prices(block))
            except ChainRefused:
                self._findings.note("some prices are older than what the node keeps, and were not checked")
                return
            if real != record.prices.get(block):
                self._findings.differ(Kind.GRADE, f"the prices of block {block} are not the chain's", place)

    def _compared(
        self, asked: Round, record: GradedRecord, grades: tuple[Grade, ...], place: Place
    ) -> dict[str, float]:
        """The scores that count, by hotkey: the logged ones where they are right."""
        measured = {}
        logged = record.grades if len(record.grades) == len(grades) else ((-1.0, -1.0),) * len(grades)
        for each, grade, (quality, score) in zip(asked.asked, grades, logged, strict=True):
            if abs(grade.score - score) > CLOSE or abs(grade.quality - quality) > CLOSE:
                text = (
                    f"logged with quality {quality:.6g} and score {score:.6g}; the answer is worth "
                    f"{grade.quality:.6g} and {grade.score:.6g}"
                )
                self._findings.differ(Kind.GRADE, text, place, uid=each.uid, hotkey=each.hotkey)
                measured[each.hotkey] = grade.score
                self._told.add(each.hotkey)
            else:
                measured[each.hotkey] = min(max(score, 0.0), 1.0)
        return measured

    def _lose(self, number: int, reason: str) -> None:
        self._waiting.pop(number, None)
        self._last = max(number, self._last or 0)
        self._findings.note(f"round {number} does not count: {reason}")

    def _weigh(self, weighing: Weighing, place: Place) -> None:
        self._note_block(weighing.block)
        least_score = 0.0 if self.about is None else self.about.least_score
        expected = weights_from_moving(self._moving, _metagraph(weighing), least_score)
        logged = Weights(weighing.uids, weighing.values)
        for uid, had, due in differing(logged, expected):
            text = f"weight {had} in the log, {due} by the evidence"
            self._findings.differ(Kind.WEIGHTS, text, place, uid=uid, hotkey=_at(weighing.hotkeys, uid))
        self.weighed.append(Weighed(place, weighing, expected, self._trusted))

    def _differing_scores(self, logged: dict[str, float], place: Place) -> None:
        # Once for each miner: what follows from one wrong score is wrong in every later record.
        for hotkey in sorted((logged.keys() | self._moving.by_hotkey.keys()) - self._told):
            had, due = logged.get(hotkey, 0.0), self._moving.of(hotkey)
            if abs(had - due) > CLOSE:
                neuron = self._metagraph.by_hotkey(hotkey)
                text = f"moving score {had:.6g} in the log, {due:.6g} by the evidence"
                uid = None if neuron is None else neuron.uid
                self._findings.differ(Kind.SCORES, text, place, uid=uid, hotkey=hotkey)
                self._told.add(hotkey)

    def _note_block(self, block: int) -> None:
        self.blocks = (self.blocks[0] or block, max(self.blocks[1], block))


def differing(one: Weights | None, other: Weights | None) -> list[tuple[int, int, int]]:
    """uid and both values, wherever two rows differ by more than the one which rounding may cost."""
    left, right = (dict(zip(row.uids, row.values, strict=False)) if row else {} for row in (one, other))
    pairs = [(uid, left.get(uid, 0), right.get(uid, 0)) for uid in sorted(left.keys() | right.keys())]
    return [(uid, had, due) for uid, had, due in pairs if abs(had - due) > 1]


def replace_round(place: Place, number: int) -> Place:
    """The same place, in a round."""
    return place.model_copy(update={"round": number})


def _metagraph(weighing: Weighing) -> Metagraph:
    """As much of a metagraph as weights are made from."""
    neurons = tuple(
        Neuron(uid, hotkey, "", 0, False, 0, 0.0, 0.0, None) for uid, hotkey in enumerate(weighing.hotkeys)
    )
    rules = WeightRules(0, 0, weighing.min_allowed, weighing.max_limit, commit_reveal=False)
    return Metagraph(0, weighing.block, 1, 0, "", rules, neurons)


def _at(hotkeys: tuple[str, ...], uid: int) -> str | None:
    return hotkeys[uid] if 0 <= uid < len(hotkeys) else None


def _same(one: MovingScores, other: MovingScores) -> bool:
    hotkeys = one.by_hotkey.keys() | other.by_hotkey.keys()
    return all(abs(one.of(hotkey) - other.of(hotkey)) <= CLOSE for hotkey in hotkeys)
