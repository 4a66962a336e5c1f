"""TAO moves by the real chain's rules: who may be emptied, what is dust, what each step tells."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganglion.frame.address import AddressId, AddressRaw, MultiAddress
from ganglion.frame.dispatch import (
    ArithmeticFailed,
    BadOrigin,
    DispatchFailed,
    InvariantBroken,
    Refused,
    TokenError,
)
from ganglion.frame.genesis import InvalidGenesis
from ganglion.frame.origin import NONE, ROOT, Origin
from ganglion.pallets.balances import Balances
from ganglion.pallets.balances.types import AdjustmentDirection, ReserveData
from ganglion.pallets.system import AccountInfo, System

TAO = 10**9
ED = 500
U64_MAX = 2**64 - 1
ALL = 1_000 * TAO


def to(ledger: Any, name: str) -> MultiAddress:
    return AddressId(ledger.key(name))


def alice(ledger: Any) -> Origin:
    return Origin.of(ledger.key("Alice"))


def pay(ledger: Any, source: str, dest: str, amount: int, keep_alive: bool = False) -> list[Any]:
    call = Balances.transfer_keep_alive if keep_alive else Balances.transfer_allow_death
    return ledger.run(call, to(ledger, dest), amount, origin=Origin.of(ledger.key(source)))  # type: ignore[no-any-return]


def test_a_transfer_to_somebody_tells_only_of_itself(ledger: Any) -> None:
    a, b = ledger.key("Alice"), ledger.key("Bob")
    for keep_alive in (True, False):
        assert pay(ledger, "Alice", "Bob", 7, keep_alive) == [Balances.Transfer(a, b, 7)]
    assert (ledger.free("Alice"), ledger.free("Bob")) == (ALL - 14, ALL + 14)


def test_a_transfer_to_nobody_makes_an_account(ledger: Any) -> None:
    a, c = ledger.key("Alice"), ledger.key("Carol")
    made = [System.NewAccount(c), Balances.Endowed(c, ED), Balances.Transfer(a, c, ED)]
    assert pay(ledger, "Alice", "Carol", ED) == made
    assert ledger[System].account[c].providers == 1


def test_less_than_the_existential_deposit_makes_no_account(ledger: Any) -> None:
    with ledger.refuses(TokenError, "BelowMinimum"):
        pay(ledger, "Alice", "Carol", ED - 1)


def test_sending_all_kills_the_account_and_leaves_nothing_of_it(ledger: Any) -> None:
    ledger[System].account[ledger.key("Alice")] = ledger[System].account[ledger.key("Alice")].with_nonce(7)
    a, b = ledger.key("Alice"), ledger.key("Bob")
    assert pay(ledger, "Alice", "Bob", ALL) == [System.KilledAccount(a), Balances.Transfer(a, b, ALL)]
    assert a not in ledger[System].account
    assert ledger[System].account[a] == AccountInfo()


def test_a_rest_below_the_existential_deposit_is_lost(ledger: Any) -> None:
    a, b, issued = ledger.key("Alice"), ledger.key("Bob"), ledger[Balances].total_issuance.get()
    assert pay(ledger, "Alice", "Bob", ALL - 3) == [
        System.KilledAccount(a),
        Balances.DustLost(a, 3),
        Balances.Transfer(a, b, ALL - 3),
    ]
    assert ledger[Balances].total_issuance.get() == issued - 3
    ledger.world.try_state()


@pytest.mark.parametrize("left", [0, 1, ED - 1])
def test_keep_alive_keeps_alive(ledger: Any, left: int) -> None:
    with ledger.refuses(TokenError, "NotExpendable"):
        pay(ledger, "Alice", "Bob", ALL - left, keep_alive=True)
    pay(ledger, "Alice", "Bob", ALL - ED, keep_alive=True)
    assert ledger.free("Alice") == ED


@pytest.mark.parametrize("amount", [ALL + 1, U64_MAX])
def test_more_than_there_is_cannot_be_sent(ledger: Any, amount: int) -> None:
    with ledger.refuses(TokenError, "FundsUnavailable"):
        pay(ledger, "Alice", "Bob", amount)


def test_nothing_may_be_sent_to_anybody(ledger: Any) -> None:
    a, c = ledger.key("Alice"), ledger.key("Carol")
    assert pay(ledger, "Alice", "Carol", 0) == [Balances.Transfer(a, c, 0)]
    assert c not in ledger[System].account


def test_sending_to_oneself_changes_and_tells_nothing(ledger: Any) -> None:
    assert pay(ledger, "Alice", "Alice", ALL) == []
    assert ledger.free("Alice") == ALL
    with ledger.refuses(TokenError, "FundsUnavailable"):
        pay(ledger, "Alice", "Alice", ALL + 1)


@pytest.mark.parametrize(("keep_alive", "left"), [(True, ED), (False, 0)])
def test_transfer_all_leaves_as_little_as_it_may(ledger: Any, keep_alive: bool, left: int) -> None:
    ledger.run(Balances.transfer_all, to(ledger, "Bob"), keep_alive, origin=alice(ledger))
    assert (ledger.free("Alice"), ledger.free("Bob")) == (left, 2 * ALL - left)


def test_transfer_all_leaves_what_a_held_account_needs(ledger: Any) -> None:
    ledger[Balances].reserve(ledger.key("Alice"), 10)
    ledger.run(Balances.transfer_all, to(ledger, "Bob"), False, origin=alice(ledger))
    assert (ledger.free("Alice"), ledger[Balances].total(ledger.key("Alice"))) == (ED, ED + 10)


def test_only_plain_ids_name_a_receiver(ledger: Any) -> None:
    with ledger.refuses(Refused, "CannotLookup"):
        ledger.run(Balances.transfer_allow_death, AddressRaw(bytes(32)), 1, origin=alice(ledger))


# ---- frozen and reserved


def test_frozen_tao_stays(ledger: Any) -> None:
    ledger.set_data("Alice", frozen=ALL - 100)
    with ledger.refuses(TokenError, "Frozen"):
        pay(ledger, "Alice", "Bob", 101)
    pay(ledger, "Alice", "Bob", 100)


def test_what_is_reserved_counts_against_what_is_frozen(ledger: Any) -> None:
    ledger.set_data("Alice", frozen=1_000, free=5_000, reserved=800)
    assert ledger[Balances].reducible(ledger.key("Alice"), keep_alive=False) == 5_000 - ED
    ledger.set_data("Alice", frozen=2_000)
    assert ledger[Balances].reducible(ledger.key("Alice"), keep_alive=False) == 5_000 - 1_200


def test_a_balance_that_is_held_keeps_its_account_alive(ledger: Any) -> None:
    ledger[Balances].reserve(ledger.key("Alice"), TAO)
    assert ledger[System].account[ledger.key("Alice")].consumers == 1
    with ledger.refuses(TokenError, "Frozen"):
        pay(ledger, "Alice", "Bob", ALL - TAO)
    ledger[Balances].unreserve(ledger.key("Alice"), TAO)
    assert ledger[System].account[ledger.key("Alice")].consumers == 0
    pay(ledger, "Alice", "Bob", ALL)


def test_reserving_and_freeing_moves_between_free_and_reserved(ledger: Any) -> None:
    balances, a = ledger[Balances], ledger.key("Alice")
    before = len(ledger.world.events)
    balances.reserve(a, 30)
    assert (balances.free(a), balances.total(a)) == (ALL - 30, ALL)
    assert balances.unreserve(a, 50) == 20
    assert balances.free(a) == ALL
    told = [record.event for record in ledger.world.events[before:]]
    assert told == [Balances.Reserved(a, 30), Balances.Unreserved(a, 30)]
    ledger.world.try_state()


def test_a_reserve_is_refused_when_it_may_not_be(ledger: Any) -> None:
    balances, a = ledger[Balances], ledger.key("Alice")
    for amount, error in ((ALL + 1, Balances.InsufficientBalance), (ALL - ED + 1, Refused)):
        with ledger.refuses(error):
            balances.reserve(a, amount)
    with ledger.refuses(Refused, "ConsumerRemaining"):
        balances.reserve(a, ALL)
    ledger.set_data("Alice", frozen=ALL - 10)
    with ledger.refuses(Balances.LiquidityRestrictions):
        balances.reserve(a, 11)


def test_reserving_nothing_is_nothing(ledger: Any) -> None:
    before = ledger.world.state.changes()
    ledger[Balances].reserve(ledger.key("Nobody"), 0)
    assert ledger[Balances].unreserve(ledger.key("Nobody"), 5) == 5
    assert ledger[Balances].unreserve(ledger.key("Alice"), 0) == 0
    assert ledger.world.state.changes() == before


def test_named_reserves_are_kept_in_order_and_apart(ledger: Any) -> None:
    balances, a = ledger[Balances], ledger.key("Alice")
    balances.reserve_named(b"zzzzzzzz", a, 5)
    balances.reserve_named(b"aaaaaaaa", a, 7)
    balances.reserve_named(b"zzzzzzzz", a, 1)
    assert balances.reserves[a] == (ReserveData(b"aaaaaaaa", 7), ReserveData(b"zzzzzzzz", 6))
    assert balances.unreserve_named(b"zzzzzzzz", a, 10) == 4
    assert balances.unreserve_named(b"unknown!", a, 3) == 3
    assert balances.reserves[a] == (ReserveData(b"aaaaaaaa", 7),)
    balances.unreserve_named(b"aaaaaaaa", a, 7)
    assert a not in balances.reserves
    assert balances.free(a) == ALL


def test_an_account_has_room_for_fifty_named_reserves(ledger: Any) -> None:
    balances, a = ledger[Balances], ledger.key("Alice")
    for number in range(50):
        balances.reserve_named(number.to_bytes(8, "big"), a, 1)
    with ledger.refuses(Balances.TooManyReserves):
        balances.reserve_named(b"onemore!", a, 1)
    balances.reserve_named(bytes(8), a, 1)


# ---- minting and burning


def test_burning_takes_from_account_and_issuance(ledger: Any) -> None:
    a, issued = ledger.key("Alice"), ledger[Balances].total_issuance.get()
    assert ledger.run(Balances.burn, 40, True, origin=alice(ledger)) == [Balances.Burned(a, 40)]
    assert ledger[Balances].total_issuance.get() == issued - 40
    for amount, keep_alive in ((ALL, False), (ALL - 40, True)):
        with ledger.refuses(TokenError, "FundsUnavailable"):
            ledger.run(Balances.burn, amount, keep_alive, origin=alice(ledger))
    ledger.run(Balances.burn, ALL - 41, False, origin=alice(ledger))
    assert ledger[Balances].total_issuance.get() == issued - ALL
    ledger.world.try_state()


def test_deposits_mint_and_withdrawals_burn(ledger: Any) -> None:
    balances, c = ledger[Balances], ledger.key("Carol")
    with ledger.refuses(TokenError, "BelowMinimum"):
        balances.deposit(c, ED - 1)
    balances.deposit(c, 2_000)
    with ledger.refuses(TokenError, "FundsUnavailable"):
        balances.withdraw(c, 2_000 - ED + 1, keep_alive=True)
    balances.withdraw(c, 1_500, keep_alive=True)
    balances.withdraw(c, 1, keep_alive=False)
    assert c not in ledger[System].account
    ledger.world.try_state()


def test_issuance_never_leaves_its_range(ledger: Any) -> None:
    with ledger.refuses(ArithmeticFailed):
        ledger[Balances].deposit(ledger.key("Alice"), U64_MAX)


def test_what_is_drawn_stays_issued_until_it_is_resolved(ledger: Any) -> None:
    balances, issued = ledger[Balances], ledger[Balances].total_issuance.get()
    balances.draw(ledger.key("Alice"), 1_000, keep_alive=True)
    assert balances.total_issuance.get() == issued
    balances.resolve(ledger.key("Bob"), 400)
    assert balances.total_issuance.get() == issued
    balances.resolve(ledger.key("Carol"), 499)  # too little for an account
    balances.resolve(None, 101)
    assert balances.total_issuance.get() == issued - 600
    ledger.world.try_state()


# ---- root's calls


def test_root_sets_balances_and_the_issuance_follows(ledger: Any) -> None:
    issued, c = ledger[Balances].total_issuance.get(), ledger.key("Carol")
    told = ledger.run(Balances.force_set_balance, to(ledger, "Carol"), 900, origin=ROOT)
    assert told == [System.NewAccount(c), Balances.Endowed(c, 900), Balances.BalanceSet(c, 900)]
    assert ledger[Balances].total_issuance.get() == issued + 900
    told = ledger.run(Balances.force_set_balance, to(ledger, "Carol"), ED - 1, origin=ROOT)
    assert told == [System.KilledAccount(c), Balances.BalanceSet(c, 0)]
    assert ledger[Balances].total_issuance.get() == issued
    ledger.world.try_state()


def test_root_cannot_set_to_nothing_a_balance_that_is_held(ledger: Any) -> None:
    ledger[Balances].reserve(ledger.key("Alice"), 10)
    with ledger.refuses(Refused, "ConsumerRemaining"):
        ledger.run(Balances.force_set_balance, to(ledger, "Alice"), 0, origin=ROOT)


def test_root_cannot_issue_more_than_fits(ledger: Any) -> None:
    with ledger.refuses(ArithmeticFailed):
        ledger.run(Balances.force_set_balance, to(ledger, "Carol"), U64_MAX, origin=ROOT)


def test_root_moves_and_frees_what_is_anybodys(ledger: Any) -> None:
    ledger[Balances].reserve(ledger.key("Alice"), 10)
    ledger.run(Balances.force_unreserve, to(ledger, "Alice"), 4, origin=ROOT)
    assert ledger.free("Alice") == ALL - 6
    ledger.run(Balances.force_transfer, to(ledger, "Alice"), to(ledger, "Bob"), 1, origin=ROOT)
    assert ledger.free("Bob") == ALL + 1


def test_root_corrects_the_issuance_within_its_range(ledger: Any) -> None:
    adjust, issued = Balances.force_adjust_total_issuance, 2 * ALL
    told = ledger.run(adjust, AdjustmentDirection.Increase, U64_MAX, origin=ROOT)
    assert told == [Balances.TotalIssuanceForced(issued, U64_MAX)]
    ledger.run(adjust, AdjustmentDirection.Decrease, U64_MAX - 5, origin=ROOT)
    assert ledger[Balances].total_issuance.get() == 5
    with ledger.refuses(Balances.DeltaZero):
        ledger.run(adjust, AdjustmentDirection.Decrease, 0, origin=ROOT)
    ledger[Balances].inactive_issuance.set(3)
    with ledger.refuses(Balances.IssuanceDeactivated):
        ledger.run(adjust, AdjustmentDirection.Decrease, 3, origin=ROOT)


def test_strangers_may_not_do_what_root_may(ledger: Any, stranger: Origin) -> None:
    somebody = to(ledger, "Alice")
    for call, *args in (
        (Balances.force_transfer, somebody, somebody, 1),
        (Balances.force_unreserve, somebody, 1),
        (Balances.force_set_balance, somebody, 1),
        (Balances.force_adjust_total_issuance, AdjustmentDirection.Increase, 1),
    ):
        with ledger.refuses(BadOrigin):
            ledger.run(call, *args, origin=stranger)


@pytest.mark.parametrize("origin", [ROOT, NONE])
def test_calls_of_signers_need_one(ledger: Any, origin: Origin) -> None:
    for call, *args in (
        (Balances.transfer_allow_death, to(ledger, "Bob"), 1),
        (Balances.transfer_keep_alive, to(ledger, "Bob"), 1),
        (Balances.transfer_all, to(ledger, "Bob"), True),
        (Balances.burn, 1, True),
    ):
        with ledger.refuses(BadOrigin):
            ledger.run(call, *args, origin=origin)


# ---- invariants


def test_accounts_that_do_not_sum_up_are_found(ledger: Any) -> None:
    ledger[Balances].total_issuance.set(1)
    with pytest.raises(InvariantBroken, match="are issued"):
        ledger.world.try_state()


def test_an_account_that_lives_on_too_little_is_found(ledger: Any) -> None:
    info = ledger[System].account[ledger.key("Alice")]
    ledger[System].account[ledger.key("Alice")] = info.with_data(info.data.with_free(1))
    with pytest.raises(InvariantBroken, match="holds only 1 rao"):
        ledger.world.try_state()


ADDRESS = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"


@pytest.mark.parametrize(
    ("amounts", "at"), [([499], 0), ([500, 500], 1), ([0], 0)], ids=["too little", "twice", "nothing"]
)
def test_a_genesis_that_cannot_be_is_refused(make_ledger: Any, amounts: list[int], at: int) -> None:
    endowments = [{"account": ADDRESS, "amount": amount} for amount in amounts]
    with pytest.raises(InvalidGenesis) as refused:
        make_ledger({"Balances": {"endowments": endowments}})
    assert refused.value.path == f"Balances.endowments[{at}]"


def test_a_genesis_of_more_than_fits_is_refused(make_ledger: Any) -> None:
    endowments = [{"account": f"0x{i:064x}", "amount": 2**63} for i in (1, 2)]
    with pytest.raises(InvalidGenesis, match=r"endowments\[1\]"):
        make_ledger({"Balances": {"endowments": endowments}})


NAMES = ("Alice", "Bob", "Carol", "Dave")
names = st.sampled_from(NAMES)
amounts = st.one_of(st.integers(0, 2_000), st.integers(0, 2 * ALL), st.sampled_from((ALL, ALL - 1, ALL - ED)))
moves = st.tuples(
    st.sampled_from(("pay", "keep", "all", "burn", "reserve", "free", "set", "fee")), names, names, amounts
)


def make_move(ledger: Any, kind: str, source: str, dest: str, amount: int) -> None:
    origin, balances = Origin.of(ledger.key(source)), ledger[Balances]
    match kind:
        case "pay" | "keep":
            pay(ledger, source, dest, amount, keep_alive=kind == "keep")
        case "all":
            ledger.run(Balances.transfer_all, to(ledger, dest), amount % 2 == 0, origin=origin)
        case "burn":
            ledger.run(Balances.burn, amount, amount % 2 == 0, origin=origin)
        case "reserve":
            balances.reserve(ledger.key(source), amount)
        case "free":
            balances.unreserve(ledger.key(source), amount)
        case "set":
            ledger.run(Balances.force_set_balance, to(ledger, dest), amount, origin=ROOT)
        case "fee":
            balances.draw(ledger.key(source), amount, keep_alive=True)
            balances.resolve(ledger.key(dest), amount)


@settings(max_examples=60)
@given(st.lists(moves, max_size=25))
def test_whatever_moves_accounts_sum_up_and_references_are_right(
    make_ledger: Any, steps: list[tuple[str, str, str, int]]
) -> None:
    ledger = make_ledger()
    for step in steps:
        before = ledger.world.state.changes()
        try:
            make_move(ledger, *step)
        except DispatchFailed:
            assert ledger.world.state.changes() == before
        ledger.world.try_state()
    for _, info in ledger[System].account.items():
        assert info.providers == (info.data.free >= ED)
        assert info.consumers == info.data.is_held


def test_references_are_checked_before_anything_is_written(ledger: Any) -> None:
    system, data = ledger[System], ledger[System].account[ledger.key("Alice")].data
    with ledger.refuses(Refused, "NoProviders"):
        system.set_data(ledger.key("Nobody"), data, 0, 1)
    with ledger.refuses(Refused, "ConsumerRemaining"):
        system.set_data(ledger.key("Alice"), data, -1, 1)
    for _ in range(16):
        system.set_data(ledger.key("Alice"), data, 0, 1)
    with ledger.refuses(Refused, "TooManyConsumers"):
        system.set_data(ledger.key("Alice"), data, 0, 1)
