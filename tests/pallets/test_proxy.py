"""Proxies act for others within their type, may not gain rights, and announce when they must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.hashing import blake2_256
from ganglion.frame.address import AddressId
from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import BadOrigin, CallFiltered
from ganglion.frame.origin import NONE, ROOT
from ganglion.frame.validity import InvalidKind
from ganglion.pallets.balances import Balances
from ganglion.pallets.proxy import Proxy, errors, events
from ganglion.pallets.proxy.announcements import Announcements
from ganglion.pallets.proxy.api import Allow, AllowAll, NestedCallMustBe, ParamLessThan, ProxyFilterRuntimeApi
from ganglion.pallets.proxy.filters import ALLOWED, CONTAINED, DEPRECATED, allowed_calls, allows, is_superset
from ganglion.pallets.proxy.pallet import pure_account
from ganglion.pallets.proxy.types import DepositKind, ProxyDefinition, ProxyType
from ganglion.pallets.system import System
from ganglion.pallets.transaction_payment import TransactionPayment
from ganglion.pallets.utility import Utility
from ganglion.runtime import runtime as real_runtime
from ganglion.scale.containers import Err, Ok

TAO = 10**9
Any, NonTransfer, SmallTransfer = ProxyType.Any, ProxyType.NonTransfer, ProxyType.SmallTransfer


@pytest.fixture
def ledger(full_ledger):
    return full_ledger


@pytest.fixture
def alice(ledger):
    return AddressId(ledger.key("Alice"))


@pytest.fixture
def bob(ledger):
    return AddressId(ledger.key("Bob"))


@pytest.fixture
def carol(ledger):
    return AddressId(ledger.key("Carol"))


def pay(ledger, dest, rao=TAO):
    return ledger.runtime.call(Balances.transfer_keep_alive, dest, rao)


def the(told, kind):
    """The one event of a kind."""
    (event,) = [event for event in told if isinstance(event, kind)]
    return event


def outcome(ledger, call, *, by="Bob", kind=None):
    """How a call ends that a proxy makes for Alice."""
    told = ledger.told(Proxy.proxy, AddressId(ledger.key("Alice")), kind, call, by=by)
    return [event for event in told if isinstance(event, events.ProxyExecuted)][-1].result


def filtered(ledger):
    return Err(ledger.runtime.dispatch_error(CallFiltered()))


def test_a_proxy_spends_the_money_of_the_real_account(ledger, bob, carol):
    ledger.apply(Proxy.add_proxy, bob, Any, 0)
    before = ledger.free("Alice")
    assert outcome(ledger, pay(ledger, carol)) == Ok(())
    assert ledger.free("Alice") == before - TAO
    assert ledger[Balances].free(carol.account) == TAO


def test_a_stranger_is_no_proxy(ledger, alice, carol):
    ended = ledger.apply(Proxy.proxy, alice, None, pay(ledger, carol), by="Bob")
    assert isinstance(ended.failure, errors.NotProxy)


def test_a_proxy_of_another_type_than_asked_for_is_none(ledger, alice, bob, carol):
    ledger.apply(Proxy.add_proxy, bob, Any, 0)
    ended = ledger.apply(Proxy.proxy, alice, NonTransfer, pay(ledger, carol), by="Bob")
    assert isinstance(ended.failure, errors.NotProxy)


def test_what_the_type_does_not_list_is_filtered_and_recorded(ledger, alice, bob, carol):
    ledger.apply(Proxy.add_proxy, bob, NonTransfer, 0)
    assert outcome(ledger, pay(ledger, carol)) == filtered(ledger)
    assert ledger[Proxy].last_call_result[alice.account] == filtered(ledger)
    ledger.open_block()
    assert ledger[Proxy].last_call_result[alice.account] is None


def test_a_batch_does_not_widen_what_a_proxy_may_do(ledger, bob, carol):
    ledger.apply(Proxy.add_proxy, bob, NonTransfer, 0)
    batch = ledger.runtime.call(Utility.batch_all, (pay(ledger, carol),))
    assert outcome(ledger, batch) == filtered(ledger)
    remark = ledger.runtime.call(System.remark, b"hello")
    assert outcome(ledger, ledger.runtime.call(Utility.batch_all, (remark,))) == Ok(())


def test_acting_as_a_derived_account_does_not_widen_what_a_proxy_may_do(ledger, bob, carol):
    ledger.apply(Proxy.add_proxy, bob, NonTransfer, 0)
    derived = ledger.runtime.call(Utility.as_derivative, 0, pay(ledger, carol))
    assert outcome(ledger, derived) == filtered(ledger)


def test_a_proxy_gives_no_right_that_it_has_not(ledger, bob, carol):
    ledger.apply(Proxy.add_proxy, bob, NonTransfer, 0)
    for kind, result in (
        (Any, filtered(ledger)),
        (ProxyType.Transfer, filtered(ledger)),
        (ProxyType.Staking, Ok(())),
    ):
        assert outcome(ledger, ledger.runtime.call(Proxy.add_proxy, carol, kind, 0)) == result


def test_only_a_proxy_for_all_calls_takes_all_rights_back(ledger, bob):
    ledger.apply(Proxy.add_proxy, bob, NonTransfer, 0)
    assert outcome(ledger, ledger.runtime.call(Proxy.remove_proxies)) == filtered(ledger)
    ledger.apply(Proxy.add_proxy, bob, Any, 0)
    assert outcome(ledger, ledger.runtime.call(Proxy.remove_proxies), kind=Any) == Ok(())


def test_a_small_transfer_is_below_half_a_tao(ledger, bob, carol):
    ledger.apply(Proxy.add_proxy, bob, SmallTransfer, 0)
    assert outcome(ledger, pay(ledger, carol, TAO // 2 - 1)) == Ok(())
    assert outcome(ledger, pay(ledger, carol, TAO // 2)) == filtered(ledger)


def test_deposits_grow_with_each_proxy_and_come_back(ledger, alice, bob, carol):
    reserved = lambda: ledger[System].account[alice.account].data.reserved  # noqa: E731
    ledger.apply(Proxy.add_proxy, bob, Any, 0)
    assert reserved() == 93_000_000
    ledger.apply(Proxy.add_proxy, carol, Any, 0)
    assert reserved() == 126_000_000
    ledger.apply(Proxy.remove_proxy, bob, Any, 0)
    assert reserved() == 93_000_000
    ledger.apply(Proxy.remove_proxies)
    assert reserved() == 0
    assert alice.account not in ledger[Proxy].proxies


def test_proxies_are_kept_in_order_of_delegate_type_and_delay(ledger, alice, bob, carol):
    for delegate, kind, delay in ((carol, NonTransfer, 2), (bob, NonTransfer, 0), (carol, Any, 9)):
        ledger.apply(Proxy.add_proxy, delegate, kind, delay)
    definitions, _ = ledger[Proxy].proxies[alice.account]
    assert [each.rank for each in definitions] == sorted(each.rank for each in definitions)


def test_bad_definitions_are_refused(ledger, alice, bob):
    who = ledger.key("Alice")
    ledger[Proxy].add(who, ProxyDefinition(bob.account, Any, 0))
    with ledger.refuses(errors.Duplicate):
        ledger[Proxy].add(who, ProxyDefinition(bob.account, Any, 0))
    with ledger.refuses(errors.NoSelfProxy):
        ledger[Proxy].add(who, ProxyDefinition(who, Any, 0))
    with ledger.refuses(errors.NotFound):
        ledger[Proxy].remove(who, ProxyDefinition(bob.account, Any, 1))
    for delay in range(1, 20):
        ledger[Proxy].add(who, ProxyDefinition(bob.account, Any, delay))
    with ledger.refuses(errors.TooMany):
        ledger[Proxy].add(who, ProxyDefinition(bob.account, Any, 20))


def test_a_deposit_that_cannot_be_paid_refuses_the_proxy(ledger, bob):
    with ledger.refuses(Balances.InsufficientBalance):
        ledger[Proxy].add(bytes(32), ProxyDefinition(bob.account, Any, 0))


@pytest.mark.parametrize("origin", [NONE, ROOT])
def test_rights_are_given_by_signature_only(ledger, bob, origin):
    for function, args in (
        (Proxy.add_proxy, (bob, Any, 0)),
        (Proxy.remove_proxy, (bob, Any, 0)),
        (Proxy.remove_proxies, ()),
        (Proxy.create_pure, (Any, 0, 0)),
        (Proxy.kill_pure, (bob, Any, 0, 1, 1)),
        (Proxy.poke_deposit, ()),
        (Proxy.set_real_pays_fee, (bob, True)),
        (Announcements.announce, (bob, bytes(32))),
        (Announcements.remove_announcement, (bob, bytes(32))),
        (Announcements.reject_announcement, (bob, bytes(32))),
    ):
        with ledger.refuses(BadOrigin):
            ledger.run(function, *args, origin=origin)


def test_with_a_delay_a_call_waits_for_its_announcement(ledger, alice, bob, carol):
    ledger.apply(Proxy.add_proxy, bob, Any, 3)
    call = pay(ledger, carol)
    digest = blake2_256(ledger.runtime.call_codec.encode(call))
    assert isinstance(ledger.apply(Proxy.proxy, alice, None, call, by="Bob").failure, errors.Unannounced)
    ledger.apply(Announcements.announce, alice, digest, by="Bob")
    assert ledger[System].account[bob.account].data.reserved == 104_000_000
    ledger.open_block(2)
    early = ledger.apply(Announcements.proxy_announced, bob, alice, None, call, by="Bob")
    assert isinstance(early.failure, errors.Unannounced)
    ledger.open_block()
    told = ledger.told(Announcements.proxy_announced, bob, alice, None, call, by="Bob")
    assert the(told, events.ProxyExecuted).result == Ok(())
    assert ledger[System].account[bob.account].data.reserved == 0
    assert ledger[Balances].free(carol.account) == TAO


def test_the_real_account_rejects_what_was_announced(ledger, alice, bob):
    ledger.apply(Proxy.add_proxy, bob, Any, 3)
    ledger.apply(Announcements.announce, alice, bytes(32), by="Bob")
    wrong = ledger.apply(Announcements.reject_announcement, bob, bytes(31) + b"x")
    assert isinstance(wrong.failure, errors.NotFound)
    assert ledger.apply(Announcements.reject_announcement, bob, bytes(32)).failure is None
    assert ledger[Announcements].announcements[bob.account] == ((), 0)


def test_a_delegate_takes_its_announcement_back(ledger, alice, bob):
    ledger.apply(Proxy.add_proxy, bob, Any, 3)
    ledger.apply(Announcements.announce, alice, bytes(32), by="Bob")
    assert ledger.apply(Announcements.remove_announcement, alice, bytes(32), by="Bob").failure is None
    assert ledger[System].account[bob.account].data.reserved == 0


def test_a_stranger_announces_nothing(ledger, alice):
    ended = ledger.apply(Announcements.announce, alice, bytes(32), by="Bob")
    assert isinstance(ended.failure, errors.NotProxy)


def test_no_more_is_announced_than_may_wait(ledger, alice, bob):
    ledger.apply(Proxy.add_proxy, bob, Any, 3)
    for _ in range(75):
        assert ledger.apply(Announcements.announce, alice, bytes(32), by="Bob").failure is None
    ended = ledger.apply(Announcements.announce, alice, bytes(32), by="Bob")
    assert isinstance(ended.failure, errors.TooMany)


def test_a_pure_proxy_is_made_used_and_killed_by_its_maker(ledger, alice, bob):
    pure = the(ledger.told(Proxy.create_pure, Any, 0, 7), events.PureCreated).pure
    height, extrinsic = ledger.number, 1  # the timestamp is extrinsic 0
    assert pure == pure_account(alice.account, (height, extrinsic), Any, 7)
    ledger.apply(Balances.transfer_keep_alive, AddressId(pure), 5 * TAO)
    ledger.apply(Proxy.proxy, AddressId(pure), None, pay(ledger, bob, 2 * TAO))
    assert ledger[Balances].free(pure) == 3 * TAO
    kill = ledger.runtime.call(Proxy.kill_pure, alice, Any, 7, height, extrinsic)
    assert isinstance(
        ledger.apply(Proxy.kill_pure, alice, Any, 7, height, extrinsic).failure, errors.NoPermission
    )
    ledger.apply(Proxy.proxy, AddressId(pure), None, kill)
    assert pure not in ledger[Proxy].proxies
    assert ledger[System].account[alice.account].data.reserved == 0


def test_the_same_pure_proxy_is_not_made_twice_in_one_extrinsic(ledger):
    make = ledger.runtime.call(Proxy.create_pure, Any, 0, 0)
    ended = ledger.apply(Utility.batch_all, (make, make))
    assert isinstance(ended.failure, errors.Duplicate)


def test_a_real_account_may_pay_its_proxys_fees(ledger, alice, bob, carol):
    ledger.apply(Proxy.add_proxy, bob, Any, 0)
    ledger.apply(Proxy.set_real_pays_fee, bob, True)
    bobs, alices = ledger.free("Bob"), ledger.free("Alice")
    told = ledger.told(Proxy.proxy, alice, None, pay(ledger, carol), by="Bob")
    paid = the(told, TransactionPayment.TransactionFeePaid)
    assert paid.who == alice.account
    assert (ledger.free("Bob"), ledger.free("Alice")) == (bobs, alices - TAO - paid.actual_fee)
    ledger.apply(Proxy.set_real_pays_fee, bob, False)
    told = ledger.told(Proxy.proxy, alice, None, pay(ledger, carol), by="Bob")
    assert the(told, TransactionPayment.TransactionFeePaid).who == bob.account


def test_who_is_no_proxy_has_its_fees_paid_by_nobody(ledger, bob):
    assert isinstance(ledger.apply(Proxy.set_real_pays_fee, bob, True).failure, errors.NotProxy)


def test_consent_to_pay_ends_with_the_right(ledger, alice, bob):
    ledger.apply(Proxy.add_proxy, bob, Any, 0)
    ledger.apply(Proxy.set_real_pays_fee, bob, True)
    ledger.apply(Proxy.remove_proxy, bob, Any, 0)
    assert (alice.account, bob.account) not in ledger[Proxy].real_pays_fee


def test_a_transaction_that_the_payer_cannot_pay_is_refused(ledger, alice, bob, carol):
    ledger.apply(Proxy.add_proxy, bob, Any, 0)
    ledger.apply(Proxy.set_real_pays_fee, bob, True)
    ledger.set_data("Alice", free=600)
    with ledger.refuses(InvalidKind.PAYMENT):
        ledger.apply(Proxy.proxy, alice, None, pay(ledger, carol), by="Bob")


def test_the_innermost_agreeing_account_pays(ledger):
    a, b, c = (ledger.key(name) for name in ("Alice", "Bob", "Carol"))
    proxy = ledger[Proxy]
    call = lambda real, inner: ledger.runtime.call(Proxy.proxy, AddressId(real), None, inner)  # noqa: E731
    batch = lambda *calls: ledger.runtime.call(Utility.batch, calls)  # noqa: E731
    leaf = ledger.runtime.call(System.remark, b"")
    nested = call(b, call(a, leaf))
    assert proxy.fee_payer(c, nested) == c
    proxy.real_pays_fee[b, c] = ()
    assert proxy.fee_payer(c, nested) == b
    proxy.real_pays_fee[a, b] = ()
    assert proxy.fee_payer(c, nested) == a
    assert proxy.fee_payer(c, call(b, batch(call(a, leaf), call(a, leaf)))) == a
    assert proxy.fee_payer(c, call(b, batch(call(a, leaf), leaf))) == b
    assert proxy.fee_payer(c, call(b, batch())) == b


def test_poking_a_right_deposit_costs_a_fee_and_a_wrong_one_is_free(ledger, alice, bob):
    ledger.apply(Proxy.add_proxy, bob, Any, 0)
    assert ledger.apply(Proxy.poke_deposit).actual.pays_fee == 0
    definitions, deposit = ledger[Proxy].proxies[alice.account]
    ledger[Balances].reserve(alice.account, 7)
    ledger[Proxy].proxies[alice.account] = definitions, deposit + 7
    told = ledger.told(Proxy.poke_deposit)
    assert events.DepositPoked(alice.account, DepositKind.Proxies, deposit + 7, deposit) in told
    assert ledger[System].account[alice.account].data.reserved == deposit


def test_a_pure_account_is_the_hash_of_what_made_it():
    spelled = b"modlpy/proxy____" + bytes(32) + b"\x05\0\0\0" + b"\x02\0\0\0" + b"\x03" + b"\x09\0"
    assert pure_account(bytes(32), (5, 2), NonTransfer, 9) == blake2_256(spelled)


def test_every_type_that_contains_another_may_make_all_its_calls():
    runtime = real_runtime()
    calls = {
        kind: {f"{entry.pallet}.{entry.function}" for entry, _ in allowed_calls(runtime, kind)}
        for kind in ProxyType
    }
    for kind, contained in CONTAINED.items():
        for other in contained:
            assert calls[other] <= calls[kind], (kind, other, calls[other] - calls[kind])


def test_every_call_of_subtensor_is_in_a_group_of_some_type_or_withheld_from_all():
    runtime = real_runtime()
    listed = {path for paths in ALLOWED.values() for path in paths}
    coldkey_swaps = {
        "schedule_swap_coldkey",
        "swap_coldkey",
        "announce_coldkey_swap",
        "swap_coldkey_announced",
    }
    coldkey_swaps |= {"clear_coldkey_swap_announcement", "dispute_coldkey_swap", "reset_coldkey_swap"}
    names = set(runtime.call_codec.by_name["SubtensorModule"][1].by_name)
    assert {name for name in names if f"SubtensorModule.{name}" not in listed} <= coldkey_swaps


@pytest.mark.parametrize("kind", [kind for kind in ProxyType if kind is not Any])
def test_no_restricted_type_reaches_what_makes_calls_anew(kind):
    runtime = real_runtime()
    for path in ("Sudo.sudo", "Multisig.as_multi", "Crowdloan.finalize", "MevShield.store_encrypted"):
        pallet, function = path.split(".")
        assert not allows(runtime, kind, RuntimeCall(pallet, function))


def test_abolished_types_may_do_nothing():
    for kind in DEPRECATED:
        assert not list(allowed_calls(real_runtime(), kind))


@given(st.sampled_from(ProxyType), st.sampled_from(ProxyType), st.sampled_from(ProxyType))
def test_containment_is_transitive_and_nothing_contains_any(one, two, three):
    if is_superset(one, two) and is_superset(two, three):
        assert is_superset(one, three)
    assert not is_superset(one, Any) or one is Any


def test_clients_are_told_the_filters(ledger):
    api = ProxyFilterRuntimeApi(ledger.world)
    assert [info.name for info in api.get_proxy_types()][:2] == [b"Any", b"Owner"]
    (everything, small) = api.get_proxy_filters((0, 11, 99))
    assert everything.filter_mode == AllowAll()
    assert isinstance(small.filter_mode, Allow)
    first = small.filter_mode.calls[0]
    assert (first.pallet_name, first.call_name, first.call_index) == (b"Balances", b"transfer_allow_death", 0)
    assert first.constraint == ParamLessThan(b"value", TAO // 2)
    (set_code,) = api.get_proxy_filters((14,))
    assert set_code.filter_mode.calls[0].constraint == NestedCallMustBe(b"call", b"System", b"set_code")
    assert len(api.get_proxy_filters(None)) == len(ProxyType)
