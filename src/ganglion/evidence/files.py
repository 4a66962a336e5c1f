"""The log as files of a directory: `000007.jsonl` has the records of segment 7, `000007.head.json` its head.

A validator's own log and one that was fetched look alike. A segment without a head is the one still open; one
without records is withheld.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ganglion.evidence.records import SignedHead
from ganglion.neuron.errors import NeuronError

MAX_RECORD = 256 * 2**20
"""Bytes of one record."""
_RECORDS, _HEAD = ".jsonl", ".head.json"


class EvidenceInvalid(NeuronError):
    """A log on disk cannot be gone on with. It is left as it is."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(f"evidence {path}: {cause}")
        self.path = path


class SegmentFiles:
    """The segments in `directory`, which need not exist."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def numbers(self) -> list[int]:
        """The segments there are, ascending."""
        ends = (_RECORDS, _HEAD)
        names = {path.name.removesuffix(end) for end in ends for path in self.directory.glob(f"[0-9]*{end}")}
        return sorted(int(name) for name in names if name.isascii() and name.isdigit())

    def records(self, segment: int) -> Path:
        """The file of a segment's records."""
        return self.directory / f"{segment:06d}{_RECORDS}"

    def head(self, segment: int) -> Path:
        """The file of a segment's head."""
        return self.directory / f"{segment:06d}{_HEAD}"

    def is_closed(self, segment: int) -> bool:
        """Whether nothing more comes to this segment."""
        return self.head(segment).exists()

    def is_withheld(self, segment: int) -> bool:
        """Whether there is a head, and no records."""
        return self.is_closed(segment) and not self.records(segment).exists()

    def signed_head(self, segment: int) -> SignedHead | None:
        """The head of a segment, None where there is no file. Raises: OSError, ValidationError."""
        try:
            text = self.head(segment).read_bytes()
        except FileNotFoundError:
            return None
        return SignedHead.model_validate_json(text)

    def lines(self, segment: int) -> Iterator[bytes]:
        """The complete records of a segment, without their line feeds. Raises: OSError, and EvidenceInvalid
        for one which is too long to be held in memory.
        """
        with self.records(segment).open("rb") as file:
            while line := file.readline(MAX_RECORD + 1):
                if len(line) > MAX_RECORD:
                    raise EvidenceInvalid(self.records(segment), f"a record has more than {MAX_RECORD} bytes")
                if line.endswith(b"\n"):
                    yield line[:-1]

    def drop(self, segment: int) -> None:
        """Remove a segment."""
        self.head(segment).unlink(missing_ok=True)
        self.records(segment).unlink(missing_ok=True)
