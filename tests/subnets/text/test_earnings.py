"""Who earns what, at the level of moving scores: ten tempos of rounds with every miner the package brings."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
from scipy.stats import spearmanr

from ganglion.neuron.scoring import MovingScores
from ganglion.neuron.validator import Draw, Truth
from ganglion.subnets.text.challenge import Questioner
from ganglion.subnets.text.cheats import SOURCES
from ganglion.subnets.text.kinds import CheatKind, ModelKind
from ganglion.subnets.text.scorer import TextValidator
from text_cases import made_case, model_of

SEEDS = (1, 2, 3)
TEMPOS, ROUNDS_PER_TEMPO = 10, 8
BLOCKS_PER_ROUND = 9
ALPHA = 0.1
COPIES = (CheatKind.COPIER, "second twin")


@cache
def sources():
    honest = {kind: model_of(kind) for kind in ModelKind}
    return honest | {kind: make() for kind, make in SOURCES.items()}


@cache
def earnings(seed: int) -> Mapping[str, float]:
    """kind -> its share of all pay over ten tempos. The copier has the best model's answer, the second twin
    the first's; both registered last.
    """
    rng = np.random.default_rng(seed)
    validator = TextValidator(Questioner(seed, period=TEMPOS * BLOCKS_PER_ROUND))
    moving, pay = MovingScores(), dict.fromkeys((*sources(), *COPIES), 0.0)
    registered = frozenset(f"hotkey-{uid}" for uid in range(len(pay)))
    for number in range(TEMPOS * ROUNDS_PER_TEMPO):
        draw = Draw(rng, block=number * BLOCKS_PER_ROUND, round=number)
        (challenge,) = validator.challenges([None], draw)
        texts = {kind: "".join(source.texts(challenge.request, rng)) for kind, source in sources().items()}
        texts |= {CheatKind.COPIER: texts[ModelKind.BLEND], "second twin": texts[CheatKind.TWIN]}
        cases = [
            made_case(challenge, text, uid=uid, registered_at=uid, latency_s=0.1)
            for uid, text in enumerate(texts.values())
        ]
        grades = validator.grades(cases, Truth())
        measured = {case.hotkey: grade.score for case, grade in zip(cases, grades, strict=True)}
        moving = moving.blended(measured, registered, ALPHA)
        if number % ROUNDS_PER_TEMPO == ROUNDS_PER_TEMPO - 1:
            whole = sum(moving.by_hotkey.values())
            for uid, kind in enumerate(texts):
                pay[kind] += moving.of(f"hotkey-{uid}") / whole / TEMPOS
    return pay


def median_honest(pay):
    return float(np.median([pay[kind] for kind in ModelKind]))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_honest_miners_earn_in_the_order_of_their_true_quality(seed):
    """True quality is the perplexity on held-out text of `test_models`, in whose order kinds are listed."""
    pay = [earnings(seed)[kind] for kind in ModelKind]
    assert spearmanr(pay, range(len(pay), 0, -1)).statistic >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", [*(kind for kind in SOURCES if kind != CheatKind.TWIN), *COPIES])
def test_a_cheat_earns_less_than_a_twentieth_of_the_median_honest_miner(kind, seed):
    pay = earnings(seed)
    assert pay[kind] < 0.05 * median_honest(pay)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_twins_together_earn_what_one_of_their_model_earns(seed):
    pay = earnings(seed)
    assert pay[CheatKind.TWIN] + pay["second twin"] < 1.5 * pay[ModelKind.BLEND]
