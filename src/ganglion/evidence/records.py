"""What a validator's log holds: records, one JSON object a line, and the signed head of each segment.

A *segment* is what happened between two settings of weights. Its *head* names the root over its records and
the digest of the head before it, so that one digest on the chain binds all the log up to there.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter

from ganglion.neuron.keys import Hotkey
from ganglion.neuron.rounds import GradedRound, Round, Weighing
from ganglion.neuron.signature import is_signed, signed
from ganglion.neuron.task import Message

FORMAT = "ganglion-evidence/1"

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""32 bytes in hex."""


class About(Message):
    """Whose log it is, and by which rules it works. `subnet` and `options` make the validator which graded;
    `alpha` and `least_score` are those of `ValidatorSettings`; `private` is the seed of its questions' stock
    where that may be told, else None.
    """

    hotkey: str
    netuid: int
    subnet: str
    options: dict[str, str]
    alpha: Annotated[float, Field(gt=0, le=1)]
    least_score: Annotated[float, Field(ge=0, le=1)]
    private: int | None = None


class Started(Message):
    """A segment begins, or the validator's process: by which rules, with which moving scores by hotkey."""

    kind: Literal["started"] = "started"
    about: About
    scores: dict[str, float]


class AskedRound(Message):
    """A round as soon as its answers were in."""

    kind: Literal["asked"] = "asked"
    round: Round


class GradedRecord(Message):
    """The grades of the round `number`; the other fields are those of `GradedRound`."""

    kind: Literal["graded"] = "graded"
    number: int
    graded_block: int
    prices: dict[int, dict[int, float]]
    registered: tuple[str, ...]
    grades: tuple[tuple[float, float], ...]
    scores: dict[str, float]

    @classmethod
    def of(cls, graded: GradedRound) -> Self:
        """The record of a graded round, whose questions and answers are recorded already."""
        return cls(
            number=graded.round.number,
            graded_block=graded.graded_block,
            prices=graded.prices,
            registered=graded.registered,
            grades=graded.grades,
            scores=graded.scores,
        )


class LostRound(Message):
    """A round which will never be graded, and why."""

    kind: Literal["lost"] = "lost"
    number: int
    reason: str


class WeighingRecord(Message):
    """Weights, before they were sent to the chain."""

    kind: Literal["weighing"] = "weighing"
    weighing: Weighing


Record = Started | AskedRound | GradedRecord | LostRound | WeighingRecord
RECORD: TypeAdapter[Record] = TypeAdapter(Annotated[Record, Field(discriminator="kind")])


class Head(Message):
    """A closed segment. `previous` is the digest of the head before, None for the first; `draw_seed` (hex)
    what its questions were drawn from, and `next_draw` the SHA-256 of the next segment's. Its records may be
    read from the block `disclosed_at` on (0: at once).
    """

    format: Literal["ganglion-evidence/1"] = "ganglion-evidence/1"
    about: About
    segment: Annotated[int, Field(ge=0)]
    previous: Digest | None
    count: Annotated[int, Field(ge=0)]
    root: Digest
    first_block: int
    last_block: int
    draw_seed: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    next_draw: Digest
    disclosed_at: Annotated[int, Field(ge=0)] = 0


class SignedHead(Message):
    """A head as the JSON text which was signed, and the validator's signature."""

    head: str
    signature: str

    @classmethod
    def of(cls, head: Head, hotkey: Hotkey) -> Self:
        """Sign a head."""
        text = head.model_dump_json()
        return cls(head=text, signature=signed(hotkey, lambda scheme: _payload(scheme, text)))

    @property
    def digest(self) -> bytes:
        """What is committed on the chain, 32 bytes."""
        return hashlib.sha256(f"{FORMAT}\n{self.head}".encode()).digest()

    def is_signed_by(self, hotkey: str) -> bool:
        """Whether the key of this address signed it."""
        return is_signed(hotkey, self.signature, lambda scheme: _payload(scheme, self.head))

    def parsed(self) -> Head:
        """The head. Raises: ValidationError."""
        return Head.model_validate_json(self.head)


def draw_hash(seed: str) -> str:
    """What is told of a draw seed (hex) before it is used."""
    return hashlib.sha256(bytes.fromhex(seed)).hexdigest()


def _payload(scheme: str, text: str) -> bytes:
    return f"{FORMAT}\n{scheme}\n{text}".encode(errors="replace")
