"""Stake weight of alpha and TAO."""

import json
from pathlib import Path

import pytest

from ganglion.fixed import I64F64
from ganglion.yuma import stake_weight

CASES = json.loads((Path(__file__).parents[1] / "vectors" / "stake_weight.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES)
def test_stake_weight_is_the_recorded_one(case):
    raw = stake_weight(case["alpha_stake"], case["tao_stake"], case["tao_weight_u64"])
    assert raw == case["stake_i64f64"]
    assert I64F64.to_u64(raw) == case["floor"]
