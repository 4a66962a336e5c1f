"""Refusals name the field that is wrong."""

import copy
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganglion.yuma import InvalidInput, Rows, run_epoch
from ganglion.yuma.case import epoch_of_case, read_case, solve

VECTORS = Path(__file__).parents[1] / "vectors" / "yuma"
EPOCH = json.loads((VECTORS / "02_two_validators_agree.json").read_text())
MECHANISMS = json.loads((VECTORS / "50_mechanisms_even.json").read_text())

WRONG = [
    ("n", -1),
    ("n", 2**15 + 1),
    ("n", 2.0),
    ("n", True),
    ("current_block", 2**64),
    ("last_step_block", -1),
    ("rao_emission", "7"),
    ("owner_uid", 99),
    ("kappa", 65536),
    ("bonds_penalty", -1),
    ("bonds_moving_average", 1_000_001),
    ("alpha_sigmoid_steepness", 32768),
    ("yuma3", 1),
    ("stake", [1]),
    ("stake", [2**64] * 4),
    ("stake", [2**63 - 1] * 4),
    ("stake", None),
    ("stake_i64f64", [-1] * 4),
    ("last_update", [-1]),
    ("last_update", 7),
    ("block_at_registration", [0]),
    ("validator_permit", [1]),
    ("weights", [[]]),
    ("weights", [[[0, 65536]], [], [], []]),
    ("weights", [[[-1, 1]], [], [], []]),
    ("weights", [[[1, 1, 1]], [], [], []]),
    ("weights", [[[1, 1], [1, 2]], [], [], []]),
    ("weights", [[[1, 1.5]], [], [], []]),
    ("weights", [7]),
    ("bonds", {}),
    ("bonds", [[[3, 1], [2, 1], [3, 1]], [], [], []]),
    ("commits", [[0, 1]]),
    ("commits", [[70000, 1, 1]]),
    ("commits", 3),
    ("previous_consensus", [65536]),
    ("previous_consensus", 1),
    ("liquid_alpha_consensus_mode", "Next"),
    ("liquid_alpha_consensus_mode", []),
]


@pytest.mark.parametrize(("field", "value"), WRONG, ids=lambda value: repr(value)[:30])
def test_a_wrong_field_is_named(field, value):
    case = copy.deepcopy(EPOCH)
    case["inputs"][field] = value
    with pytest.raises(InvalidInput) as refusal:
        solve(case)
    assert refusal.value.field == field


@pytest.mark.parametrize("field", sorted(EPOCH["inputs"]))
def test_a_missing_field_is_named(field):
    case = copy.deepcopy(EPOCH)
    del case["inputs"][field]
    with pytest.raises(InvalidInput) as refusal:
        solve(case)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [("split", [70000]), ("split", 7), ("common", []), ("mechanisms", []), ("mechanisms", [1])],
)
def test_a_wrong_field_of_several_mechanisms_is_named(field, value):
    case = copy.deepcopy(MECHANISMS)
    case["inputs"][field] = value
    with pytest.raises(InvalidInput) as refusal:
        solve(case)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "rows",
    [
        Rows(np.array([0, 1], dtype=np.int64), np.zeros(2, dtype=np.uint16), np.zeros(2, dtype=np.uint16)),
        Rows(np.array([0, 2, 1, 2, 2]), np.array([0, 1], dtype=np.uint16), np.zeros(2, dtype=np.uint16)),
        Rows(np.zeros(5, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint16)),
        Rows(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint16), np.zeros(0, dtype=np.uint16)),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(rows):
    epoch = epoch_of_case(EPOCH["inputs"])
    with pytest.raises(InvalidInput, match="weights"):
        replace(epoch, weights=rows)


def test_a_file_that_is_not_json_is_refused(tmp_path):
    path = tmp_path / "case.json"
    path.write_text("{")
    with pytest.raises(InvalidInput, match=r"case\.json"):
        read_case(path)


def test_no_neurons_at_all_have_an_empty_outcome():
    inputs = EPOCH["inputs"] | {"n": 0, "stake": [], "block_at_registration": [], "weights": [], "bonds": []}
    outcome = run_epoch(epoch_of_case(inputs))
    assert outcome.consensus.tolist() == [] and outcome.bonds.to_lists() == []


def test_one_neuron_alone_takes_the_whole_emission_for_its_stake():
    inputs = EPOCH["inputs"] | {
        "n": 1,
        "stake": [5],
        "block_at_registration": [0],
        "weights": [[[0, 65535]]],
        "bonds": [[]],
        "owner_uid": None,
    }
    outcome = run_epoch(epoch_of_case(inputs))
    assert outcome.validator_emission.tolist() == [inputs["rao_emission"]]
    assert outcome.server_emission.tolist() == [0]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=8,
)


@settings(max_examples=600, deadline=None)
@given(field=st.sampled_from(sorted(EPOCH["inputs"])), value=junk)
def test_junk_in_a_field_is_accepted_or_refused_by_name(field, value):
    case = EPOCH | {"inputs": EPOCH["inputs"] | {field: value}}
    try:
        solve(case)
    except InvalidInput as refusal:
        # A changed n shows in the first field whose length no longer fits.
        assert field in (refusal.field, "n")
