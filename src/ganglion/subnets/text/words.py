"""Between text and the words models count: tokens, their numbers, and plain prose again.

A token is a word (with its apostrophes and hyphens) or one mark of punctuation. Models count tokens in lower
case; `Vocabulary` remembers how each is mostly written inside a sentence, so that "unix" is "Unix" again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
"""(n,) token numbers."""

UNKNOWN = 0
"""The number of every token outside the vocabulary."""
END = 1
"""The number of the end of a document."""
_RESERVED = ("\0unknown", "\0end")

_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|\.\.\.|[^\w\s]|_")
_SENTENCE_ENDS = frozenset(".!?:")
_CLOSING = frozenset(".,;:!?)]%'") | {"..."}
_OPENING = frozenset("([")


def tokens(text: str) -> list[str]:
    """The tokens of `text` as they are written."""
    return _TOKEN.findall(text)


def is_word(token: str) -> bool:
    """Whether `token` is a word or number, not a mark."""
    return token[0].isalnum()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words a model knows. `forms[i]` is how word `i` is written."""

    numbers: dict[str, int]
    forms: tuple[str, ...]

    @classmethod
    def of(cls, documents: Iterable[Sequence[str]]) -> Vocabulary:
        """All words of `documents` (tokens as written)."""
        written: dict[str, Counter[str]] = {}
        for document in documents:
            before = "."
            for token in document:
                # The first word of a sentence says little about how it is written elsewhere.
                seen = 1 if before in _SENTENCE_ENDS else 1000
                written.setdefault(token.lower(), Counter())[token] += seen
                before = token
        forms = {word: min(seen, key=lambda form: (-seen[form], form)) for word, seen in written.items()}
        numbers = {word: number for number, word in enumerate((*_RESERVED, *sorted(forms)))}
        return cls(numbers, (*_RESERVED, *(forms[word] for word in sorted(forms))))

    def __len__(self) -> int:
        return len(self.numbers)

    def ids(self, document: Iterable[str]) -> Ids:
        """The numbers of tokens, `UNKNOWN` for those outside."""
        return np.array([self.numbers.get(token.lower(), UNKNOWN) for token in document], dtype=np.int64)

    def stream(self, documents: Iterable[Sequence[str]]) -> Ids:
        """The numbers of all documents in a row, with `END` before, between and after."""
        parts = [np.array([END])]
        for document in documents:
            parts += [self.ids(document), np.array([END])]
        return np.concatenate(parts)


class Writer:
    """Writes tokens one by one as prose: spaces, capitals where sentences start, quotation marks in pairs.

    `before` is the text which is continued.
    """

    def __init__(self, before: str) -> None:
        tail = tokens(before)
        self._starts = not tail or tail[-1] in _SENTENCE_ENDS - {":"}
        self._glued = not tail or tail[-1] in _OPENING
        self._quoted = before.count('"') % 2 == 1

    def write(self, token: str) -> str:
        """The piece of text for the next token, with the space before it where one belongs."""
        closing = token in _CLOSING or (token == '"' and self._quoted)
        space = "" if closing or self._glued else " "
        piece = token[:1].upper() + token[1:] if self._starts and is_word(token) else token
        self._glued = token in _OPENING or (token == '"' and not self._quoted)
        if token == '"':
            self._quoted = not self._quoted
        if is_word(token):
            self._starts = False
        elif token in _SENTENCE_ENDS - {":"}:
            self._starts = True
        return space + piece


def written(document: Iterable[str], before: str = "") -> str:
    """`document` as the prose which follows `before`."""
    writer = Writer(before)
    return "".join(writer.write(token) for token in document)
