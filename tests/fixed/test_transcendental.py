"""exp, log2, ln and sqrt to the chain's bits."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ganglion.fixed import I32F32, I64F64, I96F32, U64F64, exp, exp_safe, ln, log2, sqrt

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "math.json").read_text())


def test_exp_gives_the_recorded_bits():
    assert [[x, exp_safe(I32F32, x)] for x, _ in VECTORS["exp"]] == VECTORS["exp"]


def test_log2_gives_the_recorded_bits():
    recorded = VECTORS["log2_i96f32"]
    assert [[x, log2(I96F32, x)] for x, _ in recorded] == recorded


def test_exp_of_exactly_one_is_a_coarser_constant_than_its_neighbours():
    below, at, above = (exp(I32F32, I32F32.one + step) for step in (-1, 0, 1))
    assert at < below < above


def test_exp_fails_where_the_format_ends():
    assert exp(I32F32, I32F32.from_int(22)) is None
    assert exp(I32F32, I32F32.min) is None
    assert exp_safe(I32F32, I32F32.max) == exp(I32F32, I32F32.from_int(20))


def test_logarithms_of_nothing_do_not_exist():
    assert log2(I96F32, 0) is None
    assert ln(I32F32, -1) is None
    assert log2(I32F32, 1) is None  # 1 / x does not fit


def test_ln_of_two_is_log2_of_e_inverted():
    assert ln(I32F32, I32F32.from_int(2)) == I32F32.div(I32F32.one, 12102203 << 9)


@given(st.integers(1, 2**95))
def test_log2_of_a_power_of_two_is_whole(raw):
    power = raw.bit_length() % 60
    assert log2(I96F32, I96F32.one << power) == I96F32.from_int(power)


@given(st.integers(0, 2**64))
def test_sqrt_squared_is_near_its_argument(number):
    x, epsilon = number << 32, 1 << 33
    root = sqrt(U64F64, x, epsilon)
    assert abs(U64F64.safe_div(x, root) - root) <= epsilon or root == 0


def test_sqrt_of_negative_numbers_does_not_exist():
    assert sqrt(I64F64, -1, 1) is None
