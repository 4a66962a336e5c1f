"""Calls that aim at success: their arguments follow from the state, or from what was done before.

A purpose returns None where there is nothing to aim at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from economy_machine.chooser import Attempt, Chooser
from economy_machine.stage import COLDKEYS, SPARES
from ganglion.crypto.hashing import blake2_256
from ganglion.frame.address import AddressId
from ganglion.frame.call import RuntimeCall
from ganglion.pallets.balances import Balances
from ganglion.pallets.crowdloan import Crowdloan
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.alpha_burn import AlphaBurn
from ganglion.pallets.subtensor.coldkey_swap import ColdkeySwap
from ganglion.pallets.subtensor.hotkey_swap import HotkeySwap
from ganglion.pallets.subtensor.leasing import Leasing
from ganglion.pallets.subtensor.lock_books import LockBooks
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_limits import StakeLimits
from ganglion.pallets.subtensor.stake_moves import StakeMoves
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.unstake_all import UnstakeAll
from ledger import TAO

Purpose = Callable[[Chooser], Attempt | None]
EASY_BUY_LIMIT = 10_000 * TAO
LAX_SELL_LIMIT = 1


def play(choose: Chooser, signer: str, function: Any, *args: Any) -> Attempt:
    """A call by a signer."""
    return Attempt(signer, choose.ledger.runtime.call(function, *args))


def _stake(choose: Chooser, netuid: int | None = None) -> tuple[str, bytes, int, int] | None:
    """A coldkey that can sign, a hotkey it has stake with, the subnet, and the stake."""
    shares = choose.ledger[Shares]
    stakes = [
        (choose.names[coldkey], hotkey, where)
        for (hotkey, coldkey, where), _ in shares.alpha_v2.items()
        if coldkey in choose.names and netuid in (None, where)
    ]
    if not stakes:
        return None
    name, hotkey, where = choose.one(stakes)
    return name, hotkey, where, shares.of(hotkey, choose.ledger.key(name), where)


def _with_stake(make: Callable[[Chooser, str, bytes, int, int], Attempt]) -> Purpose:
    """A purpose that needs a stake: signer, hotkey, netuid, alpha-rao."""

    def purpose(choose: Chooser) -> Attempt | None:
        stake = _stake(choose)
        return None if stake is None else make(choose, *stake)

    return purpose


def _remove(choose: Chooser, name: str, hotkey: bytes, netuid: int, stake: int) -> Attempt:
    return play(choose, name, Staking.remove_stake, hotkey, netuid, choose.amount(stake))


def _remove_limit(choose: Chooser, name: str, hotkey: bytes, netuid: int, stake: int) -> Attempt:
    amount, partial = choose.amount(stake), choose.chance(50)
    return play(choose, name, StakeLimits.remove_stake_limit, hotkey, netuid, amount, LAX_SELL_LIMIT, partial)


def _remove_full(choose: Chooser, name: str, hotkey: bytes, netuid: int, _: int) -> Attempt:
    limit = choose.one((None, LAX_SELL_LIMIT))
    return play(choose, name, StakeLimits.remove_stake_full_limit, hotkey, netuid, limit)


def _move(choose: Chooser, name: str, hotkey: bytes, netuid: int, stake: int) -> Attempt:
    target, where = choose.hotkey(), choose.one((netuid, choose.netuid()))
    return play(choose, name, StakeMoves.move_stake, hotkey, target, netuid, where, choose.amount(stake))


def _move_limit(choose: Chooser, name: str, hotkey: bytes, netuid: int, stake: int) -> Attempt:
    target, amount = choose.hotkey(), choose.amount(stake)
    return play(
        choose,
        name,
        StakeMoves.move_stake_limit,
        *(hotkey, target, netuid, choose.netuid(), amount, LAX_SELL_LIMIT, choose.chance(50)),
    )


def _swap(choose: Chooser, name: str, hotkey: bytes, netuid: int, stake: int) -> Attempt:
    return play(choose, name, StakeMoves.swap_stake, hotkey, netuid, choose.netuid(), choose.amount(stake))


def _swap_limit(choose: Chooser, name: str, hotkey: bytes, netuid: int, stake: int) -> Attempt:
    amount, partial = choose.amount(stake), choose.chance(50)
    args = (hotkey, netuid, choose.netuid(), amount, LAX_SELL_LIMIT, partial)
    return play(choose, name, StakeMoves.swap_stake_limit, *args)


def _give(choose: Chooser, name: str, hotkey: bytes, netuid: int, stake: int) -> Attempt:
    heir, where = choose.account(), choose.one((netuid, choose.netuid()))
    return play(choose, name, StakeMoves.transfer_stake, heir, hotkey, netuid, where, choose.amount(stake))


def _lock(choose: Chooser, name: str, hotkey: bytes, netuid: int, stake: int) -> Attempt:
    return play(choose, name, Locks.lock_stake, hotkey, netuid, choose.amount(stake))


def _burn(choose: Chooser, name: str, hotkey: bytes, netuid: int, stake: int) -> Attempt:
    return play(choose, name, AlphaBurn.burn_alpha, hotkey, choose.amount(stake), netuid)


def _recycle(choose: Chooser, name: str, hotkey: bytes, netuid: int, stake: int) -> Attempt:
    return play(choose, name, AlphaBurn.recycle_alpha, hotkey, choose.amount(stake), netuid)


def _unstake_all(choose: Chooser, name: str, hotkey: bytes, _: int, __: int) -> Attempt:
    return play(choose, name, UnstakeAll.unstake_all, hotkey)


def _unstake_all_alpha(choose: Chooser, name: str, hotkey: bytes, _: int, __: int) -> Attempt:
    return play(choose, name, UnstakeAll.unstake_all_alpha, hotkey)


def _add(choose: Chooser) -> Attempt:
    name = choose.coldkey()
    amount = choose.amount(choose.balance(name))
    return play(choose, name, Staking.add_stake, choose.hotkey(), choose.netuid(), amount)


def _add_limit(choose: Chooser) -> Attempt:
    args = choose.hotkey(), choose.netuid(), choose.amount(), EASY_BUY_LIMIT, choose.chance(50)
    return play(choose, choose.coldkey(), StakeLimits.add_stake_limit, *args)


def _add_burn(choose: Chooser) -> Attempt:
    netuid = choose.netuid()
    owner = choose.name(choose.ledger[Subnets].subnet_owner[netuid])
    return play(choose, owner, AlphaBurn.add_stake_burn, choose.hotkey(), netuid, choose.amount(), None)


def _register(choose: Chooser) -> Attempt:
    hotkey = choose.hotkey()
    return play(choose, choose.owner_of(hotkey), Registration.burned_register, choose.netuid(), hotkey)


def _launch(choose: Chooser) -> Attempt:
    hotkey = choose.hotkey()
    return play(choose, choose.owner_of(hotkey), NetworkRegistration.register_network, hotkey)


def _start(choose: Chooser) -> Attempt | None:
    subnets = choose.ledger[Subnets]
    waiting = [netuid for netuid in subnets.netuids() if subnets.first_emission_block_number[netuid] is None]
    if not waiting:
        return None
    netuid = choose.one(waiting)
    return play(choose, choose.name(subnets.subnet_owner[netuid]), NetworkRegistration.start_call, netuid)


def _claim(choose: Chooser) -> Attempt | None:
    stake = _stake(choose, 0)
    if stake is None:
        return None
    subnets = frozenset(choose.netuid(real=True) for _ in range(3))
    return play(choose, stake[0], RootClaims.claim_root, subnets)


def _take(function: Any, change: int) -> Purpose:
    def purpose(choose: Chooser) -> Attempt:
        hotkey = choose.hotkey()
        take = choose.ledger[Takes].delegates[hotkey] + change * choose.random.randint(1, 500)
        return play(choose, choose.owner_of(hotkey), function, hotkey, max(take, 0))

    return purpose


def _swap_hotkey(function: Any, *more: Any) -> Purpose:
    def purpose(choose: Chooser) -> Attempt | None:
        name = choose.one(COLDKEYS)
        owned = choose.ledger[Accounts].owned_hotkeys[choose.ledger.key(name)]
        if not owned:
            return None
        netuid = None if choose.chance(30) else choose.netuid()
        return play(choose, name, function, choose.one(owned), choose.hotkey(), netuid, *more)

    return purpose


def _announce_swap(choose: Chooser) -> Attempt:
    name, heir = choose.one(COLDKEYS), choose.ledger.key(choose.one((*SPARES, *COLDKEYS)))
    choose.memory.keep(choose.memory.swaps, (name, heir))
    return play(choose, name, ColdkeySwap.announce_coldkey_swap, blake2_256(heir))


def _carry_out_swap(choose: Chooser) -> Attempt | None:
    if not choose.memory.swaps:
        return None
    name, heir = choose.one(choose.memory.swaps)
    return play(choose, name, ColdkeySwap.swap_coldkey_announced, heir)


def _announcer(function: Any) -> Purpose:
    """A call by somebody whose coldkey's swap is announced."""

    def purpose(choose: Chooser) -> Attempt | None:
        announced = [who for who, _ in choose.ledger[ColdkeySwap].coldkey_swap_announcements.items()]
        return play(choose, choose.name(choose.one(announced)), function) if announced else None

    return purpose


