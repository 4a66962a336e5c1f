import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import NONE
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnet_account import BURN_ACCOUNT, subnet_account
from ganglion.pallets.subtensor.treasury import Treasury

TAO = 10**9


@pytest.fixture
def netuid(chain):
    netuid = chain.subnet()
    chain.neuron(netuid, "hot", "miner")
    return netuid


def test_staking_moves_tao_into_the_pool_and_alpha_to_the_staker(chain, who, netuid):
    account = subnet_account(netuid)
    before = chain[Balances].free(account), chain[Pools].subnet_tao[netuid]
    alpha = chain.stake(netuid, "hot", "cold", 10)
    (event,) = [e for e in chain.events(events.StakeAdded) if e.coldkey == who("cold")]
    assert (event.tao, event.alpha, event.netuid) == (10 * TAO, alpha, netuid)
    assert chain.balance("cold") == TAO
    assert chain[Pools].subnet_tao[netuid] - before[1] == 10 * TAO - event.fee
    assert chain[Balances].free(account) - before[0] == 10 * TAO - event.fee


def test_the_fee_of_a_stake_is_burnt_where_no_author_is_known(chain, netuid):
    burnt = chain[Balances].free(BURN_ACCOUNT)
    chain.stake(netuid, "hot", "cold", 10)
    assert chain[Balances].free(BURN_ACCOUNT) - burnt == chain.events(events.StakeAdded)[-1].fee > 0


def test_fees_of_both_ways_go_to_the_author_in_tao(make_chain, who):
    chain = make_chain({"Aura": {"authorities": ["0x" + who("author").hex()]}})
    netuid = chain.subnet()
    alpha = chain.stake(netuid, "owner_hotkey", "cold", 10)
    earned = chain.balance("author")
    assert earned == chain.events(events.StakeAdded)[-1].fee
    chain.call(Staking.remove_stake, who("owner_hotkey"), netuid, alpha, by="cold")
    assert chain.balance("author") > earned


def test_unstaking_everything_returns_the_tao_less_the_fees(chain, who, netuid):
    alpha = chain.stake(netuid, "hot", "cold", 10)
    chain.call(Staking.remove_stake, who("hot"), netuid, alpha, by="cold")
    assert chain.stake_of("hot", "cold", netuid) == 0
    assert 10.98 * TAO < chain.balance("cold") < 11 * TAO
    (event,) = chain.events(events.StakeRemoved)
    assert (event.coldkey, event.hotkey) == (who("cold"), who("hot"))


def test_unstaking_more_than_is_staked_takes_all_there_is(chain, who, netuid):
    chain.stake(netuid, "hot", "cold", 10)
    chain.call(Staking.remove_stake, who("hot"), netuid, 2**63, by="cold")
    assert chain.stake_of("hot", "cold", netuid) == 0


def test_root_stake_is_tao_one_to_one_and_listed(chain, who, netuid):
    assert chain.stake(0, "hot", "cold", 10) == 10 * TAO
    assert chain[RootStakers].staking_coldkeys[who("cold")] == 0
    chain.call(Staking.remove_stake, who("hot"), 0, 10 * TAO, by="cold")
    assert chain.balance("cold") == 11 * TAO
    assert who("cold") not in chain[RootStakers].staking_coldkeys


def test_staking_on_a_subnet_that_does_not_exist_is_refused(chain, who, netuid):
    chain.fund("cold", 10)
    with chain.refuses(errors.SubnetNotExists):
        chain.call(Staking.add_stake, who("hot"), 99, TAO, by="cold")


def test_staking_on_a_subnet_not_started_is_refused(chain, who):
    netuid = chain.subnet(started=False)
    chain.fund("cold", 10)
    with chain.refuses(errors.SubtokenDisabled):
        chain.call(Staking.add_stake, who("owner_hotkey"), netuid, TAO, by="cold")
    with chain.refuses(errors.SubtokenDisabled):
        chain.call(Staking.remove_stake, who("owner_hotkey"), netuid, TAO, by="cold")


