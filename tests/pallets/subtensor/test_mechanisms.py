"""Mechanisms: how many, and their parts of the emission."""

import pytest

from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.mechanisms import Mechanisms
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.types import storage_index
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.subtensor.weight_commits import WeightCommits


@pytest.fixture
def netuid(chain):
    """A subnet of at most 64 uids, so that it may have several mechanisms."""
    netuid = chain.subnet()
    chain[Hyperparameters].max_allowed_uids[netuid] = 64
    return netuid


def test_a_mechanism_given_up_leaves_nothing_and_the_split_is_even_again(chain, netuid, who):
    mechanisms, index = chain[Mechanisms], storage_index(netuid, 1)
    mechanisms.set_count(netuid, 2)
    mechanisms.set_split(netuid, (65_535, 0))
    chain[VoteMatrix].weights[index, 0] = ((0, 65_535),)
    chain[WeightCommits].weight_commits[index, who("owner_hotkey")] = ((bytes(32), 0, 0, 0),)
    chain[Neurons].incentive[index] = (1,)
    chain[Neurons].last_update[index] = (1,)
    mechanisms.set_count(netuid, 1)
    assert (index, 0) not in chain[VoteMatrix].weights
    assert (index, who("owner_hotkey")) not in chain[WeightCommits].weight_commits
    assert index not in chain[Neurons].incentive
    assert index not in chain[Neurons].last_update
    assert chain[Hyperparameters].mechanism_emission_split[netuid] is None


@pytest.mark.parametrize("count", [0, 3])
def test_a_count_of_none_or_more_than_allowed_is_refused(chain, netuid, count):
    with chain.refuses(errors.InvalidValue):
        chain[Mechanisms].set_count(netuid, count)


def test_uids_times_mechanisms_are_limited(chain, netuid):
    chain[Hyperparameters].max_allowed_uids[netuid] = 129
    with chain.refuses(errors.TooManyUIDsPerMechanism):
        chain[Mechanisms].set_count(netuid, 2)


@pytest.mark.parametrize("split", [(), (65_534,), (65_535, 1), (1, 1, 65_533)])
def test_a_split_must_be_the_whole_for_no_more_mechanisms_than_there_are(chain, netuid, split):
    chain[Mechanisms].set_count(netuid, 2)
    with chain.refuses(errors.InvalidValue):
        chain[Mechanisms].set_split(netuid, split)


def test_only_mechanisms_of_a_subnet_exist(chain, netuid):
    chain[Mechanisms].ensure(netuid, 0)
    for where in ((netuid, 1), (99, 0)):
        with chain.refuses(errors.MechanismDoesNotExist):
            chain[Mechanisms].ensure(*where)


@pytest.mark.parametrize("limit", [0, 17])
def test_no_subnet_may_have_more_than_sixteen(chain, limit):
    with chain.refuses(errors.InvalidValue):
        chain[Mechanisms].set_limit(limit)
    chain[Mechanisms].set_limit(16)
