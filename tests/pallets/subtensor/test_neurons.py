"""Neurons: seats, vectors by uid, replacement and who is replaced."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganglion.frame.dispatch import InvariantBroken
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.serving import Serving
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.trimming import Trimming
from ganglion.pallets.subtensor.types import AxonInfo, storage_index
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix

AXON = AxonInfo(1, 0, 1, 1, 4, 0, 0, 0)


def test_a_new_neuron_gets_the_next_uid_and_an_entry_in_every_vector(chain, who):
    netuid, neurons = chain.subnet(), chain[Neurons]
    assert chain.neuron(netuid, "miner") == 1
    assert neurons.hotkeys(netuid) == (who("owner_hotkey"), who("miner"))
    assert neurons.uid(netuid, who("miner")) == 1
    assert neurons.networks_of(who("miner")) == (netuid,)
    assert neurons.registered_at(netuid) == neurons.last_update[netuid] == (1, 1)
    assert neurons.active[netuid] == (True, True)
    assert neurons.validator_permit[netuid] == (False, False)
    for vector in (neurons.emission, neurons.consensus, neurons.incentive, neurons.dividends):
        assert vector[netuid] == (0, 0)


def test_each_mechanism_has_times_and_incentive_of_its_own(chain):
    netuid, neurons = chain.subnet(), chain[Neurons]
    chain[Hyperparameters].mechanism_count_current[netuid] = 2
    chain.advance()
    chain.neuron(netuid, "miner")
    second = storage_index(netuid, 1)
    assert neurons.last_update[second] == (0, chain.number)
    assert neurons.incentive[second] == (0,)


def test_nothing_of_a_replaced_neuron_stays(chain, who):
    netuid, neurons, votes = chain.subnet(), chain[Neurons], chain[VoteMatrix]
    uid = chain.neuron(netuid, "old")
    chain.neuron(netuid, "other")
    for vector in (neurons.emission, neurons.consensus, neurons.incentive, neurons.dividends):
        vector[netuid] = (7, 8, 9)
    neurons.validator_permit[netuid] = (True, True, True)
    neurons.active[netuid] = (False, False, False)
    votes.weights[netuid, uid] = votes.weights[netuid, 2] = ((uid, 65_535),)
    votes.bonds[netuid, uid] = ((2, 5),)
    chain[Serving].axons[netuid, who("old")] = AXON
    chain.advance(3)

    neurons.replace(netuid, uid, who("new"))

    assert neurons.uid(netuid, who("old")) is None
    assert neurons.networks_of(who("old")) == ()
    assert neurons.hotkeys(netuid)[uid] == who("new")
    for vector in (neurons.emission, neurons.consensus, neurons.incentive, neurons.dividends):
        assert vector[netuid] == (7, 0, 9)
    assert neurons.validator_permit[netuid] == (True, False, True)
    assert neurons.active[netuid] == (False, True, False)
    assert neurons.registered_at(netuid)[uid] == neurons.last_update[netuid][uid] == chain.number
    assert votes.weights[netuid, uid] == votes.bonds[netuid, uid] == ()
    assert votes.weights[netuid, 2] == ((uid, 0),)
    assert chain[Serving].axons[netuid, who("old")] is None


def full_subnet(chain, emission):
    """A subnet of the owner and three miners past their immunity, which earned `emission`."""
    netuid = chain.subnet()
    for name in "abc":
        chain.neuron(netuid, name)
        chain.advance()
    chain[Hyperparameters].immunity_period[netuid] = 0
    chain[Hyperparameters].min_non_immune_uids[netuid] = 0
    chain[Neurons].emission[netuid] = emission
    return netuid


def test_the_one_that_earned_least_is_replaced(chain):
    netuid = full_subnet(chain, (0, 5, 3, 4))
    assert chain[Neurons].uid_to_prune(netuid) == 2


def test_of_equals_the_longest_registered_is_replaced(chain):
    netuid = full_subnet(chain, (0, 5, 5, 5))
    assert chain[Neurons].uid_to_prune(netuid) == 1


def test_the_immune_are_spared_while_enough_others_can_go(chain):
    netuid = full_subnet(chain, (0, 5, 3, 4))
    chain[Hyperparameters].immunity_period[netuid] = 2  # only the newest is immune
    assert chain[Neurons].is_immune(netuid, 3)
    assert chain[Neurons].uid_to_prune(netuid) == 2
    chain[Hyperparameters].min_non_immune_uids[netuid] = 2
    assert chain[Neurons].uid_to_prune(netuid) == 3


def test_the_owner_keeps_as_many_uids_as_allowed_its_chosen_hotkey_first(chain, who):
    netuid = chain.subnet("owner", "first")
    chain.neuron(netuid, "second", "owner")
    chain.advance()
    chain.neuron(netuid, "third", "owner")
    neurons, settings = chain[Neurons], chain[Hyperparameters]
    assert neurons.owner_uids(netuid) == (0,)
    chain[Subnets].set_owner_hotkey(netuid, who("third"))
    assert neurons.owner_uids(netuid) == (2,)
    settings.immune_owner_uids_limit[netuid] = 2
    assert neurons.owner_uids(netuid) == (2, 0)


def test_nobody_goes_if_all_are_the_owners(chain):
    netuid = chain.subnet()
    assert chain[Neurons].uid_to_prune(netuid) is None


def test_a_hotkey_in_two_seats_is_found_by_the_check_of_state(chain, who):
    netuid = chain.subnet()
    chain[Neurons].keys[netuid, 1] = who("owner_hotkey")
    with pytest.raises(InvariantBroken):
        chain.world.try_state()


@pytest.mark.parametrize("vector", ["active", "emission", "dividends", "validator_permit"])
def test_a_vector_that_leaves_a_uid_out_breaks_the_state(chain, vector):
    netuid = chain.subnet()
    chain.neuron(netuid, "miner")
    values = getattr(chain[Neurons], vector)
    values[netuid] = values[netuid][:-1]
    with pytest.raises(InvariantBroken):
        chain.world.try_state()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(("append", "replace", "trim")), st.integers(0, 50)), max_size=25))
def test_uids_and_hotkeys_stay_a_bijection_and_vectors_fit_whatever_happens(make_chain, who, steps):
    chain = make_chain()
    netuid, neurons = chain.subnet(), chain[Neurons]
    chain[Hyperparameters].immunity_period[netuid] = 0
    chain[Hyperparameters].min_allowed_uids[netuid] = 1
    for number, (step, choice) in enumerate(steps):
        count = neurons.count(netuid)
        if step == "append":
            neurons.append(netuid, who(f"hotkey{number}"))
        elif step == "replace" and count > 1:
            neurons.replace(netuid, 1 + choice % (count - 1), who(f"hotkey{number}"))
        elif step == "trim" and count > 2:
            chain[Trimming].trim(netuid, 2 + choice % (count - 2))
            chain[Hyperparameters].max_allowed_uids[netuid] = 256
        neurons.try_state()
        vectors = (neurons.active, neurons.emission, neurons.incentive, neurons.last_update)
        assert {len(vector[netuid]) for vector in vectors} == {neurons.count(netuid)}
    assert neurons.hotkey(netuid, 0) == who("owner_hotkey")
