"""What a run says at its end: do earnings follow quality, and what do exploiters get?"""

import pytest

from ganglion.cli.up.cast import Part, Role
from ganglion.cli.up.ranking import rankings, spearman
from ganglion.cli.up.standing import NeuronStanding, Standing


def neuron(
    kind: str, earned: int, *, place: int | None = None, quality: float | None = None
) -> NeuronStanding:
    role = Role.VALIDATOR if kind == "validator" else Role.MINER
    part = Part(f"miner-{kind}", "text", role, kind, seed=1, place=place)
    return NeuronStanding(
        part,
        netuid=3,
        uid=7,
        quality=quality,
        incentive=0,
        dividends=0,
        earned_alpha_rao=earned,
        earned_rao=earned,
    )


def ranking_of(*neurons: NeuronStanding):
    (ranking,) = rankings(Standing(block=9, issuance=0, block_reward=0, neurons=neurons))
    return ranking


def test_perfect_and_reversed_orders() -> None:
    assert spearman([1, 2, 3], [10, 20, 90]) == pytest.approx(1)
    assert spearman([1, 2, 3], [9, 8, -1]) == pytest.approx(-1)


def test_equals_share_a_rank() -> None:
    # Ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3.
    assert spearman([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(0.9486833)


def test_where_nobody_differs_there_is_no_order() -> None:
    assert spearman([5, 5, 5], [1, 2, 3]) is None
    assert spearman([], []) is None


def test_only_honest_miners_are_correlated_and_exploiters_are_measured_by_their_median() -> None:
    ranking = ranking_of(
        neuron("validator", 10_000),
        neuron("blend", 900, place=0, quality=0.5),
        neuron("trigram", 400, place=1, quality=0.6),
        neuron("bigram", 100, place=2, quality=0.1),
        neuron("echo", 8),
    )
    assert ranking.spearman == pytest.approx(1)
    assert ranking.spearman_measured == pytest.approx(0.5)
    assert ranking.shares == {"miner-echo": 0.02}
    assert [each.part.kind for each in ranking.neurons] == ["blend", "trigram", "bigram", "echo", "validator"]


def test_of_twins_one_is_entitled_to_its_pay_and_the_others_exploit() -> None:
    blend = neuron("blend", 1000, place=0)
    alone = ranking_of(blend, neuron("twin", 900))
    assert alone.shares == {}
    several = ranking_of(blend, neuron("twin", 0), neuron("twin", 900))
    assert several.shares == {"miner-twin": 0.0}


def test_before_the_first_pay_there_is_nothing_to_say() -> None:
    ranking = ranking_of(neuron("blend", 0, place=0), neuron("bigram", 0, place=1), neuron("echo", 0))
    assert ranking.spearman is None
    assert ranking.shares == {}
