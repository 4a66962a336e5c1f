"""Fees in alpha: who has no TAO can still unstake."""

from dataclasses import replace

import pytest

from ganglion.economy.fees import alpha_fee
from ganglion.frame.validity import InvalidKind
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.alpha_burn import AlphaBurn
from ganglion.pallets.subtensor.alpha_fees import EVERY_SUBNET, PLACES, AlphaFees
from ganglion.pallets.subtensor.collateral import Collateral
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_moves import StakeMoves
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.unstake_all import UnstakeAll
from ganglion.pallets.swap import Swap
from ganglion.pallets.transaction_payment import TransactionPayment

TAO = 10**9
HOTKEY = b"hot".ljust(32, b"\0")
RESERVE = 1_000 * TAO
EXISTENTIAL = 500


@pytest.fixture
def ledger(full_ledger):
    """Bob has 500 rao and 100 alpha with a hotkey on subnet 1, where one alpha costs half a TAO."""
    open_subnet(full_ledger, 1)
    open_subnet(full_ledger, 2)
    full_ledger[Accounts].create(full_ledger.key("Alice"), HOTKEY)
    full_ledger.set_data("Bob", free=EXISTENTIAL)
    full_ledger[Balances].deposit(full_ledger.key("Author"), TAO)
    stake(full_ledger, 1)
    treasury, balances = full_ledger[Treasury], full_ledger[Balances]
    treasury.total_issuance.set(balances.total_issuance.get())
    return full_ledger


def open_subnet(ledger, netuid):
    ledger[Subnets].networks_added[netuid] = True
    ledger[Subnets].subnet_mechanism[netuid] = 1
    ledger[Subnets].subtoken_enabled[netuid] = True
    ledger[Pools].subnet_tao[netuid] = RESERVE
    ledger[Pools].subnet_alpha_in[netuid] = 2 * RESERVE
    ledger[Balances].deposit(subnet_account(netuid), RESERVE)


def stake(ledger, netuid):
    ledger[Shares].add(HOTKEY, ledger.key("Bob"), netuid, 100 * TAO)
    ledger[Pools].add_alpha_out(netuid, 100 * TAO)


def staked(ledger, netuid=1):
    return ledger[Shares].of(HOTKEY, ledger.key("Bob"), netuid)


def unstaking(ledger, amount=10 * TAO, **said):
    return ledger.extrinsic(ledger.runtime.call(Staking.remove_stake, HOTKEY, 1, amount), by="Bob", **said)


def test_the_stake_pays_at_spot_and_the_author_gets_what_it_is_sold_for(ledger):
    checked = unstaking(ledger)
    fee = ledger[TransactionPayment].fee(checked.info, checked.context.length, 0)
    alpha = alpha_fee(fee, ledger[Swap].price(1), 100 * TAO)
    tao = ledger[Swap].sell(1, alpha, with_fee=False).paid_out
    assert alpha in (2 * fee - 1, 2 * fee)
    ledger.executive.validate(checked)
    assert ledger.executive.apply(checked).failure is None
    assert staked(ledger) == 90 * TAO - alpha
    bob = ledger.key("Bob")
    told = [record.event for record in ledger.world.events]
    paid = told.index(events.TransactionFeePaidWithAlpha(bob, 1, alpha, tao))
    assert isinstance(told[paid + 1], TransactionPayment.TransactionFeePaid)
    sold, unstaked = [event for event in told if isinstance(event, events.StakeRemoved)]
    assert (sold.tao, unstaked.alpha + unstaked.fee) == (tao, 10 * TAO)
    assert ledger.free("Bob") == EXISTENTIAL + unstaked.tao
    ledger.world.try_state()


def test_who_has_tao_pays_in_tao(ledger):
    ledger.set_data("Bob", free=TAO)
    checked = unstaking(ledger)
    ledger.executive.apply(checked)
    assert staked(ledger) == 90 * TAO


def test_a_call_that_fails_is_paid_for_in_alpha_too(ledger):
    dear = 2 * RESERVE
    checked = ledger.extrinsic(ledger.runtime.call(StakeMoves.swap_stake, HOTKEY, 1, 3, dear), by="Bob")
    assert ledger.executive.apply(checked).failure is not None
    assert staked(ledger) < 100 * TAO


@pytest.mark.parametrize("bound", ["absent", "too small", "collateral"])
def test_without_enough_free_stake_nothing_is_paid_and_nothing_done(ledger, bound):
    bob = ledger.key("Bob")
    if bound == "collateral":
        collateral = ledger[Collateral]
        position = replace(collateral.new_position(1), locked=100 * TAO)
        collateral.put(1, HOTKEY, bob, position)
    else:
        ledger[Shares].remove(HOTKEY, bob, 1, 100 * TAO - (1_000 if bound == "too small" else 0))
    for judge in (ledger.executive.validate, ledger.executive.apply):
        with ledger.refuses(InvalidKind.PAYMENT):
            judge(unstaking(ledger))


def test_a_call_that_spends_no_stake_is_not_paid_for_in_alpha(ledger):
    adding = ledger.runtime.call(Staking.add_stake, HOTKEY, 1, TAO)
    with ledger.refuses(InvalidKind.PAYMENT):
        ledger.executive.validate(ledger.extrinsic(adding, by="Bob"))


def test_unstaking_everywhere_is_paid_for_by_stake_on_one_subnet_only(ledger):
    everything = ledger.runtime.call(UnstakeAll.unstake_all, HOTKEY)
    ledger.executive.validate(ledger.extrinsic(everything, by="Bob"))
    stake(ledger, 2)
    with ledger.refuses(InvalidKind.PAYMENT):
        ledger.executive.validate(ledger.extrinsic(everything, by="Bob"))


def test_every_call_that_may_pay_so_names_its_stake_where_it_says(ledger):
    calls = {name: entry for name, entry in entries(ledger).items() if name in PLACES}
    assert calls.keys() == PLACES.keys()
    for name, (hotkey, netuid) in PLACES.items():
        names = [field.name for field in calls[name].fields]
        assert names[hotkey] in ("hotkey", "origin_hotkey")
        assert names[netuid] in ("netuid", "origin_netuid")
    assert all([field.name for field in entries(ledger)[name].fields] == ["hotkey"] for name in EVERY_SUBNET)


@pytest.mark.parametrize("function", [StakeMoves.move_stake_limit, StakeMoves.transfer_stake_and_hotkey])
def test_newer_calls_that_move_stake_are_paid_for_in_alpha_as_well(ledger, function):
    if function is StakeMoves.move_stake_limit:
        arguments = HOTKEY, HOTKEY, 1, 2, 10 * TAO, 0, True
    else:
        arguments = ledger.key("Alice"), HOTKEY, HOTKEY, 1, 1, 10 * TAO
    checked = ledger.extrinsic(ledger.runtime.call(function, *arguments), by="Bob")
    ledger.executive.validate(checked)
    assert ledger.executive.apply(checked).failure is None
    assert staked(ledger) < 90 * TAO


def entries(ledger):
    (codec,) = (pallet.calls for pallet in ledger.runtime.pallets if pallet.name == "SubtensorModule")
    return codec.by_name


def test_without_an_author_no_alpha_is_taken(ledger):
    bob, call = ledger.key("Bob"), ledger.runtime.call(AlphaBurn.burn_alpha, HOTKEY, TAO, 1)
    ledger[AlphaFees].aura.authorities.set(())
    told = ledger[AlphaFees].pay(bob, call, 54_078)
    assert told == events.TransactionFeePaidWithAlpha(bob, 0, 0, 0)
    assert staked(ledger) == 100 * TAO
