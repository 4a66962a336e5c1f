"""Batches: which calls stand when one fails, what is told, and what is given back."""

from hashlib import blake2b
from typing import Any

import pytest

from ganglion.frame.address import AddressId
from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import (
    U64_MAX,
    BadOrigin,
    BadOriginError,
    DispatchClass,
    Pays,
    Token,
    TokenError,
    TokenErrorKind,
    Weight,
)
from ganglion.frame.origin import NONE, ROOT, Origin
from ganglion.frame.validity import InvalidKind
from ganglion.pallets.balances import Balances
from ganglion.pallets.origin_caller import ByAuthorized, ByNobody, ByRoot, BySigned, SystemOrigin
from ganglion.pallets.sudo import Sudo
from ganglion.pallets.system import System
from ganglion.pallets.timestamp import Timestamp
from ganglion.pallets.utility import Utility, derived_account
from ganglion.pallets.weights.core import IF_ELSE, WRAPPER, batch_weight
from ganglion.scale.containers import Err, Ok

TAO = 10**9
BATCHES = (Utility.batch, Utility.batch_all, Utility.force_batch)


def give(ledger: Any, amount: int) -> RuntimeCall:
    return ledger.runtime.call(Balances.transfer_keep_alive, AddressId(ledger.key("Bob")), amount)  # type: ignore[no-any-return]


def alice(ledger: Any) -> Origin:
    return Origin.of(ledger.key("Alice"))


def given(ledger: Any) -> int:
    return ledger.free("Bob") - 1_000 * TAO  # type: ignore[no-any-return]


def names(events: list[Any]) -> list[str]:
    return [type(event).__name__ for event in events]


@pytest.mark.parametrize("batch", BATCHES)
def test_a_batch_of_good_calls_runs_them_all(ledger: Any, batch: Any) -> None:
    told = ledger.run(batch, (give(ledger, 1), give(ledger, 2)), origin=alice(ledger))
    assert names(told) == ["Transfer", "ItemCompleted", "Transfer", "ItemCompleted", "BatchCompleted"]
    assert given(ledger) == 3


@pytest.mark.parametrize("batch", BATCHES)
def test_an_empty_batch_completes(ledger: Any, batch: Any) -> None:
    assert ledger.run(batch, (), origin=alice(ledger)) == [Utility.BatchCompleted()]


def three(ledger: Any) -> tuple[RuntimeCall, ...]:
    return give(ledger, 1), give(ledger, 2_000 * TAO), give(ledger, 4)


def test_a_batch_stops_at_the_first_that_fails_and_keeps_what_came_before(ledger: Any) -> None:
    told = ledger.run(Utility.batch, three(ledger), origin=alice(ledger))
    assert names(told) == ["Transfer", "ItemCompleted", "BatchInterrupted"]
    assert told[-1] == Utility.BatchInterrupted(1, Token(TokenErrorKind.FundsUnavailable))
    assert given(ledger) == 1


def test_a_batch_of_all_keeps_nothing_if_one_fails(ledger: Any) -> None:
    with ledger.refuses(TokenError, "FundsUnavailable"):
        ledger.run(Utility.batch_all, three(ledger), origin=alice(ledger))


def test_a_forced_batch_runs_on(ledger: Any) -> None:
    told = ledger.run(Utility.force_batch, three(ledger), origin=alice(ledger))
    completed = ["Transfer", "ItemCompleted"]
    assert names(told) == [*completed, "ItemFailed", *completed, "BatchCompletedWithErrors"]
    assert given(ledger) == 5


@pytest.mark.parametrize("batch", BATCHES)
def test_nobody_may_batch(ledger: Any, batch: Any) -> None:
    with ledger.refuses(BadOrigin):
        ledger.run(batch, (), origin=NONE)


@pytest.mark.parametrize("batch", BATCHES)
def test_a_batch_has_at_most_so_many_calls(ledger: Any, batch: Any) -> None:
    many = (ledger.runtime.call(System.remark, b""),) * 10_923
    with ledger.refuses(Utility.TooManyCalls):
        ledger.run(batch, many, origin=alice(ledger))
    ledger.run(batch, many[1:], origin=alice(ledger))


