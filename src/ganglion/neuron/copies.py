"""The rule on copies: of uids which give one model's answers, only the one registered first is paid.

A subnet finds them by a probe, a part of the question which all are asked alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from ganglion.neuron.task import A
from ganglion.neuron.validator import Case

Q = TypeVar("Q", bound=BaseModel)


def originals(cases: Sequence[Case[Q, A]], same: Callable[[A, A], bool]) -> frozenset[str]:
    """The hotkeys which stand for themselves: who answered, and not the `same` as an earlier original.

    Earlier means registered earlier, at the same block with the smaller uid. `same` sees the older answer
    first; each pair of originals costs one call.
    """
    kept: list[tuple[str, A]] = []
    for case in sorted(cases, key=lambda case: (case.registered_at, case.uid)):
        answer = case.answer
        if answer is not None and not any(same(older, answer) for _, older in kept):
            kept.append((case.hotkey, answer))
    return frozenset(hotkey for hotkey, _ in kept)
