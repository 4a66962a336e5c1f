"""What must be true of the skeleton subnet: run `pytest`."""

from __future__ import annotations

import asyncio

import numpy as np

from ganglion.cli.skeleton.subnet import KINDS, PACKAGE, Roots
from ganglion.neuron.miner import Caller
from ganglion.neuron.protocols import Neuron
from ganglion.neuron.validator import Case, Draw, Grade, Truth

CALLER = Caller("validator", stake_rao=0, validator_permit=True)


def graded(*kinds: str) -> list[Grade]:
    """The grades of one round in which a miner of each kind is asked."""
    validator = PACKAGE.make_validator(1, {})
    miners = [PACKAGE.make_miner(kind, 1, {}) for kind in kinds]
    neurons = [Neuron(uid, f"key{uid}", "cold", 0, False, 0, 0.0, 0.0, None) for uid in range(len(kinds))]
    challenges = validator.challenges(neurons, Draw(np.random.default_rng(1), block=1, round=1))
    answers = [
        asyncio.run(miner.answer(challenge.request, CALLER))
        for miner, challenge in zip(miners, challenges, strict=True)
    ]
    cases = [
        Case(neuron.uid, neuron.hotkey, 0, challenge, answer, 0.1)
        for neuron, challenge, answer in zip(neurons, challenges, answers, strict=True)
    ]
    return list(validator.grades(cases, Truth()))


def test_better_models_earn_more_and_no_model_next_to_nothing() -> None:
    best, hasty, lazy = (grade.score for grade in graded(*KINDS))
    assert best > hasty > lazy
    assert lazy < 0.05 * best


def test_the_question_does_not_contain_its_answer() -> None:
    assert not set(PACKAGE.make_validator(1, {}).task.request.model_fields) & set(Roots.model_fields)


def test_grading_again_gives_the_same() -> None:
    assert graded("newton", "hasty") == graded("newton", "hasty")
