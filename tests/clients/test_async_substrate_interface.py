"""The unmodified `async-substrate-interface` against our node."""

from typing import Any

import pytest

pytestmark = [pytest.mark.clients]

ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
EVE = "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw"


@pytest.fixture(scope="module")
def chain(asi: Any) -> dict[str, Any]:
    return asi("read_chain.py", ALICE)


@pytest.fixture(scope="module")
def transfer(asi: Any) -> dict[str, Any]:
    return asi("transfer.py", "//Charlie", EVE, 3_000_000_000)


def test_query_reads_an_account(chain: dict[str, Any]) -> None:
    assert chain["free_rao"] > 0
    assert (chain["token"], chain["ss58_prefix"]) == ("TAO", 42)


def test_query_map_walks_a_map_page_by_page(chain: dict[str, Any]) -> None:
    accounts = chain["accounts"]
    assert len(accounts) == len(set(accounts)) >= 6
    assert {ALICE, EVE} <= set(accounts)


def test_query_map_fully_exhausted_reads_all_keys_at_once(chain: dict[str, Any]) -> None:
    assert chain["networks"]["0"] is True


def test_a_runtime_api_is_called_by_its_metadata(chain: dict[str, Any]) -> None:
    assert chain["price_of_root"] == 10**9


def test_the_first_block_is_decoded_long_after(chain: dict[str, Any]) -> None:
    assert chain["block"] > chain["first_block"] == 1
    assert chain["first_block_calls"][0] == ["Timestamp", "set"]


def test_a_mortal_transfer_is_final_and_its_receipt_names_the_events(transfer: dict[str, Any]) -> None:
    assert transfer["success"], transfer
    assert "Balances.Transfer" in transfer["events"]
    assert transfer["events"][-1] == "System.ExtrinsicSuccess"
    assert transfer["nonce_after"] == transfer["nonce_before"] + 1


def test_the_receipt_of_a_transfer_knows_the_fee(transfer: dict[str, Any]) -> None:
    assert abs(transfer["fee_rao"] - transfer["quoted_fee_rao"]) <= 1_000
    assert transfer["fee_rao"] > 0
