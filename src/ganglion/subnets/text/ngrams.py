"""Word (or character) n-gram models with interpolated modified Kneser-Ney smoothing, on numpy alone.

Source: Chen and Goodman, "An Empirical Study of Smoothing Techniques for Language Modeling" (1998), section
3. Every probability is made of additions, multiplications and divisions of float64 in a fixed order, which
IEEE 754 defines to the last bit: the same model has the same probabilities on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganglion.subnets.text.words import Ids

Probabilities = NDArray[np.float64]

_BITS_OF_A_KEY = 63


@dataclass(frozen=True, slots=True)
class _Order:
    """All n-grams of one length n.

    `keys` are the n-grams as sorted numbers, `kept` their discounted counts. `contexts` are the sorted
    numbers of their first n-1 tokens; the n-grams of context `c` lie from `starts[c]` to `starts[c + 1]`,
    their counts sum to `totals[c]`, and `left[c]` is the share which discounting took for shorter contexts.
    """

    keys: Ids
    kept: Probabilities
    contexts: Ids
    starts: Ids
    totals: Probabilities
    left: Probabilities

    @classmethod
    def of(cls, keys: Ids, counts: Ids, size: int) -> _Order:
        """From sorted n-grams over `size` tokens and their counts."""
        discounts = _discounts(counts)[np.minimum(counts, 3)]
        contexts, starts = np.unique(keys // size, return_index=True)
        totals = np.add.reduceat(counts, starts).astype(np.float64)
        left = np.add.reduceat(np.rint(discounts * 2**32).astype(np.int64), starts) / (totals * 2**32)
        ends = np.append(starts, len(keys))
        return cls(keys, np.maximum(counts - discounts, 0.0), contexts, ends, totals, left)


class NgramModel:
    """The next token's probability after the last `order - 1` ones."""

    def __init__(self, stream: Ids, size: int, order: int) -> None:
        """Learn from `stream`, token numbers below `size`.

        Raises: ValueError where an n-gram does not fit in 63 bits, or `stream` is shorter than `order`.
        """
        if size**order >= 1 << _BITS_OF_A_KEY:
            raise ValueError(f"{order}-grams of {size} tokens do not fit in {_BITS_OF_A_KEY} bits")
        if len(stream) < order:
            raise ValueError(f"{len(stream)} tokens are too few for {order}-grams")
        self.size = size
        self.order = order
        self._orders: list[_Order] = []
        keys, counts = np.unique(_packed(stream, size, order), return_counts=True)
        for length in range(order, 0, -1):
            self._orders.insert(0, _Order.of(keys, counts, size))
            # A shorter n-gram counts once for each token before it (Kneser and Ney), not for each occurrence.
            keys, counts = np.unique(keys % size ** (length - 1), return_counts=True)
        self._unigrams = self._lowest()

    @property
    def unigrams(self) -> Probabilities:
        """(size,) probabilities without any context."""
        return self._unigrams

    def distribution(self, before: Ids) -> Probabilities:
        """(size,) probabilities of the next token after `before`, of which the last `order - 1` count."""
        chances = self._unigrams.copy()
        context = 0
        for length, order in enumerate(self._orders[1 : len(before) + 1], start=1):
            context += int(before[-length]) * self.size ** (length - 1)
            place = int(np.searchsorted(order.contexts, context))
            if place == len(order.contexts) or order.contexts[place] != context:
                break
            chances *= order.left[place]
            seen = slice(order.starts[place], order.starts[place + 1])
            chances[order.keys[seen] % self.size] += order.kept[seen] / order.totals[place]
        return chances

    def probabilities(self, stream: Ids) -> Probabilities:
        """(n,) probability of each token of `stream` after those before it."""
        chances = self._unigrams[stream]
        for length, order in enumerate(self._orders[1:], start=2):
            keys = _packed(stream, self.size, length)
            later = chances[length - 1 :]
            place = np.minimum(np.searchsorted(order.contexts, keys // self.size), len(order.contexts) - 1)
            known = order.contexts[place] == keys // self.size
            at = np.minimum(np.searchsorted(order.keys, keys), len(order.keys) - 1)
            kept = np.where(order.keys[at] == keys, order.kept[at], 0.0)
            longer = kept / order.totals[place] + order.left[place] * later
            chances[length - 1 :] = np.where(known, longer, later)
        return chances

    def _lowest(self) -> Probabilities:
        lowest = self._orders[0]
        chances = np.full(self.size, lowest.left[0] / self.size)
        chances[lowest.keys] += lowest.kept / lowest.totals[0]
        return chances


def _packed(stream: Ids, size: int, length: int) -> Ids:
    """Each n-gram of `stream` as one number: (n - length + 1,)."""
    windows = max(len(stream) - length + 1, 0)
    keys = np.zeros(windows, dtype=np.int64)
    for place in range(length):
        keys = keys * size + stream[place : place + windows]
    return keys


def _discounts(counts: Ids) -> Probabilities:
    """(4,) what is taken from a count of 0, 1, 2, and 3 or more."""
    once, twice, thrice, fourfold = (max(int(np.sum(counts == times)), 1) for times in (1, 2, 3, 4))
    base = once / (once + 2 * twice)
    taken = (
        0.0,
        1 - 2 * base * twice / once,
        2 - 3 * base * thrice / twice,
        3 - 4 * base * fourfold / thrice,
    )
    return np.asarray(np.minimum(np.maximum(np.array(taken), 0.0), np.array([0.0, 0.95, 1.9, 2.85])))
