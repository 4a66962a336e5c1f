"""What becomes of neurons that leave, and that `try_state` would see what is left behind."""

import pytest

from ganglion.frame.dispatch import InvariantBroken
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.serving import Serving
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.subtensor.weights import Weights


@pytest.fixture
def netuid(chain):
    """A full subnet of three: owner, validator and a miner that serves and is voted for."""
    netuid = chain.subnet()
    settings = chain[Hyperparameters]
    settings.commit_reveal_weights_enabled[netuid] = False
    settings.max_allowed_uids[netuid] = 3
    settings.min_non_immune_uids[netuid] = 0
    settings.immunity_period[netuid] = 0
    for name in ("validator", "miner"):
        chain.neuron(netuid, name)
    chain[Neurons].validator_permit[netuid] = (False, True, False)
    chain[Neurons].emission[netuid] = (5, 5, 0)
    chain.advance(200)
    chain.call(Weights.set_weights, netuid, (0, 2), (1, 1), 0, by="validator")
    chain.call(Serving.serve_axon, netuid, 1, 16_909_060, 80, 4, 0, 0, 0, by="miner")
    return netuid


def test_votes_for_the_neuron_that_left_do_not_count_for_the_next(chain, netuid):
    assert chain.neuron(netuid, "next") == 2
    assert chain[VoteMatrix].weights[netuid, 1] == ((0, 65_535), (2, 0))
    assert chain[Serving].axons[netuid, chain.who("miner")] is None
    assert chain[Neurons].last_update[netuid][2] == chain.number
    chain.advance()


def test_who_left_may_come_back_to_another_uid(chain, netuid):
    chain.neuron(netuid, "next")
    chain[Neurons].emission[netuid] = (5, 0, 5)
    assert chain.neuron(netuid, "miner") == 1
    assert chain[VoteMatrix].weights[netuid, 1] == ()
    chain.advance()


def test_the_owners_neuron_stays_however_little_it_earns(chain, netuid):
    chain[Neurons].emission[netuid] = (0, 5, 5)
    assert chain.neuron(netuid, "next") == 1


def test_a_failed_registration_keeps_the_neuron_that_would_have_gone(chain, netuid):
    chain.fund("next_coldkey", 10)
    chain[Hyperparameters].network_registration_allowed[netuid] = False
    with chain.refuses(errors.SubNetRegistrationDisabled):
        chain.call(Registration.burned_register, netuid, chain.who("next"), by="next_coldkey")
    assert chain[Neurons].uid(netuid, chain.who("miner")) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda chain, netuid: chain[Neurons].is_network_member.__setitem__(
            (chain.who("ghost"), netuid), True
        ),
        lambda chain, netuid: chain[Neurons].incentive.__setitem__(netuid, (0,) * 4),
        lambda chain, netuid: chain[VoteMatrix].bonds.__setitem__((netuid, 1), ((3, 1),)),
        lambda chain, netuid: chain[VoteMatrix].weights.__setitem__((netuid, 3), ()),
        lambda chain, netuid: chain[Serving].axons.__setitem__(
            (netuid, chain.who("ghost")), chain[Serving].axons[netuid, chain.who("miner")]
        ),
    ],
    ids=["member", "vector", "bond", "row", "endpoint"],
)
def test_what_a_gone_neuron_left_behind_is_seen(chain, netuid, spoil):
    chain.world.try_state()
    spoil(chain, netuid)
    with pytest.raises(InvariantBroken):
        chain.world.try_state()
