import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.errors import OutOfRange
from ganglion.economy.fractions import DEFAULT_TAO_WEIGHT_U64, fraction_u16, fraction_u64, part_of
from ganglion.fixed import U96F32


def test_the_default_tao_weight_is_cut_to_32_bits():
    assert fraction_u64(DEFAULT_TAO_WEIGHT_U64) == 226_245_882


def test_the_greatest_value_is_exactly_one():
    assert fraction_u16(2**16 - 1) == fraction_u64(2**64 - 1) == U96F32.one


@draw(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_a_part_is_never_more_than_the_whole(amount, fraction):
    assert part_of(amount, fraction_u64(fraction)) <= U96F32.from_int(amount)


@pytest.mark.parametrize("value", [-1, 2**64])
def test_values_outside_their_type_are_refused(value):
    with pytest.raises(OutOfRange):
        fraction_u64(value)
    with pytest.raises(OutOfRange):
        fraction_u16(value)
