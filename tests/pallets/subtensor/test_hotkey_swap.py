"""Swaps of hotkeys: what moves, what stays, what it costs, and who may."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganglion.frame.dispatch import DispatchFailed
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.auto_stake import AutoStake
from ganglion.pallets.subtensor.child_links import ChildLinks
from ganglion.pallets.subtensor.childkey_takes import ChildkeyTakes
from ganglion.pallets.subtensor.children import Children
from ganglion.pallets.subtensor.collateral import Collateral
from ganglion.pallets.subtensor.hotkey_swap import HotkeySwap
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.lock_books import LockBooks
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.rate_limits import RateLimits
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.root_network import RootNetwork
from ganglion.pallets.subtensor.root_parents import RootParents
from ganglion.pallets.subtensor.serving import Serving
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.types import AxonInfo, LastTxBlock, LastTxBlockDelegateTake
from ganglion.pallets.subtensor.weight_commits import WeightCommits

TAO = 10**9
SWAP, OLD_SWAP = HotkeySwap.swap_hotkey_v2, HotkeySwap.swap_hotkey
AXON = AxonInfo(1, 0, 1, 1, 4, 0, 0, 0)


@pytest.fixture
def netuid(chain):
    """A subnet on which `old` of `cold` is a neuron with stake of two coldkeys."""
    netuid = chain.subnet()
    chain.neuron(netuid, "old", "cold")
    chain.stake(netuid, "old", "cold", 50)
    chain.stake(netuid, "old", "nominator", 30)
    chain.fund("cold", 10)
    chain.advance()
    return netuid


def swap(chain, netuid=None, new="new", *, keep_stake=False, by="cold", old="old"):
    chain.call(SWAP, chain.who(old), chain.who(new), netuid, keep_stake, by=by)


@pytest.mark.parametrize("everywhere", [True, False])
def test_the_new_hotkey_has_the_uid_and_all_that_goes_with_it(chain, netuid, who, everywhere):
    old, new = who("old"), who("new")
    chain[Serving].axons[netuid, old] = AXON
    chain[WeightCommits].weight_commits[netuid, old] = ((bytes(32), 1, 2, 0),)
    chain[ChildkeyTakes].stake_weights.childkey_take[old, netuid] = 77
    chain[ChildLinks].set_children(old, netuid, ((5, who("child")),))
    chain[ChildLinks].set_children(who("parent"), netuid, ((6, old),))
    chain[Children].pending_child_keys[netuid, old] = (((9, who("child")),), 99)
    chain[Children].pending_child_keys[netuid, who("parent")] = (((7, old), (8, who("x"))), 98)
    chain.call(AutoStake.set_coldkey_auto_stake_hotkey, netuid, old, by="nominator")
    uid = chain[Neurons].uid(netuid, old)
    swap(chain, None if everywhere else netuid)
    assert chain[Neurons].uid(netuid, new) == uid
    assert chain[Neurons].hotkey(netuid, uid) == new
    assert chain[Neurons].networks_of(new) == (netuid,)
    assert chain[Neurons].networks_of(old) == ()
    assert chain[Serving].axons[netuid, new] == AXON
    assert chain[WeightCommits].weight_commits[netuid, new] == ((bytes(32), 1, 2, 0),)
    assert chain[ChildkeyTakes].of(new, netuid) == 77
    assert chain[ChildLinks].children(new, netuid) == {who("child"): 5}
    assert chain[ChildLinks].parents(new, netuid) == {who("parent"): 6}
    pending = chain[Children].pending_child_keys
    assert pending[netuid, new] == (((9, who("child")),), 99)
    assert pending[netuid, who("parent")] == (((8, who("x")), (7, new)), 98)
    assert chain[AutoStake].auto_stake_destination[who("nominator"), netuid] == new
    assert (netuid, old) not in chain[Serving].axons
    assert (netuid, old) not in chain[WeightCommits].weight_commits
    assert (netuid, old) not in pending
    chain.advance(2)


@pytest.mark.parametrize("everywhere", [True, False])
def test_stake_of_all_coldkeys_moves_to_the_last_rao(chain, netuid, who, everywhere):
    before = {name: chain.stake_of("old", name, netuid) for name in ("cold", "nominator")}
    total = chain[Shares].total_alpha_staked[netuid]
    swap(chain, None if everywhere else netuid)
    for name, stake in before.items():
        assert chain.stake_of("new", name, netuid) == stake
        assert chain.stake_of("old", name, netuid) == 0
        assert who("new") in chain[Accounts].staking_hotkeys[who(name)]
    assert chain[Shares].total_alpha_staked[netuid] == total
    chain.advance()


def test_after_a_swap_everywhere_the_old_hotkey_is_nobodys(chain, netuid, who):
    swap(chain)
    assert not chain[Accounts].exists(who("old"))
    assert chain[Accounts].owned_hotkeys[who("cold")] == (who("new"),)
    assert who("old") not in chain[Accounts].staking_hotkeys[who("nominator")]
    told = [events.HotkeySwapped(who("cold"), who("old"), who("new"))]
    assert chain.events(events.HotkeySwapped) == told
    chain.advance()


def test_after_a_swap_on_one_subnet_both_hotkeys_are_owned(chain, netuid, who):
    other = chain.subnet("other", "other_hotkey")
    chain.call(SWAP, who("old"), who("new"), netuid, False, by="cold")
    assert chain[Accounts].owned_hotkeys[who("cold")] == (who("old"), who("new"))
    told = [events.HotkeySwappedOnSubnet(who("cold"), who("old"), who("new"), netuid)]
    assert chain.events(events.HotkeySwappedOnSubnet) == told
    assert chain[Neurons].networks_of(who("old")) == ()
    assert chain[Subnets].exists(other)
    chain.advance()


@pytest.mark.parametrize("everywhere", [True, False])
def test_stake_that_is_kept_stays_with_the_old_hotkey_and_can_be_taken_out(chain, netuid, who, everywhere):
    before = chain.stake_of("old", "nominator", netuid)
    swap(chain, None if everywhere else netuid, keep_stake=True)
    assert chain[Neurons].networks_of(who("new")) == (netuid,)
    assert chain.stake_of("old", "nominator", netuid) == before
    assert chain.stake_of("new", "nominator", netuid) == 0
    assert chain[Accounts].owns(who("cold"), who("old"))
    chain.advance()


def test_the_owners_hotkey_stays_the_owners(chain, netuid, who):
    chain.fund("owner", 1)
    swap(chain, netuid, by="owner", old="owner_hotkey")
    assert chain[Subnets].subnet_owner_hotkey[netuid] == who("new")
    assert chain[Subnets].owner_uid(netuid) == 0


def test_take_and_limits_follow_a_swap_everywhere(chain, netuid, who):
    old, new = who("old"), who("new")
    chain[Takes].delegates[old] = 99
    chain[RateLimits].note(LastTxBlockDelegateTake(old))
    swap(chain)
    assert chain[Takes].delegates[new] == 99
    assert old not in chain[Takes].delegates
    limits = chain[RateLimits].last_rate_limited_block
    assert limits[LastTxBlockDelegateTake(new)] == chain.number
    assert LastTxBlockDelegateTake(old) not in limits


def test_records_of_dividends_follow_the_stake(chain, netuid, who):
    payout = chain[Payout]
    payout.alpha_dividends_per_subnet[netuid, who("old")] = 5
    payout.total_hotkey_alpha_last_epoch[who("old"), netuid] = 6
    swap(chain)
    assert payout.alpha_dividends_per_subnet[netuid, who("new")] == 5
    assert payout.total_hotkey_alpha_last_epoch[who("new"), netuid] == 6


def test_root_claims_and_choices_follow_root_stake(chain, netuid, who):
    old, new = who("old"), who("new")
    chain.stake(0, "old", "nominator", 20)
    chain.call(RootNetwork.root_register, old, by="cold")
    chain.call(RootParents.set_auto_parent_delegation_enabled, old, False, by="cold")
    claims = chain[RootClaims]
    claims.root_claimable[old] = {netuid: 1 << 32}
    claims.root_claimed[netuid, old, who("nominator")] = 7
    owed = claims.owed(old, who("nominator"), netuid)
    swap(chain)
    assert claims.owed(new, who("nominator"), netuid) == owed != 0
    assert claims.root_claimable[old] == {}
    assert claims.root_claimed[netuid, old, who("nominator")] == 0
    assert chain[Neurons].uid(0, new) is not None
    assert not chain[RootParents].auto_parent_delegation_enabled[new]
    chain.advance()


@pytest.mark.parametrize(("everywhere", "cost"), [(True, TAO // 10), (False, TAO // 1_000)])
def test_a_swap_costs_tao_which_is_recycled(chain, netuid, everywhere, cost):
    before, issued = chain.balance("cold"), chain[Balances].total_issuance.get()
    swap(chain, None if everywhere else netuid)
    assert before - chain.balance("cold") == issued - chain[Balances].total_issuance.get() == cost


def test_who_cannot_pay_is_refused(chain, netuid, who):
    chain[Accounts].create(who("poor"), who("poors"))
    for where in (None, netuid):
        with chain.refuses(errors.NotEnoughBalanceToPaySwapHotKey):
            swap(chain, where, by="poor", old="poors")


def test_swaps_of_a_coldkey_wait_for_the_rate_limit(chain, netuid):
    swap(chain)
    chain.advance(2)
    with chain.refuses(errors.HotKeySetTxRateLimitExceeded):
        swap(chain, old="new", new="newer")
    chain[Hyperparameters].tx_rate_limit.set(1)
    chain[HotkeySwap].hotkey_swap_on_subnet_interval = 1
    swap(chain, old="new", new="newer")


def test_swaps_on_a_subnet_wait_for_its_interval_whichever_way_the_last_was_made(chain, netuid):
    chain[Hyperparameters].tx_rate_limit.set(0)
    swap(chain, netuid)
    chain.advance()
    for where in (None, netuid):
        with chain.refuses(errors.HotKeySwapOnSubnetIntervalNotPassed):
            swap(chain, where, old="new", new="newer")


def test_strangers_swap_nothing_of_others(chain, netuid, who):
    chain.fund("stranger", 10)
    with chain.refuses(errors.NonAssociatedColdKey):
        swap(chain, by="stranger")
    with chain.refuses(errors.NonAssociatedColdKey):
        chain.call(OLD_SWAP, who("old"), who("new"), None, by="stranger")


def test_a_hotkey_of_another_coldkey_cannot_take_the_place(chain, netuid):
    with chain.refuses(errors.NonAssociatedColdKey):
        swap(chain, new="owner_hotkey")


def test_a_hotkey_cannot_replace_itself(chain, netuid):
    with chain.refuses(errors.NewHotKeyIsSameWithOld):
        swap(chain, new="old")


def test_no_subnet_is_no_subnet(chain, netuid):
    with chain.refuses(errors.SubnetNotExists):
        swap(chain, 9)


def test_a_registered_hotkey_cannot_take_the_place(chain, netuid):
    chain.neuron(netuid, "second", "cold")
    for where in (None, netuid):
        with chain.refuses(errors.HotKeyAlreadyRegisteredInSubNet):
            swap(chain, where, new="second")


def test_a_hotkey_with_root_stake_cannot_take_a_place_on_the_root_network(chain, netuid, who):
    chain[Accounts].create(who("cold"), who("staked"))
    chain.stake(0, "staked", "cold", 10)
    with chain.refuses(errors.NewHotKeyNotCleanForRootSwap):
        swap(chain, new="staked")
    swap(chain, netuid, new="staked")


def test_a_subnets_account_is_no_hotkey(chain, netuid, who):
    for where in (None, netuid):
        with chain.refuses(errors.CannotUseSystemAccount):
            chain.call(SWAP, who("old"), subnet_account(3), where, False, by="cold")


def test_a_child_cannot_take_its_parents_place(chain, netuid, who):
    chain[Accounts].create(who("cold"), who("child"))
    chain[ChildLinks].set_children(who("old"), netuid, ((5, who("child")),))
    with chain.refuses(errors.InvalidChild):
        swap(chain, netuid, new="child")


def test_the_old_call_moves_the_stake(chain, netuid, who):
    before = chain.stake_of("old", "nominator", netuid)
    chain.call(OLD_SWAP, who("old"), who("new"), None, by="cold")
    assert chain.stake_of("new", "nominator", netuid) == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stakes=st.lists(st.integers(1, 10**15), max_size=4),
    dividend=st.integers(0, 10**12),
    root=st.integers(0, 10**12),
    everywhere=st.booleans(),
)
def test_there_and_back_is_as_before(make_chain, who, stakes, dividend, root, everywhere):
    chain = make_chain()
    netuid = chain.subnet()
    chain.neuron(netuid, "old", "cold")
    chain.fund("cold", 10)
    chain[Hyperparameters].tx_rate_limit.set(0)
    chain[HotkeySwap].hotkey_swap_on_subnet_interval = 0
    for at, stake in enumerate(stakes):
        chain[Shares].add(who("old"), who(f"staker{at}"), netuid, stake)
    chain[Shares].pay_dividend(who("old"), netuid, dividend if stakes else 0)
    chain[Pools].add_alpha_out(netuid, chain[Shares].total_alpha_staked[netuid])
    chain[RootClaims].root_claimable[who("old")] = {netuid: root}
    before = picture(chain, netuid, len(stakes))
    where = None if everywhere else netuid
    swap(chain, where)
    chain.advance()
    swap(chain, where, old="new", new="old")
    after = picture(chain, netuid, len(stakes))
    assert after[1:] == before[1:]
    # A stake is floored each time it moves.
    assert all(was - 2 <= now <= was for now, was in zip(after[0], before[0], strict=True))
    chain.advance()


def picture(chain, netuid, count):
    old = chain.who("old")
    return (
        [chain.stake_of("old", f"staker{at}", netuid) for at in range(count)],
        chain[Neurons].hotkeys(netuid),
        chain[Neurons].networks_of(old),
        chain[RootClaims].root_claimable[old],
        chain[Accounts].owner_of(old),
    )


def test_a_refused_swap_leaves_the_money_where_it_was(chain, netuid, who):
    chain[Accounts].create(who("cold"), who("child"))
    chain[ChildLinks].set_children(who("old"), netuid, ((5, who("child")),))
    before = chain.balance("cold")
    with pytest.raises(DispatchFailed):
        swap(chain, new="child")
    assert chain.balance("cold") == before
    assert LastTxBlock(who("cold")) not in chain[RateLimits].last_rate_limited_block


@pytest.fixture
def bonded(chain, who):
    """A subnet on which `old` of `cold` has collateral."""
    netuid = chain.subnet()
    chain[Hyperparameters].collateral_lock_share[netuid] = 32_768
    chain[Registration].burn[netuid] = 2 * TAO
    chain[Prices].subnet_moving_price[netuid] = 1 << 32
    chain.neuron(netuid, "old", "cold")
    chain.fund("cold", 10)
    return netuid


@pytest.mark.parametrize("everywhere", [True, False])
def test_collateral_goes_with_the_stake_and_cannot_be_left_behind(chain, bonded, who, everywhere):
    where = None if everywhere else bonded
    locked = chain[Collateral].locked(bonded, who("old"), who("cold"))
    with chain.refuses(errors.KeepStakeBlockedByCollateral):
        swap(chain, where, keep_stake=True)
    swap(chain, where)
    assert chain[Collateral].locked(bonded, who("new"), who("cold")) == locked > 0
    assert chain[Collateral].locked(bonded, who("old"), who("cold")) == 0
    chain.advance()


@pytest.mark.parametrize("everywhere", [True, False])
def test_locks_for_a_hotkey_are_for_the_new_one(chain, netuid, who, everywhere):
    chain.call(Locks.lock_stake, who("old"), netuid, TAO, by="nominator")
    swap(chain, None if everywhere else netuid)
    (place,) = dict(chain[LockBooks].lock.under(who("nominator"), netuid))
    assert place == (who("nominator"), netuid, who("new"))
    chain.advance()
