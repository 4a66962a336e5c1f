"""Trimming: who stays, and that everything which names a uid follows."""

import pytest

from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.serving import Serving
from ganglion.pallets.subtensor.trimming import Trimming
from ganglion.pallets.subtensor.types import AxonInfo
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix


@pytest.fixture
def netuid(chain):
    """Owner (0) and miners a (1), b (2), c (3), d (4), none of them immune; at least one uid."""
    netuid = chain.subnet()
    for name in "abcd":
        chain.neuron(netuid, name)
    chain.advance()
    chain[Hyperparameters].immunity_period[netuid] = 0
    chain[Hyperparameters].min_allowed_uids[netuid] = 1
    chain[Neurons].emission[netuid] = (0, 1, 5, 3, 5)
    return netuid


def test_the_owner_and_those_that_earned_most_stay_in_their_order(chain, netuid, who):
    chain[Trimming].trim(netuid, 3)
    names = ("owner_hotkey", "b", "d")
    assert chain[Neurons].hotkeys(netuid) == tuple(map(who, names))
    assert [chain[Neurons].uid(netuid, who(name)) for name in names] == [0, 1, 2]
    assert chain[Neurons].uid(netuid, who("a")) is None
    assert chain[Neurons].networks_of(who("a")) == ()
    assert chain[Neurons].emission[netuid] == (0, 5, 5)
    assert chain[Hyperparameters].max_allowed_uids[netuid] == 3
    chain.advance()


def test_of_equals_the_higher_uid_goes(chain, netuid, who):
    chain[Trimming].trim(netuid, 2)
    assert chain[Neurons].hotkeys(netuid) == (who("owner_hotkey"), who("b"))


def test_votes_and_bonds_follow_their_uids_and_lose_those_that_went(chain, netuid):
    votes = chain[VoteMatrix]
    votes.weights[netuid, 4] = ((1, 9), (2, 65_535), (4, 3))
    votes.bonds[netuid, 2] = ((3, 7), (4, 8))
    votes.weights[netuid, 1] = ((2, 65_535),)
    chain[Trimming].trim(netuid, 3)
    assert votes.weights[netuid, 2] == ((1, 65_535), (2, 3))
    assert votes.bonds[netuid, 1] == ((2, 8),)
    assert [uid for uid, _ in votes.weights.under(netuid)] == [2]


def test_endpoints_of_those_that_went_are_gone(chain, netuid, who):
    chain[Serving].axons[netuid, who("a")] = chain[Serving].axons[netuid, who("b")] = AxonInfo(
        1, 0, 1, 1, 4, 0, 0, 0
    )
    chain[Trimming].trim(netuid, 3)
    assert (netuid, who("a")) not in chain[Serving].axons
    assert (netuid, who("b")) in chain[Serving].axons


def test_a_limit_above_the_count_removes_nobody(chain, netuid):
    chain[Trimming].trim(netuid, 100)
    assert chain[Neurons].count(netuid) == 5
    assert chain[Hyperparameters].max_allowed_uids[netuid] == 100


@pytest.mark.parametrize("limit", [0, 257])
def test_a_limit_out_of_range_is_refused(chain, netuid, limit):
    with chain.refuses(errors.InvalidValue):
        chain[Trimming].trim(netuid, limit)


def test_no_subnet_is_no_subnet(chain):
    with chain.refuses(errors.SubnetNotExists):
        chain[Trimming].trim(9, 5)


def test_if_four_fifths_of_those_left_would_be_immune_nothing_happens(chain, netuid):
    chain[Hyperparameters].immunity_period[netuid] = 1_000
    with chain.refuses(errors.TrimmingWouldExceedMaxImmunePercentage):
        chain[Trimming].trim(netuid, 4)
