"""Miners which try to earn without a model of their own.

guess     answers at random.
constant  answers the same digit always.
late      has a model, but holds its answer back until the time is over, as one does who waits for others.
copier    passes the question on to the other miners and repeats what most of them say; what nobody tells it,
          it takes from the answers it heard last.
cache     knows every image it ever was asked about, and guesses the others.
twin      has the model which every other twin has, so that one model would be paid under many uids.

Each miner gets images of its own, distorted anew, so that neither another's answers nor old ones help; what
is left to copiers is to pass their question on, which miners refuse because they admit validators only. Twins
are found by the part of each question which all miners get.
"""

from __future__ import annotations

import asyncio

import numpy as np

from ganglion.neuron.client import Answer
from ganglion.neuron.miner import Surroundings
from ganglion.subnets.vision.kinds import CheatKind, ModelKind
from ganglion.subnets.vision.miners import ModelMiner, VisionMiner
from ganglion.subnets.vision.task import CLASSES, TASK, ClassifyRequest, Images, Labels

LATE_S = 3 * TASK.timeout_s
_TWINS_SEED = 0


class Guess(VisionMiner):
    """Digits at random."""

    kind = CheatKind.GUESS

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    async def labels(self, images: Images) -> Labels:
        """(n, 64) -> (n,), whatever the images show."""
        return self._rng.integers(0, CLASSES, len(images))


class Constant(VisionMiner):
    """One digit for everything."""

    kind = CheatKind.CONSTANT

    def __init__(self, digit: int) -> None:
        self._digit = digit

    async def labels(self, images: Images) -> Labels:
        """(n, 64) -> (n,), all equal."""
        return np.full(len(images), self._digit, dtype=np.int64)


class Late(ModelMiner):
    """Right answers, too late."""

    def __init__(self, seed: int) -> None:
        super().__init__(ModelKind.SVM, seed)
        self.kind = CheatKind.LATE

    async def start(self, surroundings: Surroundings) -> None:
        """Train, and keep the clock."""
        self._surroundings = surroundings
        await super().start(surroundings)

    async def labels(self, images: Images) -> Labels:
        """(n, 64) -> (n,), after `LATE_S` seconds."""
        await self._surroundings.clock.sleep(LATE_S)
        return await super().labels(images)


class Copier(VisionMiner):
    """What most of the other miners answer to the same question, asked in this miner's own name."""

    kind = CheatKind.COPIER

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._heard: Labels = np.zeros(0, dtype=np.int64)

    async def start(self, surroundings: Surroundings) -> None:
        """Learn how to ask others."""
        self._surroundings = surroundings

    async def labels(self, images: Images) -> Labels:
        """(n, 64) -> (n,)."""
        client, request = self._surroundings.client, ClassifyRequest.of(images)
        outcomes = await asyncio.gather(
            *(client.ask(peer, TASK, request) for peer in self._surroundings.peers())
        )
        votes = [outcome.value.labels for outcome in outcomes if isinstance(outcome, Answer)]
        votes = [vote for vote in votes if len(vote) == len(images)]
        if votes:
            self._heard = _majority(np.asarray(votes, dtype=np.int64))
        if len(self._heard) != len(images):
            self._heard = self._rng.integers(0, CLASSES, len(images))
        return self._heard


class Cache(ModelMiner):
    """What a good model said of each image it ever saw; a guess for every other."""

    def __init__(self, seed: int) -> None:
        super().__init__(ModelKind.SVM, seed)
        self.kind = CheatKind.CACHE
        self._rng = np.random.default_rng(seed)
        self.known: dict[bytes, int] = {}

    async def labels(self, images: Images) -> Labels:
        """(n, 64) -> (n,); the images are known from then on."""
        said = [self.known.get(image.tobytes(), int(self._rng.integers(CLASSES))) for image in images]
        learnt = await super().labels(images)
        self.known |= {image.tobytes(): int(label) for image, label in zip(images, learnt, strict=True)}
        return np.asarray(said, dtype=np.int64)


class Twin(ModelMiner):
    """One of many with the same model, whatever seed it is given."""

    def __init__(self) -> None:
        super().__init__(ModelKind.SVM, _TWINS_SEED)
        self.kind = CheatKind.TWIN


def make_cheat(kind: CheatKind, seed: int) -> VisionMiner:
    """A cheat of `kind`."""
    rng = np.random.default_rng(seed)
    match kind:
        case CheatKind.GUESS:
            return Guess(rng)
        case CheatKind.CONSTANT:
            return Constant(int(rng.integers(CLASSES)))
        case CheatKind.LATE:
            return Late(seed)
        case CheatKind.COPIER:
            return Copier(rng)
        case CheatKind.CACHE:
            return Cache(seed)
        case CheatKind.TWIN:
            return Twin()


def _majority(votes: Labels) -> Labels:
    """The most frequent digit of each column of `votes` (voters, n)."""
    counts = np.stack([(votes == digit).sum(axis=0) for digit in range(CLASSES)])
    return np.asarray(counts.argmax(axis=0), dtype=np.int64)