def _reset_swap(choose: Chooser) -> Attempt | None:
    swaps = choose.ledger[ColdkeySwap]
    stuck = [who for who, _ in swaps.coldkey_swap_disputes.items()]
    stuck = stuck or [who for who, _ in swaps.coldkey_swap_announcements.items()]
    if not stuck:
        return None
    return play(choose, choose.coldkey(), ColdkeySwap.reset_coldkey_swap, choose.one(stuck))


def _set_balance(choose: Chooser) -> Attempt:
    """Let somebody who signs be rich again."""
    rich, rao = AddressId(choose.ledger.key(choose.one(COLDKEYS))), choose.random.randint(5, 60) * 1_000 * TAO
    return play(choose, choose.coldkey(), Balances.force_set_balance, rich, rao)


def _crowdloan(choose: Chooser) -> Attempt:
    end, deposit = choose.now + choose.random.randint(3, 10), choose.random.randint(10, 12) * TAO
    call: RuntimeCall | None = None
    if choose.chance(60):
        lease_end = choose.one((None, end + 10))
        call = choose.ledger.runtime.call(Leasing.register_leased_network, 30, lease_end)
    target = None if call else choose.account()
    cap = deposit + choose.random.randint(5, 60) * TAO
    return play(choose, choose.coldkey(), Crowdloan.create, deposit, TAO // 10, cap, end, call, target)


def _of_creator(function: Any, more: Callable[[Chooser, int], tuple[Any, ...]]) -> Purpose:
    """A call by the creator of a crowdloan that is not finalized."""

    def purpose(choose: Chooser) -> Attempt | None:
        loans = choose.ledger[Crowdloan].crowdloans.items()
        live = [(number, loan) for number, loan in loans if loan is not None and not loan.finalized]
        if not live:
            return None
        number, loan = choose.one(live)
        return play(choose, choose.name(loan.creator), function, number, *more(choose, number))

    return purpose


def _contribute(choose: Chooser) -> Attempt | None:
    loans = [number for number, loan in choose.ledger[Crowdloan].crowdloans.items() if loan is not None]
    if not loans:
        return None
    amount = choose.random.randint(1, 80) * TAO
    return play(choose, choose.coldkey(), Crowdloan.contribute, choose.one(loans), amount)


def _finalize(choose: Chooser) -> Attempt | None:
    loans = choose.ledger[Crowdloan].crowdloans.items()
    full = [
        (number, loan) for number, loan in loans if loan and not loan.finalized and loan.raised >= loan.cap
    ]
    if not full:
        return None
    number, loan = choose.one(full)
    return play(choose, choose.name(loan.creator), Crowdloan.finalize, number)


def _move_lock(choose: Chooser) -> Attempt | None:
    locks = [(who, netuid) for (who, netuid, _), _ in choose.ledger[LockBooks].lock.items()]
    if not locks:
        return None
    coldkey, netuid = choose.one(locks)
    return play(choose, choose.name(coldkey), Locks.move_lock, choose.hotkey(), netuid)


def _end_lease(choose: Chooser) -> Attempt | None:
    leases = [(number, lease) for number, lease in choose.ledger[Leasing].subnet_leases.items() if lease]
    if not leases:
        return None
    number, lease = choose.one(leases)
    owned = choose.ledger[Accounts].owned_hotkeys[lease.beneficiary] or (choose.hotkey(),)
    signer = choose.name(lease.beneficiary)
    return play(choose, signer, Leasing.terminate_lease, number, choose.one(owned))


PURPOSES: dict[Any, Purpose] = {
    Balances.force_set_balance: _set_balance,
    Staking.add_stake: _add,
    Staking.remove_stake: _with_stake(_remove),
    StakeLimits.add_stake_limit: _add_limit,
    StakeLimits.remove_stake_limit: _with_stake(_remove_limit),
    StakeLimits.remove_stake_full_limit: _with_stake(_remove_full),
    StakeMoves.move_stake: _with_stake(_move),
    StakeMoves.move_stake_limit: _with_stake(_move_limit),
    StakeMoves.swap_stake: _with_stake(_swap),
    StakeMoves.swap_stake_limit: _with_stake(_swap_limit),
    StakeMoves.transfer_stake: _with_stake(_give),
    UnstakeAll.unstake_all: _with_stake(_unstake_all),
    UnstakeAll.unstake_all_alpha: _with_stake(_unstake_all_alpha),
    AlphaBurn.burn_alpha: _with_stake(_burn),
    AlphaBurn.recycle_alpha: _with_stake(_recycle),
    AlphaBurn.add_stake_burn: _add_burn,
    Locks.lock_stake: _with_stake(_lock),
    Locks.move_lock: _move_lock,
    Registration.burned_register: _register,
    NetworkRegistration.register_network: _launch,
    NetworkRegistration.start_call: _start,
    RootClaims.claim_root: _claim,
    Takes.increase_take: _take(Takes.increase_take, 1),
    Takes.decrease_take: _take(Takes.decrease_take, -1),
    HotkeySwap.swap_hotkey: _swap_hotkey(HotkeySwap.swap_hotkey),
    HotkeySwap.swap_hotkey_v2: _swap_hotkey(HotkeySwap.swap_hotkey_v2, True),
    ColdkeySwap.announce_coldkey_swap: _announce_swap,
    ColdkeySwap.swap_coldkey_announced: _carry_out_swap,
    ColdkeySwap.dispute_coldkey_swap: _announcer(ColdkeySwap.dispute_coldkey_swap),
    ColdkeySwap.clear_coldkey_swap_announcement: _announcer(ColdkeySwap.clear_coldkey_swap_announcement),
    ColdkeySwap.reset_coldkey_swap: _reset_swap,
    Crowdloan.create: _crowdloan,
    Crowdloan.contribute: _contribute,
    Crowdloan.finalize: _finalize,
    Crowdloan.refund: _of_creator(Crowdloan.refund, lambda _, __: ()),
    Crowdloan.dissolve: _of_creator(Crowdloan.dissolve, lambda _, __: ()),
    Crowdloan.update_cap: _of_creator(
        Crowdloan.update_cap, lambda choose, _: (choose.random.randint(5, 200) * TAO,)
    ),
    Crowdloan.update_end: _of_creator(
        Crowdloan.update_end, lambda choose, _: (choose.now + choose.random.randint(0, 9),)
    ),
    Crowdloan.update_min_contribution: _of_creator(
        Crowdloan.update_min_contribution, lambda choose, _: (choose.random.randint(1, 10) * TAO // 10,)
    ),
    Crowdloan.set_max_contribution: _of_creator(
        Crowdloan.set_max_contribution, lambda choose, _: (choose.one((None, 20 * TAO)),)
    ),
    Leasing.terminate_lease: _end_lease,
}
"""By the function that is called."""
