"""Whom a registration replaces."""

import json
from pathlib import Path

import pytest

from ganglion.yuma import uid_to_prune

CASES = json.loads((Path(__file__).parents[1] / "vectors" / "prune.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES)
def test_the_recorded_uid_is_replaced(case):
    case = dict(case)
    expected = case.pop("prune")
    assert uid_to_prune(case.pop("emission"), case.pop("registered_at"), **case) == expected
