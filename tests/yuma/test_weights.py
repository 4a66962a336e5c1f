"""Submitted weights."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.yuma import max_upscale, sum_to_u16, within_limit

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "u16.json").read_text())
u16_lists = st.lists(st.integers(0, 65535), max_size=64)


@pytest.mark.parametrize("case", VECTORS["max_upscale"])
def test_upscaled_weights_are_the_recorded_ones(case):
    assert max_upscale(case["values"]) == case["result"]


@pytest.mark.parametrize("case", VECTORS["max_limited"])
def test_the_weight_limit_decides_as_recorded(case):
    assert within_limit(case["values"], case["limit"]) is case["ok"]


@given(u16_lists)
def test_upscaling_makes_the_largest_65535_and_keeps_the_order(values):
    scaled = max_upscale(values)
    assert max(scaled, default=0) == (65535 if any(values) else 0)
    assert sorted(range(len(values)), key=values.__getitem__) == sorted(
        range(len(values)), key=lambda i: (scaled[i], values[i])
    )


@given(u16_lists)
def test_weights_scaled_to_a_sum_lose_less_than_one_unit_each(values):
    total = sum(sum_to_u16(values))
    assert 65535 - len(values) < total <= 65535 if any(values) else total == 0
