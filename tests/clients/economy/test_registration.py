"""Uids and subnets cost what is quoted; a full subnet prunes a neuron, a dissolved one pays its holders."""

from fractions import Fraction
from typing import Any

import pytest

pytestmark = [pytest.mark.clients]


@pytest.fixture(scope="module")
def pruning(economy: Any) -> dict[str, Any]:
    return economy("prune.py", 2, "bob", "alice", "alice", "charlie", "dave")


@pytest.fixture(scope="module")
def subnet(economy: Any) -> dict[str, Any]:
    return economy("dissolve_subnet.py", "alice", "bob", "dave", "ferdie")


def refusal(outcome: dict[str, Any]) -> tuple[bool, str]:
    return outcome["success"], outcome["error"]


def test_the_first_uid_costs_exactly_the_quoted_minimum(pruning: dict[str, Any]) -> None:
    first = pruning["registered"][0]
    assert first["paid_rao"] - first["fee_rao"] == first["quoted_rao"] == pruning["price_rao"]


def test_a_uid_is_dearer_after_each_registration_and_never_costs_more_than_quoted(
    pruning: dict[str, Any],
) -> None:
    paid = [done["paid_rao"] - done["fee_rao"] for done in pruning["registered"]]
    quoted = [done["quoted_rao"] for done in pruning["registered"]]
    assert paid == sorted(paid)
    # The price sinks in the block of the registration, by less than a hundredth.
    assert all(0.99 * price < rao <= price for rao, price in zip(paid, quoted, strict=True))


def test_a_hotkey_has_one_uid(pruning: dict[str, Any]) -> None:
    assert refusal(pruning["again"]) == (False, "HotKeyAlreadyRegisteredInSubNet")


def test_the_longest_registered_of_those_that_earn_nothing_is_pruned_but_not_the_owner(
    pruning: dict[str, Any],
) -> None:
    assert pruning["full"]["uids"] == [1, 2, None]
    assert pruning["pruned"]["uids"] == [None, 2, 1]
    owner = next(hotkey for hotkey, (uid, _) in pruning["full"]["neurons"].items() if uid == 0)
    assert pruning["pruned"]["neurons"][owner] == pruning["full"]["neurons"][owner]


def test_nothing_of_a_pruned_neuron_is_left(pruning: dict[str, Any]) -> None:
    gone, stays, newcomer = pruning["hotkeys"]
    full, pruned = pruning["full"], pruning["pruned"]
    assert full["neurons"][gone] == [1, "192.0.2.9:8091"]
    assert gone not in pruned["neurons"]
    assert pruned["neurons"][newcomer] == [1, None]
    assert pruned["neurons"][stays] == full["neurons"][stays]
    assert (full["memberships"], pruned["memberships"]) == ([True, True, False], [False, True, True])
    assert (full["axons"], pruned["axons"]) == ([True, False, False], [False, False, False])
    assert pruned["registered_at"] == pruning["registered"][-1]["block"] > full["registered_at"]


def test_a_subnet_costs_exactly_its_quote_which_is_locked_and_doubles(subnet: dict[str, Any]) -> None:
    launch = subnet["launch"]
    paid = launch["before_rao"] - launch["after_rao"] - launch["fee_rao"]
    assert paid == launch["quoted_rao"] == launch["locked_rao"] > 0
    assert launch["data"]["registration_price_rao"] == paid
    assert launch["next_quoted_rao"] == 2 * paid


def test_subnets_are_registered_no_faster_than_they_may_be(subnet: dict[str, Any]) -> None:
    assert refusal(subnet["again"]) == (False, "RateLimitExceeded")


def test_only_root_dissolves_a_subnet(subnet: dict[str, Any]) -> None:
    assert refusal(subnet["stranger"]) == (False, "BadOrigin")


def test_who_holds_alpha_of_a_dissolved_subnet_is_paid_its_part_of_the_pool(subnet: dict[str, Any]) -> None:
    done = subnet["dissolved"]
    total = sum(done["staked_rao"]) + done["pool_rao"] + done["protocol_rao"]
    exact = [Fraction(done["pot_rao"] * alpha, total) for alpha in done["staked_rao"]]
    paid = [after - before for before, after in zip(done["before_rao"], done["after_rao"], strict=True)]
    assert paid[0] == exact[0] == 0  # the owner, who had staked nothing, and whose fee was not root's
    assert paid[1] > paid[2] > 0
    # Whole rao, and those that rounding leaves go to the largest remainders.
    assert all(abs(rao - part) < 1 for rao, part in zip(paid, exact, strict=True))


def test_nothing_of_a_dissolved_subnet_is_left(subnet: dict[str, Any]) -> None:
    netuid, left = subnet["launch"]["netuid"], subnet["left"]
    assert netuid not in left["netuids"]
    assert all(netuid not in positions for positions in left["positions"])
    assert (left["uid"], left["reserve_rao"]) == (None, 0)
    assert refusal(subnet["gone"]) == (False, "SubnetNotExists")
