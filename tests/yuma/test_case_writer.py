"""What is written as a case is read as the same epochs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganglion.yuma import ConsensusMode, run_epoch
from ganglion.yuma.case import epoch_of_case, mechanisms_of_case, outcome_to_json, solve
from ganglion.yuma.case_writer import case_of

VECTORS = Path(__file__).parents[1] / "vectors" / "yuma"
CASES = [json.loads(path.read_text()) for path in sorted(VECTORS.glob("*.json"))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_recorded_case_is_written_as_it_was_read(case):
    inputs = case["inputs"]
    epochs = [epoch_of_case(inputs)] if case["kind"] == "epoch" else mechanisms_of_case(inputs)
    written = case_of(case["name"], case["about"], epochs, inputs["rao_emission"], inputs.get("split"))
    assert written == {field: case[field] for field in ("name", "about", "kind", "inputs")}


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_epoch_comes_out_of_its_file_as_before(epochs, data):
    epoch = data.draw(epochs)
    case = json.loads(json.dumps(case_of("made up", "", [epoch], epoch.rao_emission, None)))
    assert solve(case) == outcome_to_json(run_epoch(epoch))


def test_the_newer_consensus_mode_is_kept():
    epoch = epoch_of_case(CASES[0]["inputs"])
    modern = replace(epoch.hyperparameters, liquid_alpha_consensus_mode=ConsensusMode.AUTO)
    case = case_of("", "", [replace(epoch, hyperparameters=modern, previous_consensus=(7,))], 0, None)
    read = epoch_of_case(case["inputs"])
    assert (read.hyperparameters, read.previous_consensus) == (modern, [7])
