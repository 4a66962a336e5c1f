"""Accounts of several act when enough of their members agree."""

from __future__ import annotations

import pytest

from ganglion.crypto.hashing import blake2_256
from ganglion.frame.address import AddressId
from ganglion.frame.dispatch import BadOrigin, Weight
from ganglion.frame.origin import NONE, ROOT
from ganglion.pallets.balances import Balances
from ganglion.pallets.multisig import Multisig, Timepoint, multi_account
from ganglion.pallets.system import System
from ganglion.scale.containers import Err, Ok

TAO = 10**9
ENOUGH = Weight(10**10, 10**5)


@pytest.fixture
def ledger(full_ledger):
    full_ledger[Balances].deposit(full_ledger.key("Carol"), 10 * TAO)
    return full_ledger


@pytest.fixture
def account(ledger):
    """The account of Alice, Bob and Carol, two of whom must agree; it has 10 TAO."""
    found = multi_account(tuple(ledger.key(name) for name in ("Alice", "Bob", "Carol")), 2)
    ledger[Balances].deposit(found, 10 * TAO)
    return found


def others(ledger, *names):
    return tuple(sorted(ledger.key(name) for name in names))


def pay(ledger, rao=TAO):
    return ledger.runtime.call(Balances.transfer_keep_alive, AddressId(ledger.key("Dave")), rao)


def digest(ledger, call):
    return blake2_256(ledger.runtime.call_codec.encode(call))


def approve(ledger, by, call, when=None, *, limit=ENOUGH, threshold=2):
    rest = others(ledger, *({"Alice", "Bob", "Carol"} - {by}))
    return ledger.apply(Multisig.as_multi, threshold, rest, when, call, limit, by=by)


def approve_hash(ledger, by, call, when=None, threshold=2):
    rest = others(ledger, *({"Alice", "Bob", "Carol"} - {by}))
    return ledger.apply(Multisig.approve_as_multi, threshold, rest, when, digest(ledger, call), ENOUGH, by=by)


def first(ledger):
    """The timepoint of the first approval in this block's second extrinsic."""
    return Timepoint(ledger.number, 1)


def reserved(ledger, name):
    return ledger[System].account[ledger.key(name)].data.reserved


def test_the_second_of_two_makes_the_call(ledger, account):
    call = pay(ledger)
    assert approve(ledger, "Alice", call).failure is None
    assert reserved(ledger, "Alice") == 132_000_000 + 2 * 32_000_000
    assert ledger.free("Dave") == 0
    assert approve(ledger, "Bob", call, first(ledger)).failure is None
    assert ledger.free("Dave") == TAO
    assert ledger[Balances].free(account) == 9 * TAO
    assert reserved(ledger, "Alice") == 0
    assert not list(ledger[Multisig].multisigs.items())


def test_approvals_by_hash_count_and_the_call_is_made_by_who_gives_it(ledger, account):
    call = pay(ledger)
    approve_hash(ledger, "Alice", call)
    assert approve_hash(ledger, "Carol", call, first(ledger)).failure is None
    assert isinstance(approve_hash(ledger, "Bob", call, first(ledger)).failure, Multisig.AlreadyApproved)
    assert ledger.free("Dave") == 0
    assert approve(ledger, "Bob", call, first(ledger)).failure is None
    assert ledger.free("Dave") == TAO


def test_a_call_that_fails_is_told_and_spent(ledger, account):
    call = pay(ledger, 11 * TAO)
    approve(ledger, "Alice", call)
    approve(ledger, "Bob", call, first(ledger))
    (event,) = [r.event for r in ledger.world.events if isinstance(r.event, Multisig.MultisigExecuted)]
    assert isinstance(event.result, Err)
    assert not list(ledger[Multisig].multisigs.items())


def test_who_has_approved_does_not_count_twice(ledger, account):
    call = pay(ledger)
    approve(ledger, "Alice", call)
    assert isinstance(approve(ledger, "Alice", call, first(ledger)).failure, Multisig.AlreadyApproved)


def test_the_timepoint_must_be_that_of_the_first_approval(ledger, account):
    call = pay(ledger)
    early = approve(ledger, "Alice", call, Timepoint(1, 1))
    assert isinstance(early.failure, Multisig.UnexpectedTimepoint)
    approve(ledger, "Alice", call)
    assert isinstance(approve(ledger, "Bob", call).failure, Multisig.NoTimepoint)
    assert isinstance(approve(ledger, "Bob", call, Timepoint(1, 9)).failure, Multisig.WrongTimepoint)


