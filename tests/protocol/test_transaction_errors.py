"""Codes of refused transactions against the published list."""

import json
from pathlib import Path

import pytest

from ganglion.pallets.subtensor.extension import BAD_REQUEST, CODES

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "protocol" / "transaction_errors.json"
SHARED = {
    "AmountTooLow": "StakeAmountTooLow",
    "NotEnoughStakeToSetWeights": "StakeAmountTooLow",
    "CommittingWeightsTooFast": "RateLimitExceeded",
    "SettingWeightsTooFast": "RateLimitExceeded",
    "NetworkTxRateLimitExceeded": "RateLimitExceeded",
    "AccountNotAllowedCommit": "HotKeyNotRegisteredInSubNet",
}
"""Errors that share a code, which has a name of its own."""


@pytest.fixture
def codes() -> dict[str, int]:
    """The name that clients give to a code -> the code."""
    if not PUBLISHED.is_file():
        pytest.skip("the published interface (../shared/protocol beside this clone) is not on this machine")
    entries = json.loads(PUBLISHED.read_text())["custom_codes"]
    return {entry["sdk_name"]: entry["code"] for entry in entries}


def test_every_code_means_what_clients_read_in_it(codes: dict[str, int]) -> None:
    for error, code in CODES.items():
        assert codes[SHARED.get(error.__name__, error.__name__)] == code
    assert codes["BadRequest"] == BAD_REQUEST
