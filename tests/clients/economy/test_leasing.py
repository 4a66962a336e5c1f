"""A crowdloan pays for a subnet; who contributed has a part of the owner's cut until the lease ends."""

from typing import Any

import pytest

pytestmark = [pytest.mark.clients]

CREATOR, CONTRIBUTOR = 0, 1
ONE = 1 << 64


@pytest.fixture(scope="module")
def lease(economy: Any) -> dict[str, Any]:
    return economy("lease_subnet.py", "alice", "bob", "charlie")


def refusal(outcome: dict[str, Any]) -> tuple[bool, str]:
    return outcome["success"], outcome["error"]


def change(done: dict[str, Any], who: int) -> int:
    return done["after_rao"][who] - done["before_rao"][who]


def ceiling(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def test_a_lease_begins_with_a_crowdloan_that_is_raised(lease: dict[str, Any]) -> None:
    assert refusal(lease["alone"]) == (False, "InvalidCrowdloanId")
    assert refusal(lease["unready"]) == (False, "CapNotRaised")


def test_a_crowdloan_takes_no_more_than_its_cap(lease: dict[str, Any]) -> None:
    deposit = -change(lease["opened"], CREATOR) - lease["opened"]["fee_rao"]
    given = -change(lease["given"], CONTRIBUTOR) - lease["given"]["fee_rao"]
    assert deposit + given == lease["raised_rao"] == lease["cap_rao"]


def test_the_subnet_belongs_to_the_lease_and_what_it_did_not_cost_goes_back_by_shares(
    lease: dict[str, Any],
) -> None:
    given = -change(lease["given"], CONTRIBUTOR) - lease["given"]["fee_rao"]
    left = lease["cap_rao"] - lease["lease"]["cost"]
    share, finalized = lease["share"], lease["finalized"]
    assert share == given * ONE // lease["raised_rao"]
    assert lease["lease"]["cost"] - lease["price_rao"] == lease["proxy_deposit_rao"]
    assert change(finalized, CONTRIBUTOR) == share * left // ONE > 0
    assert change(finalized, CREATOR) + finalized["fee_rao"] == left - change(finalized, CONTRIBUTOR)


def test_the_creator_runs_the_subnet_as_the_lease_s_proxy(lease: dict[str, Any]) -> None:
    assert lease["started"]["success"], lease["started"]
    assert lease["started"]["data"]["proxy_for"] == lease["lease"]["coldkey"]


def test_an_epoch_pays_contributors_their_percent_of_the_owner_s_cut_by_shares(lease: dict[str, Any]) -> None:
    blocks = lease["tempo"]
    owner_cut = lease["pending_rao"] * blocks // (blocks - 1)  # of the block of the epoch, too
    paid = lease["dividends_rao"]
    assert sum(paid.values()) == ceiling(owner_cut * lease["lease"]["emissions_share"], 100)
    creator, contributor = lease["coldkeys"]
    assert paid[contributor] == ceiling(lease["share"] * sum(paid.values()), ONE)
    assert paid[creator] > 0


def test_a_lease_is_ended_by_its_beneficiary_when_it_is_over(lease: dict[str, Any]) -> None:
    assert refusal(lease["early"]) == (False, "LeaseHasNotEnded")
    assert refusal(lease["stranger"]) == (False, "ExpectedBeneficiaryOrigin")
    assert lease["ended"]["success"], lease["ended"]
    assert lease["left"] == []
    assert lease["owners"] == [lease["coldkeys"][CREATOR], lease["hotkey"]]