def test_staking_to_a_hotkey_that_nobody_owns_is_refused(chain, who, netuid):
    chain.fund("cold", 10)
    with chain.refuses(errors.HotKeyAccountNotExists):
        chain.call(Staking.add_stake, who("unknown"), netuid, TAO, by="cold")


@pytest.mark.parametrize("amount", [0, 1, 1_999_999])
def test_staking_dust_is_refused(chain, who, netuid, amount):
    chain.fund("cold", 10)
    with chain.refuses(errors.AmountTooLow):
        chain.call(Staking.add_stake, who("hot"), netuid, amount, by="cold")


def test_staking_more_than_the_balance_is_refused(chain, who, netuid):
    chain.fund("cold", 10)
    with chain.refuses(errors.NotEnoughBalanceToStake):
        chain.call(Staking.add_stake, who("hot"), netuid, 10 * TAO + 1, by="cold")


def test_an_amount_beyond_any_pool_is_refused(chain, who, netuid):
    with chain.refuses(errors.InsufficientLiquidity):
        chain.call(Staking.add_stake, who("hot"), netuid, 2**63, by="cold")


def test_unstaking_where_nothing_is_staked_is_refused(chain, who, netuid):
    with chain.refuses(errors.AmountTooLow):
        chain.call(Staking.remove_stake, who("hot"), netuid, TAO, by="cold")


def test_unstaking_a_small_part_is_refused_but_a_small_rest_is_not(chain, who, netuid):
    alpha = chain.stake(netuid, "hot", "cold", 10)
    with chain.refuses(errors.AmountTooLow):
        chain.call(Staking.remove_stake, who("hot"), netuid, 1_000, by="cold")
    chain.call(Staking.remove_stake, who("hot"), netuid, alpha - 1_000, by="cold")
    chain.call(Staking.remove_stake, who("hot"), netuid, 1_000, by="cold")
    assert chain.stake_of("hot", "cold", netuid) == 0


def test_what_a_nominator_leaves_below_the_minimum_is_paid_out(chain, who, netuid):
    chain[Staking].nominator_min_required_stake.set(TAO)
    alpha = chain.stake(netuid, "hot", "cold", 10)
    chain.call(Staking.remove_stake, who("hot"), netuid, alpha - TAO // 100, by="cold")
    assert chain.stake_of("hot", "cold", netuid) == 0


def test_an_owner_may_keep_less_than_a_nominator_must(chain, who, netuid):
    chain[Staking].nominator_min_required_stake.set(TAO)
    alpha = chain.stake(netuid, "hot", "miner", 10)
    chain.call(Staking.remove_stake, who("hot"), netuid, alpha - TAO // 100, by="miner")
    assert chain.stake_of("hot", "miner", netuid) == TAO // 100


@pytest.mark.parametrize("call", [Staking.add_stake, Staking.remove_stake])
def test_nobody_cannot_stake(chain, who, netuid, call):
    with chain.refuses(DispatchFailed):
        chain.call(call, who("hot"), netuid, TAO, by=NONE)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["stake", "unstake"]),
        st.sampled_from(["one", "two"]),
        st.sampled_from([0, 1]),
        st.integers(0, 50 * TAO),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_no_sequence_of_stakes_creates_or_destroys_tao(make_chain, who, steps):
    chain = make_chain()
    chain.subnet()
    for coldkey in ("one", "two"):
        chain.fund(coldkey, 100)
    issued = chain[Treasury].total_issuance.get()
    for kind, coldkey, netuid, amount in steps:
        call = Staking.add_stake if kind == "stake" else Staking.remove_stake
        chain.world.try_dispatch(
            chain.runtime.call(call, who("owner_hotkey"), netuid, amount), chain.signed(coldkey)
        )
        chain.world.try_state()
    assert chain[Balances].total_issuance.get() == issued
    staked = sum(chain[Shares].of(who("owner_hotkey"), who(name), 0) for name in ("one", "two"))
    assert chain[Pools].subnet_tao[0] == staked
