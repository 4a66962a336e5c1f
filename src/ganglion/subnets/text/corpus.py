"""The bundled texts, and which of them a validator asks about when.

Two works in the public domain (see corpus/PROVENANCE.md), cut into documents, one dictionary entry each.
Three fifths of the documents are public: miners may learn from them. The others are the validators' private
split, of which each validator sees a part of its own at a time: a secret seed and the running period decide
which documents teach its reference model and which become prompts.

What is bundled is private by convention only: whoever reads the package can read it. Three things protect the
scores nevertheless. Which document comes when is secret. A continuation found by looking it up is a verbatim
copy of a bundled text, and copies earn nothing. And an operator can add texts nobody else has (`--option
corpus=DIR`), which look like any other prompt.
"""

from __future__ import annotations

import hashlib
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from ganglion.neuron.package import OptionInvalid
from ganglion.subnets.text.words import tokens

Document = tuple[str, ...]
"""The tokens of one text as written."""

_REFERENCE_SHARE = 0.6
_MAX_FILE = 4_000_000  # bytes of one of the operator's own texts
_CORPUS = files("ganglion.subnets.text") / "corpus"


@cache
def public_documents() -> tuple[Document, ...]:
    """What miners may learn from."""
    return _bundled("public.txt.xz")


@cache
def private_documents() -> tuple[Document, ...]:
    """What validators divide among themselves."""
    return _bundled("private.txt.xz")


@dataclass(frozen=True, slots=True)
class Split:
    """The private split as one validator divides it in one period."""

    reference: tuple[Document, ...]
    prompts: tuple[Document, ...]

    @classmethod
    def of(cls, seed: int) -> Split:
        """The division which belongs to `seed`, a number below 2**63."""
        documents = private_documents()
        # By hashes, not by a generator: numpy may change those from one version to the next.
        order = sorted(range(len(documents)), key=lambda at: _hashed(f"{seed}/{at}"))
        cut = int(len(documents) * _REFERENCE_SHARE)
        reference = tuple(documents[at] for at in order[:cut])
        return cls(reference, tuple(documents[at] for at in order[cut:]))


def split_seed(secret: int, period: int, number: int) -> int:
    """The seed of a validator's split in the period `number`, below 2**63. It tells nothing of the others',
    nor of those from before the operator chose another `period` (blocks).
    """
    return _hashed(f"{secret}/{period}/{number}") >> 1


def own_documents(folder: Path) -> tuple[Document, ...]:
    """The operator's own texts: every `*.txt` below `folder`, cut where two lines are empty.

    UTF-8; files above 4 MB are refused. Raises: OptionInvalid.
    """
    paths = sorted(folder.rglob("*.txt"))
    if not paths:
        raise OptionInvalid(f"corpus={folder}: no *.txt below it")
    return tuple(document for path in paths for document in _documents(_read(path)))


def _hashed(said: str) -> int:
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8, person=b"text split").digest())


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _MAX_FILE:
            raise OptionInvalid(f"corpus: {path} is larger than {_MAX_FILE} bytes")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OptionInvalid(f"corpus: cannot read {path}: {error}") from error


def _bundled(name: str) -> tuple[Document, ...]:
    return _documents(lzma.decompress((_CORPUS / name).read_bytes()).decode())


def _documents(text: str) -> tuple[Document, ...]:
    found: Sequence[list[str]] = [tokens(document) for document in text.split("\n\n")]
    return tuple(tuple(document) for document in found if document)
