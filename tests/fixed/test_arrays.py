"""Arrays give the scalar bits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.fixed import I32F32, I96F32, U16_MAX, arrays, exp_safe, proportion_to_u16

EDGES = [0, 1, -1, 2**32, -(2**32), 2**32 - 1, 2**31, I32F32.max, I32F32.min, I32F32.max - 1]
raws = st.one_of(
    st.sampled_from(EDGES),
    st.integers(I32F32.min, I32F32.max),
    st.integers(-(2**40), 2**40),
)
pairs = st.lists(st.tuples(raws, raws), min_size=1, max_size=50)
shares = st.one_of(st.sampled_from([0, 1, 2**32 - 1, 2**32]), st.integers(0, 2**32))
share_pairs = st.lists(st.tuples(shares, shares), min_size=1, max_size=50)


def columns(rows, dtype):
    left, right = zip(*rows, strict=True)
    return np.array(left, dtype=dtype), np.array(right, dtype=dtype)


@pytest.mark.parametrize("operation", ["add", "sub", "mul", "safe_div"])
@given(rows=pairs)
def test_array_arithmetic_equals_scalar_arithmetic(operation, rows):
    a, b = columns(rows, np.int64)
    expected = [getattr(I32F32, operation)(x, y) for x, y in rows]
    assert getattr(arrays, operation)(a, b).tolist() == expected


@given(pairs)
def test_array_division_saturates_as_scalar_division(rows):
    rows = [(a, b or 1) for a, b in rows]
    assert arrays.div(*columns(rows, np.int64)).tolist() == [I32F32.div(a, b) for a, b in rows]


@given(st.lists(st.one_of(raws, st.integers(-(21 << 32), 21 << 32)), min_size=1, max_size=50))
def test_array_exp_equals_scalar_exp(values):
    expected = [exp_safe(I32F32, x) for x in values]
    assert arrays.exp_safe(np.array(values, dtype=np.int64)).tolist() == expected


@given(share_pairs)
def test_share_products_equal_scalar_products(rows):
    a, b = columns(rows, np.uint64)
    assert arrays.share_mul(a, b).tolist() == [I32F32.mul(x, y) for x, y in rows]


@given(share_pairs, st.integers(1, 2**16))
def test_share_quotients_equal_scalar_quotients(rows, scale):
    rows = [(min(x, y * scale), y * scale) for x, y in rows]
    a, b = columns(rows, np.uint64)
    assert arrays.share_div(a, b).tolist() == [I32F32.safe_div(x, y) for x, y in rows]


@given(st.lists(shares, min_size=1), st.integers(0, 2**64 - 1))
def test_share_of_an_amount_is_floored_as_i96f32(values, amount):
    expected = [I96F32.to_u64(I96F32.mul(value, I96F32.from_int(amount))) for value in values]
    assert arrays.share_of_u64(np.array(values, dtype=np.uint64), amount).tolist() == expected


@given(st.lists(st.integers(0, 2**40), min_size=1))
def test_shares_become_u16_as_scalars_do(values):
    result = arrays.share_to_u16(np.array(values, dtype=np.uint64))
    assert result.tolist() == [proportion_to_u16(value) for value in values]
    assert result.max() <= U16_MAX
