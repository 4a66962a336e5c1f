from itertools import pairwise

import numpy as np
import pytest

from ganglion.subnets.text.corpus import private_documents
from ganglion.subnets.text.kinds import ModelKind
from ganglion.subnets.text.models import drawn
from ganglion.subnets.text.task import CompleteRequest
from ganglion.subnets.text.words import UNKNOWN
from text_cases import model_of

PROMPT, END_OF_TEST = 45, 105


def perplexity(model, documents):
    """Of the known words from the 46th to the 105th of each document, given those before: no validator's
    measure has a part in it. At the last measurement: blend 264, trigram 325, bigram 362.
    """
    logarithms = []
    for document in documents:
        ids = model.vocabulary.ids(document)
        tilt = model.tilt(ids[:PROMPT])
        logarithms += [
            np.log(model.next(ids[at - 8 : at], tilt)[ids[at]])
            for at in range(PROMPT, END_OF_TEST)
            if ids[at] != UNKNOWN
        ]
    return float(np.exp(-np.mean(logarithms)))


def test_kinds_differ_visibly_in_quality_and_are_listed_best_first():
    documents = [document for document in private_documents() if len(document) >= END_OF_TEST][:100]
    measured = [perplexity(model_of(kind), documents) for kind in ModelKind]
    for better, worse in pairwise(measured):
        assert worse > 1.05 * better
    assert measured[-1] < 400


def test_probabilities_of_all_words_sum_to_one(blend):
    ids = blend.vocabulary.ids(private_documents()[0])
    assert blend.next(ids[:3], blend.tilt(ids)).sum() == pytest.approx(1)


def test_a_topic_makes_its_words_likelier(blend):
    prompt = blend.vocabulary.ids(["the", "virus", "infected", "the", "disk"])
    virus = blend.vocabulary.numbers["virus"]
    assert blend.tilt(prompt)[virus] > 5 * blend.tilt(blend.vocabulary.ids(["the"]))[virus]


def test_the_same_chance_gives_the_same_text_and_another_another(blend):
    request = CompleteRequest(prompt="A hacker is", max_tokens=30)
    one, same, other = ("".join(blend.texts(request, np.random.default_rng(seed))) for seed in (1, 1, 2))
    assert one == same != other


def test_temperature_zero_leaves_nothing_to_chance(blend):
    request = CompleteRequest(prompt="A hacker is", max_tokens=20, temperature=0.0)
    one, other = ("".join(blend.texts(request, np.random.default_rng(seed))) for seed in (1, 2))
    assert one == other


@pytest.mark.parametrize("prompt", ["x", "\n", "зима", "!?" * 500, "word " * 3000])
def test_every_prompt_is_continued(blend, rng, prompt):
    assert len(list(blend.texts(CompleteRequest(prompt=prompt, max_tokens=5), rng))) == 5


def test_drawing_follows_the_chances(rng):
    chances = np.array([0.5, 0.0, 0.3, 0.2])
    counted = np.bincount([drawn(chances, 1.0, 1.0, rng) for _ in range(20_000)], minlength=4) / 20_000
    assert counted == pytest.approx(chances, abs=0.02)


def test_top_p_leaves_out_the_unlikely(rng):
    chances = np.array([0.5, 0.0, 0.3, 0.2])
    assert {drawn(chances, 1.0, 0.7, rng) for _ in range(500)} == {0, 2}
    assert {drawn(chances, 1.0, 1e-9, rng) for _ in range(50)} == {0}
