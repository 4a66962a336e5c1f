import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.decimal_float import (
    MANTISSA_MAX,
    MANTISSA_MIN,
    ZERO,
    DecimalFloat,
    from_u64,
    from_u64f64,
    mul_div,
    normal,
)
from ganglion.economy.errors import OutOfRange

u64s = st.integers(0, 2**64 - 1)
floats = st.builds(normal, st.integers(0, 10**42), st.integers(-60, 20))


def pair(value):
    return [value.mantissa, value.exponent]


@pytest.mark.vectors("b_share_pool", "float_normalise")
def test_normalising_matches(given, expected):
    assert pair(normal(*given[0])) == expected


@pytest.mark.vectors("b_share_pool", "float_add")
def test_sums_match(given, expected):
    one, other = (DecimalFloat(*value) for value in given)
    assert pair(one + other) == expected


@pytest.mark.vectors("b_share_pool", "float_sub")
def test_differences_match_and_stop_at_zero(given, expected):
    one, other = (DecimalFloat(*value) for value in given)
    # null: the chain keeps the minuend, which is zero then.
    assert pair(one - other) == (expected or [0, 0])


@pytest.mark.vectors("b_share_pool", "float_mul_div")
def test_product_over_divisor_matches(given, expected):
    value, factor, divisor = (DecimalFloat(*each) for each in given)
    if expected is None:
        with pytest.raises(ZeroDivisionError):
            mul_div(value, factor, divisor)
    else:
        assert pair(mul_div(value, factor, divisor)) == expected


@pytest.mark.vectors("b_share_pool", "float_div")
def test_quotients_match(given, expected):
    one, other = (DecimalFloat(*value) for value in given)
    assert pair(one / other) == expected


@pytest.mark.vectors("b_share_pool", "float_to_u64")
def test_whole_parts_match(given, expected):
    assert DecimalFloat(*given[0]).floor_u64() == expected


@pytest.mark.vectors("b_share_pool", "float_from_u64f64")
def test_old_shares_are_read(given, expected):
    assert pair(from_u64f64(given[0])) == expected


@draw(floats)
def test_every_value_is_normal_or_zero(value):
    assert value == ZERO or MANTISSA_MIN <= value.mantissa <= MANTISSA_MAX


@draw(u64s)
def test_whole_numbers_survive_unchanged(value):
    assert from_u64(value).floor_u64() == value


@draw(floats, floats)
def test_addition_has_no_order(one, other):
    assert one + other == other + one


@draw(floats)
def test_what_is_taken_from_itself_leaves_nothing(value):
    assert value - value == ZERO


@pytest.mark.parametrize("value", [-1, 2**64])
def test_only_u64_becomes_a_float(value):
    with pytest.raises(OutOfRange):
        from_u64(value)
