"""The unmodified `@polkadot/api` against our node."""

from itertools import pairwise
from typing import Any

import pytest

pytestmark = [pytest.mark.clients]

ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
EVE = "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw"


@pytest.fixture(scope="module")
def chain(polkadot: Any) -> dict[str, Any]:
    return polkadot("read.mjs", ALICE)


@pytest.fixture(scope="module")
def heads(polkadot: Any) -> dict[str, Any]:
    return polkadot("heads.mjs")


@pytest.fixture(scope="module")
def transfer(polkadot: Any) -> dict[str, Any]:
    return polkadot("transfer.mjs", "//Ferdie", EVE, 2_000_000_000)


def test_the_chain_tells_its_token_and_metadata(chain: dict[str, Any]) -> None:
    assert (chain["token"], chain["decimals"]) == (["TAO"], [9])
    assert chain["metadataVersion"] >= 14


def test_accounts_maps_and_constants_are_read(chain: dict[str, Any]) -> None:
    assert int(chain["freeRao"]) > 0
    assert [0, True] in chain["networks"]
    assert len(chain["tempos"]) == 2
    assert chain["existentialDeposit"] == "500"


def test_a_runtime_api_is_called_by_its_metadata(chain: dict[str, Any]) -> None:
    assert chain["priceOfRoot"] == "1000000000"


def test_the_hash_of_a_header_follows_from_its_fields(chain: dict[str, Any]) -> None:
    assert chain["hash"] == chain["recomputedHash"]


def test_best_and_finalised_heads_are_pushed_in_order(heads: dict[str, Any]) -> None:
    for headers in (heads["best"], heads["finalised"]):
        numbers = [header["number"] for header in headers]
        assert numbers == sorted(set(numbers))
        assert all(
            after["parent"] == before["hash"]
            for before, after in pairwise(headers)
            if after["number"] == before["number"] + 1
        )


def test_a_watched_storage_item_is_pushed_when_it_changes(heads: dict[str, Any]) -> None:
    assert heads["numbers"] == sorted(set(heads["numbers"]))


def test_a_transfer_is_followed_from_ready_to_finalised(transfer: dict[str, Any]) -> None:
    assert transfer["error"] is None
    # The client drops an update when the next one comes before it has fetched the block of the first.
    assert transfer["statuses"] in (["Ready", "InBlock", "Finalized"], ["Ready", "Finalized"])
    assert "balances.Transfer" in transfer["events"]
    assert transfer["events"][-1] == "system.ExtrinsicSuccess"


def test_the_fee_paid_is_the_fee_quoted(transfer: dict[str, Any]) -> None:
    assert abs(int(transfer["feeRao"]) - int(transfer["quotedFeeRao"])) <= 1_000


def test_every_runtime_api_answers_in_the_type_that_it_declares(
    polkadot: Any, subnet: dict[str, Any]
) -> None:
    called = polkadot("call_every_api.mjs", ALICE, subnet["netuid"])
    assert called["failed"] == {}
    assert "subnetInfoRuntimeApi.getMetagraph" in called["answered"]
