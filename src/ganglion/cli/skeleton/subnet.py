"""The skeleton subnet: miners take square roots, validators pay how exact they are.

Replace the messages, the miners and the grading by your own. Run it from the directory above:

    ganglion neuron miner     --subnet skeleton.subnet:PACKAGE --netuid N --wallet-name W --kind newton
    ganglion neuron validator --subnet skeleton.subnet:PACKAGE --netuid N --wallet-name V
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from ganglion.neuron.miner import Caller, Miner
from ganglion.neuron.package import Options, SubnetPackage, no_more
from ganglion.neuron.protocols import Neuron
from ganglion.neuron.task import Message, Task
from ganglion.neuron.validator import NOTHING, Case, Challenge, Draw, Grade, Truth, Validator


class Question(Message):
    """Numbers to take the roots of."""

    numbers: list[float] = Field(max_length=64)


class Roots(Message):
    """Their roots, in the same order."""

    roots: list[float] = Field(max_length=64)


TASK = Task("skeleton", "/roots", Question, Roots, max_request=4096, max_answer=4096, timeout_s=2.0)


class Newton(Miner[Question, Roots]):
    """Newton's method; more steps are a better model."""

    task = TASK

    def __init__(self, kind: str, steps: int) -> None:
        self.kind = kind
        self._steps = steps

    async def answer(self, request: Question, caller: Caller) -> Roots:
        return Roots(roots=[self._root(number) for number in request.numbers])

    def _root(self, number: float) -> float:
        guess = 10.0
        for _ in range(self._steps):
            guess = (guess + number / guess) / 2
        return guess


class RootsValidator(Validator[Question, Roots]):
    """Asks each miner for the roots of numbers of its own, so that nobody can copy another's answer."""

    task = TASK
    key = Roots
    open_draws = True

    def challenges(self, miners: Sequence[Neuron], draw: Draw) -> list[Challenge[Question]]:
        """Squares of numbers which the miner is to find again."""
        roots = [[float(root) for root in draw.rng.uniform(1, 100, 16)] for _ in miners]
        return [
            Challenge(Question(numbers=[root**2 for root in drawn]), Roots(roots=drawn)) for drawn in roots
        ]

    def grades(self, cases: Sequence[Case[Question, Roots]], truth: Truth) -> list[Grade]:
        """One less the mean relative error; the fourth power of that is paid. Pure: the audit repeats it."""
        return [self._grade(case) for case in cases]

    def _grade(self, case: Case[Question, Roots]) -> Grade:
        expected = Roots.model_validate(case.challenge.key).roots
        if case.answer is None or len(case.answer.roots) != len(expected):
            return NOTHING
        errors = [abs(said - root) / root for said, root in zip(case.answer.roots, expected, strict=True)]
        quality = max(0.0, 1 - sum(errors) / len(errors))
        return Grade(quality, quality**4)


KINDS = {"newton": 8, "hasty": 4, "lazy": 0}
"""Kind -> steps. The last does nothing and ought to earn nothing."""


def make_miner(kind: str, seed: int, options: Options) -> Newton:
    """A miner of one of `KINDS`. Raises: OptionInvalid."""
    no_more(options)
    return Newton(kind, KINDS[kind])


def make_validator(seed: int, options: Options) -> RootsValidator:
    """A validator. Raises: OptionInvalid."""
    no_more(options)
    return RootsValidator()


PACKAGE = SubnetPackage("skeleton", tuple(KINDS), make_miner, make_validator)
