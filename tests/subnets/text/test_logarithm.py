import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ganglion.subnets.text.logarithm import UNIT, ln


@given(st.floats(1e-300, 1e300))
def test_it_is_the_natural_logarithm(value):
    assert abs(int(ln(np.array([value]))[0]) / UNIT - math.log(value)) < 1 / UNIT


@given(st.floats(1e-12, 1.0), st.floats(1e-12, 1.0))
def test_the_larger_number_never_has_the_smaller_logarithm(one, other):
    low, high = ln(np.array(sorted((one, other))))
    assert low <= high


def test_one_has_none():
    assert ln(np.array([1.0])).tolist() == [0]
