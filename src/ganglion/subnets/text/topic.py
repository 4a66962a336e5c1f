"""What a text is about: which words its own words and similar documents make likelier."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ganglion.subnets.text.words import END, Ids

_NEIGHBOURS = 10
_COMMON = 0.1  # a word in more than this share of the documents says nothing about a topic


class Topics:
    """The documents a model learnt from, searched for those most like a text."""

    def __init__(self, documents: Sequence[Ids], size: int) -> None:
        """`documents` as token numbers below `size`."""
        counted = [np.unique(document, return_counts=True) for document in documents]
        self._size = size
        self._words = np.concatenate([words for words, _ in counted])
        self._documents = np.repeat(np.arange(len(counted)), [len(words) for words, _ in counted])
        counts = np.concatenate([counts for _, counts in counted])
        lengths = np.array([len(document) for document in documents])
        self._shares = counts / lengths[self._documents]
        self._rarity = rarity(documents, size)
        weights = np.log1p(counts) * self._rarity[self._words]
        norms = np.sqrt(np.bincount(self._documents, weights**2, minlength=len(documents)))
        self._weights = weights / np.maximum(norms, 1e-9)[self._documents]

    def near(self, text: Ids) -> NDArray[np.float64]:
        """(size,) shares of words in the documents nearest to `text`; they sum to 1, or to 0 where no
        document has a telling word of it.
        """
        asked = np.log1p(np.bincount(text, minlength=self._size)) * self._rarity
        likeness = np.asarray(np.bincount(self._documents, self._weights * asked[self._words]), np.float64)
        likeness[np.argsort(-likeness, kind="stable")[_NEIGHBOURS:]] = 0
        shares = self._shares * (likeness / max(likeness.sum(), 1e-9))[self._documents]
        return np.asarray(np.bincount(self._words, shares, minlength=self._size), dtype=np.float64)


def rarity(documents: Sequence[Ids], size: int) -> NDArray[np.float64]:
    """(size,) how much a word says about a document's topic: the logarithm of one over the share of documents
    with it; 0 for the reserved numbers and the commonest words.
    """
    having = np.zeros(size)
    for document in documents:
        having[np.unique(document)] += 1
    value = np.log(len(documents) / np.maximum(having, 1))
    value[having > _COMMON * len(documents)] = 0
    value[: END + 1] = 0
    return value
