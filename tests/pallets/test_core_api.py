"""What clients ask of every Substrate chain is answered in its own encoding."""

from typing import Any

import pytest

from ganglion.frame.address import AddressId
from ganglion.frame.dispatch import U64_MAX, DispatchClass, Weight
from ganglion.frame.metadata import metadata_v14, metadata_v15
from ganglion.pallets.balances import Balances
from ganglion.pallets.core_api import (
    AccountNonceApi,
    AuraApi,
    Core,
    Metadata,
    TransactionPaymentApi,
    TransactionPaymentCallApi,
)
from ganglion.pallets.timestamp import Timestamp
from ganglion.pallets.transaction_payment import FeeDetails, InclusionFee, RuntimeDispatchInfo
from ganglion.scale import ScaleError

BASE = 54_078


def answer(ledger: Any, function: str, *args: Any) -> Any:
    api, method = ledger.runtime.api_methods[function]
    value = getattr(ledger.world[api], method.name)(*args)
    return method.output.decode(method.output.encode(value))


def test_every_interface_has_its_real_version(ledger: Any) -> None:
    versions = {api.trait: api.trait_version for api in ledger.runtime.apis}
    assert versions == {
        Core.trait: 5,
        Metadata.trait: 2,
        AuraApi.trait: 1,
        AccountNonceApi.trait: 1,
        TransactionPaymentApi.trait: 4,
        TransactionPaymentCallApi.trait: 3,
    }


def test_version_nonce_and_authorities(ledger: Any) -> None:
    assert answer(ledger, "Core_version") == ledger.runtime.version
    assert answer(ledger, "AccountNonceApi_account_nonce", ledger.key("Alice")) == 0
    assert answer(ledger, "AuraApi_slot_duration") == 12_000
    assert answer(ledger, "AuraApi_authorities") == (ledger.key("Author"),)


def test_metadata_by_version(ledger: Any) -> None:
    assert answer(ledger, "Metadata_metadata_versions") == (14, 15)
    assert answer(ledger, "Metadata_metadata") == metadata_v14(ledger.runtime)
    assert answer(ledger, "Metadata_metadata_at_version", 15) == metadata_v15(ledger.runtime)
    assert answer(ledger, "Metadata_metadata_at_version", 16) is None


def test_a_quoted_fee_is_what_is_paid(ledger: Any) -> None:
    call = ledger.runtime.call(Balances.transfer_all, AddressId(ledger.key("Bob")), True)
    checked = ledger.extrinsic(call)
    raw, length = checked.extrinsic.raw, len(checked.extrinsic.raw)
    quoted = answer(ledger, "TransactionPaymentApi_query_info", raw, length)
    by_call = answer(ledger, "TransactionPaymentCallApi_query_call_info", call, length)
    assert (
        quoted
        == by_call
        == RuntimeDispatchInfo(checked.info.weight, DispatchClass.Normal, quoted.partial_fee)
    )
    before = ledger.free("Alice") + ledger.free("Bob")
    ledger.executive.apply(checked)
    assert before - ledger.free("Alice") - ledger.free("Bob") == quoted.partial_fee
    details = answer(ledger, "TransactionPaymentApi_query_fee_details", raw, length)
    assert details == answer(ledger, "TransactionPaymentCallApi_query_call_fee_details", call, length)
    assert details == FeeDetails(InclusionFee(BASE, length, quoted.partial_fee - BASE - length), 0)


def test_nobody_pays_for_what_nobody_signed(ledger: Any) -> None:
    raw = ledger.codec.encode_bare(ledger.runtime.call(Timestamp.set, 1))
    assert answer(ledger, "TransactionPaymentApi_query_info", raw, len(raw)).partial_fee == 0
    assert answer(ledger, "TransactionPaymentApi_query_fee_details", raw, len(raw)) == FeeDetails(None, 0)


@pytest.mark.parametrize("api", ["TransactionPaymentApi", "TransactionPaymentCallApi"])
def test_weight_and_length_have_prices_whatever_is_asked(ledger: Any, api: str) -> None:
    assert answer(ledger, f"{api}_query_length_to_fee", 150) == 150
    assert answer(ledger, f"{api}_query_weight_to_fee", Weight(2_000, 9)) == 1
    assert answer(ledger, f"{api}_query_weight_to_fee", Weight(U64_MAX, U64_MAX)) == 2 * 10**9


def test_an_extrinsic_that_is_none_has_no_fee(ledger: Any) -> None:
    with pytest.raises(ScaleError):
        answer(ledger, "TransactionPaymentApi_query_info", b"\x04\x99", 2)
