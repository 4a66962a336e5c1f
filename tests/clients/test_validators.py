"""Who votes on a replicated chain is changed by the unmodified SDK, as the operator's guide shows."""

from typing import Any

import pytest

pytestmark = [pytest.mark.clients]


@pytest.mark.parametrize("node", ["comet"], indirect=True)
def test_root_admits_and_dismisses_a_validator(sdk: Any) -> None:
    seen = sdk("validators.py", "alice", "eve")
    assert (seen["refused"]["success"], seen["refused"]["error"]) == (False, "BadOrigin")
    assert seen["admitted"]["success"], seen["admitted"]
    assert seen["after"][seen["account"]] == {"key": seen["key"], "power": 1}
    assert {validator["power"] for who, validator in seen["after"].items() if who in seen["before"]} == {10}
    assert seen["dismissed"]["success"], seen["dismissed"]
    assert seen["finally"].keys() == seen["before"].keys()
