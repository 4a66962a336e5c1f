import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import OutOfRange
from ganglion.economy.fees import BASE_REF_TIME, Charge, alpha_covers, alpha_fee, inclusion_fee, weight_fee

u64s = st.integers(0, 2**64 - 1)


@pytest.mark.vectors("i_fees", "weight_fee")
def test_weight_fees_match(given, expected):
    assert weight_fee(given["ref_time"]) == expected["fee"]


@pytest.mark.vectors("i_fees", "inclusion_fee")
def test_inclusion_fees_match(given, expected):
    charge = Charge(given["length"], given["ref_time"], given["tip"], given["pays"])
    assert inclusion_fee(charge, given["base_ref_time"], given["max_ref_time"]) == expected["fee"]


@pytest.mark.vectors("i_fees", "alpha_fee")
def test_fees_in_alpha_match(given, expected):
    arguments = given["tao_fee"], given["price_x64"], given["alpha_balance"]
    assert alpha_fee(*arguments) == expected["alpha"]
    assert alpha_covers(*arguments) == expected["can_enter_pool"]


def test_the_base_fee_ends_in_an_exact_half_which_goes_down():
    assert BASE_REF_TIME % 2000 == 1000
    assert weight_fee(BASE_REF_TIME) == 54_078


@draw(u64s, u64s)
def test_more_time_never_costs_less(one, other):
    less, more = sorted((one, other))
    assert weight_fee(less) <= weight_fee(more)


@draw(u64s, st.integers(0, 2**128 - 1), u64s)
def test_a_fee_never_takes_more_alpha_than_there_is(fee, price, balance):
    assert alpha_fee(fee, price, balance) <= balance


def test_a_time_outside_u64_is_refused():
    with pytest.raises(OutOfRange):
        weight_fee(2**64)
