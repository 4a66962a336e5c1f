"""What a continuation is worth.

All miners of a round get the same prompt, the beginning of a text from the validator's private split, and
each answer is judged by measures which no single trick satisfies together; they are multiplied:

- *typicality*: the words are as common as those of genuine text, within a band. Boilerplate of the commonest
  words falls out above, noise below.
- *coherence*: words are as much likelier in their context as genuine ones are. Only word order raises it.
- *relevance*: the telling words are those of the prompt's own text, its secret continuation included, rather
  than those of 64 other texts.
- *originality*: runs of words from the bundled texts (so also a continuation which was looked up), runs and
  telling words from the prompt, and repetitions cost; a little of each is what honest text has.
- *length*: at least half as many tokens as were allowed.

That product is the quality. The score multiplies it by coherence three times more and by relevance once
more, so that what is half right, as a quotation with keywords put in, earns next to nothing; latency costs a
twentieth at most. Of answers which are largely the same, only the one of the earliest registered uid is paid.

What this cannot see: a fluent text of unknown source in which a few words were replaced by the prompt's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ganglion.neuron.copies import originals
from ganglion.neuron.protocols import Neuron
from ganglion.neuron.validator import NOTHING, Case, Challenge, Draw, Grade, Truth, Validator
from ganglion.subnets.text import originality
from ganglion.subnets.text.challenge import Questioner, TextKey
from ganglion.subnets.text.reference import Reference, reference_of
from ganglion.subnets.text.task import TASK, CompleteRequest, Completion
from ganglion.subnets.text.words import tokens

TextCase = Case[CompleteRequest, Completion]

_COMMONNESS = (0.7, 1.5)
"""Nats per token from what is genuine: as good up to the first, worthless from the second on."""
_RELEVANCE = (1.5, 5.0)
"""Standard deviations: worthless up to the first, as good as can be from the second on."""
_BORROWED = (0.08, 0.13)
"""Share of tokens; of genuine texts nine in ten have less than the first."""
_QUOTED, _ECHOED, _REPEATED = (0.3, 0.6), (0.15, 0.4), (0.1, 0.4)
_LATENCY_SHARE = 0.05
_UNDER_WAY = 10
"""Blocks after which the answers to a question are in."""


class TextValidator(Validator[CompleteRequest, Completion]):
    """Asks all miners to continue one private text, and grades what they write."""

    task = TASK
    key = TextKey

    def __init__(self, questioner: Questioner) -> None:
        self._questioner = questioner

    def discloses_at(self, block: int) -> int:
        """When the period's split serves no more, nor a question drawn at its end is under way."""
        return self._questioner.period_end(block) + _UNDER_WAY

    def challenges(self, miners: Sequence[Neuron], draw: Draw) -> Sequence[Challenge[CompleteRequest]]:
        """The same question for all: only then are answers comparable, and copies recognisable."""
        return [self._questioner.challenge(draw.block, draw.rng)] * len(miners)

    def grades(self, cases: Sequence[Case[CompleteRequest, Completion]], truth: Truth) -> Sequence[Grade]:
        """Quality as the product of all measures; nothing for copies, empty answers and none."""
        grades = [_grade(case) for case in cases]
        # Worthless answers are nobody's originals.
        own = _originals([case for case, grade in zip(cases, grades, strict=True) if grade.score > 0])
        return [grade if case.hotkey in own else NOTHING for case, grade in zip(cases, grades, strict=True)]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one continuation is worth by each measure, all in [0, 1]."""

    coherence: float
    relevance: float
    typicality: float
    originality: float
    length: float

    @property
    def quality(self) -> float:
        """All measures together."""
        return self.coherence * self.relevance * self.typicality * self.originality * self.length

    @property
    def steep(self) -> float:
        """The quality, with more weight on what is hardest to feign."""
        # Factors, not powers: products are rounded alike on every machine.
        return self.quality * self.coherence * self.coherence * self.coherence * self.relevance


USELESS = Judgement(0.0, 0.0, 0.0, 0.0, 0.0)


def judged(reference: Reference, request: CompleteRequest, genuine: str, text: str) -> Judgement:
    """Judge `text` as an answer to `request`, whose prompt really goes on as `genuine`."""
    asked, answer = tokens(request.context), _read(text, request)
    if not answer:
        return USELESS
    prose, usual = reference.prose(asked, answer), reference.genuine
    return Judgement(
        coherence=rising(prose.coherence, 0.0, usual.coherence),
        relevance=rising(reference.relevance(answer, asked + tokens(genuine)), *_RELEVANCE),
        typicality=falling(abs(prose.commonness - usual.commonness), *_COMMONNESS),
        originality=falling(reference.borrowed(answer, asked), *_BORROWED)
        * falling(originality.quoted(answer), *_QUOTED)
        * falling(originality.echoed(answer, asked), *_ECHOED)
        * falling(originality.repeated(answer), *_REPEATED),
        length=min(1.0, 2 * len(answer) / request.max_tokens),
    )


def rising(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, straight between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def falling(value: float, low: float, high: float) -> float:
    """1 up to `low`, 0 from `high` on, straight between."""
    return 1.0 - rising(value, low, high)


def _grade(case: TextCase) -> Grade:
    key, request, answer = case.challenge.key, case.challenge.request, case.answer
    if answer is None or not isinstance(key, TextKey):
        return NOTHING
    judgement = judged(reference_of(key.split), request, key.continuation, answer.text)
    lateness = min(1.0, max(0.0, case.latency_s / TASK.timeout_s))
    return Grade(judgement.quality, judgement.steep * (1 - _LATENCY_SHARE * lateness))


def _read(text: str, request: CompleteRequest) -> list[str]:
    """The tokens of an answer, as many as were allowed."""
    return tokens(text)[: request.max_tokens]


def _originals(cases: Sequence[TextCase]) -> frozenset[str]:
    prints = {
        case.answer.text: originality.fingerprint(_read(case.answer.text, case.challenge.request))
        for case in cases
        if case.answer is not None
    }
    return originals(cases, lambda older, newer: originality.alike(prints[older.text], prints[newer.text]))
