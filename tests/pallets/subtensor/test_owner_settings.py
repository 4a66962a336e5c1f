"""Tempo and activity cutoff, set by the owner without AdminUtils."""

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.pallets.admin_utils.consensus_settings import ConsensusSettings
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.owner_settings import OwnerSettings

TEMPO = OwnerSettings.set_tempo
CUTOFF = OwnerSettings.set_activity_cutoff_factor


@pytest.fixture
def netuid(chain):
    netuid = chain.subnet()
    chain.advance()
    chain[EpochSchedule].restart(netuid)
    return netuid


def test_an_owner_sets_the_tempo_and_counting_begins_anew(chain, netuid):
    chain.call(TEMPO, netuid, 400, by="owner")
    assert chain[Hyperparameters].tempo[netuid] == 400
    assert chain[EpochSchedule].next_epoch_block(netuid) == chain.number + 400
    assert chain.events(events.TempoSet) == [events.TempoSet(netuid, 400)]


def test_strangers_and_root_set_no_tempo_here(chain, netuid, stranger, root):
    for origin in (stranger, root):
        with chain.refuses(BadOrigin):
            chain.call(TEMPO, netuid, 400, by=origin)


@pytest.mark.parametrize("tempo", [359, 50_401])
def test_a_tempo_out_of_range_is_refused(chain, netuid, tempo):
    with chain.refuses(errors.TempoOutOfBounds):
        chain.call(TEMPO, netuid, tempo, by="owner")


def test_both_ways_to_set_the_tempo_share_their_rate_limit(chain, netuid):
    chain.call(ConsensusSettings.sudo_set_tempo, netuid, 400, by="owner")
    with chain.refuses(errors.TxRateLimitExceeded):
        chain.call(TEMPO, netuid, 500, by="owner")


def test_while_settings_are_frozen_an_owner_sets_nothing(chain, netuid):
    chain[Hyperparameters].admin_freeze_window.set(1_000)
    with chain.refuses(errors.AdminActionProhibitedDuringWeightsWindow):
        chain.call(TEMPO, netuid, 400, by="owner")
    with chain.refuses(errors.AdminActionProhibitedDuringWeightsWindow):
        chain.call(CUTOFF, netuid, 2_000, by="owner")


def test_an_owner_sets_the_activity_cutoff_once_in_a_while(chain, netuid):
    chain.call(CUTOFF, netuid, 2_000, by="owner")
    assert chain[Hyperparameters].activity_cutoff_factor_milli[netuid] == 2_000
    assert chain.events(events.ActivityCutoffFactorMilliSet)
    with chain.refuses(errors.TxRateLimitExceeded):
        chain.call(CUTOFF, netuid, 3_000, by="owner")


def test_root_is_bound_to_the_range_only(chain, netuid, root):
    chain[Hyperparameters].admin_freeze_window.set(1_000)
    for factor in (2_000, 3_000):
        chain.call(CUTOFF, netuid, factor, by=root)
    with chain.refuses(errors.ActivityCutoffFactorMilliOutOfBounds):
        chain.call(CUTOFF, netuid, 999, by=root)


def test_a_stranger_sets_no_activity_cutoff(chain, netuid, stranger):
    with chain.refuses(BadOrigin):
        chain.call(CUTOFF, netuid, 2_000, by=stranger)
