"""Miner collateral: locked at registration, earned back, in the way of leaving; off unless switched on."""

import pytest

from ganglion.economy.collateral import Collateral as Position
from ganglion.economy.payout import Pots
from ganglion.fixed import U64F64
from ganglion.frame.dispatch import BadOrigin, InvariantBroken
from ganglion.frame.origin import NONE, ROOT
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.alpha_burn import AlphaBurn
from ganglion.pallets.subtensor.collateral import MAX_HOTKEYS, Collateral
from ganglion.pallets.subtensor.collateral_calls import CollateralCalls
from ganglion.pallets.subtensor.dissolution import Dissolution
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.stake_checks import StakeChecks
from ganglion.pallets.subtensor.stake_moves import StakeMoves
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.swap import Swap

TAO = 10**9
ONE = U64F64.one
HALF = 32_768
POTS = Pots(owner=0, server=40 * TAO, validator=40 * TAO, root=0)


@pytest.fixture
def netuid(chain):
    """A subnet that locks half of each price (2 TAO) and values alpha at one TAO."""
    netuid = chain.subnet()
    chain[Hyperparameters].collateral_lock_share[netuid] = HALF
    chain[Registration].burn[netuid] = 2 * TAO
    chain[Prices].subnet_moving_price[netuid] = 1 << 32
    return netuid


@pytest.fixture
def miner(chain, who, netuid):
    """`hot` of `miner` is registered, with about one alpha locked; the position's key."""
    chain.neuron(netuid, "hot", "miner")
    return netuid, who("hot"), who("miner")


def locked(chain, miner):
    return chain[Collateral].locked(*miner)


def add(chain, miner, alpha, limit=10 * TAO, by="miner"):
    netuid, hotkey, _ = miner
    chain.call(CollateralCalls.add_collateral, netuid, hotkey, alpha, limit, by=by)


def set_floor(chain, miner, floor, by="miner"):
    netuid, hotkey, _ = miner
    chain.call(CollateralCalls.set_min_collateral, netuid, hotkey, floor, by=by)


def test_without_a_share_a_registration_is_burnt_whole(chain, who):
    netuid = chain.subnet()
    chain.neuron(netuid, "hot", "miner")
    assert chain.stake_of("hot", "miner", netuid) == 0
    assert chain[Collateral].position(netuid, who("hot"), who("miner")) is None
    assert chain.events(events.CollateralLocked) == []


def test_a_share_of_the_price_is_staked_and_locked(chain, who, netuid):
    before = chain[Pools].subnet_alpha_out[netuid]
    chain.neuron(netuid, "hot", "miner")
    (event,) = chain.events(events.CollateralLocked)
    alpha = chain.stake_of("hot", "miner", netuid)
    assert event == events.CollateralLocked(netuid, who("hot"), alpha, alpha)
    assert alpha == pytest.approx(TAO, rel=0.01)
    assert chain[Pools].subnet_alpha_out[netuid] - before == alpha
    assert chain[Registration].rao_recycled_for_registration[netuid] == pytest.approx(TAO, rel=1e-4)
    assert chain.balance("miner") == 2 * TAO
    chain.advance()


def test_a_returning_miner_pays_only_what_its_collateral_lacks(chain, who, netuid, miner):
    before = locked(chain, miner)
    chain[Neurons].replace(netuid, 1, who("other"))
    chain[Registration].burn[netuid] = 2 * TAO
    balance = chain.balance("miner")
    chain.call(Registration.burned_register, netuid, who("hot"), by="miner")
    assert balance - chain.balance("miner") == pytest.approx(TAO + (TAO - before), rel=0.001)
    assert locked(chain, miner) == pytest.approx(TAO, rel=0.01)


def test_collateral_that_covers_the_bond_only_takes_the_new_terms(chain, who, netuid, miner):
    chain.fund("miner", 20)
    add(chain, miner, 5 * TAO)
    before = locked(chain, miner)
    chain[Neurons].replace(netuid, 1, who("other"))
    chain[Registration].burn[netuid] = 2 * TAO
    chain[Hyperparameters].collateral_drain_ratio[netuid] = 3 * ONE
    chain.call(Registration.burned_register, netuid, who("hot"), by="miner")
    assert chain[Collateral].position(*miner) == Position(before, 3 * ONE)


