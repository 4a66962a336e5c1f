"""What an audit found: differences, which a validator has to explain, and notes for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ganglion.evidence.merkle import proof_of
from ganglion.neuron.errors import NeuronError
from ganglion.neuron.task import Message

MOST_DIFFERENCES = 1000
"""More are counted and not listed."""
MOST_NOTES = 1000
_LONGEST = 500


class CannotAudit(NeuronError):
    """There is nothing to audit, or it cannot be had: the message says why."""


class Kind(StrEnum):
    """In what the log, the chain and the rules differ."""

    SIGNATURE = "signature"
    ROOT = "root"
    ORDER = "order"
    COMMITMENT = "commitment"
    RECORD = "record"
    OMISSION = "omission"
    QUESTION = "question"
    ANSWER = "answer"
    GRADE = "grade"
    SCORES = "scores"
    WEIGHTS = "weights"
    CHAIN = "chain"
    UNTRACEABLE = "untraceable"
    WITHHELD = "withheld"


class Place(Message):
    """Where in the log: the record `record` of `segment`, and the round it speaks of."""

    segment: int | None = None
    record: int | None = None
    round: int | None = None


NOWHERE = Place()


class Difference(Message):
    """One thing which does not fit. `proof` (hex hashes, from the record upwards) leads from the record to
    its segment's signed root, so that the record can be shown to others alone.
    """

    kind: Kind
    text: str
    place: Place = NOWHERE
    uid: int | None = None
    hotkey: str | None = None
    proof: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = {"segment": self.place.segment, "round": self.place.round, "uid": self.uid}
        where = " ".join(f"{name} {number}" for name, number in parts.items() if number is not None)
        return f"{self.kind}: {where + ': ' if where else ''}{self.text}"


class Heard(Message):
    """How often one miner was asked in the log, and answered. That it did not is the validator's word."""

    uid: int
    hotkey: str
    asked: int
    answered: int


class Withheld(Message):
    """A closed segment whose records are not served, and the block on which they should be."""

    segment: int
    until_block: int


class Report(Message):
    """The outcome of an audit over `segments` segments, `rounds` rounds asked from `first_block` to
    `last_block`. Of the segments `withheld` only the heads were checked. `omitted` differences are counted
    and not listed.
    """

    netuid: int
    validator: str
    subnet: str
    segments: int
    rounds: int
    first_block: int
    last_block: int
    miners: tuple[Heard, ...]
    withheld: tuple[Withheld, ...]
    differences: tuple[Difference, ...]
    omitted: int
    notes: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether there is no difference."""
        return not self.differences


class Findings:
    """Collects differences and notes while an audit goes on."""

    def __init__(self) -> None:
        self.differences: list[Difference] = []
        self.omitted = 0
        self._named: set[Difference] = set()
        self.notes: dict[str, None] = {}

    def differ(
        self,
        kind: Kind,
        text: str,
        place: Place = NOWHERE,
        *,
        uid: int | None = None,
        hotkey: str | None = None,
    ) -> None:
        """Add a difference, once."""
        found = Difference(kind=kind, text=text, place=place, uid=uid, hotkey=hotkey)
        if found in self._named:
            return
        if len(self.differences) >= MOST_DIFFERENCES:
            self.omitted += 1
        else:
            self._named.add(found)
            self.differences.append(found)

    def note(self, text: str) -> None:
        """Add a note, once; what is too long is cut, and what is too much is left out."""
        if len(self.notes) < MOST_NOTES:
            self.notes.setdefault(text[:_LONGEST])

    def prove(self, segment: int, leaves: Sequence[bytes]) -> None:
        """Put proofs to what was found in the records of `segment`, whose leaf hashes these are."""
        proofs = {
            index: tuple(step.hex() for step in proof_of(leaves, index))
            for found in self.differences
            if found.place.segment == segment and (index := found.place.record) is not None
        }
        self.differences = [
            found.model_copy(update={"proof": proofs[found.place.record]})
            if found.place.segment == segment and found.place.record in proofs
            else found
            for found in self.differences
        ]
