import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import OutOfRange
from ganglion.economy.fractions import fraction_u64
from ganglion.economy.parent_share import ChildTerms, Parent, self_contribution, split_dividend

alpha = st.integers(0, 21 * 10**15)
parents = st.lists(st.builds(Parent, alpha, alpha, st.integers(0, 2**64 - 1), st.booleans()), max_size=6)
MODEST = ChildTerms(take_u16=11_796, burn_u64=2**60, tao_weight=fraction_u64(2**60))


@pytest.mark.vectors("f_epoch_payout", "parent_child")
def test_splits_match(given, expected):
    tao_weight = fraction_u64(given["tao_weight"])
    own = self_contribution(given["alpha"], given["root"], given["children"], tao_weight)
    family = [
        Parent(each["alpha"], each["root"], each["proportion"], each["same_owner"])
        for each in given["parents"]
    ]
    terms = ChildTerms(given["childkey_take"], given["childkey_burn"], tao_weight)
    split = split_dividend(given["dividends"], own, family, terms)
    names = [each["key"] for each in given["parents"]]
    payouts = [*map(list, zip(names, split.parents, strict=True)), ["self", split.own]]
    assert own == expected["self_contribution"]
    assert payouts == expected["payouts"]
    assert split.recycled == expected["recycled"]


@draw(alpha, alpha, parents)
def test_no_more_than_the_dividend_is_paid_and_at_most_a_unit_each_is_lost(dividend, own, family):
    split = split_dividend(dividend, own, family, MODEST)
    paid = sum(split.parents) + split.own + split.recycled
    assert dividend - 2 * len(family) - 1 <= paid <= dividend


@draw(alpha, alpha, alpha, st.lists(st.integers(0, 2**64 - 1), max_size=5))
def test_lending_lowers_the_own_contribution(stake, root, dividend, lent):
    kept = self_contribution(stake, root, lent, MODEST.tao_weight)
    assert 0 <= kept <= self_contribution(stake, root, (), MODEST.tao_weight)


def test_a_dividend_outside_u64_is_refused():
    with pytest.raises(OutOfRange):
        split_dividend(2**64, 0, (), MODEST)
