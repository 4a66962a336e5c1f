"""Stake that its owner locks stays on its subnet, for the hotkey that it is locked for."""

from typing import Any

import pytest

pytestmark = [pytest.mark.clients]


@pytest.fixture(scope="module")
def locks(economy: Any) -> dict[str, Any]:
    return economy("lock_stake.py", 1, "dave", "alice", "bob", "eve", "5")


def test_a_lock_binds_exactly_its_amount(locks: dict[str, Any]) -> None:
    free, bound = locks["perpetual"]["available_rao"], locks["locked"]["available_rao"]
    part = locks["part_rao"]
    assert (bound["locked"] - free["locked"], bound["total"]) == (part, free["total"])
    assert free["available"] - bound["available"] == part


def test_a_perpetual_lock_is_read_back_with_its_hotkey(locks: dict[str, Any]) -> None:
    first, _ = locks["hotkeys"]
    expected = {"hotkey": first, "netuid": 1, "locked_alpha": locks["part_rao"], "is_perpetual": True}
    assert locks["locked"]["lock"] == expected


@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        ("elsewhere", "LockHotkeyMismatch"),
        ("all", "StakeUnavailable"),
        ("given", "AccountRejectsLockedAlpha"),
    ],
)
def test_locked_stake_is_neither_locked_again_elsewhere_nor_unstaked_nor_given_away(
    locks: dict[str, Any], attempt: str, error: str
) -> None:
    refused = locks[attempt]
    assert (refused["success"], refused["error"]) == (False, error)
    assert refused["available_rao"] == locks["locked"]["available_rao"]


def test_a_lock_moves_whole_to_another_hotkey(locks: dict[str, Any]) -> None:
    _, second = locks["hotkeys"]
    assert locks["moved"]["lock"] == {**locks["locked"]["lock"], "hotkey": second}
    at_first, at_second = locks["of_hotkeys"]
    assert (len(at_first), len(at_second)) == (0, 1)


def test_all_that_is_not_locked_can_be_unstaked(locks: dict[str, Any]) -> None:
    assert locks["rest"]["success"], locks["rest"]
    assert locks["rest"]["available_rao"]["available"] == 0
    assert locks["rest"]["lock"] == locks["moved"]["lock"]