@pytest.mark.parametrize("outer", BATCHES)
@pytest.mark.parametrize("inner", BATCHES)
def test_only_root_puts_a_batch_directly_into_a_batch(ledger: Any, outer: Any, inner: Any) -> None:
    nested = (give(ledger, 1), ledger.runtime.call(inner, ()))
    with ledger.refuses(System.CallFiltered):
        ledger.run(outer, nested, origin=alice(ledger))
    inside = (ledger.runtime.call(inner, ()),)
    assert ledger.run(outer, inside, origin=ROOT)[-1] == Utility.BatchCompleted()


def test_batches_inside_other_calls_nest(ledger: Any) -> None:
    for inner in BATCHES:
        derived = ledger.runtime.call(Utility.as_derivative, 0, ledger.runtime.call(inner, ()))
        told = ledger.run(Utility.batch, (derived,), origin=alice(ledger))
        assert names(told) == ["BatchCompleted", "ItemCompleted", "BatchCompleted"]


@pytest.mark.parametrize(
    ("batch", "ran"), [(Utility.batch, 2), (Utility.batch_all, 2), (Utility.force_batch, 3)]
)
def test_a_batch_reports_what_it_used(ledger: Any, batch: Any, ran: int) -> None:
    outcome = ledger.world.attempt(ledger.runtime.call(batch, three(ledger)), alice(ledger))
    used = batch_weight(ran)
    for _ in range(ran):
        used += ledger.runtime.info(give(ledger, 1)).weight
    assert outcome.actual.weight == used


def test_a_batch_is_free_only_if_all_in_it_is(ledger: Any) -> None:
    runtime, free = ledger.runtime, ledger.runtime.call(Balances.burn, 0, True)
    info = runtime.info(runtime.call(Utility.batch, (free, give(ledger, 1))))
    assert (info.pays_fee, info.class_) == (Pays.Yes, DispatchClass.Normal)
    assert runtime.info(runtime.call(Utility.batch, ())).pays_fee is Pays.Yes
    time = runtime.call(Timestamp.set, 1)
    assert runtime.info(runtime.call(Utility.batch, (time,))).class_ is DispatchClass.Normal


def test_a_derived_account_acts_for_its_owner(ledger: Any) -> None:
    derived = derived_account(ledger.key("Alice"), 258)
    ledger[Balances].deposit(derived, TAO)
    ledger.run(Utility.as_derivative, 258, give(ledger, 5), origin=alice(ledger))
    assert (given(ledger), ledger[Balances].free(derived)) == (5, TAO - 5)


def test_a_derived_account_is_that_of_the_real_chain() -> None:
    # blake2-256 of b"modlpy/utilisuba" ++ account ++ index, by hand.
    account = bytes(range(32))
    expected = blake2b(b"modlpy/utilisuba" + account + b"\x01\x00", digest_size=32).digest()
    assert derived_account(account, 1) == expected != derived_account(account, 256)


def test_a_derived_call_that_fails_fails_whole_and_reports_its_weight(ledger: Any) -> None:
    call = ledger.runtime.call(Utility.as_derivative, 0, give(ledger, 5))
    outcome = ledger.world.attempt(call, alice(ledger))
    assert isinstance(outcome.failure, TokenError)
    assert outcome.actual.weight == ledger.runtime.info(give(ledger, 5)).weight + WRAPPER


def test_a_derived_call_is_a_normal_one_whatever_is_inside(ledger: Any) -> None:
    time = ledger.runtime.call(Timestamp.set, 1)
    call = ledger.runtime.call(Utility.as_derivative, 0, time)
    assert ledger.runtime.info(call).class_ is DispatchClass.Normal


@pytest.mark.parametrize("origin", [ROOT, NONE])
def test_only_signers_have_derived_accounts(ledger: Any, origin: Origin) -> None:
    with ledger.refuses(BadOrigin):
        ledger.run(Utility.as_derivative, 0, give(ledger, 5), origin=origin)


def test_absurd_weights_in_a_batch_cost_a_block_and_fit_none(ledger: Any) -> None:
    huge = ledger.runtime.call(Sudo.sudo_unchecked_weight, give(ledger, 1), Weight(U64_MAX, U64_MAX))
    batch = ledger.runtime.call(Utility.batch, (huge, huge))
    assert ledger.runtime.info(batch).weight == Weight(U64_MAX, U64_MAX)
    with ledger.refuses(InvalidKind.EXHAUSTS_RESOURCES):
        ledger.executive.apply(ledger.extrinsic(batch))


