"""Compiled loops give the bits of the plain ones."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganglion.yuma import run_epoch
from ganglion.yuma.case import outcome_to_json, solve

COMPILED = pytest.importorskip("ganglion.yuma.compiled", reason="numba is not installed").COMPILED
VECTORS = Path(__file__).parents[1] / "vectors" / "yuma"


@pytest.mark.parametrize("path", sorted(VECTORS.glob("*.json")), ids=lambda path: path.stem)
def test_compiled_epochs_are_the_recorded_ones(path):
    case = json.loads(path.read_text())
    assert solve(case, COMPILED) == case["expected"]


@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_compiled_and_plain_epochs_are_identical(epochs, data):
    epoch = data.draw(epochs)
    assert outcome_to_json(run_epoch(epoch, COMPILED)) == outcome_to_json(run_epoch(epoch))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_every_intermediate_value_is_identical(agreeable_epochs, data):
    epoch = data.draw(agreeable_epochs)
    seen = [{}, {}]
    for values, ops in zip(seen, ((), (COMPILED,)), strict=True):
        run_epoch(epoch, *ops, observe=lambda name, value, values=values: values.update({name: value}))
    for name, value in seen[0].items():
        lists = [
            each[name].to_lists() if hasattr(value, "to_lists") else each[name].tolist() for each in seen
        ]
        assert lists[0] == lists[1], name


def test_a_plain_epoch_loads_no_numba():
    program = "import sys, ganglion.yuma.case; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
