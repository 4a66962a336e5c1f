"""What a validator withholds for now, so that miners do not learn from it, and whether it may."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.records import Head
from ganglion.evidence.replay import PATIENCE_BLOCKS
from ganglion.evidence.report import Findings, Kind, Place, Withheld
from ganglion.evidence.seals import Sealed

LONGEST_DUE = 256
"""Blocks a round may wait to be graded and is withheld meanwhile: so long nodes keep the chain's state."""

Rule = Callable[[Head], int]
"""By the rules which a head names: the block from which its newest round is disclosed."""


def withheld_segments(
    files: SegmentFiles, sealed: Mapping[int, Sealed], rule: Rule, block: int, findings: Findings
) -> tuple[Withheld, ...]:
    """The segments whose records are not served at `block`; names those which should be, or are to be
    withheld for longer than the rules say.
    """
    withheld = []
    for number in files.numbers():
        if not files.is_withheld(number):
            continue
        head, place = sealed[number].head, Place(segment=number)
        longest = max(rule(head), head.last_block + LONGEST_DUE) if head.disclosed_at else 0
        if head.disclosed_at > longest:
            text = f"is to be withheld until block {head.disclosed_at}, and by the rules until {longest}"
            findings.differ(Kind.WITHHELD, text, place)
        until = min(head.disclosed_at, longest)
        if until + PATIENCE_BLOCKS < block:
            text = f"is withheld at block {block}, and was to be disclosed at block {until}"
            findings.differ(Kind.WITHHELD, text, place)
        if head.last_block > block + PATIENCE_BLOCKS:
            findings.differ(Kind.RECORD, f"there is no block {head.last_block}", place)
        withheld.append(Withheld(segment=number, until_block=until))
    return tuple(withheld)