def test_a_bond_is_not_bought_far_above_spot(chain, who, netuid):
    chain.fund("miner", 1_000)
    chain[Registration].burn[netuid] = 100 * TAO
    with chain.refuses(errors.SlippageTooHigh):
        chain.call(Registration.burned_register, netuid, who("hot"), by="miner")


def test_a_registration_is_not_paid_in_part(chain, who, netuid):
    chain.fund("miner", 2)
    with chain.refuses(errors.NotEnoughBalanceToStake):
        chain.call(Registration.burned_register, netuid, who("hot"), by="miner")


def test_collateral_cannot_be_unstaked_moved_given_or_burnt(chain, who, netuid, miner):
    chain.neuron(netuid, "sibling", "miner")
    chain[Hyperparameters].collateral_lock_share[netuid] = 0
    chain.stake(netuid, "sibling", "miner", 50)
    alpha = chain.stake_of("hot", "miner", netuid)
    for call, arguments in (
        (Staking.remove_stake, (who("hot"), netuid, alpha)),
        (AlphaBurn.burn_alpha, (who("hot"), alpha, netuid)),
        (StakeMoves.move_stake, (who("hot"), who("sibling"), netuid, netuid, alpha)),
        (StakeMoves.transfer_stake, (who("friend"), who("hot"), netuid, netuid, alpha)),
    ):
        with chain.refuses(errors.StakeUnavailable):
            chain.call(call, *arguments, by="miner")


def test_what_is_not_collateral_may_leave(chain, who, netuid, miner):
    total = chain.stake(netuid, "hot", "miner", 50)
    free = total - locked(chain, miner)
    assert chain[StakeChecks].available(who("miner"), netuid) == free
    chain.call(Staking.remove_stake, who("hot"), netuid, free, by="miner")
    assert chain.stake_of("hot", "miner", netuid) >= locked(chain, miner)


def test_locks_and_collateral_add_up(chain, who, netuid, miner):
    total = chain.stake(netuid, "hot", "miner", 50)
    chain.call(Locks.lock_stake, who("hot"), netuid, 10 * TAO, by="miner")
    available = chain[StakeChecks].available(who("miner"), netuid)
    assert available == total - 10 * TAO - locked(chain, miner)


def test_stakers_of_a_bonded_hotkey_are_free(chain, who, netuid, miner):
    alpha = chain.stake(netuid, "hot", "nominator", 50)
    chain.call(Staking.remove_stake, who("hot"), netuid, alpha, by="nominator")
    assert chain.stake_of("hot", "nominator", netuid) == 0


def test_collateral_is_added_from_free_stake_first(chain, who, netuid, miner):
    before = locked(chain, miner)
    chain.stake(netuid, "hot", "miner", 50)
    balance = chain.balance("miner")
    add(chain, miner, 10 * TAO)
    assert locked(chain, miner) == before + 10 * TAO
    assert chain.balance("miner") == balance
    assert chain.events(events.CollateralLocked)[-1].locked == 10 * TAO


def test_what_free_stake_lacks_is_bought(chain, netuid, miner):
    before = locked(chain, miner)
    chain.fund("miner", 20)
    add(chain, miner, 10 * TAO)
    assert locked(chain, miner) - before == pytest.approx(10 * TAO, rel=0.05)
    assert chain.balance("miner") == 12 * TAO


@pytest.mark.parametrize(
    ("alpha", "limit", "error"),
    [
        (0, TAO, errors.AmountTooLow),
        (10 * TAO, 1, Swap.PriceLimitExceeded),
        (10_000 * TAO, 10 * TAO, errors.NotEnoughBalanceToStake),
        (1_000, 10 * TAO, errors.AmountTooLow),
    ],
)
def test_refused_additions(chain, netuid, miner, alpha, limit, error):
    chain.fund("miner", 20)
    with chain.refuses(error):
        add(chain, miner, alpha, limit)


