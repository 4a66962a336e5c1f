"""Stake that comes, goes and changes hands: sums, books and refusals at the edges."""

import pytest

from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.children import Children
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_limits import StakeLimits
from ganglion.pallets.subtensor.stake_moves import StakeMoves
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.unstake_all import UnstakeAll

TAO = 10**9


@pytest.fixture
def netuid(chain):
    """A started subnet with the neuron `hot` of `cold`."""
    netuid = chain.subnet()
    chain.neuron(netuid, "hot", "cold")
    return netuid


def test_root_stake_that_changes_hands_takes_its_holder_onto_the_list(chain, netuid):
    chain.stake(0, "hot", "alice", 50)
    give = (StakeMoves.transfer_stake, chain.who("bob"), chain.who("hot"), 0, 0)
    chain.call(*give, 20 * TAO, by="alice")
    stakers = chain[RootStakers].staking_coldkeys
    assert chain.who("alice") in stakers
    assert chain.who("bob") in stakers
    chain.call(*give, 30 * TAO, by="alice")
    assert chain.who("alice") not in stakers
    chain.advance()


@pytest.mark.parametrize("limited", [False, True])
def test_who_unstakes_below_the_threshold_loses_children_that_wait(chain, netuid, limited):
    alpha = chain.stake(netuid, "hot", "cold", 100)
    chain[StakeWeights].stake_threshold.set(50 * TAO)
    chain.call(Children.set_children, chain.who("hot"), netuid, ((1, chain.who("child")),), by="cold")
    waiting = chain[Children].pending_child_keys
    if limited:
        leave = (StakeLimits.remove_stake_limit, chain.who("hot"), netuid)
        chain.call(*leave, alpha // 10, 1, True, by="cold")
        assert (netuid, chain.who("hot")) in waiting
        chain.call(*leave, alpha // 2, 1, True, by="cold")
    else:
        chain.call(Staking.remove_stake, chain.who("hot"), netuid, alpha * 6 // 10, by="cold")
    assert (netuid, chain.who("hot")) not in waiting


def test_staking_back_and_forth_never_pays(chain, netuid):
    chain.stake(netuid, "hot", "cold", 100)
    before = chain.balance("cold")
    for _ in range(5):
        held = chain.stake_of("hot", "cold", netuid)
        chain.call(Staking.add_stake, chain.who("hot"), netuid, TAO // 2, by="cold")
        bought = chain.stake_of("hot", "cold", netuid) - held
        chain.call(Staking.remove_stake, chain.who("hot"), netuid, bought, by="cold")
    assert chain.balance("cold") < before
    chain.advance()


def test_the_last_staker_takes_all_and_leaves_no_entry(chain, netuid):
    chain.stake(netuid, "hot", "alice", 10)
    chain.call(Staking.remove_stake, chain.who("hot"), netuid, 2**64 - 1, by="alice")
    assert (chain.who("hot"), chain.who("alice"), netuid) not in chain[Shares].alpha_v2
    assert (chain.who("hot"), netuid) not in chain[Shares].total_hotkey_shares_v2
    assert chain[Shares].of_hotkey(chain.who("hot"), netuid) == 0


def test_stake_moved_between_subnets_pays_one_fee_and_keeps_the_books(chain, netuid):
    other = chain.subnet("other", "other_hotkey")
    alpha = chain.stake(netuid, "hot", "alice", 100)
    issued, pools = chain[Balances].total_issuance.get(), chain[Pools]
    before = pools.subnet_tao[netuid] + pools.subnet_tao[other]
    chain.call(StakeMoves.swap_stake, chain.who("hot"), netuid, other, alpha, by="alice")
    removed, added = chain.events(events.StakeRemoved)[0], chain.events(events.StakeAdded)[-1]
    assert removed.fee > 0 == added.fee
    assert pools.subnet_tao[netuid] + pools.subnet_tao[other] <= before
    assert chain[Balances].total_issuance.get() == issued
    chain.advance()


def test_moving_to_the_same_place_is_refused(chain, netuid):
    chain.stake(netuid, "hot", "alice", 10)
    with chain.refuses(errors.SameNetuid):
        chain.call(StakeMoves.swap_stake, chain.who("hot"), netuid, netuid, TAO, by="alice")


def test_stake_cannot_be_given_to_where_trade_is_not_open(chain, netuid):
    closed = chain.subnet("late", "late_hotkey", started=False)
    chain.stake(netuid, "hot", "alice", 10)
    with chain.refuses(errors.SubtokenDisabled):
        chain.call(StakeMoves.swap_stake, chain.who("hot"), netuid, closed, 5 * TAO, by="alice")


def test_unstaking_all_leaves_what_cannot_be_sold(chain, netuid):
    other = chain.subnet("other", "other_hotkey")
    chain.stake(netuid, "hot", "alice", 10)
    kept = chain.stake(other, "hot", "alice", 10)
    chain[Subnets].subtoken_enabled[other] = False
    chain.call(UnstakeAll.unstake_all, chain.who("hot"), by="alice")
    assert chain.stake_of("hot", "alice", netuid) == 0
    assert chain.stake_of("hot", "alice", other) == kept


def test_unstaking_nothing_into_root_is_refused(chain, netuid):
    chain.fund("alice", 1)
    with chain.refuses(errors.AmountTooLow):
        chain.call(UnstakeAll.unstake_all_alpha, chain.who("hot"), by="alice")


@pytest.mark.parametrize("amount", [0, 1, 1_999_999])
def test_dust_is_not_staked(chain, netuid, amount):
    chain.fund("alice", 1)
    with chain.refuses(errors.AmountTooLow):
        chain.call(Staking.add_stake, chain.who("hot"), netuid, amount, by="alice")


def test_more_than_the_balance_is_not_staked(chain, netuid):
    chain.fund("alice", 1)
    with chain.refuses(errors.NotEnoughBalanceToStake):
        chain.call(Staking.add_stake, chain.who("hot"), netuid, TAO + 1, by="alice")


def test_staking_all_keeps_the_account_alive(chain, netuid):
    chain.fund("alice", 1)
    chain.call(Staking.add_stake, chain.who("hot"), netuid, TAO, by="alice")
    assert chain.balance("alice") == chain[Balances].existential_deposit
    told = chain.events(events.StakeAdded)[-1]
    assert told.tao == TAO - chain[Balances].existential_deposit
