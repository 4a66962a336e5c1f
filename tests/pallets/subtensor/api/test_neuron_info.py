import pytest

from ganglion.pallets.subtensor.api.neuron_info import NO_AXON
from ganglion.pallets.subtensor.serving import Serving
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.types import AxonInfo
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix


def test_neurons_come_by_uid_with_their_keys_and_stake(chain, who, ask, netuid):
    neurons = ask("NeuronInfoRuntimeApi_get_neurons_lite", netuid)
    assert [each.uid for each in neurons] == [0, 1, 2]
    assert neurons[1].hotkey == who("validator")
    staked = chain[Shares].of_hotkey(who("validator"), netuid)
    assert neurons[1].stake == ((who("validator_coldkey"), staked),)


def test_weights_and_bonds_without_value_are_left_out(chain, ask, netuid):
    chain[VoteMatrix].weights[netuid, 1] = ((0, 0), (2, 7))
    assert ask("NeuronInfoRuntimeApi_get_neuron", netuid, 1).weights == ((2, 7),)


def test_a_neuron_tells_where_it_serves(chain, who, ask, netuid):
    axon = AxonInfo(1, 2, 3, 4, 4, 0, 0, 0)
    chain[Serving].axons[netuid, who("miner")] = axon
    miner = ask("NeuronInfoRuntimeApi_get_neuron_lite", netuid, 2)
    assert miner.axon_info == axon
    assert ask("NeuronInfoRuntimeApi_get_neuron_lite", netuid, 1).axon_info == NO_AXON


@pytest.mark.parametrize("method", ["get_neuron", "get_neuron_lite"])
def test_a_uid_that_does_not_exist_is_none(ask, netuid, method):
    assert ask(f"NeuronInfoRuntimeApi_{method}", netuid, 3) is None


@pytest.mark.parametrize("method", ["get_neurons", "get_neurons_lite"])
def test_a_subnet_that_does_not_exist_has_no_neurons(ask, method):
    assert ask(f"NeuronInfoRuntimeApi_{method}", 9) == ()
