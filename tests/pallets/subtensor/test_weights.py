"""Setting weights."""

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import NONE
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.subtensor.weights import Weights

SET = Weights.set_weights


@pytest.fixture
def netuid(chain):
    """A subnet without commit-reveal: owner (0), a validator with a permit (1), two miners (2, 3)."""
    netuid = chain.subnet()
    for name in ("validator", "miner", "rival"):
        chain.neuron(netuid, name)
    chain[Hyperparameters].commit_reveal_weights_enabled[netuid] = False
    chain[Neurons].validator_permit[netuid] = (False, True, False, False)
    chain.advance(100)
    return netuid


def test_weights_are_kept_scaled_in_the_order_given(chain, netuid):
    chain.call(SET, netuid, (3, 2), (1, 2), 0, by="validator")
    assert chain[VoteMatrix].weights[netuid, 1] == ((3, 32_768), (2, 65_535))
    assert chain[Neurons].last_update[netuid][1] == chain.number
    assert chain.events(events.WeightsSet) == [events.WeightsSet(netuid, 1)]


@pytest.mark.parametrize(
    ("uids", "values", "by", "error"),
    [
        ((2, 3), (1,), "validator", errors.WeightVecNotEqualSize),
        ((0, 1, 2, 3, 4), (1,) * 5, "validator", errors.UidsLengthExceedUidsInSubNet),
        ((2,), (1,), "stranger", errors.HotKeyNotRegisteredInSubNet),
        ((2,), (1,), "miner_coldkey", errors.HotKeyNotRegisteredInSubNet),
        ((3,), (1,), "miner", errors.NeuronNoValidatorPermit),
        ((2, 2), (1, 1), "validator", errors.DuplicateUids),
        ((2, 4), (1, 1), "validator", errors.UidVecContainInvalidOne),
        ((), (), "validator", errors.WeightVecLengthIsLow),
    ],
)
def test_weights_that_break_a_rule_are_refused(chain, netuid, uids, values, by, error):
    with chain.refuses(error):
        chain.call(SET, netuid, uids, values, 0, by=by)


def test_nobody_weighs_on_the_root_network_or_on_none(chain, netuid):
    chain[Hyperparameters].commit_reveal_weights_enabled[0] = False
    chain[Hyperparameters].commit_reveal_weights_enabled[9] = False
    with chain.refuses(errors.CanNotSetRootNetworkWeights):
        chain.call(SET, 0, (), (), 0, by="validator")
    with chain.refuses(errors.MechanismDoesNotExist):
        chain.call(SET, 9, (), (), 0, by="validator")
    with chain.refuses(BadOrigin):
        chain.call(SET, netuid, (2,), (1,), 0, by=NONE)


def test_without_a_permit_one_may_weigh_oneself_and_the_owner_anybody(chain, netuid):
    chain.call(SET, netuid, (2,), (7,), 0, by="miner")
    chain.call(SET, netuid, (2, 3), (7, 7), 0, by="owner_hotkey")
    assert chain[VoteMatrix].weights[netuid, 2] == ((2, 65_535),)


def test_too_few_uids_are_refused_but_never_more_than_there_are(chain, netuid):
    chain[Hyperparameters].min_allowed_weights[netuid] = 1_000
    with chain.refuses(errors.WeightVecLengthIsLow):
        chain.call(SET, netuid, (0, 2, 3), (1, 1, 1), 0, by="validator")
    chain.call(SET, netuid, (0, 1, 2, 3), (1, 1, 1, 1), 0, by="validator")


def test_a_single_weight_is_limited_by_its_share(chain, netuid):
    chain[Hyperparameters].max_weights_limit[netuid] = 32_768
    with chain.refuses(errors.MaxWeightExceeded):
        chain.call(SET, netuid, (2, 3), (2, 1), 0, by="validator")
    chain.call(SET, netuid, (2, 3), (1, 1), 0, by="validator")


def test_an_old_version_is_refused(chain, netuid):
    chain[Hyperparameters].weights_version_key[netuid] = 5
    with chain.refuses(errors.IncorrectWeightVersionKey):
        chain.call(SET, netuid, (2,), (1,), 4, by="validator")
    chain.call(SET, netuid, (2,), (1,), 6, by="validator")


def test_weights_must_wait_for_the_rate_limit_counted_from_registration_too(chain, netuid):
    chain.call(SET, netuid, (2,), (1,), 0, by="validator")
    chain.advance(99)
    with chain.refuses(errors.SettingWeightsTooFast):
        chain.call(SET, netuid, (2,), (1,), 0, by="validator")
    chain.advance()
    chain.call(SET, netuid, (2,), (1,), 0, by="validator")
    chain.neuron(netuid, "newcomer")
    with chain.refuses(errors.SettingWeightsTooFast):
        chain.call(SET, netuid, (4,), (1,), 0, by="newcomer")


def test_below_the_stake_threshold_only_the_owner_sets_weights(chain, netuid):
    chain[StakeWeights].stake_threshold.set(1)
    with chain.refuses(errors.NotEnoughStakeToSetWeights):
        chain.call(SET, netuid, (2,), (1,), 0, by="validator")
    chain.call(SET, netuid, (2,), (1,), 0, by="owner_hotkey")
    chain.stake(netuid, "validator", "validator_coldkey", 1)
    chain.call(SET, netuid, (2,), (1,), 0, by="validator")


def test_where_commits_are_demanded_plain_weights_are_refused(chain, netuid):
    chain[Hyperparameters].commit_reveal_weights_enabled[netuid] = True
    with chain.refuses(errors.CommitRevealEnabled):
        chain.call(SET, netuid, (2,), (1,), 0, by="validator")
    with chain.refuses(errors.CommitRevealEnabled):
        chain.call(Weights.set_mechanism_weights, netuid, 0, (2,), (1,), 0, by="validator")


def test_each_mechanism_has_weights_and_rate_limit_of_its_own(chain, netuid):
    chain[Hyperparameters].mechanism_count_current[netuid] = 2
    chain.call(SET, netuid, (2,), (1,), 0, by="validator")
    chain.call(Weights.set_mechanism_weights, netuid, 1, (3,), (1,), 0, by="validator")
    assert chain[VoteMatrix].weights[netuid, 1] == ((2, 65_535),)
    assert chain[VoteMatrix].weights[4_096 + netuid, 1] == ((3, 65_535),)
    with chain.refuses(errors.MechanismDoesNotExist):
        chain.call(Weights.set_mechanism_weights, netuid, 2, (3,), (1,), 0, by="validator")


def test_a_failing_item_of_a_batch_does_not_keep_the_others(chain, netuid):
    rows = (((2, 1),), ((2, 1),))
    chain.call(Weights.batch_set_weights, (9, netuid), rows, (0, 0), by="validator")
    assert chain[VoteMatrix].weights[netuid, 1] == ((2, 65_535),)
    assert len(chain.events(events.BatchCompletedWithErrors)) == 1
    (failed,) = chain.events(events.BatchWeightItemFailed)
    assert failed.netuid == 9
    assert failed.error.error.error[0] == errors.CommitRevealEnabled.scale_index
    assert chain.events(events.BatchWeightsCompleted)[0].netuids == (9, netuid)


def test_a_batch_of_unequal_lists_is_refused(chain, netuid):
    with chain.refuses(errors.InputLengthsUnequal):
        chain.call(Weights.batch_set_weights, (netuid,), (), (0,), by="validator")
