from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.subnets.text.ngrams import NgramModel

SIZE = 6
STREAMS = st.lists(st.integers(0, SIZE - 1), min_size=4, max_size=60).map(np.array)


def plain(stream, order, before, token):
    """Interpolated modified Kneser-Ney as the paper writes it, one probability at a time."""
    grams = [tuple(stream[at : at + order]) for at in range(len(stream) - order + 1)]
    tables = [Counter(grams)]
    while len(tables) < order:
        tables.append(Counter(gram[1:] for gram in tables[-1]))
    chance = 1 / SIZE
    for length, table in enumerate(reversed(tables), start=1):
        times = [max(sum(count == seen for count in table.values()), 1) for seen in (1, 2, 3, 4)]
        base = times[0] / (times[0] + 2 * times[1])
        steps = [(k + 1) - (k + 2) * base * times[k + 1] / times[k] for k in range(3)]
        taken = [0.0] + [min(max(step, 0.0), 0.95 * (k + 1)) for k, step in enumerate(steps)]
        context = tuple(before[len(before) - length + 1 :])
        after = {gram: count for gram, count in table.items() if gram[:-1] == context}
        if not after:
            return chance
        total = sum(after.values())
        left = sum(taken[min(count, 3)] for count in after.values()) / total
        count = after.get((*context, token), 0)
        chance = max(count - taken[min(count, 3)], 0) / total + left * chance
    return chance


@given(STREAMS, st.integers(1, 4), st.lists(st.integers(0, SIZE - 1), min_size=3, max_size=3))
def test_probabilities_are_those_of_the_paper(stream, order, before):
    chances = NgramModel(stream, SIZE, order).distribution(np.array(before))
    assert chances == pytest.approx([plain(stream, order, before, token) for token in range(SIZE)], abs=1e-8)


@given(STREAMS, st.integers(1, 4), st.lists(st.integers(0, SIZE - 1), max_size=6))
def test_after_any_context_all_tokens_together_are_certain(stream, order, before):
    assert NgramModel(stream, SIZE, order).distribution(
        np.array(before, dtype=np.int64)
    ).sum() == pytest.approx(1)


@given(STREAMS, STREAMS, st.integers(1, 4))
def test_a_streams_probabilities_are_those_of_its_tokens_one_by_one(stream, other, order):
    model = NgramModel(stream, SIZE, order)
    single = [model.distribution(other[max(at - order + 1, 0) : at])[other[at]] for at in range(len(other))]
    assert model.probabilities(other) == pytest.approx(single)


@pytest.mark.parametrize(("length", "size", "order"), [(2, 10, 3), (100, 2**16, 4)])
def test_what_cannot_be_counted_is_refused(length, size, order):
    with pytest.raises(ValueError, match=f"{order}-grams"):
        NgramModel(np.zeros(length, dtype=np.int64), size, order)
