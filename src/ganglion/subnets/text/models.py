"""Honest models of three kinds, which learn from the public split within a second.

Each is an n-gram model of words whose probabilities are tilted towards the prompt's topic: its own words, and
those of the public documents most like it (unigram rescaling, after Gildea and Hofmann, "Topic-based language
models using EM", 1999). Longer n-grams and more of the topic make a kind better.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ganglion.subnets.text.corpus import public_documents
from ganglion.subnets.text.kinds import ModelKind
from ganglion.subnets.text.ngrams import NgramModel, Probabilities
from ganglion.subnets.text.task import CompleteRequest
from ganglion.subnets.text.topic import Topics
from ganglion.subnets.text.words import END, UNKNOWN, Ids, Vocabulary, Writer, tokens


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a kind is made of: the length of its n-grams and the share of the public documents it counts them
    in, the shares of the prompt's own words (`recall`) and of similar documents (`topic`) in what it expects,
    and how strongly it follows them (`tilt`).
    """

    order: int
    learnt: float
    recall: float
    topic: float
    tilt: float


RECIPES = {
    ModelKind.BLEND: Recipe(order=4, learnt=1.0, recall=0.3, topic=0.3, tilt=0.7),
    ModelKind.TRIGRAM: Recipe(order=3, learnt=0.5, recall=0.3, topic=0.15, tilt=0.63),
    ModelKind.BIGRAM: Recipe(order=2, learnt=0.5, recall=0.15, topic=0.05, tilt=0.5),
}


class LanguageModel:
    """Continues texts. Safe to use from several threads."""

    def __init__(self, recipe: Recipe) -> None:
        """Learn from the public split."""
        documents = public_documents()
        self._recipe = recipe
        self.vocabulary = Vocabulary.of(documents)
        size = len(self.vocabulary)
        stream = self.vocabulary.stream(documents)
        learnt = self.vocabulary.stream(documents[:: round(1 / recipe.learnt)])
        self._ngrams = NgramModel(learnt, size, recipe.order)
        self._topics = Topics([self.vocabulary.ids(document) for document in documents], size)
        self._usual = np.maximum(np.bincount(stream, minlength=size), 0.5) / len(stream)

    def tilt(self, text: Ids) -> Probabilities:
        """(size,) factors by which `text`, what is to be continued, changes each word's probability."""
        recipe = self._recipe
        known = text[text != UNKNOWN]
        own: Probabilities = np.bincount(known, minlength=len(self.vocabulary)) / max(len(text), 1)
        usual: Probabilities = self._usual * (1 - recipe.recall - recipe.topic)
        expected = usual + recipe.recall * own + recipe.topic * self._topics.near(text)
        return np.asarray((expected / self._usual) ** recipe.tilt)

    def next(self, before: Ids, tilt: Probabilities) -> Probabilities:
        """(size,) probabilities of the next token after the tokens `before`."""
        chances = self._ngrams.distribution(before) * tilt
        return np.asarray(chances / chances.sum())

    def texts(self, request: CompleteRequest, rng: np.random.Generator) -> Iterator[str]:
        """The continuation token by token, each as the text to append: `request.max_tokens` of them."""
        before = self.vocabulary.ids(tokens(request.context))
        tilt = self.tilt(before)
        writer = Writer(request.context)
        for _ in range(request.max_tokens):
            chances = self.next(before[-8:], tilt)
            chances[[UNKNOWN, END]] = 0
            token = drawn(chances, request.temperature, request.top_p, rng)
            before = np.append(before[-8:], token)
            yield writer.write(self.vocabulary.forms[token])


def make_model(kind: ModelKind) -> LanguageModel:
    """Train a model of `kind`."""
    return LanguageModel(RECIPES[kind])


def drawn(chances: Probabilities, temperature: float, top_p: float, rng: np.random.Generator) -> int:
    """A token drawn from `chances` (positive somewhere) after sharpening by `temperature` and leaving out the
    least likely ones beyond a share of `top_p`.
    """
    if temperature == 0:
        return int(chances.argmax())
    sharpened = (chances / chances.max()) ** (1 / temperature)
    if top_p < 1:
        ranked = np.argsort(-sharpened, kind="stable")
        heard = np.cumsum(sharpened[ranked])
        sharpened[ranked[int(np.searchsorted(heard, top_p * heard[-1])) + 1 :]] = 0
    heard = np.cumsum(sharpened)
    return int(np.searchsorted(heard, rng.random() * heard[-1], side="right"))