def test_an_addition_must_fit_the_limit(chain, netuid, miner):
    chain.fund("miner", 200)
    limit = chain[Prices].spot(netuid) * TAO // ONE * 101 // 100
    with chain.refuses(errors.SlippageTooHigh):
        add(chain, miner, 100 * TAO, limit)


def test_alpha_without_a_price_cannot_be_bought(chain, netuid, miner):
    chain[Prices].subnet_moving_price[netuid] = 0
    with chain.refuses(errors.InsufficientLiquidity):
        add(chain, miner, TAO)


@pytest.mark.parametrize("function", [add, set_floor])
def test_only_the_owner_of_the_hotkey_binds_it(chain, netuid, miner, function):
    chain.fund("stranger", 20)
    with chain.refuses(errors.NonAssociatedColdKey):
        function(chain, miner, TAO, by="stranger")
    for nobody in (ROOT, NONE):
        with chain.refuses(BadOrigin):
            function(chain, miner, TAO, by=nobody)


@pytest.mark.parametrize("function", [add, set_floor])
@pytest.mark.parametrize(
    ("place", "hotkey", "error"),
    [
        (0, "hot", errors.RegistrationNotPermittedOnRootSubnet),
        (9, "hot", errors.SubnetNotExists),
        (1, "nobody", errors.HotKeyAccountNotExists),
    ],
)
def test_there_must_be_something_to_bind(chain, who, miner, function, place, hotkey, error):
    with chain.refuses(error):
        function(chain, (place, who(hotkey), who("miner")), TAO)


def test_earning_unlocks_at_the_drain_ratio(chain, who, netuid, miner):
    before = locked(chain, miner)
    assert chain[Collateral].settle(netuid, who("hot"), 1_000, 1_000) == 0
    assert locked(chain, miner) == before - 1_000
    assert chain[Collateral].position(*miner).earned == 1_000
    chain[Collateral].settle(netuid, who("hot"), 10 * TAO, 0)
    assert chain[Collateral].position(*miner) is None
    assert chain[Collateral].locked_by(who("miner"), netuid) == 0
    assert chain.stake_of("hot", "miner", netuid) > 0


def test_below_its_floor_a_position_takes_what_its_owner_earns(chain, who, netuid, miner):
    before, staked = locked(chain, miner), chain.stake_of("hot", "miner", netuid)
    set_floor(chain, miner, before + 600)
    assert chain.events(events.MinCollateralSet) == [
        events.MinCollateralSet(netuid, who("hot"), before + 600)
    ]
    assert chain[Collateral].settle(netuid, who("hot"), 500, 500) == 500
    assert chain[Collateral].settle(netuid, who("hot"), 500, 500) == 100
    assert locked(chain, miner) == before + 600
    assert chain.stake_of("hot", "miner", netuid) == pytest.approx(staked + 600, abs=2)


def test_a_floor_alone_makes_a_position_and_zero_ends_it(chain, who, netuid):
    chain[Hyperparameters].collateral_lock_share[netuid] = 0
    chain.neuron(netuid, "hot", "miner")
    miner = netuid, who("hot"), who("miner")
    set_floor(chain, miner, 5)
    assert chain[Collateral].is_bonded(who("hot"), who("miner"), None)
    set_floor(chain, miner, 0)
    assert not chain[Collateral].is_bonded(who("hot"), who("miner"), netuid)
    chain.advance()


def test_a_coldkey_binds_so_many_hotkeys_and_no_more(chain, who, netuid):
    for number in range(MAX_HOTKEYS):
        chain[Collateral].add(netuid, who(str(number)), who("miner"), 5)
    with chain.refuses(errors.ColdkeyCollateralPositionsFull):
        chain[Collateral].add(netuid, who("one more"), who("miner"), 5)
    assert chain[Collateral].locked_by(who("miner"), netuid) == 5 * MAX_HOTKEYS


@pytest.fixture
def voted(chain, who, netuid, miner):
    """`validator` (uid 2) votes for `hot` (uid 1)."""
    chain.neuron(netuid, "validator", "validator_coldkey")
    chain.stake(netuid, "validator", "cold", 100)
    for _ in range(2):
        chain[Neurons].validator_permit[netuid] = (False, False, True)
        chain[VoteMatrix].weights[netuid, 2] = ((1, 65_535),)
        chain[Neurons].note_update(netuid, 0, 2)
        chain.advance()
    chain[Pools].add_alpha_out(netuid, 100 * TAO)
    return miner


