"""Grading a round, checked: what the loop believes of a validator's `grades`, and the audit repeats."""

from __future__ import annotations

from typing import Any

from ganglion.neuron.errors import NeuronError
from ganglion.neuron.rounds import Round
from ganglion.neuron.validator import Grade, Truth, Validator


class GradingFailed(NeuronError):
    """A validator's own code could not grade a round, or graded it beyond [0, 1]."""


def graded(validator: Validator[Any, Any], asked: Round, truth: Truth) -> tuple[Grade, ...]:
    """One grade for each miner asked, in their order. Raises: GradingFailed."""
    try:
        grades = tuple(validator.grades(asked.cases(validator), truth))
    except Exception as error:
        raise GradingFailed(f"{type(error).__name__}: {error}") from error
    if len(grades) != len(asked.asked):
        raise GradingFailed(f"{len(grades)} grades for {len(asked.asked)} cases")
    for grade, case in zip(grades, asked.asked, strict=True):
        if not (0 <= grade.quality <= 1 and 0 <= grade.score <= 1):
            raise GradingFailed(f"uid {case.uid}: {grade} beyond [0, 1]")
    return grades
