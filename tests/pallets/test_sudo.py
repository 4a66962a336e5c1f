"""The sudo key acts as root and as others, and nobody else does."""

from typing import Any

import pytest

from ganglion.frame.address import AddressId, AddressRaw
from ganglion.frame.dispatch import BadOriginError, DispatchClass, Pays, Refused, Weight
from ganglion.frame.origin import NONE, ROOT, BadOrigin, Origin
from ganglion.frame.validity import InvalidKind
from ganglion.pallets.balances import Balances
from ganglion.pallets.sudo import Sudo
from ganglion.pallets.system import System
from ganglion.pallets.timestamp import Timestamp
from ganglion.pallets.weights.core import WRAPPER
from ganglion.scale.containers import Err, Ok

BOUNDLESS = Weight(1, 1)


def alice(ledger: Any) -> Origin:
    return Origin.of(ledger.key("Alice"))


def endow(ledger: Any) -> Any:
    return ledger.runtime.call(Balances.force_set_balance, AddressId(ledger.key("Carol")), 900)


def every_call(ledger: Any) -> list[tuple[Any, ...]]:
    bob = AddressId(ledger.key("Bob"))
    return [
        (Sudo.sudo, endow(ledger)),
        (Sudo.sudo_unchecked_weight, endow(ledger), BOUNDLESS),
        (Sudo.set_key, bob),
        (Sudo.sudo_as, bob, endow(ledger)),
        (Sudo.remove_key,),
    ]


@pytest.mark.parametrize("at", [0, 1])
def test_the_key_acts_as_root(ledger: Any, at: int) -> None:
    told = ledger.run(*every_call(ledger)[at], origin=alice(ledger))
    assert told[-1] == Sudo.Sudid(Ok(()))
    assert ledger.free("Carol") == 900


def test_root_needs_no_key(ledger: Any) -> None:
    for call, *args in every_call(ledger):
        ledger.run(call, *args, origin=ROOT)


def test_what_fails_as_root_is_told_and_undone(ledger: Any) -> None:
    inner = ledger.runtime.call(System.remark_with_event, b"")
    told = ledger.run(Sudo.sudo, inner, origin=alice(ledger))
    assert told == [Sudo.Sudid(Err(BadOriginError()))]


def test_the_key_acts_as_another(ledger: Any) -> None:
    inner = ledger.runtime.call(System.remark_with_event, b"")
    told = ledger.run(Sudo.sudo_as, AddressId(ledger.key("Bob")), inner, origin=alice(ledger))
    assert [told[0].sender, told[1]] == [ledger.key("Bob"), Sudo.SudoAsDone(Ok(()))]
    told = ledger.run(Sudo.sudo_as, AddressId(ledger.key("Bob")), endow(ledger), origin=alice(ledger))
    assert told == [Sudo.SudoAsDone(Err(BadOriginError()))]


def test_the_key_can_be_handed_on_and_given_up(ledger: Any) -> None:
    a, b = ledger.key("Alice"), ledger.key("Bob")
    assert ledger.run(Sudo.set_key, AddressId(b), origin=alice(ledger)) == [Sudo.KeyChanged(a, b)]
    with ledger.refuses(Sudo.RequireSudo):
        ledger.run(Sudo.sudo, endow(ledger), origin=alice(ledger))
    assert ledger.run(Sudo.remove_key, origin=Origin.of(b)) == [Sudo.KeyRemoved()]
    with ledger.refuses(Sudo.RequireSudo):
        ledger.run(Sudo.sudo, endow(ledger), origin=Origin.of(b))


@pytest.mark.parametrize(("origin", "error"), [("Bob", Sudo.RequireSudo), (NONE, BadOrigin)])
def test_others_may_nothing(ledger: Any, origin: Any, error: Any) -> None:
    who = Origin.of(ledger.key(origin)) if isinstance(origin, str) else origin
    for call, *args in every_call(ledger):
        with ledger.refuses(error):
            ledger.run(call, *args, origin=who)


def test_an_heir_must_be_an_account(ledger: Any) -> None:
    with ledger.refuses(Refused, "CannotLookup"):
        ledger.run(Sudo.set_key, AddressRaw(b""), origin=alice(ledger))


@pytest.mark.parametrize("at", range(5))
def test_sudo_calls_of_the_key_are_free_but_for_their_tip(ledger: Any, at: int) -> None:
    function, *args = every_call(ledger)[at]
    before = ledger.free("Alice")
    outcome = ledger.apply(function, *args, tip=600)
    assert (outcome.failure, outcome.actual.pays_fee) == (None, Pays.No)
    assert ledger.free("Alice") == before - 600
    ledger.world.try_state()


@pytest.mark.parametrize("at", range(5))
def test_sudo_calls_of_others_never_enter_the_pool(ledger: Any, at: int) -> None:
    checked = ledger.extrinsic(ledger.runtime.call(*every_call(ledger)[at]), by="Bob")
    for judge in (ledger.executive.validate, ledger.executive.apply):
        with ledger.refuses(InvalidKind.BAD_SIGNER):
            judge(checked)


def test_without_a_key_no_sudo_call_enters_the_pool(make_ledger: Any) -> None:
    ledger = make_ledger({"Sudo": {}})
    with ledger.refuses(InvalidKind.BAD_SIGNER):
        ledger.executive.validate(ledger.extrinsic(ledger.runtime.call(Sudo.remove_key)))


def test_sudo_weighs_what_is_inside_and_unchecked_what_it_says(ledger: Any) -> None:
    runtime, time = ledger.runtime, ledger.runtime.call(Timestamp.set, 1)
    inside = runtime.info(time)
    for call in (runtime.call(Sudo.sudo, time), runtime.call(Sudo.sudo_as, AddressId(bytes(32)), time)):
        assert runtime.info(call).weight == inside.weight + WRAPPER
        assert runtime.info(call).class_ is DispatchClass.Mandatory
    assert runtime.info(runtime.call(Sudo.sudo_unchecked_weight, time, BOUNDLESS)).weight == BOUNDLESS


def test_a_mandatory_call_as_root_is_no_transaction(ledger: Any) -> None:
    checked = ledger.extrinsic(ledger.runtime.call(Sudo.sudo, ledger.runtime.call(Timestamp.set, 1)))
    with ledger.refuses(InvalidKind.MANDATORY_VALIDATION):
        ledger.executive.validate(checked)
