"""Miners which try to earn without a model of their own.

guess     answers at random.
constant  answers the same digit always.
late      has a model, but holds its answer back until the time is over, as one does who waits for others.
copier    passes the question on to the other miners and repeats what most of them say; what nobody tells it,
          it takes from the answers it heard last.

Each miner gets images of its own, so that another's answers help nobody; what is left to copiers is to pass
their question on, which miners refuse because they admit validators only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import numpy as np

from ganglion.neuron.client import Answer, Client
from ganglion.neuron.protocols import Clock, Neuron
from ganglion.subnets.vision.task import CLASSES, PATH, ClassifyAnswer, ClassifyRequest, Images, Labels


class Classifier(Protocol):
    """Tells digits."""

    def labels(self, images: Images) -> Labels:
        """One digit per image: (n, 64) -> (n,)."""
        ...


class Guess:
    """Digits at random."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    async def labels(self, images: Images) -> Labels:
        """(n, 64) -> (n,), whatever the images show."""
        return self._rng.integers(0, CLASSES, len(images))


class Constant:
    """One digit for everything."""

    def __init__(self, digit: int) -> None:
        self._digit = digit

    async def labels(self, images: Images) -> Labels:
        """(n, 64) -> (n,), all equal."""
        return np.full(len(images), self._digit, dtype=np.int64)


class Late:
    """Right answers after `delay_s` seconds."""

    def __init__(self, model: Classifier, clock: Clock, delay_s: float) -> None:
        self._model = model
        self._clock = clock
        self._delay_s = delay_s

    async def labels(self, images: Images) -> Labels:
        """(n, 64) -> (n,), too late."""
        await self._clock.sleep(self._delay_s)
        return self._model.labels(images)


class Copier:
    """What most of `peers` answer to the same question, asked by `client` in this miner's own name."""

    def __init__(
        self, client: Client, peers: Callable[[], tuple[Neuron, ...]], rng: np.random.Generator
    ) -> None:
        self._client = client
        self._peers = peers
        self._rng = rng
        self._heard: Labels = np.zeros(0, dtype=np.int64)

    async def labels(self, images: Images) -> Labels:
        """(n, 64) -> (n,)."""
        request = ClassifyRequest.of(images)
        outcomes = await asyncio.gather(
            *(self._client.query(peer, PATH, request, ClassifyAnswer) for peer in self._peers())
        )
        votes = [outcome.value.labels for outcome in outcomes if isinstance(outcome, Answer)]
        votes = [vote for vote in votes if len(vote) == len(images)]
        if votes:
            self._heard = _majority(np.asarray(votes, dtype=np.int64))
        if len(self._heard) != len(images):
            self._heard = self._rng.integers(0, CLASSES, len(images))
        return self._heard


def _majority(votes: Labels) -> Labels:
    """The most frequent digit of each column of `votes` (voters, n)."""
    counts = np.stack([(votes == digit).sum(axis=0) for digit in range(CLASSES)])
    return np.asarray(counts.argmax(axis=0), dtype=np.int64)
