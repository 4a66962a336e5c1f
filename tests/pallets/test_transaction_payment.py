"""Fees to the rao: what is taken, what is given back, who earns it, and what is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from ganglion.frame.address import AddressId
from ganglion.frame.dispatch import DispatchClass, DispatchInfo, Pays, PostInfo, Weight
from ganglion.frame.validity import InvalidKind
from ganglion.pallets.balances import Balances
from ganglion.pallets.system import System
from ganglion.pallets.system.limits import MAX_BLOCK, U64_MAX
from ganglion.pallets.transaction_payment import (
    NORMAL_PRIORITY,
    OPERATIONAL_PRIORITY,
    FeeDetails,
    InclusionFee,
    TransactionPayment,
)
from ganglion.pallets.utility import Utility

TAO = 10**9
ED = 500
BASE = 54_078
CASES = json.loads((Path(__file__).parents[1] / "vectors" / "economy" / "i_fees.json").read_text())["cases"]
RUNTIMES_OWN = {"base_ref_time": 108_157_000, "max_ref_time": None}
INCLUSION = [
    case for case in CASES if case["op"] == "inclusion_fee" and case["inputs"].items() >= RUNTIMES_OWN.items()
]


def info_of(inputs: dict[str, Any]) -> DispatchInfo:
    pays = Pays.Yes if inputs["pays"] else Pays.No
    return DispatchInfo(Weight(inputs["ref_time"], 0), DispatchClass.Normal, pays)


@pytest.mark.parametrize("case", INCLUSION, ids=lambda case: case["name"])
def test_a_fee_is_that_of_the_real_chain_to_the_rao(ledger: Any, case: dict[str, Any]) -> None:
    inputs = case["inputs"]
    fee = ledger[TransactionPayment].fee(info_of(inputs), inputs["length"], inputs["tip"])
    assert fee == case["expected"]["fee"]


def test_the_parts_make_the_whole(ledger: Any) -> None:
    payment, cost = ledger[TransactionPayment], DispatchInfo(Weight(10**9, 7), DispatchClass.Normal, Pays.Yes)
    assert payment.details(cost, 150, 9) == FeeDetails(InclusionFee(BASE, 150, 500_000), 9)
    assert payment.fee(cost, 150, 9) == BASE + 150 + 500_000 + 9


def test_a_weight_above_a_blocks_costs_a_blocks(ledger: Any) -> None:
    payment = ledger[TransactionPayment]
    most = DispatchInfo(Weight(U64_MAX, U64_MAX), DispatchClass.Normal, Pays.Yes)
    block = DispatchInfo(MAX_BLOCK, DispatchClass.Normal, Pays.Yes)
    assert payment.fee(most, 1, 0) == payment.fee(block, 1, 0)
    assert payment.details(most, 1) == payment.details(block, 1)


def transfer(ledger: Any, amount: int = 1, dest: str = "Bob") -> Any:
    return ledger.runtime.call(Balances.transfer_allow_death, AddressId(ledger.key(dest)), amount)


def fee_of(ledger: Any, checked: Any, tip: int = 0) -> int:
    return ledger[TransactionPayment].fee(checked.info, checked.context.length, tip)  # type: ignore[no-any-return]


@pytest.mark.parametrize("tip", [0, 12_345])
def test_a_transfer_pays_its_author(ledger: Any, tip: int) -> None:
    ledger[Balances].deposit(ledger.key("Author"), TAO)
    checked = ledger.extrinsic(transfer(ledger), tip=tip)
    fee, before = fee_of(ledger, checked, tip), len(ledger.world.events)
    ledger.executive.apply(checked)
    a, author = ledger.key("Alice"), ledger.key("Author")
    told = [record.event for record in ledger.world.events[before:]]
    assert told[:-1] == [
        Balances.Withdraw(a, fee),
        Balances.Transfer(a, ledger.key("Bob"), 1),
        Balances.Deposit(author, fee),
        TransactionPayment.TransactionFeePaid(a, fee, tip),
    ]
    assert ledger.free("Author") == TAO + fee
    assert ledger.free("Alice") == 1_000 * TAO - fee - 1


def test_a_call_that_fails_is_paid_for(ledger: Any) -> None:
    checked = ledger.extrinsic(transfer(ledger, 2_000 * TAO))
    outcome = ledger.executive.apply(checked)
    assert outcome.failure is not None
    assert ledger.free("Alice") == 1_000 * TAO - fee_of(ledger, checked)
    assert isinstance(ledger.world.events[-1].event, System.ExtrinsicFailed)


def test_weight_that_was_not_used_is_refunded(ledger: Any) -> None:
    doomed = ledger.runtime.call(Balances.transfer_allow_death, AddressId(ledger.key("Bob")), U64_MAX)
    batch = ledger.runtime.call(Utility.batch, (doomed, *[transfer(ledger)] * 9))
    checked = ledger.extrinsic(batch)
    before = len(ledger.world.events)
    outcome = ledger.executive.apply(checked)
    due = ledger[TransactionPayment].fee(outcome.actual, checked.context.length, 0)
    taken = fee_of(ledger, checked)
    assert due < taken
    told = [record.event for record in ledger.world.events[before:]]
    assert Balances.Deposit(ledger.key("Alice"), taken - due) in told
    assert TransactionPayment.TransactionFeePaid(ledger.key("Alice"), due, 0) in told
    assert ledger.free("Alice") == 1_000 * TAO - due
    assert ledger.free("Author") == due
    ledger.world.try_state()


def test_an_account_that_its_call_emptied_gets_no_refund(ledger: Any) -> None:
    fail = ledger.runtime.call(Balances.transfer_allow_death, AddressId(ledger.key("Bob")), U64_MAX)
    everything = ledger.runtime.call(Balances.transfer_all, AddressId(ledger.key("Bob")), False)
    checked = ledger.extrinsic(
        ledger.runtime.call(Utility.batch, (everything, fail, *[transfer(ledger)] * 9))
    )
    before = len(ledger.world.events)
    outcome = ledger.executive.apply(checked)
    due = ledger[TransactionPayment].fee(outcome.actual, checked.context.length, 0)
    taken = fee_of(ledger, checked)
    assert taken - due >= ED
    assert ledger.key("Alice") not in ledger[System].account
    assert ledger.free("Author") == taken
    told = [record.event for record in ledger.world.events[before:]]
    assert TransactionPayment.TransactionFeePaid(ledger.key("Alice"), due, 0) in told
    ledger.world.try_state()


def test_a_free_call_pays_its_tip_only(ledger: Any) -> None:
    checked = ledger.extrinsic(
        ledger.runtime.call(Balances.transfer_all, AddressId(ledger.key("Bob")), True), tip=600
    )
    payment = ledger[TransactionPayment]
    actual = PostInfo(pays=Pays.No).apply(checked.info)
    assert payment.fee(actual, checked.context.length, 600) == 600


def test_fees_too_small_to_keep_an_author_alive_are_burned(ledger: Any) -> None:
    balances, issued = ledger[Balances], ledger[Balances].total_issuance.get()
    balances.draw(ledger.key("Alice"), ED - 1, keep_alive=True)
    balances.resolve(ledger.key("Author"), ED - 1)
    assert balances.total_issuance.get() == issued - (ED - 1)


def test_without_an_author_fees_are_burned(make_ledger: Any) -> None:
    ledger = make_ledger({"Aura": {}})
    issued = ledger[Balances].total_issuance.get()
    checked = ledger.extrinsic(transfer(ledger))
    ledger.executive.apply(checked)
    assert ledger[Balances].total_issuance.get() == issued - fee_of(ledger, checked)
    ledger.world.try_state()


def test_the_fee_must_leave_the_existential_deposit(ledger: Any) -> None:
    checked = ledger.extrinsic(transfer(ledger))
    fee = fee_of(ledger, checked)
    ledger.set_data("Alice", free=fee + ED - 1)
    for judge in (ledger.executive.validate, ledger.executive.apply):
        with ledger.refuses(InvalidKind.PAYMENT):
            judge(checked)
    ledger.set_data("Alice", free=fee + ED)
    assert ledger.executive.apply(checked).failure is None
    assert ledger.free("Alice") == 0  # one rao went to Bob, the rest was dust
    ledger.world.try_state()


def test_frozen_tao_pays_no_fee(ledger: Any) -> None:
    ledger.set_data("Alice", frozen=1_000 * TAO)
    with ledger.refuses(InvalidKind.PAYMENT):
        ledger.executive.apply(ledger.extrinsic(transfer(ledger)))


def test_a_tip_above_all_is_refused_and_overflows_nothing(ledger: Any) -> None:
    with ledger.refuses(InvalidKind.PAYMENT):
        ledger.executive.apply(ledger.extrinsic(transfer(ledger), tip=U64_MAX))


def test_a_tip_buys_no_priority_but_class_does(ledger: Any) -> None:
    validate = ledger.executive.validate
    assert validate(ledger.extrinsic(transfer(ledger), tip=TAO)).priority == NORMAL_PRIORITY
    operational = ledger.runtime.call(System.set_storage, ())
    assert validate(ledger.extrinsic(operational)).priority == OPERATIONAL_PRIORITY


def test_issuance_is_whole_while_the_call_runs(ledger: Any) -> None:
    issued = ledger[Balances].total_issuance.get()
    half = ledger.runtime.call(Balances.burn, 5, True)
    ledger.executive.apply(ledger.extrinsic(half))
    assert ledger[Balances].total_issuance.get() == issued - 5
