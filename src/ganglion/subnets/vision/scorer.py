"""What an answer is worth.

Accuracy counts only above chance, and steeply: with `skill` = (accuracy - 1/10) / (9/10), the score is
skill ** 4, less up to a tenth for latency. Whoever guesses has skill near zero, within the luck of one
round: for 128 images about 0.03, which to the fourth power is one in a million; while one percent more
accuracy brings an honest miner five percent more. Latency, as a share of the time allowed, can cost a tenth
and no more: it decides between equals, and cannot make up for wrong answers. An answer later than allowed
is no answer and never gets here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganglion.neuron.validator_loop import NOTHING, Grade
from ganglion.subnets.vision.data import Digits
from ganglion.subnets.vision.task import CLASSES, PATH, ClassifyAnswer, ClassifyRequest

_CHANCE = 1 / CLASSES
_STEEPNESS = 4
_LATENCY_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class DigitChallenge:
    """Distorted digits for one miner. `allowed_s` is the validator's time limit in seconds."""

    digits: Digits
    allowed_s: float

    @property
    def request(self) -> ClassifyRequest:
        """The images without their labels."""
        return ClassifyRequest.of(self.digits.images)

    def grade(self, answer: ClassifyAnswer, latency_s: float) -> Grade:
        """Accuracy and score. An answer of another length than the question is worth nothing."""
        truth = self.digits.labels
        if len(answer.labels) != len(truth):
            return NOTHING
        accuracy = float(np.mean(np.asarray(answer.labels) == truth))
        return Grade(accuracy, score(accuracy, latency_s / self.allowed_s))


@dataclass(frozen=True, slots=True)
class DigitTask:
    """The validators' task: `images` digits per question, drawn from the private split `digits`."""

    digits: Digits
    images: int
    allowed_s: float

    path = PATH
    answer = ClassifyAnswer

    def challenge(self, rng: np.random.Generator) -> DigitChallenge:
        """Images which were never seen before and will not be again."""
        return DigitChallenge(self.digits.drawn(self.images, rng), self.allowed_s)


def score(accuracy: float, lateness: float) -> float:
    """The score in [0, 1] for `accuracy` in [0, 1] and `lateness`, the share of the allowed time which was
    used.
    """
    skill = max(0.0, (accuracy - _CHANCE) / (1 - _CHANCE))
    return float(skill**_STEEPNESS * (1 - _LATENCY_SHARE * min(1.0, max(0.0, lateness))))
