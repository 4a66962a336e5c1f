"""The audit: a validator's log against itself, against its subnet's rules, and against the chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from ganglion.evidence.chain import Facts, Witness
from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.merkle import leaf_hash
from ganglion.evidence.records import RECORD, About, AskedRound, Head, Record, Started, WeighingRecord
from ganglion.evidence.replay import PATIENCE_BLOCKS, Replay, Weighed, differing
from ganglion.evidence.report import CannotAudit, Findings, Kind, Place, Report
from ganglion.evidence.seals import Sealed, check_commitment, check_root, sealed_segments
from ganglion.evidence.withheld import withheld_segments
from ganglion.neuron.errors import ChainRefused, NeuronError
from ganglion.neuron.validator import Validator

MOST_TRUSTED = 0.01
"""The share of the scores behind weights which may come from before the log begins."""
MOST_PAST = 64
"""Past settings of weights which are compared with the chain, where it still knows them."""

MOST_RECORDS = 2**18
"""Records of one segment which are checked: a validator closes it with fewer."""

_LONGEST = 500
"""Characters of a failure which are told."""

Make = Callable[[About], Validator[Any, Any]]
"""Makes the validator which a log says it is of. Raises: CannotAudit."""


async def audit(files: SegmentFiles, hotkey: str, make: Make, facts: Facts, witness: Witness) -> Report:
    """Check the log in `files` of the validator `hotkey`. `facts` are from before the log was read, so that
    it is never behind them. Raises: CannotAudit, ChainUnavailable.
    """
    findings = Findings()
    sealed = sealed_segments(files, hotkey, findings)
    block = facts.metagraph.block

    def rule(head: Head) -> int:
        return make(head.about).discloses_at(head.last_block)

    withheld = withheld_segments(files, sealed, rule, block, findings)
    # Without the records before, later ones cannot be followed.
    end = min((each.segment for each in withheld), default=None)
    published = [number for number in files.numbers() if end is None or number < end]
    about = _about(files, published, sealed)
    if not published and not findings.differences:
        until = max(each.until_block for each in withheld)
        raise CannotAudit(f"all {len(withheld)} segments are withheld still, the last until block {until}")
    validator = make(about)
    await validator.start()
    replay = Replay(validator, hotkey, facts.metagraph, witness, findings)
    for number in published:
        await _replay_segment(files, number, sealed.get(number), replay, findings)
    replay.finish()
    chain = _Chain(hotkey, sealed, None if end is None else sealed[end].head, replay, findings)
    await chain.check(facts, witness)
    return Report(
        netuid=facts.metagraph.netuid,
        validator=hotkey,
        subnet=about.subnet,
        segments=len(published),
        rounds=replay.rounds,
        first_block=replay.blocks[0],
        last_block=replay.blocks[1],
        miners=replay.heard,
        withheld=withheld,
        differences=tuple(findings.differences),
        omitted=findings.omitted,
        notes=tuple(findings.notes),
    )


def _about(files: SegmentFiles, published: Sequence[int], sealed: Mapping[int, Sealed]) -> About:
    """By which rules the log begins, as its first record says; where all is withheld, its first head."""
    for number in published:
        for line in files.lines(number):
            try:
                record = RECORD.validate_json(line)
            except ValidationError as error:
                raise CannotAudit(f"the first record of segment {number} cannot be read") from error
            if isinstance(record, Started):
                return record.about
            raise CannotAudit(f"segment {number} does not begin with the validator's rules")
    if sealed:
        return sealed[min(sealed)].head.about
    raise CannotAudit("the log is empty")


async def _replay_segment(
    files: SegmentFiles, number: int, sealed: Sealed | None, replay: Replay, findings: Findings
) -> None:
    leaves: list[bytes] = []
    newest = 0
    for index, line in enumerate(files.lines(number)):
        if index >= MOST_RECORDS:
            text = f"has more than {MOST_RECORDS} records: those after are not checked"
            findings.differ(Kind.RECORD, text, Place(segment=number))
            break
        leaves.append(leaf_hash(line))
        place = Place(segment=number, record=index)
        try:
            record = RECORD.validate_json(line)
        except ValidationError as error:
            findings.differ(Kind.RECORD, f"cannot be read: {error.error_count()} fields do not fit", place)
            continue
        newest = max(newest, _block_of(record))
        try:
            await replay.take(record, place, None if sealed is None else sealed.head)
        except NeuronError:
            raise
        except Exception as error:  # noqa: BLE001 - a log may say anything, and no record ends an audit
            text = f"cannot be checked: {type(error).__name__}: {error}"
            findings.differ(Kind.RECORD, text[:_LONGEST], place)
    if sealed is not None:
        check_root(number, sealed.head, leaves, findings)
        if newest > sealed.head.last_block:
            text = f"speaks of block {newest}, and its head of none after {sealed.head.last_block}"
            findings.differ(Kind.RECORD, text, Place(segment=number))
        findings.prove(number, leaves)


def _block_of(record: Record) -> int:
    match record:
        case AskedRound(round=asked):
            return asked.block
        case WeighingRecord(weighing=weighing):
            return weighing.block
    return 0


class _Chain:
    """Compares a replayed log with what the chain says, now and at its past settings of weights."""

    def __init__(
        self,
        hotkey: str,
        sealed: dict[int, Sealed],
        withheld: Head | None,
        replay: Replay,
        findings: Findings,
    ) -> None:
        """`withheld` is the head of the first segment which is."""
        self._hotkey = hotkey
        self._sealed = sealed
        self._withheld = withheld
        self._replay = replay
        self._findings = findings

    async def check(self, facts: Facts, witness: Witness) -> None:
        newest = self._standing(facts)
        if self._is_from_withheld(facts):
            text = "the weights on the chain are newer than what is disclosed, and were not compared"
            self._findings.note(text)
            newest = None
        elif newest is not None:
            self._check_row(newest, facts)
        elif facts.weights is not None:
            text = "no weights in the log are as old as those on the chain"
            self._findings.differ(Kind.UNTRACEABLE, text)
        if newest is not None and newest.trusted > MOST_TRUSTED:
            text = f"{newest.trusted:.0%} of the scores behind the weights come from before the log begins"
            self._findings.differ(Kind.UNTRACEABLE, text, newest.place)
        block = facts.metagraph.block
        due = [
            weighed.place.segment
            for weighed in self._replay.weighed
            if weighed.place.segment is not None
            and weighed.weighing.block + PATIENCE_BLOCKS < block
            and (weighed.place.segment in self._sealed or weighed is newest)
        ]
        own = facts.metagraph.by_hotkey(self._hotkey)
        if self._withheld is not None and own is not None and own.last_update + PATIENCE_BLOCKS < block:
            # Their heads are committed already: nothing of them can be changed before they are disclosed.
            due += [
                number
                for number, each in self._sealed.items()
                if number >= self._withheld.segment and each.head.last_block < own.last_update
            ]
        check_commitment(facts.commitment, block, self._sealed, due, self._findings)
        await self._check_history(newest, facts, witness)

    async def _check_history(self, newest: Weighed | None, facts: Facts, witness: Witness) -> None:
        for weighed in reversed(self._replay.weighed[-MOST_PAST:]):
            block = weighed.weighing.block
            if not 0 <= block <= facts.metagraph.block + PATIENCE_BLOCKS:
                self._findings.differ(Kind.RECORD, f"there is no block {block}", weighed.place)
                continue
            if block > facts.metagraph.block:
                continue  # set after the facts were read
            try:
                past = await witness.facts(self._hotkey, block)
            except ChainRefused:
                self._findings.note(f"the node no longer knows the chain of block {block} and before")
                if weighed is newest:
                    self._check_rules(weighed, facts)
                return
            self._check_past(weighed, past)

    def _check_row(self, standing: Weighed, facts: Facts) -> None:
        hotkeys = standing.weighing.hotkeys
        differences = differing(facts.weights, standing.expected)
        if differences and facts.metagraph.rules.commit_reveal and self._is_older_row(standing, facts):
            # The beacon was late, or the subnet's epochs too quick for it: that is not the validator's doing.
            block = facts.metagraph.block
            self._findings.note(f"at block {block} newer weights than the chain's had stayed sealed")
            return
        for uid, had, expected in differences:
            text = f"weight {had} on the chain at block {facts.metagraph.block}, {expected} by the evidence"
            hotkey = hotkeys[uid] if uid < len(hotkeys) else None
            self._findings.differ(Kind.CHAIN, text, standing.place, uid=uid, hotkey=hotkey)

    def _is_older_row(self, standing: Weighed, facts: Facts) -> bool:
        """Whether the chain has no weights, or those of the log from before `standing`."""
        earlier = self._replay.weighed[: self._replay.weighed.index(standing)]
        return facts.weights is None or any(not differing(facts.weights, each.expected) for each in earlier)

    def _check_past(self, weighed: Weighed, past: Facts) -> None:
        block = weighed.weighing.block
        self._check_rules(weighed, past)
        standing = self._standing(past)
        if standing is not None:
            self._check_row(standing, past)
        if past.commitment is not None:
            check_commitment(past.commitment, block, self._sealed, (), self._findings)
        place, hotkeys = self._replay.asked_at.get(block, (weighed.place, None))
        if hotkeys is not None:
            self._replay.asking.check_omissions(block, hotkeys, past.metagraph, place)

    def _check_rules(self, weighed: Weighed, facts: Facts) -> None:
        weighing, rules = weighed.weighing, facts.metagraph.rules
        logged = (weighing.min_allowed, weighing.max_limit)
        if logged != (rules.min_allowed, rules.max_limit):
            real = (rules.min_allowed, rules.max_limit)
            text = f"the subnet's bounds of weights are {logged} in the log and {real} on the chain"
            self._findings.differ(Kind.WEIGHTS, text, weighed.place)
        for neuron in facts.metagraph.neurons:
            logged_under = weighing.hotkeys[neuron.uid : neuron.uid + 1]
            if neuron.registered_at <= weighing.block and neuron.hotkey not in logged_under:
                text = f"the log has another hotkey under this uid at block {weighing.block}"
                self._findings.differ(Kind.WEIGHTS, text, weighed.place, uid=neuron.uid, hotkey=neuron.hotkey)

    def _is_from_withheld(self, facts: Facts) -> bool:
        """Whether the chain's row may be one that is logged in a withheld segment."""
        own = facts.metagraph.by_hotkey(self._hotkey)
        if self._withheld is None or own is None:
            return False
        return (facts.pending[0] if facts.pending else own.last_update) > self._withheld.last_block

    def _standing(self, facts: Facts) -> Weighed | None:
        """The weights of the log which should be the chain's: the newest before the chain last heard of any;
        where commits are sealed still, those before the first of them.
        """
        own = facts.metagraph.by_hotkey(self._hotkey)
        if own is None:
            return None
        until = facts.pending[0] if facts.pending else own.last_update
        before = [weighed for weighed in self._replay.weighed if weighed.weighing.block < until]
        if facts.pending:
            before = before[:-1]
        return before[-1] if before else None