AS_ANOTHER = (Utility.dispatch_as, Utility.dispatch_as_fallible)


def by(account: bytes) -> SystemOrigin:
    return SystemOrigin(BySigned(account))


@pytest.mark.parametrize("call", AS_ANOTHER)
def test_root_has_a_call_made_as_anybody(ledger: Any, call: Any) -> None:
    told = ledger.run(call, by(ledger.key("Alice")), give(ledger, 5), origin=ROOT)
    assert told[-1] == Utility.DispatchedAs(Ok(()))
    assert given(ledger) == 5
    nobody = ledger.runtime.call(System.remark, b"")
    for origin in (SystemOrigin(ByRoot()), SystemOrigin(ByNobody())):
        ledger.run(call, origin, nobody, origin=ROOT)


def test_a_call_made_as_another_may_fail_and_it_is_told(ledger: Any) -> None:
    told = ledger.run(Utility.dispatch_as, by(ledger.key("Alice")), give(ledger, 2_000 * TAO), origin=ROOT)
    assert told == [Utility.DispatchedAs(Err(Token(TokenErrorKind.FundsUnavailable)))]


def test_unless_its_failure_is_asked_for(ledger: Any) -> None:
    with ledger.refuses(TokenError, "FundsUnavailable"):
        arguments = by(ledger.key("Alice")), give(ledger, 2_000 * TAO)
        ledger.run(Utility.dispatch_as_fallible, *arguments, origin=ROOT)


def test_no_call_is_an_authorized_transaction_s(ledger: Any) -> None:
    told = ledger.run(Utility.dispatch_as, SystemOrigin(ByAuthorized()), give(ledger, 1), origin=ROOT)
    assert told == [Utility.DispatchedAs(Err(BadOriginError()))]


@pytest.mark.parametrize("call", AS_ANOTHER)
def test_only_root_makes_calls_as_another(ledger: Any, call: Any) -> None:
    for origin in (alice(ledger), NONE):
        with ledger.refuses(BadOrigin):
            ledger.run(call, SystemOrigin(ByRoot()), give(ledger, 1), origin=origin)


def test_root_says_what_a_call_weighs(ledger: Any) -> None:
    call = ledger.runtime.call(Utility.with_weight, ledger.runtime.call(System.set_storage, ()), Weight(7, 8))
    assert ledger.runtime.info(call).weight == Weight(7, 8)
    ledger.run(Utility.with_weight, *call.args, origin=ROOT)
    with ledger.refuses(BadOrigin):
        ledger.run(Utility.with_weight, *call.args, origin=alice(ledger))


def test_the_second_call_is_made_only_if_the_first_fails(ledger: Any) -> None:
    told = ledger.run(Utility.if_else, give(ledger, 1), give(ledger, 2), origin=alice(ledger))
    assert (told[-1], given(ledger)) == (Utility.IfElseMainSuccess(), 1)
    too_much = give(ledger, 2_000 * TAO)
    told = ledger.run(Utility.if_else, too_much, give(ledger, 2), origin=alice(ledger))
    assert told[-1] == Utility.IfElseFallbackCalled(Token(TokenErrorKind.FundsUnavailable))
    assert given(ledger) == 3


def test_if_both_calls_fail_nothing_happens(ledger: Any) -> None:
    too_much = give(ledger, 2_000 * TAO)
    with ledger.refuses(TokenError, "FundsUnavailable"):
        ledger.run(Utility.if_else, too_much, too_much, origin=alice(ledger))


def test_nobody_chooses_between_calls(ledger: Any) -> None:
    with ledger.refuses(BadOrigin):
        ledger.run(Utility.if_else, give(ledger, 1), give(ledger, 2), origin=NONE)


def test_what_the_second_call_would_have_weighed_is_given_back(ledger: Any) -> None:
    call = ledger.runtime.call(Utility.if_else, give(ledger, 1), give(ledger, 2))
    expected = ledger.runtime.info(call).weight
    used = ledger.apply(Utility.if_else, *call.args).actual.weight
    one = ledger.runtime.info(give(ledger, 1)).weight
    assert used == IF_ELSE + one
    assert expected == used + one
