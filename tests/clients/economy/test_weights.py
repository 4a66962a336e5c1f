"""Weights in both hidden forms: the hash of a row that is revealed, and a row sealed to a beacon.

That a chain opens what is sealed to its own beacon is tested in tests/neuron/test_timelock.py, and that it
opens what the SDK seals to the public beacon, with pulses that this has published, in
tests/pallets/subtensor/test_timelocked_weights.py.
"""

from typing import Any

import pytest

pytestmark = [pytest.mark.clients]


@pytest.fixture(scope="module")
def sealed(economy: Any) -> dict[str, Any]:
    return economy("commit_timelocked.py", 3, "charlie", "alice")


@pytest.fixture(scope="module")
def hashed(economy: Any, sealed: dict[str, Any]) -> dict[str, Any]:
    """Commits to the row that `sealed` has, which therefore comes first."""
    return economy("commit_hash.py", 3, "charlie", "alice")


def refusal(outcome: dict[str, Any]) -> tuple[bool, str]:
    return outcome["success"], outcome["error"]


def attributes(outcome: dict[str, Any], event: str) -> Any:
    return next(value for name, value in outcome["events"] if name == event)


def test_a_hash_is_committed_and_hides_the_row(hashed: dict[str, Any]) -> None:
    committed = attributes(hashed["committed"], "SubtensorModule.WeightsCommitted")
    assert committed[1:] == [3, hashed["hash"]]
    assert hashed["hidden"] == {}


def test_the_row_is_revealed_an_epoch_later_and_counts(hashed: dict[str, Any]) -> None:
    revealed = attributes(hashed["revealed"], "SubtensorModule.WeightsRevealed")
    assert revealed[1:] == [3, hashed["hash"]]
    assert hashed["weights"] == {str(hashed["uid"]): {str(hashed["uid"]): 1.0}}


@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        ("nothing", "NoWeightsCommitFound"),
        ("early", "RevealTooEarly"),
        ("wrong", "NoWeightsCommitFound"),
        ("again", "NoWeightsCommitFound"),
    ],
)
def test_a_reveal_without_commit_or_before_its_time_is_refused_by_name(
    hashed: dict[str, Any], attempt: str, error: str
) -> None:
    assert refusal(hashed[attempt]) == (False, error)


def test_a_sealed_row_waits_for_the_round_that_the_sdk_reckoned(sealed: dict[str, Any]) -> None:
    committed = sealed["committed"]
    hotkey, index, _, round_number = attributes(committed, "SubtensorModule.TimelockedWeightsCommitted")
    assert (hotkey, index, round_number) == (sealed["hotkey"], 3, committed["data"]["reveal_round"])
    assert sealed["waiting"] == [[sealed["hotkey"], committed["block"], round_number]]


def test_what_the_chain_s_beacon_cannot_open_is_lost_and_changes_nothing(sealed: dict[str, Any]) -> None:
    committed_after, lost_after = sealed["last_epochs"]
    assert lost_after > committed_after
    assert sealed["weights"] == {}


def test_a_sealed_row_of_an_old_form_is_refused_by_name(sealed: dict[str, Any]) -> None:
    assert refusal(sealed["old_form"]) == (False, "IncorrectCommitRevealVersion")
