"""What an answer is worth.

Accuracy counts only above chance, and steeply: with `skill` = (accuracy - 1/10) / (9/10), the score is
skill ** 4, less up to a tenth for latency. Whoever guesses has skill near zero, within the luck of one
round: for 96 images about 0.03, which to the fourth power is one in a million; while one percent more
accuracy brings an honest miner five percent more. Latency, as a share of the time allowed, can cost a tenth
and no more: it decides between equals, and cannot make up for wrong answers. An answer later than allowed
is no answer.

Half of a question is the miner's own, the other half, the probe, is the same for all miners of the round; the
two are shuffled, for each miner in another way. What counts is the accuracy on the worse half: whoever
overhears others knows half an answer, and whoever answers the probe badly, so as not to be recognised, is
paid for that. Whose labels of the probe differ from those of a miner registered earlier in at most one of 50
images is its copy, and gets nothing. (Two support vector machines trained on different distortions differ in
seven of 100, and are the most alike of all honest pairs.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, TypeAlias

import numpy as np
from pydantic import Field

from ganglion.neuron.copies import originals
from ganglion.neuron.protocols import Neuron
from ganglion.neuron.task import Message
from ganglion.neuron.validator import NOTHING, Case, Challenge, Draw, Grade, Truth, Validator
from ganglion.subnets.vision.data import Digits
from ganglion.subnets.vision.task import CLASSES, TASK, ClassifyAnswer, ClassifyRequest

_CHANCE = 1 / CLASSES
_STEEPNESS = 4
_LATENCY_SHARE = 0.1
_ALIKE = 50

Digit = Annotated[int, Field(ge=0, lt=CLASSES)]
Position = Annotated[int, Field(ge=0)]


class VisionKey(Message):
    """What the images show, and where in the question the probe's images stand, in the probe's own order."""

    labels: tuple[Digit, ...]
    probe: tuple[Position, ...]


VisionCase: TypeAlias = Case[ClassifyRequest, ClassifyAnswer]


class VisionValidator(Validator[ClassifyRequest, ClassifyAnswer]):
    """Asks for `images` digits at once, drawn from the private split `digits`."""

    task = TASK
    key = VisionKey
    open_draws = True  # its images are public; what nobody knows is how each is distorted

    def __init__(self, digits: Digits, *, images: int) -> None:
        self._digits = digits
        self._probes = images // 2
        self._own = images - self._probes

    def challenges(self, miners: Sequence[Neuron], draw: Draw) -> list[Challenge[ClassifyRequest]]:
        """Images which were never seen before and will not be again."""
        probe = self._digits.drawn(self._probes, draw.rng)
        return [_challenge(probe, self._digits.drawn(self._own, draw.rng), draw.rng) for _ in miners]

    def grades(self, cases: Sequence[VisionCase], truth: Truth) -> list[Grade]:
        """Accuracy, and what it pays; copies and answers of another length get nothing."""
        fitting = [case for case in cases if _fits(case)]
        standing = originals([_probe_of(case) for case in fitting], _alike)
        paid = {case.uid for case in fitting if case.hotkey in standing}
        return [_grade(case, paid=case.uid in paid) if _fits(case) else NOTHING for case in cases]


def _challenge(probe: Digits, own: Digits, rng: np.random.Generator) -> Challenge[ClassifyRequest]:
    order = rng.permutation(len(probe.labels) + len(own.labels))
    images = np.concatenate([probe.images, own.images])[order]
    labels = np.concatenate([probe.labels, own.labels])[order]
    where = np.argsort(order)[: len(probe.labels)]
    key = VisionKey(labels=tuple(labels.tolist()), probe=tuple(where.tolist()))
    return Challenge(ClassifyRequest.of(images), key)


def _key(case: VisionCase) -> VisionKey:
    key = case.challenge.key
    if not isinstance(key, VisionKey):
        raise TypeError(f"{type(key).__name__} is no key of this subnet")
    return key


def _fits(case: VisionCase) -> bool:
    return case.answer is not None and len(case.answer.labels) == len(_key(case).labels)


def _probe_of(case: VisionCase) -> VisionCase:
    """The same case with the answer cut down to the probe, in the probe's order."""
    labels = [] if case.answer is None else [case.answer.labels[at] for at in _key(case).probe]
    return replace(case, answer=ClassifyAnswer(labels=labels))


def _alike(older: ClassifyAnswer, newer: ClassifyAnswer) -> bool:
    differing = sum(one != other for one, other in zip(older.labels, newer.labels, strict=True))
    return differing * _ALIKE <= len(older.labels)


def _grade(case: VisionCase, *, paid: bool) -> Grade:
    key = _key(case)
    right = np.equal(key.labels, [] if case.answer is None else case.answer.labels)
    is_probe = np.isin(np.arange(len(right)), key.probe)
    worse = min(float(half.mean()) for half in (right[is_probe], right[~is_probe]))
    lateness = case.latency_s / TASK.timeout_s
    return Grade(float(right.mean()), score(worse, lateness) if paid else 0.0)


def score(accuracy: float, lateness: float) -> float:
    """The score in [0, 1] for `accuracy` in [0, 1] and `lateness`, the share of the allowed time which was
    used.
    """
    skill = max(0.0, (accuracy - _CHANCE) / (1 - _CHANCE))
    return float(skill**_STEEPNESS * (1 - _LATENCY_SHARE * min(1.0, max(0.0, lateness))))