def test_a_call_heavier_than_was_said_is_not_made(ledger, account):
    call = pay(ledger)
    approve(ledger, "Alice", call)
    ended = approve(ledger, "Bob", call, first(ledger), limit=Weight(1, 1))
    assert isinstance(ended.failure, Multisig.MaxWeightTooLow)


def test_bad_members_are_refused(ledger):
    call, members = pay(ledger), others(ledger, "Bob", "Carol")
    for given, threshold, error in (
        ((), 2, Multisig.TooFewSignatories),
        (tuple(reversed(members)), 2, Multisig.SignatoriesOutOfOrder),
        ((members[0], members[0]), 2, Multisig.SignatoriesOutOfOrder),
        ((ledger.key("Alice"),), 2, Multisig.SenderInSignatories),
        (members, 1, Multisig.MinimumThreshold),
        (tuple(bytes([n]) * 32 for n in range(100)), 2, Multisig.TooManySignatories),
    ):
        ended = ledger.apply(Multisig.as_multi, threshold, given, None, call, ENOUGH)
        assert isinstance(ended.failure, error)


def test_only_who_left_the_deposit_cancels(ledger, account):
    call = pay(ledger)
    approve(ledger, "Alice", call)
    cancel = (Multisig.cancel_as_multi, 2)
    when, hashed = first(ledger), digest(ledger, call)
    stranger = ledger.apply(*cancel, others(ledger, "Alice", "Carol"), when, hashed, by="Bob")
    assert isinstance(stranger.failure, Multisig.NotOwner)
    assert ledger.apply(*cancel, others(ledger, "Bob", "Carol"), when, hashed).failure is None
    assert reserved(ledger, "Alice") == 0
    again = ledger.apply(*cancel, others(ledger, "Bob", "Carol"), when, hashed)
    assert isinstance(again.failure, Multisig.NotFound)


def test_a_single_member_acts_for_an_account_of_threshold_one(ledger):
    found = multi_account((ledger.key("Alice"), ledger.key("Bob")), 1)
    ledger[Balances].deposit(found, 10 * TAO)
    ended = ledger.apply(Multisig.as_multi_threshold_1, others(ledger, "Bob"), pay(ledger))
    assert ended.failure is None
    assert ledger[Balances].free(found) == 9 * TAO


def test_poking_a_right_deposit_costs_a_fee_and_a_wrong_one_is_free(ledger, account):
    call = pay(ledger)
    approve(ledger, "Alice", call)
    poke = (Multisig.poke_deposit, 2, others(ledger, "Bob", "Carol"), digest(ledger, call))
    assert ledger.apply(*poke).actual.pays_fee == 0
    (key,) = [(found, hashed) for found, hashed, _ in ledger[Multisig].multisigs.items()]
    operation = ledger[Multisig].multisigs[key]
    ledger[Balances].reserve(ledger.key("Alice"), 5)
    ledger[Multisig].multisigs[key] = type(operation)(
        operation.when, operation.deposit + 5, operation.depositor, operation.approvals
    )
    assert ledger.apply(*poke).actual.pays_fee == 1
    assert reserved(ledger, "Alice") == operation.deposit


@pytest.mark.parametrize("origin", [NONE, ROOT])
def test_only_who_signs_is_a_member(ledger, origin):
    rest, call = others(ledger, "Bob"), pay(ledger)
    for function, args in (
        (Multisig.as_multi_threshold_1, (rest, call)),
        (Multisig.as_multi, (2, rest, None, call, ENOUGH)),
        (Multisig.approve_as_multi, (2, rest, None, bytes(32), ENOUGH)),
        (Multisig.cancel_as_multi, (2, rest, Timepoint(1, 1), bytes(32))),
        (Multisig.poke_deposit, (2, rest, bytes(32))),
    ):
        with ledger.refuses(BadOrigin):
            ledger.run(function, *args, origin=origin)


def test_the_account_of_several_is_the_hash_of_its_members_and_threshold():
    one, two = bytes(32), bytes([1]) * 32
    spelled = b"modlpy/utilisuba" + b"\x08" + one + two + b"\x02\0"
    assert multi_account((two, one), 2) == blake2_256(spelled)


def test_a_result_is_told_with_who_completed_it(ledger, account):
    call = pay(ledger)
    approve(ledger, "Alice", call)
    when = first(ledger)
    approve(ledger, "Bob", call, when)
    told = [r.event for r in ledger.world.events if isinstance(r.event, Multisig.MultisigExecuted)]
    assert told == [Multisig.MultisigExecuted(ledger.key("Bob"), when, account, digest(ledger, call), Ok(()))]
