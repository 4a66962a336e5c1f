"""Voting power: switched on and off, averaged at epochs, moved with hotkeys."""

import pytest

from ganglion.economy.voting_power import DISABLE_GRACE_BLOCKS, ONE
from ganglion.fixed import I64F64
from ganglion.frame.dispatch import BadOrigin, InvariantBroken
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.dissolution import Dissolution
from ganglion.pallets.subtensor.epoch import Epoch
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.voting_power import VotingPower
from ganglion.pallets.system import System


@pytest.fixture
def netuid(chain, root):
    """uid 1 is `validator`, staked by `cold`; power is counted, half of it the newest stake."""
    netuid = chain.subnet()
    chain.neuron(netuid, "validator", "validator_coldkey")
    chain.neuron(netuid, "miner", "miner_coldkey")
    chain.stake(netuid, "validator", "cold", 100)
    chain.call(VotingPower.enable_voting_power_tracking, netuid, by="owner")
    chain.call(VotingPower.sudo_set_voting_power_ema_alpha, netuid, ONE // 2, by=root)
    return netuid


def power(chain, who, netuid, hotkey="validator"):
    return chain[VotingPower].voting_power[netuid, who(hotkey)]


def count(chain, netuid, *stakes):
    """An epoch in which all but the last may validate."""
    chain[Neurons].validator_permit[netuid] = (True,) * (len(stakes) - 1) + (False,)
    chain[VotingPower].count(netuid, stakes)


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        (VotingPower.enable_voting_power_tracking, ()),
        (VotingPower.disable_voting_power_tracking, ()),
        (VotingPower.sudo_set_voting_power_ema_alpha, (1,)),
    ],
)
def test_strangers_decide_nothing(chain, netuid, stranger, call, arguments):
    with chain.refuses(BadOrigin):
        chain.call(call, netuid, *arguments, by=stranger)


def test_only_root_sets_the_weight(chain, netuid, root):
    with chain.refuses(BadOrigin):
        chain.call(VotingPower.sudo_set_voting_power_ema_alpha, netuid, 1, by="owner")
    with chain.refuses(errors.InvalidVotingPowerEmaAlpha):
        chain.call(VotingPower.sudo_set_voting_power_ema_alpha, netuid, ONE + 1, by=root)
    assert chain.events(events.VotingPowerEmaAlphaSet)[-1].alpha == ONE // 2


def test_an_epoch_averages_the_stakes_of_those_who_may_validate(chain, who, netuid):
    stake = I64F64.to_u64(chain[StakeWeights].of_hotkey(who("validator"), netuid).total)
    chain[Epoch].run(netuid, 0)
    assert power(chain, who, netuid) == stake // 2
    chain[Epoch].run(netuid, 0)
    assert power(chain, who, netuid) == (stake + stake // 2) // 2
    assert chain[VotingPower].total_voting_power[netuid] == power(chain, who, netuid)


def test_stakes_count_once_for_each_mechanism(chain, who, netuid):
    stake = I64F64.to_u64(chain[StakeWeights].of_hotkey(who("validator"), netuid).total)
    chain[Hyperparameters].mechanism_count_current[netuid] = 2
    chain[Epoch].run(netuid, 0)
    assert power(chain, who, netuid) == stake


def test_who_may_no_longer_validate_loses_the_power(chain, who, netuid):
    count(chain, netuid, 0, 1_000, 0)
    assert power(chain, who, netuid) == 500
    chain[Neurons].validator_permit[netuid] = (True, False, True)
    chain[VotingPower].count(netuid, (0, 1_000, 0))
    assert power(chain, who, netuid) == 0


def test_who_left_the_subnet_loses_the_power(chain, who, netuid):
    count(chain, netuid, 0, 1_000, 0)
    chain[Neurons].replace(netuid, 1, who("newcomer"))
    count(chain, netuid, 0, 1_000, 0)
    assert power(chain, who, netuid) == 0
    assert power(chain, who, netuid, "newcomer") == 500
    chain.world.try_state()


def test_power_that_fell_below_a_validator_s_least_is_forgotten(chain, who, netuid):
    chain[StakeWeights].stake_threshold.set(400)
    count(chain, netuid, 0, 1_000, 0)
    count(chain, netuid, 0, 0, 0)
    assert power(chain, who, netuid) == 0


def test_power_below_the_least_may_grow_from_nothing(chain, who, netuid):
    chain[StakeWeights].stake_threshold.set(10_000)
    count(chain, netuid, 0, 1_000, 0)
    assert power(chain, who, netuid) == 500


def test_counting_ends_two_weeks_after_it_was_disabled(chain, who, netuid):
    count(chain, netuid, 0, 1_000, 0)
    chain.call(VotingPower.disable_voting_power_tracking, netuid, by="owner")
    (event,) = chain.events(events.VotingPowerTrackingDisableScheduled)
    assert event.disable_at_block == chain.number + DISABLE_GRACE_BLOCKS
    chain[System].number.set(event.disable_at_block - 1)
    count(chain, netuid, 0, 1_000, 0)
    assert power(chain, who, netuid) == 750
    chain[System].number.set(event.disable_at_block)
    count(chain, netuid, 0, 1_000, 0)
    assert power(chain, who, netuid) == 0
    assert not chain[VotingPower].voting_power_tracking_enabled[netuid]
    assert chain.events(events.VotingPowerTrackingDisabled) == [events.VotingPowerTrackingDisabled(netuid)]
    chain[VotingPower].try_state()


def test_enabling_again_calls_the_end_off(chain, netuid, root):
    chain.call(VotingPower.disable_voting_power_tracking, netuid, by=root)
    chain.call(VotingPower.enable_voting_power_tracking, netuid, by=root)
    assert chain[VotingPower].voting_power_disable_at_block[netuid] == 0


def test_what_is_not_counted_cannot_be_disabled_nor_does_it_count(chain, who):
    netuid = chain.subnet()
    with chain.refuses(errors.VotingPowerTrackingNotEnabled):
        chain.call(VotingPower.disable_voting_power_tracking, netuid, by="owner")
    count(chain, netuid, 1_000)
    assert power(chain, who, netuid, "owner_hotkey") == 0


def test_power_joins_that_of_the_new_hotkey(chain, who, netuid):
    count(chain, netuid, 300, 1_000, 0)
    chain[VotingPower].move_hotkey_stake(who("validator"), who("owner_hotkey"), netuid)
    assert power(chain, who, netuid) == 0
    assert power(chain, who, netuid, "owner_hotkey") == 650
    chain[VotingPower].try_state()


def test_a_total_that_is_no_sum_is_a_contradiction(chain, who, netuid):
    count(chain, netuid, 0, 1_000, 0)
    chain[VotingPower].total_voting_power[netuid] += 1
    with pytest.raises(InvariantBroken):
        chain[VotingPower].try_state()


def test_power_where_none_is_counted_is_a_contradiction(chain, who, netuid):
    count(chain, netuid, 0, 1_000, 0)
    del chain[VotingPower].voting_power_tracking_enabled[netuid]
    with pytest.raises(InvariantBroken):
        chain[VotingPower].try_state()


def test_nothing_of_it_outlives_the_subnet(chain, who, netuid, root):
    count(chain, netuid, 0, 1_000, 0)
    chain.call(Dissolution.root_dissolve_network, netuid, by=root)
    assert list(chain[VotingPower].voting_power.items()) == []
    assert not chain[VotingPower].voting_power_tracking_enabled[netuid]
