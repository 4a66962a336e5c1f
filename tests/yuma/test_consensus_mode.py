"""Which consensus liquid alpha looks at."""

import json
from pathlib import Path

import pytest

from ganglion.yuma.case import solve

PATH = Path(__file__).parents[1] / "vectors" / "yuma" / "25_yuma3_liquid_alpha.json"
CASE = json.loads(PATH.read_text())


def bonds(mode, previous, **changes):
    inputs = CASE["inputs"] | {"liquid_alpha_consensus_mode": mode, "previous_consensus": previous} | changes
    return solve(CASE | {"inputs": inputs})["bonds"]


def test_the_current_consensus_is_the_default():
    assert bonds("Current", [0] * 5) == CASE["expected"]["bonds"]


def test_a_previous_consensus_equal_to_the_current_one_changes_nothing():
    assert bonds("Previous", CASE["expected"]["consensus"]) == CASE["expected"]["bonds"]


def test_a_vote_far_above_the_previous_consensus_moves_its_bond_faster():
    known, unknown = (dict(map(tuple, bonds("Previous", [0, 0, 0, 0, share])[0])) for share in (65535, 0))
    assert unknown[4] > known[4]


@pytest.mark.parametrize(("penalty", "mode"), [(65535, "Previous"), (65534, "Current"), (0, "Current")])
def test_auto_looks_back_under_a_full_bonds_penalty_only(penalty, mode):
    previous = [0, 0, 0, 40000, 100]
    assert bonds("Auto", previous, bonds_penalty=penalty) == bonds(mode, previous, bonds_penalty=penalty)


def test_uids_beyond_the_stored_consensus_get_no_bonds():
    assert all(uid < 4 for row in bonds("Previous", [0, 0, 0, 65535]) for uid, _ in row)
