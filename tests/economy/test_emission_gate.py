"""The gate on emission, against its formula in floating point and an example of the real chain's tests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.economy.emission_gate import DEFAULT_EXPONENT, emission_bar, gated_shares
from ganglion.fixed import U64F64

ONE = U64F64.one
some = st.lists(st.integers(1, 10**6), min_size=1, max_size=64)


def shares_of(weights: list[int]) -> list[int]:
    return [ONE * weight // sum(weights) for weight in weights]


def as_floats(shares: tuple[int, ...]) -> list[float]:
    return [share / ONE for share in shares]


def test_twice_the_demand_gets_nine_times_the_emission() -> None:
    shares = shares_of([1, 2])
    bar = emission_bar(shares, 0, ONE * 61 // 100)
    assert bar == shares[1]
    assert as_floats(gated_shares(shares, bar, DEFAULT_EXPONENT)) == pytest.approx([0.1, 0.9], abs=1e-6)


@given(some, st.integers(1, 8), st.integers(0, 64))
def test_the_gate_is_the_published_formula(weights: list[int], exponent: int, rank: int) -> None:
    shares = shares_of(weights)
    bar = emission_bar(shares, rank, ONE // 2)
    passed = [share / (1 + (bar / share) ** exponent) for share in shares if share]
    gated = as_floats(gated_shares(shares, bar, exponent << 64))
    assert gated == pytest.approx([each / sum(passed) for each in passed], abs=1e-3)


@given(some, st.integers(0, 64), st.integers(1, ONE - 1))
def test_the_bar_is_one_of_the_shares(weights: list[int], rank: int, quantile: int) -> None:
    shares = shares_of(weights)
    assert emission_bar(shares, rank, quantile) in shares


def test_a_rank_beyond_the_last_is_the_last() -> None:
    shares = shares_of([5, 1, 3])
    assert emission_bar(shares, 2, 0) == shares[2]
    assert emission_bar(shares, 99, 0) == shares[1]


def test_where_nobody_has_a_share_there_is_no_bar() -> None:
    assert emission_bar([0, 0], 1, ONE // 2) == emission_bar([], 0, ONE // 2) == 0
    assert gated_shares([0, 0], ONE, DEFAULT_EXPONENT) == (0, 0)


@given(some)
def test_no_bar_is_no_gate(weights: list[int]) -> None:
    shares = shares_of(weights)
    assert gated_shares(shares, 0, DEFAULT_EXPONENT) == tuple(shares)


@given(some, st.integers(1, ONE), st.integers(ONE, 8 * ONE))
def test_what_passes_sums_to_one_but_for_a_bit_each(weights: list[int], bar: int, exponent: int) -> None:
    total = sum(gated_shares(shares_of(weights), bar, exponent))
    assert ONE - 2 * len(weights) <= total <= ONE


def test_if_nothing_passes_all_stand() -> None:
    shares = [1, 1]
    assert gated_shares(shares, ONE, 8 * ONE) == (1, 1)
