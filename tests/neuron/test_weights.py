from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ganglion.neuron.protocols import Metagraph, WeightRules
from ganglion.neuron.weights import U16_MAX, weights_from_scores


def bare_graph(limit):
    rules = WeightRules(rate_limit=0, version_key=0, min_allowed=1, max_limit=limit, commit_reveal=False)
    return Metagraph(1, 1, 10, 0, "owner", rules, ())


SCORES = st.dictionaries(st.integers(0, 9), st.floats(1e-12, 1), min_size=1)


def graph(ledger, **rules):
    for uid in range(10 - len(ledger.neurons)):
        ledger.register(f"key{uid}")
    ledger.rules = replace(ledger.rules, **rules)
    return ledger.metagraph()


def test_weights_are_proportional_with_the_largest_at_the_u16_maximum(ledger):
    weights = weights_from_scores({2: 0.5, 0: 1.0, 1: 0.0}, graph(ledger))
    assert weights.uids == (0, 2)
    assert weights.values == (65535, 32768)


def test_without_any_positive_score_there_is_nothing_to_set(ledger):
    assert weights_from_scores({0: 0.0, 1: 0.0}, graph(ledger)) is None
    assert weights_from_scores({}, graph(ledger)) is None


def test_missing_uids_are_filled_up_with_the_smallest_weight(ledger):
    weights = weights_from_scores({5: 1.0}, graph(ledger, min_allowed=4))
    assert weights.uids == (0, 1, 2, 5)
    assert weights.values == (1, 1, 1, 65535)


def test_no_more_uids_are_filled_up_than_there_are(ledger):
    assert len(weights_from_scores({5: 1.0}, graph(ledger, min_allowed=50)).uids) == 10


def test_a_cap_which_nobody_can_meet_makes_all_equal(ledger):
    weights = weights_from_scores({0: 1.0, 1: 0.1}, graph(ledger, max_limit=U16_MAX // 4))
    assert weights.values == (65535, 65535)


def test_the_largest_is_cut_to_the_cap(ledger):
    weights = weights_from_scores({0: 1.0, 1: 0.1, 2: 0.1}, graph(ledger, max_limit=U16_MAX // 2))
    assert weights.values[0] * 2 <= sum(weights.values) + 1
    assert weights.values[1] == weights.values[2] < weights.values[0]


@given(SCORES, st.integers(1, U16_MAX))
def test_the_chains_own_limit_check_passes_wherever_it_can(scores, limit):
    weights = weights_from_scores(scores, bare_graph(limit))
    assert max(weights.values) == U16_MAX
    if len(scores) * limit > U16_MAX:
        assert max(weights.values) * U16_MAX <= limit * sum(weights.values)


@given(SCORES)
def test_order_of_scores_is_order_of_weights_and_no_positive_score_is_lost(scores):
    weights = weights_from_scores(scores, bare_graph(U16_MAX))
    assert set(weights.uids) == set(scores)
    ranked = sorted(zip(weights.uids, weights.values, strict=True), key=lambda pair: scores[pair[0]])
    assert [value for _, value in ranked] == sorted(weights.values)
