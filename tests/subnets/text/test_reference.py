import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.subnets.text.corpus import Split, private_documents
from ganglion.subnets.text.reference import Reference, reference_of

SEED = 11
WINDOW = 80


@pytest.fixture(scope="module")
def reference():
    return reference_of(SEED)


@pytest.fixture(scope="module")
def genuine():
    """Texts which the reference has not learnt from, with the 45 tokens before each."""
    long = [document for document in Split.of(SEED).prompts if len(document) >= 45 + WINDOW]
    return [(document[:45], document[45 : 45 + WINDOW]) for document in long]


def mean(values):
    return float(np.mean(list(values)))


def test_the_words_of_genuine_text_fit_their_context_and_shuffled_ones_do_not(reference, genuine, rng):
    ordered = mean(reference.prose(before, text).coherence for before, text in genuine)
    shuffled = mean(reference.prose(before, rng.permutation(text)).coherence for before, text in genuine)
    assert ordered > 0.5
    assert shuffled < 0


def test_boilerplate_is_too_common_and_noise_too_rare(reference, rng):
    usual = reference.genuine.commonness
    words = sorted({word for document in private_documents() for word in document})
    assert reference.prose((), ["of", "the"] * 40).commonness > usual + 2
    assert reference.prose((), rng.choice(words, 80).tolist()).commonness < usual - 1.6


def test_genuine_text_has_more_in_common_with_its_own_beginning_than_with_others(reference, genuine):
    own = [reference.relevance(text, before) for before, text in genuine]
    others = [
        reference.relevance(text, before)
        for (_, text), (before, _) in zip(genuine, genuine[1:] + genuine[:1], strict=True)
    ]
    assert mean(own) > 1.5
    assert abs(mean(others)) < 1


def test_repeating_a_telling_word_makes_nothing_more_relevant(reference, genuine):
    before, text = genuine[0]
    assert reference.relevance(text * 5, before) == reference.relevance(text, before)


def test_the_prompts_telling_words_are_borrowed_its_common_ones_are_not(reference):
    assert reference.borrowed(["virus", "is", "the", "is"], ["the", "virus", "is"]) == 0.25


def test_a_second_reference_of_the_same_split_measures_the_same_to_the_last_bit(reference, genuine):
    again = Reference(Split.of(SEED))
    before, text = genuine[1]
    assert again.genuine == reference.genuine
    assert again.prose(before, text) == reference.prose(before, text)
    assert again.relevance(text, before) == reference.relevance(text, before)


@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=30))
def test_every_text_can_be_measured(words):
    reference = reference_of(SEED)
    measured = reference.prose((), words)
    values = (measured.commonness, measured.coherence, reference.relevance(words, words))
    assert all(np.isfinite(value) for value in values)
    assert 0 <= reference.borrowed(words, words) <= 1
