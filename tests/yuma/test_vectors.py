"""Every recorded epoch, every field, in both directions."""

import json
from pathlib import Path

import numpy as np
import pytest

from ganglion.yuma.case import solve

VECTORS = Path(__file__).parents[1] / "vectors" / "yuma"
CASES = sorted(VECTORS.glob("*.json"))
# The trace also lists constants that are no step of an epoch.
CONSTANTS = {"kappa", "alpha", "emission_sum"}


def read(path):
    return json.loads(path.read_text())


def as_lists(value):
    return (
        value.tolist()
        if isinstance(value, np.ndarray)
        else [list(map(list, row)) for row in value.to_lists()]
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_outcome_has_every_recorded_field_and_no_other(path):
    case = read(path)
    assert solve(case) == case["expected"]


@pytest.mark.parametrize(
    "path", [path for path in CASES if "trace_i32f32" in read(path)], ids=lambda p: p.stem
)
def test_intermediate_values_are_the_recorded_ones(path):
    case, seen = read(path), {}
    solve(case, observe=lambda name, value: seen.update({name: as_lists(value)}))
    expected = {name: value for name, value in case["trace_i32f32"].items() if name not in CONSTANTS}
    assert seen == expected


def test_there_are_as_many_cases_as_were_recorded():
    assert len(CASES) == 59
