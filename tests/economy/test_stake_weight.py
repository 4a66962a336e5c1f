import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import OutOfRange
from ganglion.economy.fractions import fraction_u64
from ganglion.economy.stake_weight import inherited_stake, stake_weight
from ganglion.fixed import I64F64

u64s = st.integers(0, 2**64 - 1)


@pytest.mark.vectors("h_stake_weight", "stake_weight")
def test_inheritance_and_weight_match(given, expected):
    def inherited(kind):
        parents = [(parent[kind], parent["proportion"]) for parent in given["parents"]]
        return inherited_stake(given[kind], given["children"], parents)

    alpha, root = inherited("alpha"), inherited("root")
    weight = stake_weight(alpha, root, fraction_u64(given["tao_weight"]))
    assert {"alpha_inherited": alpha, "root_inherited": root, "weight_x64": weight} == expected


def test_published_stake_weights_match(vectors):
    for case in vectors("stake_weight.json")["cases"]:
        tao_weight = fraction_u64(case["tao_weight_u64"])
        weight = stake_weight(case["alpha_stake"], case["tao_stake"], tao_weight)
        assert (weight, I64F64.floor(weight)) == (case["stake_i64f64"], case["floor"]), case


@draw(st.integers(0, 21 * 10**15), st.lists(u64s, max_size=5))
def test_lending_never_leaves_more_than_there_was(own, lent):
    assert 0 <= inherited_stake(own, lent, ()) <= own


@draw(st.integers(0, 21 * 10**15), u64s)
def test_what_a_parent_lends_and_a_child_gets_is_at_most_the_stake_and_a_cut(stake, proportion):
    kept = inherited_stake(stake, (proportion,), ())
    gained = inherited_stake(0, (), ((stake, proportion),))
    assert stake - 1 <= kept + gained <= stake


def test_a_proportion_outside_u64_is_refused():
    with pytest.raises(OutOfRange):
        inherited_stake(1, (2**64,), ())
