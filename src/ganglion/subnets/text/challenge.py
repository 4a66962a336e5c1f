"""The validators' questions: beginnings of private texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated

import numpy as np
from pydantic import Field

from ganglion.neuron.task import Message
from ganglion.neuron.validator import Challenge
from ganglion.subnets.text.corpus import Document, Split, split_seed
from ganglion.subnets.text.task import MAX_CHARACTERS, CompleteRequest
from ganglion.subnets.text.words import written

PROMPT_TOKENS = 45
CONTINUATION_TOKENS = 80
ANSWER_TOKENS = 96
TEMPERATURE = 0.9
_SHORTEST = PROMPT_TOKENS + 40
_OWN_SHARE = 0.5  # of the prompts, where the operator has texts


class TextKey(Message):
    """What grades an answer: the genuine `continuation` of the prompt, and the seed of the private split by
    which the reference model is made again. It is told once the period is over: it gives away which documents
    its prompts come from, and nothing of another period.
    """

    split: Annotated[int, Field(ge=0, lt=2**63)]
    continuation: Annotated[str, Field(max_length=MAX_CHARACTERS)]


class Questioner:
    """Makes a validator's challenges from its secret and its own texts.

    `period` is for how many blocks one split serves.
    """

    def __init__(self, secret: int, own: Sequence[Document] = (), *, period: int) -> None:
        self._secret = secret
        self._own = tuple(document for document in own if len(document) >= _SHORTEST)
        self._period = period

    def period_end(self, block: int) -> int:
        """The first block of the period after that of `block`."""
        return (block // self._period + 1) * self._period

    def challenge(self, block: int, rng: np.random.Generator) -> Challenge[CompleteRequest]:
        """A question of the period of `block`, drawn from `rng`."""
        split = split_seed(self._secret, self._period, block // self._period)
        own = bool(self._own) and rng.random() < _OWN_SHARE
        documents = self._own if own else _prompts(split)
        document = documents[int(rng.integers(len(documents)))]
        starts = beginnings(document)
        start = starts[int(rng.integers(len(starts)))]
        end = start + PROMPT_TOKENS
        prompt = written(document[start:end])
        continuation = written(document[end : end + CONTINUATION_TOKENS], prompt)
        request = CompleteRequest(
            prompt=prompt[:MAX_CHARACTERS], max_tokens=ANSWER_TOKENS, temperature=TEMPERATURE
        )
        return Challenge(request, TextKey(split=split, continuation=continuation[:MAX_CHARACTERS]))


def beginnings(document: Document) -> list[int]:
    """Where a prompt may begin: at sentences after which enough is left."""
    places = range(max(len(document) - _SHORTEST, 0) + 1)
    return [at for at in places if at == 0 or document[at - 1] in ".!?"]


@lru_cache(maxsize=2)
def _prompts(split: int) -> tuple[Document, ...]:
    return tuple(document for document in Split.of(split).prompts if len(document) >= _SHORTEST)
