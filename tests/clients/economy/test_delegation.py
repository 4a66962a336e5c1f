"""Children, takes and the dividends of root stake, as the SDK asks for them and reads them back."""

from typing import Any

import pytest

pytestmark = [pytest.mark.clients]

U64_MAX = 2**64 - 1
U16_MAX = 65_535


@pytest.fixture(scope="module")
def children(economy: Any) -> dict[str, Any]:
    return economy("children.py", 3, "charlie", "ferdie", "alice")


@pytest.fixture(scope="module")
def takes(economy: Any) -> dict[str, Any]:
    return economy("takes.py", "charlie", "eve", "alice")


@pytest.fixture(scope="module")
def claim(economy: Any, still: dict[str, Any]) -> dict[str, Any]:
    return economy("claim_root.py", 3, "charlie", "alice", "10")


def refusal(outcome: dict[str, Any]) -> tuple[bool, str]:
    return outcome["success"], outcome["error"]


def attributes(outcome: dict[str, Any], event: str) -> Any:
    return next(value for name, value in outcome["events"] if name == event)


def test_children_wait_and_are_linked_both_ways_with_the_epoch(children: dict[str, Any]) -> None:
    part = int(children["part"] * (U64_MAX + 1))
    assert children["waiting"] == children["children"] == [[part, children["child"]]]
    assert children["parents"] == [[part, children["parent"]]]


def test_a_child_has_the_part_of_its_parent_s_weight_that_was_lent(children: dict[str, Any]) -> None:
    (_, nothing), (rest, lent) = children["weights_before_rao"], children["weights_after_rao"]
    assert nothing == 0
    assert abs(lent - children["part"] * (rest + lent)) <= 1


def test_a_hotkey_is_not_its_own_child_and_children_do_not_change_by_the_block(
    children: dict[str, Any],
) -> None:
    assert refusal(children["to_itself"]) == (False, "InvalidChild")
    assert refusal(children["too_soon"]) == (False, "TxRateLimitExceeded")


def test_a_child_keeps_its_take_within_bounds(children: dict[str, Any]) -> None:
    assert children["kept"]["success"], children["kept"]
    assert children["take"] == round(0.1 * U16_MAX)
    assert refusal(children["greedy"]) == (False, "InvalidChildkeyTake")


def test_a_take_is_lowered_at_once_and_raised_no_sooner_than_it_may(takes: dict[str, Any]) -> None:
    assert takes["before"]["take_u16"] == 11_796
    assert takes["lowered"]["success"], takes["lowered"]
    assert refusal(takes["raised_too_soon"]) == (False, "DelegateTxRateLimitExceeded")
    assert takes["raised"]["success"], takes["raised"]
    seen = [takes[step]["take"]["take_u16"] for step in ("lowered", "raised_too_soon", "raised")]
    assert seen == [round(0.09 * U16_MAX), round(0.09 * U16_MAX), round(0.12 * U16_MAX)]


def test_a_take_stays_below_the_maximum_and_is_its_owner_s_to_set(takes: dict[str, Any]) -> None:
    assert refusal(takes["too_high"]) == (False, "DelegateTakeTooHigh")
    assert refusal(takes["stranger"]) == (False, "NonAssociatedColdKey")
    assert takes["stranger"]["take"]["take_u16"] == round(0.12 * U16_MAX)


def test_a_validator_has_one_seat_on_root(claim: dict[str, Any]) -> None:
    assert claim["registered"]["success"], claim["registered"]
    assert claim["root_hotkeys"] == [claim["validator"]]
    assert refusal(claim["again"]) == (False, "HotKeyAlreadyRegisteredInSubNet")


def test_a_root_claim_sells_all_that_is_owed_for_exactly_what_it_is_quoted_at(claim: dict[str, Any]) -> None:
    owed, left = claim["owed_rao"]
    before, after = claim["staked_rao"]
    assert owed > 0
    assert left <= 1
    assert after - before == claim["quote_rao"] > 0
    assert attributes(claim["claimed"], "SubtensorModule.RootClaimed")["tao"] == claim["quote_rao"]


def test_nothing_is_claimed_twice(claim: dict[str, Any]) -> None:
    for again in claim["nothing"]:
        assert again["success"], again
        assert attributes(again, "SubtensorModule.RootClaimed")["tao"] == 0


def test_a_claim_s_threshold_has_a_maximum(claim: dict[str, Any]) -> None:
    assert refusal(claim["too_high"]) == (False, "InvalidRootClaimThreshold")
