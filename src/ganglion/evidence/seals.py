"""Checking what holds a log together: signatures, roots, the chain of heads, and what is committed of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pydantic import ValidationError

from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.merkle import root_of
from ganglion.evidence.records import Head, draw_hash
from ganglion.evidence.report import CannotAudit, Findings, Kind, Place


@dataclass(frozen=True, slots=True)
class Sealed:
    """A closed segment: its head, and the head's digest."""

    head: Head
    digest: bytes


def sealed_segments(files: SegmentFiles, hotkey: str, findings: Findings) -> dict[int, Sealed]:
    """The closed segments by number; names heads which are not signed, or do not follow each other.

    Raises: CannotAudit for a head which is none.
    """
    sealed: dict[int, Sealed] = {}
    for number in files.numbers():
        try:
            signed = files.signed_head(number)
            if signed is None:
                continue
            head = signed.parsed()
        except (ValidationError, OSError) as error:
            raise CannotAudit(f"the head of segment {number} cannot be read: {error}") from error
        place = Place(segment=number)
        if not signed.is_signed_by(hotkey):
            findings.differ(Kind.SIGNATURE, "the head is not signed by the validator", place)
        if (head.about.hotkey, head.segment) != (hotkey, number):
            text = f"the head is that of segment {head.segment} of {head.about.hotkey}"
            findings.differ(Kind.ORDER, text, place)
        sealed[number] = Sealed(head, signed.digest)
    _check_order(files.numbers(), sealed, findings)
    return sealed


def check_root(number: int, head: Head, leaves: Sequence[bytes], findings: Findings) -> None:
    """Whether a segment's records are those its head was signed for."""
    if (head.count, head.root) != (len(leaves), root_of(leaves).hex()):
        text = f"the {len(leaves)} records are not the {head.count} which were signed"
        findings.differ(Kind.ROOT, text, Place(segment=number))


def check_commitment(
    commitment: bytes | None,
    block: int,
    sealed: Mapping[int, Sealed],
    due: Sequence[int],
    findings: Findings,
) -> None:
    """Compare what the chain held at `block` with the heads. `due` are the segments committed by then."""
    digests = {each.digest: number for number, each in sealed.items()}
    oldest = min(sealed, default=0)
    if commitment is not None and commitment in digests:
        committed = digests[commitment]
    elif commitment is not None and oldest in sealed and commitment.hex() == sealed[oldest].head.previous:
        committed = oldest - 1
    elif commitment is not None:
        text = f"what was committed at block {block} is no head of this log, which was changed since"
        findings.differ(Kind.COMMITMENT, text)
        return
    else:
        committed = -1
    for number in due:
        if number > committed:
            text = f"is not committed on the chain at block {block}: it could be changed still"
            findings.differ(Kind.COMMITMENT, text, Place(segment=number))


def _check_order(numbers: Sequence[int], sealed: Mapping[int, Sealed], findings: Findings) -> None:
    for before, number in pairwise(numbers):
        place = Place(segment=number)
        if number != before + 1 or before not in sealed:
            findings.differ(Kind.ORDER, f"follows on segment {before}, which has no end", place)
            continue
        if number not in sealed:
            continue
        head, previous = sealed[number].head, sealed[before]
        if head.previous != previous.digest.hex():
            findings.differ(Kind.ORDER, "the head does not name the head before it", place)
        if head.last_block < previous.head.last_block:
            findings.differ(Kind.ORDER, "ends at an earlier block than the segment before", place)
        if draw_hash(head.draw_seed) != previous.head.next_draw:
            text = "its questions were drawn from another seed than was committed before"
            findings.differ(Kind.QUESTION, text, place)
