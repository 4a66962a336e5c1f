"""Epochs: every recorded epoch, laid into storage, is computed and stored to the last bit."""

import json
from pathlib import Path

import pytest

from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.epoch import Epoch
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import ConsensusMode, storage_index
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.subtensor.weight_commits import WeightCommits
from ganglion.pallets.subtensor.weights import Weights
from ganglion.pallets.system import System
from ganglion.yuma.case import solve

NETUID = 3
CASES = [
    (path.stem, json.loads(path.read_text()))
    for path in sorted((Path(__file__).parents[2] / "vectors" / "yuma").glob("*.json"))
]
STORED = ("active", "consensus", "dividends", "emission", "validator_trust", "validator_permit")
SETTINGS = ("tempo", "max_allowed_validators", "kappa", "bonds_penalty", "bonds_moving_average")


def named(kind):
    """Cases of a kind whose stake is a whole number of rao, which is what storage can hold."""
    chosen = [(name, case) for name, case in CASES if case["kind"] == kind]
    inputs = [case["inputs"].get("common", case["inputs"]) for _, case in chosen]
    whole = [each for each, given in zip(chosen, inputs, strict=True) if "stake_i64f64" not in given]
    return pytest.mark.parametrize("case", [case for _, case in whole], ids=[name for name, _ in whole])


def hotkey(uid):
    """Hotkeys in an order that is not that of the uids."""
    return ((uid * 7919) % 65_521).to_bytes(32, "little")


