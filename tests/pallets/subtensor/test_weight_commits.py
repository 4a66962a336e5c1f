"""Commit and reveal."""

from hashlib import blake2b

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.subtensor.weight_commits import WeightCommits, commit_hash

TEMPO = 10
ROW = {"uids": (0, 2), "values": (1, 1), "salt": (7, 7, 7), "version_key": 0}


@pytest.fixture
def netuid(chain):
    """A subnet with commit-reveal, a tempo of 10, and a validator (1) and miner (2)."""
    netuid = chain.subnet()
    chain.neuron(netuid, "validator")
    chain.neuron(netuid, "miner")
    chain[Hyperparameters].tempo[netuid] = TEMPO
    chain[Hyperparameters].weights_set_rate_limit[netuid] = 0
    permit(chain, netuid)
    return netuid


def permit(chain, netuid):
    chain[Neurons].validator_permit[netuid] = (False, True, False)


def hashed(who, netuid, **row):
    return commit_hash(who("validator"), netuid, **(ROW | row))


def commit(chain, who, netuid, **row):
    chain.call(WeightCommits.commit_weights, netuid, hashed(who, netuid, **row), by="validator")


def reveal(chain, netuid, **row):
    chain.call(WeightCommits.reveal_weights, netuid, **(ROW | row), by="validator")


def next_epoch(chain, netuid):
    before = chain[EpochSchedule].subnet_epoch_index[netuid]
    while chain[EpochSchedule].subnet_epoch_index[netuid] == before:
        chain.advance()
    permit(chain, netuid)


def test_the_hash_is_of_all_that_is_revealed_as_the_chain_encodes_it(who):
    assert hashed(who, 1) != hashed(who, 1, salt=(7, 7))
    assert hashed(who, 1) != hashed(who, 4_097)
    assert commit_hash(bytes(32), 0, (), (), (), 0).hex() == (
        # blake2b-256 of 32 zero bytes, u16 0, three empty vectors, u64 0: 45 zero bytes
        blake2b(bytes(45), digest_size=32).hexdigest()
    )


def test_a_commit_is_opened_one_epoch_later_and_sets_the_weights(chain, who, netuid):
    chain.advance()
    commit(chain, who, netuid)
    committed_at = chain.number
    assert chain.events(events.WeightsCommitted) == [
        events.WeightsCommitted(who("validator"), netuid, hashed(who, netuid))
    ]
    with chain.refuses(errors.RevealTooEarly):
        reveal(chain, netuid)
    next_epoch(chain, netuid)
    reveal(chain, netuid)
    assert chain[VoteMatrix].weights[netuid, 1] == ((0, 65_535), (2, 65_535))
    assert chain[Neurons].last_update[netuid][1] == committed_at
    assert (netuid, who("validator")) not in chain[WeightCommits].weight_commits
    assert len(chain.events(events.WeightsRevealed)) == 1


def test_two_epochs_later_it_is_too_late(chain, who, netuid):
    commit(chain, who, netuid)
    next_epoch(chain, netuid)
    next_epoch(chain, netuid)
    with chain.refuses(errors.ExpiredWeightCommit):
        reveal(chain, netuid)
    with chain.refuses(errors.NoWeightsCommitFound):
        reveal(chain, netuid, salt=())


def test_what_was_not_committed_is_refused(chain, who, netuid):
    with chain.refuses(errors.NoWeightsCommitFound):
        reveal(chain, netuid)
    commit(chain, who, netuid)
    next_epoch(chain, netuid)
    with chain.refuses(errors.InvalidRevealCommitHashNotMatch):
        reveal(chain, netuid, values=(1, 2))


def test_revealing_the_newer_gives_up_the_older(chain, who, netuid):
    commit(chain, who, netuid)
    commit(chain, who, netuid, salt=(1,))
    next_epoch(chain, netuid)
    reveal(chain, netuid, salt=(1,))
    with chain.refuses(errors.NoWeightsCommitFound):
        reveal(chain, netuid)


def test_ten_commits_may_wait_and_expired_ones_make_room(chain, who, netuid):
    for salt in range(10):
        commit(chain, who, netuid, salt=(salt,))
    with chain.refuses(errors.TooManyUnrevealedCommits):
        commit(chain, who, netuid)
    next_epoch(chain, netuid)
    next_epoch(chain, netuid)
    commit(chain, who, netuid)
    assert len(chain[WeightCommits].weight_commits[netuid, who("validator")]) == 1


def test_several_commits_are_opened_at_once_or_not_at_all(chain, who, netuid):
    commit(chain, who, netuid)
    commit(chain, who, netuid, values=(1, 3))
    next_epoch(chain, netuid)
    batch = ((ROW["uids"],) * 2, ((1, 1), (1, 3)), (ROW["salt"],) * 2, (0, 0))
    with chain.refuses(errors.InvalidRevealCommitHashNotMatch):
        chain.call(
            WeightCommits.batch_reveal_weights, netuid, batch[0], ((1, 1), (9, 9)), *batch[2:], by="validator"
        )
    with chain.refuses(errors.InputLengthsUnequal):
        chain.call(WeightCommits.batch_reveal_weights, netuid, *batch[:3], (0,), by="validator")
    chain.call(WeightCommits.batch_reveal_weights, netuid, *batch, by="validator")
    assert chain[VoteMatrix].weights[netuid, 1] == ((0, 21_845), (2, 65_535))
    assert len(chain.events(events.WeightsBatchRevealed)[0].commit_hashes) == 2


def test_each_mechanism_has_commits_of_its_own(chain, who, netuid):
    chain[Hyperparameters].mechanism_count_current[netuid] = 2
    second = commit_hash(who("validator"), 4_096 + netuid, **ROW)
    chain.call(WeightCommits.commit_mechanism_weights, netuid, 1, second, by="validator")
    next_epoch(chain, netuid)
    chain.call(WeightCommits.reveal_mechanism_weights, netuid, 1, **ROW, by="validator")
    assert chain[VoteMatrix].weights[4_096 + netuid, 1] == ((0, 65_535), (2, 65_535))
    with chain.refuses(errors.MechanismDoesNotExist):
        chain.call(WeightCommits.commit_mechanism_weights, netuid, 2, second, by="validator")


def test_a_failing_item_of_a_batch_of_commits_does_not_keep_the_others(chain, who, netuid):
    hashes = (hashed(who, netuid), hashed(who, netuid))
    chain.call(WeightCommits.batch_commit_weights, (9, netuid), hashes, by="validator")
    assert [event.netuid for event in chain.events(events.BatchWeightItemFailed)] == [9]
    assert len(chain[WeightCommits].weight_commits[netuid, who("validator")]) == 1
    with chain.refuses(errors.InputLengthsUnequal):
        chain.call(WeightCommits.batch_commit_weights, (netuid,), (), by="validator")


def test_who_may_not_commit_is_refused(chain, who, netuid):
    with chain.refuses(errors.HotKeyNotRegisteredInSubNet):
        chain.call(WeightCommits.commit_weights, netuid, bytes(32), by="stranger")
    with chain.refuses(BadOrigin):
        chain.call(WeightCommits.commit_weights, netuid, bytes(32), by=NONE)
    chain[Hyperparameters].weights_set_rate_limit[netuid] = 5
    with chain.refuses(errors.CommittingWeightsTooFast):
        commit(chain, who, netuid)
    chain[Hyperparameters].commit_reveal_weights_enabled[netuid] = False
    with chain.refuses(errors.CommitRevealDisabled):
        commit(chain, who, netuid)
    with chain.refuses(errors.CommitRevealDisabled):
        reveal(chain, netuid)