def test_an_epoch_pays_the_miner_and_frees_its_collateral(chain, who, netuid, voted):
    chain[Payout].run_epoch(netuid, POTS)
    assert not chain[Collateral].is_bonded(who("hot"), who("miner"), netuid)
    assert chain.stake_of("hot", "miner", netuid) > 40 * TAO
    assert not chain[Collateral].is_bonded(who("validator"), who("validator_coldkey"), netuid)


def test_an_epoch_fills_up_to_the_floor_and_never_takes_a_staker_s_dividend(chain, who, netuid, voted):
    set_floor(chain, voted, 1_000 * TAO)
    validator = netuid, who("validator"), who("validator_coldkey")
    set_floor(chain, validator, 1_000 * TAO, by="validator_coldkey")
    before, bonded = chain.stake_of("validator", "cold", netuid), locked(chain, validator)
    chain[Payout].run_epoch(netuid, POTS)
    assert locked(chain, voted) == pytest.approx(41 * TAO, rel=0.01)
    assert chain.stake_of("hot", "miner", netuid) == pytest.approx(locked(chain, voted), abs=5)
    take = 40 * TAO * chain[Takes].delegates[who("validator")] // 65_535
    assert locked(chain, validator) - bonded == pytest.approx(take, abs=10)
    assert chain.stake_of("validator", "cold", netuid) > before + (40 * TAO - take) * 9 // 10


def test_positions_go_with_swapped_keys(chain, who, netuid, miner):
    before = chain[Collateral].position(*miner)
    chain[Collateral].move_hotkey_stake(who("hot"), who("new"), netuid)
    chain[Collateral].move_coldkey(who("miner"), who("heir"))
    assert chain[Collateral].position(*miner) is None
    assert chain[Collateral].position(netuid, who("new"), who("heir")) == before
    assert chain[Collateral].coldkey_collateral_hotkeys[netuid, who("heir")] == (who("new"),)
    chain[Collateral].try_state()


def test_positions_of_swapped_keys_join(chain, who, netuid, miner):
    collateral, before = chain[Collateral], locked(chain, miner)
    collateral.put(netuid, who("new"), who("miner"), Position(500, ONE // 2, 7, 9))
    collateral.move_hotkey_stake(who("hot"), who("new"), netuid)
    assert collateral.position(netuid, who("new"), who("miner")) == Position(before + 500, ONE // 2, 7, 9)
    collateral.put(netuid, who("new"), who("heir"), Position(1))
    collateral.move_coldkey(who("miner"), who("heir"))
    assert collateral.locked_by(who("heir"), netuid) == before + 501
    assert collateral.locked_by(who("miner"), netuid) == 0
    collateral.try_state()


def test_a_full_list_lets_hotkeys_be_swapped(chain, who, netuid):
    for number in range(MAX_HOTKEYS):
        chain[Collateral].add(netuid, who(str(number)), who("miner"), 5)
    chain[Collateral].move_hotkey_stake(who("0"), who("new"), netuid)
    assert chain[Collateral].coldkey_collateral_hotkeys[netuid, who("miner")][0] == who("new")
    chain[Collateral].try_state()


@pytest.mark.parametrize("broken", ["total", "list"])
def test_totals_and_lists_that_do_not_fit_are_contradictions(chain, who, netuid, miner, broken):
    if broken == "total":
        chain[Collateral].coldkey_miner_collateral[netuid, who("miner")] += 1
    else:
        del chain[Collateral].coldkey_collateral_hotkeys[netuid, who("miner")]
    with pytest.raises(InvariantBroken):
        chain[Collateral].try_state()


def test_nothing_of_it_outlives_the_subnet(chain, who, netuid, miner):
    chain.call(Dissolution.root_dissolve_network, netuid, by=ROOT)
    assert not chain[Collateral].is_bonded(who("hot"), who("miner"), None)
    assert list(chain[Collateral].miner_collateral.items()) == []
    chain[Collateral].try_state()