def lay_settings(chain, inputs):
    settings = chain[Hyperparameters]
    for name in SETTINGS:
        getattr(settings, name)[NETUID] = inputs[name]
    settings.yuma3_on[NETUID] = inputs["yuma3"]
    settings.liquid_alpha_on[NETUID] = inputs["liquid_alpha"]
    settings.alpha_sigmoid_steepness[NETUID] = inputs["alpha_sigmoid_steepness"]
    settings.liquid_alpha_consensus_mode[NETUID] = ConsensusMode.Current
    settings.alpha_values[NETUID] = (inputs["alpha_low"], inputs["alpha_high"])
    settings.commit_reveal_weights_enabled[NETUID] = inputs["commit_reveal"]
    settings.reveal_period_epochs[NETUID] = inputs["reveal_period"]
    chain[StakeWeights].stake_threshold.set(inputs["stake_threshold"])
    # The recorded cutoff is in blocks, the stored one in thousandths of a tempo.
    settings.activity_cutoff_factor_milli[NETUID] = -(-inputs["activity_cutoff"] * 1000 // inputs["tempo"])
    assert settings.cutoff(NETUID) == inputs["activity_cutoff"]


def lay_subnet(chain, inputs):
    chain[System].number.set(inputs["current_block"])
    chain[Subnets].networks_added[NETUID] = True
    chain[EpochSchedule].subnet_epoch_index[NETUID] = inputs["current_epoch"]
    chain[EpochSchedule].restart(NETUID)
    chain[Epoch].last_mechanism_step_block[NETUID] = inputs["last_step_block"]
    lay_settings(chain, inputs)
    neurons = chain[Neurons]
    neurons.subnetwork_n[NETUID] = inputs["n"]
    for uid in range(inputs["n"]):
        neurons.keys[NETUID, uid] = hotkey(uid)
        neurons.uids[NETUID, hotkey(uid)] = uid
        neurons.block_at_registration[NETUID, uid] = inputs["block_at_registration"][uid]
        if inputs["stake"][uid]:
            chain[Shares].add(hotkey(uid), hotkey(uid), NETUID, inputs["stake"][uid])
    neurons.validator_permit[NETUID] = tuple(inputs["validator_permit"])
    if inputs["owner_uid"] is not None:
        chain[Subnets].subnet_owner_hotkey[NETUID] = hotkey(inputs["owner_uid"])


def lay_mechanism(chain, inputs, mechanism):
    index = storage_index(NETUID, mechanism)
    chain[Neurons].last_update[index] = tuple(inputs["last_update"])
    for uid, row in enumerate(inputs["weights"]):
        chain[VoteMatrix].weights[index, uid] = tuple(map(tuple, row))
    for uid, row in enumerate(inputs["bonds"]):
        chain[VoteMatrix].bonds[index, uid] = tuple(map(tuple, row))
    for uid, epoch, block in inputs["commits"]:
        queue = chain[WeightCommits].weight_commits[index, hotkey(uid)] or ()
        chain[WeightCommits].weight_commits[index, hotkey(uid)] = (*queue, (bytes(32), epoch, block, 0))


def bonds_of(chain, mechanism, n):
    index = storage_index(NETUID, mechanism)
    return [[list(pair) for pair in chain[VoteMatrix].bonds[index, uid]] for uid in range(n)]


@named("epoch")
def test_a_recorded_epoch_is_computed_from_storage_and_stored(chain, case):
    inputs, expected = case["inputs"], case["expected"]
    lay_subnet(chain, inputs)
    lay_mechanism(chain, inputs, 0)

    pay = chain[Epoch].run(NETUID, inputs["rao_emission"])

    assert [list(each) for each in pay] == [
        [hotkey(uid), expected["server_emission"][uid], expected["validator_emission"][uid]]
        for uid in range(inputs["n"])
    ]
    for vector in STORED:
        assert list(getattr(chain[Neurons], vector)[NETUID]) == expected[vector], vector
    assert list(chain[Neurons].stake_weight[NETUID]) == expected["stake_weight"]
    assert list(chain[Neurons].incentive[NETUID]) == expected["incentive"]
    assert bonds_of(chain, 0, inputs["n"]) == expected["bonds"]
    assert chain[Epoch].last_mechanism_step_block[NETUID] == inputs["current_block"]
    (told,) = chain.events(events.IncentiveAlphaEmittedToMiners)
    assert list(told.emissions) == expected["server_emission"]


@named("mechanisms")
def test_recorded_mechanisms_are_computed_from_storage_and_stored_together(chain, case):
    inputs, expected = case["inputs"], case["expected"]
    common, n = inputs["common"], inputs["common"]["n"]
    lay_subnet(chain, common)
    chain[Hyperparameters].mechanism_count_current[NETUID] = len(inputs["mechanisms"])
    split = inputs.get("split")
    chain[Hyperparameters].mechanism_emission_split[NETUID] = split and tuple(split)
    for mechanism, own in enumerate(inputs["mechanisms"]):
        lay_mechanism(chain, own, mechanism)

    pay = chain[Epoch].run(NETUID, inputs["rao_emission"])

    total = expected["aggregate"]
    assert [each.server for each in pay] == total["server_emission"]
    assert [each.validator for each in pay] == total["validator_emission"]
    for vector in STORED:
        assert list(getattr(chain[Neurons], vector)[NETUID]) == total[vector], vector
    for mechanism, own in enumerate(expected["per_mechanism"]):
        index = storage_index(NETUID, mechanism)
        assert list(chain[Neurons].incentive[index]) == own["incentive"]
        assert bonds_of(chain, mechanism, n) == own["bonds"]


LIQUID = dict(CASES)["25_yuma3_liquid_alpha"]
FULL_PENALTY = LIQUID["inputs"] | {"bonds_penalty": 65535}


@pytest.mark.parametrize("mode", [ConsensusMode.Previous, ConsensusMode.Auto])
def test_liquid_alpha_may_compare_with_the_stored_consensus(chain, mode):
    lay_subnet(chain, FULL_PENALTY)
    lay_mechanism(chain, FULL_PENALTY, 0)
    chain[Hyperparameters].liquid_alpha_consensus_mode[NETUID] = mode
    chain[Neurons].consensus[NETUID] = (0, 0, 0, 65535, 0)
    chain[Epoch].run(NETUID, 1000)
    looking_back = {"previous_consensus": [0, 0, 0, 65535, 0], "liquid_alpha_consensus_mode": "Previous"}
    here, back = (solve(LIQUID | {"inputs": FULL_PENALTY | more}) for more in ({}, looking_back))
    assert bonds_of(chain, 0, FULL_PENALTY["n"]) == back["bonds"] != here["bonds"]


def test_a_new_subnets_liquid_alpha_compares_with_the_epoch_s_own_consensus(chain):
    netuid = chain.subnet()
    assert chain[Hyperparameters].liquid_alpha_consensus_mode[netuid] is ConsensusMode.Current


def test_bonds_that_would_stay_more_than_whole_stay_whole(chain):
    inputs = LIQUID["inputs"] | {"liquid_alpha": False}
    lay_subnet(chain, inputs)
    lay_mechanism(chain, inputs, 0)
    chain[Hyperparameters].bonds_moving_average[NETUID] = 2**64 - 1
    chain[Epoch].run(NETUID, 1000)
    still = solve(LIQUID | {"inputs": inputs | {"bonds_moving_average": 1_000_000}})
    assert bonds_of(chain, 0, inputs["n"]) == still["bonds"]


def test_a_validators_weights_pay_the_miner_it_prefers(chain, who):
    netuid = chain.subnet()
    for name in ("validator", "good", "bad"):
        chain.neuron(netuid, name)
    chain[Hyperparameters].commit_reveal_weights_enabled[netuid] = False
    chain[Hyperparameters].tempo[netuid] = 20
    chain[Hyperparameters].weights_set_rate_limit[netuid] = 0
    chain.stake(netuid, "validator", "validator_coldkey", 100)
    chain.advance(20)
    chain.call(Weights.set_weights, netuid, (2, 3), (3, 1), 0, by="validator")
    chain.advance(60)
    incentive = chain[Neurons].incentive[netuid]
    assert incentive[2] > 2 * incentive[3] > 0
    assert chain.stake_of("good", "good_coldkey", netuid) > 2 * chain.stake_of("bad", "bad_coldkey", netuid)
