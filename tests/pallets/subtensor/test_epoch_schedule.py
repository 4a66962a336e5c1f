"""When epochs run, and when settings are frozen."""

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters

TRIGGER = EpochSchedule.trigger_epoch


def subnets(chain, count, tempo):
    """So many started subnets whose tempos all end in `tempo` blocks."""
    netuids = [chain.subnet(f"owner{number}", f"hotkey{number}") for number in range(count)]
    for netuid in netuids:
        chain[Hyperparameters].tempo[netuid] = tempo
        chain[EpochSchedule].restart(netuid)
    return netuids


def test_an_epoch_runs_every_tempo_blocks(chain):
    (netuid,) = subnets(chain, 1, 5)
    schedule = chain[EpochSchedule]
    ran = []
    for _ in range(16):
        chain.advance()
        if schedule.last_epoch_block[netuid] == chain.number:
            ran.append(chain.number)
    assert ran == [6, 11, 16]
    assert schedule.subnet_epoch_index[netuid] == 3
    assert schedule.blocks_since_last_step[netuid] == 1
    assert schedule.next_epoch_block(netuid) == 21
    assert schedule.blocks_left(netuid) == 4


def test_a_tempo_of_zero_never_ends(chain):
    (netuid,) = subnets(chain, 1, 0)
    chain.advance(3)
    schedule = chain[EpochSchedule]
    assert schedule.subnet_epoch_index[netuid] == 0
    assert schedule.next_epoch_block(netuid) is None
    assert not schedule.is_frozen(netuid)


def test_epochs_beyond_the_blocks_limit_wait_a_block(chain):
    netuids = subnets(chain, 3, 4)
    chain.advance(4)
    schedule, now = chain[EpochSchedule], chain.number
    assert [schedule.subnet_epoch_index[netuid] for netuid in netuids] == [1, 1, 0]
    assert chain.events(events.EpochDeferred) == [events.EpochDeferred(netuids[2], now, now + 1)]
    chain.advance()
    assert schedule.last_epoch_block[netuids[2]] == now + 1
    assert schedule.pending_epoch_at[netuids[2]] == 0


def test_while_an_epoch_is_due_commits_count_as_of_the_next_epoch(chain):
    (netuid,) = subnets(chain, 1, 4)
    schedule = chain[EpochSchedule]
    assert schedule.epoch_number(netuid) == 0
    schedule.pending_epoch_at[netuid] = chain.number
    assert schedule.epoch_number(netuid) == 1


def test_a_subnet_whose_hotkeys_repeat_skips_its_epoch(chain):
    (netuid,) = subnets(chain, 1, 4)
    schedule = chain[EpochSchedule]
    schedule.neurons.keys[netuid, 1] = schedule.neurons.keys[netuid, 0]
    schedule.pending_epoch_at[netuid] = chain.number
    assert schedule.due((netuid,)) == ()
    assert chain.events(events.EpochSkipped) == [events.EpochSkipped(netuid, chain.number)]
    assert schedule.subnet_epoch_index[netuid] == 1


def test_settings_are_frozen_in_the_last_blocks_before_an_epoch(chain):
    (netuid,) = subnets(chain, 1, 30)
    frozen = []
    for _ in range(31):
        frozen.append(chain[EpochSchedule].is_frozen(netuid))
        chain.advance()
    assert frozen == [False] * 21 + [True] * 9 + [False]
    chain[EpochSchedule].pending_epoch_at[netuid] = chain.number + 1
    with pytest.raises(errors.AdminActionProhibitedDuringWeightsWindow):
        chain[EpochSchedule].ensure_open(netuid)


def open_subnet(chain, tempo=100):
    (netuid,) = subnets(chain, 1, tempo)
    chain[Hyperparameters].commit_reveal_weights_enabled[netuid] = False
    return netuid


def test_the_owner_gets_an_epoch_when_the_freeze_window_has_passed(chain, who):
    netuid = open_subnet(chain)
    chain.call(TRIGGER, netuid, by="owner0")
    fires_at = chain.number + 10
    assert chain.events(events.EpochTriggered) == [events.EpochTriggered(netuid, who("owner0"), fires_at)]
    assert chain[EpochSchedule].next_epoch_block(netuid) == fires_at
    chain.advance(10)
    assert chain[EpochSchedule].last_epoch_block[netuid] == fires_at
    assert chain[EpochSchedule].pending_epoch_at[netuid] == 0


def test_a_stranger_gets_none(chain, stranger):
    netuid = open_subnet(chain)
    with chain.refuses(BadOrigin):
        chain.call(TRIGGER, netuid, by=stranger)


def test_an_epoch_cannot_be_asked_for_twice_too_late_or_too_often(chain):
    netuid = open_subnet(chain)
    chain.call(TRIGGER, netuid, by="owner0")
    with chain.refuses(errors.EpochTriggerAlreadyPending):
        chain.call(TRIGGER, netuid, by="owner0")
    chain.advance(11)
    with chain.refuses(errors.TxRateLimitExceeded):
        chain.call(TRIGGER, netuid, by="owner0")
    chain.advance(91)
    with chain.refuses(errors.AutoEpochAlreadyImminent):
        chain.call(TRIGGER, netuid, by="owner0")


def test_commit_reveal_and_epochs_out_of_turn_do_not_go_together(chain):
    (netuid,) = subnets(chain, 1, 100)
    with chain.refuses(errors.DynamicTempoBlockedByCommitReveal):
        chain.call(TRIGGER, netuid, by="owner0")
