"""How much of a text was written before: in the bundled texts, in the prompt, in itself, by another miner."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ganglion.subnets.text.corpus import Document, private_documents, public_documents

Shingle = tuple[str, ...]

_QUOTE = 5
"""Tokens in a row which are a quotation of a bundled text."""
_ECHO = 4
"""Tokens in a row which are an echo of the prompt."""
_REPEAT = 3
"""Tokens in a row which should not come again."""
_PAIR = 2
"""Tokens in a row by which answers are compared: of a copy with every fourth word changed half of them stay,
while two texts of one model about one prompt share a fifth at most (a third when drawn at temperature 0.7).
"""


def shingles(text: Sequence[str], length: int) -> list[Shingle]:
    """Every run of `length` tokens in lower case."""
    lower = [token.lower() for token in text]
    return [tuple(lower[at : at + length]) for at in range(len(lower) - length + 1)]


def quoted(text: Sequence[str]) -> float:
    """The share of `text`'s tokens which are in a run of 5 or more from a bundled text, in [0, 1]."""
    known = _bundled()
    return _covered(text, _QUOTE, [hash_ in known for hash_ in shingles(text, _QUOTE)])


def echoed(text: Sequence[str], prompt: Sequence[str]) -> float:
    """The share of `text`'s tokens which are in a run of 4 or more from `prompt`, in [0, 1]."""
    known = frozenset(shingles(prompt, _ECHO))
    return _covered(text, _ECHO, [shingle in known for shingle in shingles(text, _ECHO)])


def repeated(text: Sequence[str]) -> float:
    """The share of `text`'s runs of 3 tokens which came before in it, in [0, 1]."""
    runs = shingles(text, _REPEAT)
    return 1 - len(frozenset(runs)) / len(runs) if runs else 0.0


def fingerprint(text: Sequence[str]) -> frozenset[Shingle]:
    """What two answers are compared by."""
    return frozenset(shingles(text, _PAIR))


def alike(older: frozenset[Shingle], newer: frozenset[Shingle]) -> bool:
    """Whether more than two fifths of the newer text's pairs of tokens are in the older.

    The share is the newer's: otherwise a few common words, registered early, would make copies of all others.
    """
    return 5 * len(older & newer) > 2 * len(newer)


@cache
def _bundled() -> frozenset[Shingle]:
    documents: tuple[Document, ...] = public_documents() + private_documents()
    return frozenset(shingle for document in documents for shingle in shingles(document, _QUOTE))


def _covered(text: Sequence[str], length: int, found: Sequence[bool]) -> float:
    """The share of tokens inside the runs of `length` which are `found`."""
    covered = [any(found[max(at - length + 1, 0) : at + 1]) for at in range(len(text))]
    return sum(covered) / max(len(text), 1)
