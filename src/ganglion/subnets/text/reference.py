"""The validator's own judge of prose: what genuine text looks like, by texts miners do not learn from.

A `Reference` learns a trigram model from its part of the private split and measures two things of a text.
`commonness` is the mean logarithm of its words' frequencies: high for "of the of the", low for rare noise.
`coherence` is how much likelier the words are in their context than out of it (mean pointwise information):
word order is all that raises it, so that neither common words nor random ones help. Both are compared with
what texts of the other part of the split measure. `relevance` is how much closer the words come to the
prompt's own text than to others.

All results are exact functions of texts and the split's seed: integers, or float64 made of exactly rounded
operations in a fixed order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ganglion.subnets.text.corpus import Split
from ganglion.subnets.text.logarithm import UNIT, ln
from ganglion.subnets.text.ngrams import NgramModel
from ganglion.subnets.text.words import END, UNKNOWN, Ids, Vocabulary, is_word

_ORDER = 3
_COMMON = 0.1  # a word in more than this share of the documents says nothing about a topic
_OTHERS = 64  # texts a prompt is compared with
_WINDOW = 125  # tokens of a text which is compared, and of one which calibrates


@dataclass(frozen=True, slots=True)
class Prose:
    """What a text measures: `commonness` and `coherence` in nats per token."""

    commonness: float
    coherence: float


class Reference:
    """A judge which has learnt from `Split.reference`."""

    def __init__(self, split: Split) -> None:
        self.vocabulary = Vocabulary.of(split.reference)
        size = len(self.vocabulary)
        documents = [self.vocabulary.ids(document) for document in split.reference]
        stream = self.vocabulary.stream(split.reference)
        self._ngrams = NgramModel(stream, size, _ORDER)
        counts = np.bincount(stream, minlength=size)
        # Half a count more for all: also unknown words have a frequency.
        self._frequency = ln((2 * counts + 1) / (2 * len(stream) + size))
        self._telling = self._rarity(documents)
        windows = [document[:_WINDOW] for document in documents if len(document) >= _WINDOW]
        self._others = np.stack([self._has(window) for window in windows[:_OTHERS]])
        genuine = [self.prose((), text) for text in split.prompts if len(text) >= _WINDOW]
        self.genuine = Prose(
            _mean(each.commonness for each in genuine), _mean(each.coherence for each in genuine)
        )

    def prose(self, before: Sequence[str], text: Sequence[str]) -> Prose:
        """What `text`, at least one token, measures as the continuation of `before`."""
        ids = self.vocabulary.ids((*before[-_ORDER + 1 :], *text))
        frequency = self._frequency[ids][-len(text) :]
        likelihood = ln(self._ngrams.probabilities(ids)[-len(text) :])
        # An unknown word is unlikely in any context: what its context tells of it is nothing.
        known = ids[-len(text) :] != UNKNOWN
        gained = int(np.sum((likelihood - frequency)[known]))
        return Prose(int(np.sum(frequency)) / (len(text) * UNIT), gained / (len(text) * UNIT))

    def relevance(self, text: Sequence[str], own: Sequence[str]) -> float:
        """By how many standard deviations the telling words of `text` are more often those of `own` than
        those of other texts. Each word counts once, by its rarity.
        """
        words = np.unique(self.vocabulary.ids(text))
        worth = self._telling[words]
        shared = int(worth[self._has(self.vocabulary.ids(own))[words]].sum())
        others = self._others[:, words] @ worth
        count, total = len(others), int(others.sum())
        # In integers: n**2 times the variance, and n times the distance from the mean.
        variance = count * int(others @ others) - total * total
        return (count * shared - total) / max(float(np.sqrt(np.float64(variance))), float(count * UNIT))

    def borrowed(self, text: Sequence[str], prompt: Sequence[str]) -> float:
        """The share of `text`'s tokens, at least one, which are telling words of `prompt`, in [0, 1]."""
        ids = self.vocabulary.ids(text)
        prompts = self._has(self.vocabulary.ids(prompt)) & (self._telling > 0)
        return int(prompts[ids].sum()) / len(text)

    def _has(self, ids: Ids) -> NDArray[np.bool_]:
        present = np.zeros(len(self.vocabulary), dtype=np.bool_)
        present[ids] = True
        return present

    def _rarity(self, documents: Sequence[Ids]) -> NDArray[np.int64]:
        having = np.zeros(len(self.vocabulary), dtype=np.int64)
        for document in documents:
            having[np.unique(document)] += 1
        rarity = ln(len(documents) / np.maximum(having, 1))
        rarity[having > _COMMON * len(documents)] = 0
        rarity[[UNKNOWN, END]] = 0
        rarity[[number for word, number in self.vocabulary.numbers.items() if not is_word(word)]] = 0
        return rarity


@lru_cache(maxsize=3)
def reference_of(seed: int) -> Reference:
    """The judge of the split which belongs to `seed`. Takes a third of a second, the second time nothing."""
    return Reference(Split.of(seed))


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)
