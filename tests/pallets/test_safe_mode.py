"""In safe mode accounts make only the calls that keep the chain alive; root begins and ends it."""

from __future__ import annotations

import pytest

from ganglion.frame.address import AddressId
from ganglion.frame.dispatch import BadOrigin, CallFiltered
from ganglion.frame.origin import NONE, ROOT, Origin
from ganglion.pallets.balances import Balances
from ganglion.pallets.safe_mode import SafeMode, errors
from ganglion.pallets.safe_mode.pallet import ExitReason
from ganglion.pallets.system import System
from ganglion.pallets.utility import Utility


@pytest.fixture
def ledger(full_ledger):
    return full_ledger


@pytest.fixture
def safe(ledger):
    ledger.run(SafeMode.force_enter, origin=ROOT)
    return ledger


def pay(ledger):
    return ledger.apply(Balances.transfer_keep_alive, AddressId(ledger.key("Bob")), 1_000)


def test_transfers_wait_until_safe_mode_is_over(safe):
    assert isinstance(pay(safe).failure, CallFiltered)
    assert safe.apply(System.remark, b"still here").failure is None
    safe.run(SafeMode.force_exit, origin=ROOT)
    assert pay(safe).failure is None


def test_wrapping_a_call_does_not_help(safe):
    call = safe.runtime.call(Balances.transfer_keep_alive, AddressId(safe.key("Bob")), 1_000)
    assert isinstance(safe.apply(Utility.batch_all, (call,)).failure, CallFiltered)


def test_safe_mode_ends_by_itself(safe):
    until = safe[SafeMode].entered_until.get()
    assert until == safe.number + 7_200
    safe[SafeMode].entered_until.set(safe.number)
    safe.open_block()
    assert safe[SafeMode].entered_until.get() is None
    assert SafeMode.Exited(ExitReason.Timeout) in [record.event for record in safe.world.events]


def test_blocks_go_on_in_safe_mode(safe):
    safe.open_block(3)
    assert safe[SafeMode].entered_until.exists()


def test_root_extends_what_it_entered(safe):
    until = safe[SafeMode].entered_until.get()
    assert safe.run(SafeMode.force_extend, origin=ROOT) == [SafeMode.Extended(until + 3_600)]
    with safe.refuses(errors.Entered):
        safe.run(SafeMode.force_enter, origin=ROOT)


def test_outside_of_safe_mode_there_is_nothing_to_extend_or_end(ledger):
    for function in (SafeMode.force_extend, SafeMode.force_exit):
        with ledger.refuses(errors.Exited):
            ledger.run(function, origin=ROOT)


def test_accounts_neither_enter_nor_extend_since_no_deposit_is_set(ledger):
    signed = Origin.of(ledger.key("Alice"))
    with ledger.refuses(errors.NotConfigured):
        ledger.run(SafeMode.enter, origin=signed)
    with ledger.refuses(errors.Exited):
        ledger.run(SafeMode.extend, origin=signed)
    ledger.run(SafeMode.force_enter, origin=ROOT)
    with ledger.refuses(errors.NotConfigured):
        ledger.run(SafeMode.extend, origin=signed)
    with ledger.refuses(errors.Entered):
        ledger.run(SafeMode.enter, origin=signed)


def test_there_are_no_deposits(ledger):
    for function in (SafeMode.force_slash_deposit, SafeMode.force_release_deposit):
        with ledger.refuses(errors.NoDeposit):
            ledger.run(function, bytes(32), 1, origin=ROOT)
    with ledger.refuses(errors.NoDeposit):
        ledger.run(SafeMode.release_deposit, bytes(32), 1, origin=Origin.of(ledger.key("Alice")))


def test_what_root_may_do_is_refused_to_others(ledger, stranger):
    for function, args in (
        (SafeMode.force_enter, ()),
        (SafeMode.force_extend, ()),
        (SafeMode.force_exit, ()),
        (SafeMode.force_slash_deposit, (bytes(32), 1)),
        (SafeMode.force_release_deposit, (bytes(32), 1)),
    ):
        with ledger.refuses(BadOrigin):
            ledger.run(function, *args, origin=stranger)


def test_nobody_enters_unsigned(ledger):
    for function, args in (
        (SafeMode.enter, ()),
        (SafeMode.extend, ()),
        (SafeMode.release_deposit, (bytes(32), 1)),
    ):
        with ledger.refuses(BadOrigin):
            ledger.run(function, *args, origin=NONE)
