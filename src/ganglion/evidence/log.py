"""The log of one validator on disk: append-only, synced record by record, closed with each set of weights.

After a crash the torn last record is cut away and the open segment goes on. Old segments are removed whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Collection, Mapping

from pydantic import ValidationError

from ganglion.evidence.files import EvidenceInvalid, SegmentFiles
from ganglion.evidence.merkle import leaf_hash, root_of
from ganglion.evidence.records import (
    RECORD,
    About,
    AskedRound,
    GradedRecord,
    Head,
    LostRound,
    Record,
    SignedHead,
    Started,
    WeighingRecord,
    draw_hash,
)
from ganglion.evidence.seeds import draws_secret
from ganglion.neuron.checkpoint import replace_file
from ganglion.neuron.keys import Hotkey
from ganglion.neuron.rounds import GradedRound, Round, Weighing

KEEP = 64
"""Closed segments which are kept."""
MAX_SEGMENT = 64 * 2**20
"""Bytes after which a segment is closed although no weights were set."""


class EvidenceLog:
    """`RoundLog` in the directory of `files`, signed with `hotkey`.

    `seed` is the secret from which questions are drawn, the same for the life of a log (`seeds.kept_seed`).
    `keep` closed segments stay on disk, none grows much above `max_segment` bytes. `discloses_at` is that of
    the `Validator`; no round is disclosed before it is due. Raises: EvidenceInvalid,
    OSError.
    """

    def __init__(
        self,
        files: SegmentFiles,
        hotkey: Hotkey,
        about: About,
        *,
        seed: int,
        discloses_at: Callable[[int], int] = lambda _block: 0,
        keep: int = KEEP,
        max_segment: int = MAX_SEGMENT,
    ) -> None:
        self.files = files
        self._hotkey = hotkey
        self._about = about
        self._discloses_at = discloses_at
        self._disclosed_at = 0
        self._keep = keep
        self._max_segment = max_segment
        files.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._secret = draws_secret(seed)
        self._scores: dict[str, float] = {}
        self._last_round = 0
        self._graded: int | None = None
        self._ungraded: set[int] = set()
        self._begin(0, None)
        self._reopen()

    @property
    def hotkey(self) -> str:
        """The ss58 address of the validator."""
        return self._about.hotkey

    @property
    def open_records(self) -> int:
        """How many records the open segment has."""
        return len(self._leaves)

    def draw_seed(self, _seed: int) -> int:
        """See `RoundLog.draw_seed`: one seed for each segment, told when it is closed."""
        return int(self._drawn_from(self._segment), 16)

    def resumed(self, scores: Mapping[str, float], waiting: Collection[int]) -> None:
        """See `RoundLog.resumed`. Rounds which a crash left without grades are told as lost."""
        if scores != self._scores and self._graded is not None:
            self._ungraded.add(self._graded)  # its grades were kept, and then did not count any more
        self._scores = dict(scores)
        self._append(Started(about=self._about, scores=self._scores))
        for number in sorted(self._ungraded - set(waiting)):
            self.lost(number, "the validator ended before it was graded")

    def asked(self, asked: Round) -> None:
        """See `RoundLog.asked`. Numbers which were left out are told as lost."""
        for missing in range(self._last_round + 1, asked.number):
            self._append(LostRound(number=missing, reason="not kept"))
        if self._size > self._max_segment:
            self._close()
        self._note_asked(asked)
        self._append(AskedRound(round=asked))
        self._last_round = asked.number
        self._ungraded.add(asked.number)

    def record(self, graded: GradedRound) -> None:
        """See `RoundLog.record`."""
        record = GradedRecord.of(graded)
        self._append(record)
        self._replay(record)

    def lost(self, number: int, reason: str) -> None:
        """See `RoundLog.lost`."""
        self._append(LostRound(number=number, reason=reason))
        self._ungraded.discard(number)

    def weighing(self, weighing: Weighing) -> None:
        """See `RoundLog.weighing`."""
        self._note_block(weighing.block)
        self._append(WeighingRecord(weighing=weighing))

    def weighed(self, block: int) -> bytes:
        """See `RoundLog.weighed`: closes the segment and gives the digest of its head."""
        self._note_block(block)
        return self._close()

    def _append(self, record: Record) -> None:
        if not self._leaves and not isinstance(record, Started):
            self._append(Started(about=self._about, scores=self._scores))
        line = record.model_dump_json().encode() + b"\n"
        with self.files.records(self._segment).open("ab") as file:
            try:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                with contextlib.suppress(OSError):
                    os.truncate(file.fileno(), self._size)
                raise
        self._size += len(line)
        self._leaves.append(leaf_hash(line[:-1]))

    def _close(self) -> bytes:
        head = Head(
            about=self._about,
            segment=self._segment,
            previous=None if self._previous is None else self._previous.hex(),
            count=len(self._leaves),
            root=root_of(self._leaves).hex(),
            first_block=self._blocks[0],
            last_block=self._blocks[1],
            draw_seed=self._drawn_from(self._segment),
            next_draw=draw_hash(self._drawn_from(self._segment + 1)),
            disclosed_at=self._disclosed_at,
        )
        signed = SignedHead.of(head, self._hotkey)
        replace_file(self.files.head(self._segment), signed.model_dump_json())
        for old in self.files.numbers()[: -self._keep]:
            self.files.drop(old)
        self._begin(self._segment + 1, signed.digest)
        return signed.digest

    def _begin(self, segment: int, previous: bytes | None) -> None:
        self._segment = segment
        self._previous = previous
        self._leaves: list[bytes] = []
        self._blocks = (0, 0)
        self._size = 0

    def _note_block(self, block: int) -> None:
        self._blocks = (self._blocks[0] or block, max(self._blocks[1], block))

    def _note_asked(self, asked: Round) -> None:
        self._note_block(asked.block)
        # Never falls from one segment to the next: what is disclosed has no holes.
        self._disclosed_at = max(self._disclosed_at, asked.due_block, self._discloses_at(asked.block))

    def _drawn_from(self, segment: int) -> str:
        return hashlib.blake2b(segment.to_bytes(8, "big"), key=self._secret, digest_size=16).hexdigest()

    def _reopen(self) -> None:
        numbers = self.files.numbers()
        closed = [number for number in numbers if self.files.is_closed(number)]
        try:
            if closed:
                self._continue_after(closed[-1])
            if numbers and numbers[-1] == self._segment:
                self._recover()
        except ValidationError as error:
            raise EvidenceInvalid(self.files.directory, f"segment {self._segment}: {error}") from error

    def _continue_after(self, closed: int) -> None:
        signed = self.files.signed_head(closed)
        if signed is None or signed.parsed().about.hotkey != self._about.hotkey:
            raise EvidenceInvalid(self.files.head(closed), "is another validator's")
        for line in self.files.lines(closed):
            self._replay(RECORD.validate_json(line))
        self._disclosed_at = max(self._disclosed_at, signed.parsed().disclosed_at)
        self._begin(closed + 1, signed.digest)

    def _recover(self) -> None:
        for line in self.files.lines(self._segment):
            record = RECORD.validate_json(line)
            self._replay(record)
            self._leaves.append(leaf_hash(line))
            self._size += len(line) + 1
        os.truncate(self.files.records(self._segment), self._size)

    def _replay(self, record: Record) -> None:
        match record:
            case AskedRound(round=asked):
                self._last_round = asked.number
                self._ungraded.add(asked.number)
                self._note_asked(asked)
            case WeighingRecord(weighing=weighing):
                self._note_block(weighing.block)
            case LostRound(number=number):
                self._last_round = max(self._last_round, number)
                self._ungraded.discard(number)
            case GradedRecord(number=number, scores=scores):
                self._graded = number
                self._ungraded.discard(number)
                self._scores = scores
            case Started(scores=scores):
                self._scores = scores
