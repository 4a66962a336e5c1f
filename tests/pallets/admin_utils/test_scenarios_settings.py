"""Settings at their extremes, refusals that leave no trace, and what a setting does at once."""

import pytest

from ganglion.frame.dispatch import U64_MAX, BadOrigin
from ganglion.pallets.admin_utils import events as admin_events
from ganglion.pallets.admin_utils.chain_settings import ChainSettings
from ganglion.pallets.admin_utils.consensus_settings import ConsensusSettings
from ganglion.pallets.admin_utils.neuron_settings import NeuronSettings
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.rate_limits import RateLimits
from ganglion.pallets.subtensor.types import Hyperparameter, OwnerHyperparamUpdate

TAO = 10**9


@pytest.fixture
def netuid(chain):
    """A started subnet outside of its freeze window, with a nominator of one TAO."""
    netuid = chain.subnet()
    chain.stake(netuid, "owner_hotkey", "nominator", 1)
    return netuid


def test_a_higher_minimum_pays_small_nominators_out_at_once(chain, netuid, root):
    own = chain.stake(netuid, "owner_hotkey", "owner", 1)
    chain.call(ChainSettings.sudo_set_nominator_min_required_stake, 2 * TAO, by=root)
    assert chain.stake_of("owner_hotkey", "nominator", netuid) == 0
    assert chain.stake_of("owner_hotkey", "owner", netuid) == own
    assert chain.events(events.StakeRemoved)[-1].coldkey == chain.who("nominator")
    chain.advance()


def test_a_lower_minimum_pays_nobody_out(chain, netuid, root):
    chain.call(ChainSettings.sudo_set_nominator_min_required_stake, 5, by=root)
    before = chain.stake_of("owner_hotkey", "nominator", netuid)
    chain.call(ChainSettings.sudo_set_nominator_min_required_stake, 1, by=root)
    assert chain.stake_of("owner_hotkey", "nominator", netuid) == before > 0


def test_strangers_set_no_minimum(chain, netuid, stranger):
    with chain.refuses(BadOrigin):
        chain.call(ChainSettings.sudo_set_nominator_min_required_stake, U64_MAX, by=stranger)


def test_owners_let_bonds_be_reset_once_in_a_while(chain, netuid):
    chain.call(ConsensusSettings.sudo_set_bonds_reset_enabled, netuid, True, by="owner")
    assert chain[Hyperparameters].bonds_reset_on[netuid]
    assert chain.events(admin_events.BondsResetToggled)
    with chain.refuses(errors.TxRateLimitExceeded):
        chain.call(ConsensusSettings.sudo_set_bonds_reset_enabled, netuid, False, by="owner")


def test_a_refused_setting_does_not_count_against_the_owner(chain, netuid):
    with chain.refuses(errors.InvalidValue):
        chain.call(NeuronSettings.sudo_set_owner_immune_neuron_limit, netuid, 0, by="owner")
    key = OwnerHyperparamUpdate(netuid, Hyperparameter.ImmuneNeuronLimit)
    assert chain[RateLimits].last_rate_limited_block[key] == 0
    chain.call(NeuronSettings.sudo_set_owner_immune_neuron_limit, netuid, 2, by="owner")


def test_root_is_not_bound_by_the_owners_limits(chain, netuid, root):
    for tempo in (1, 0, 65_535):
        chain[Hyperparameters].admin_freeze_window.set(0)
        chain.call(ConsensusSettings.sudo_set_tempo, netuid, tempo, by=root)
        chain.advance(2)
    assert chain[Hyperparameters].tempo[netuid] == 65_535


@pytest.mark.parametrize("kappa", [0, 65_535])
@pytest.mark.parametrize("cut", [0, 65_535])
def test_epochs_run_at_the_extremes(chain, netuid, root, kappa, cut):
    chain.call(ConsensusSettings.sudo_set_kappa, netuid, kappa, by=root)
    chain.call(ChainSettings.sudo_set_subnet_owner_cut, cut, by=root)
    chain.call(ChainSettings.sudo_set_stake_threshold, U64_MAX, by=root)
    chain.call(ChainSettings.sudo_set_ck_burn, U64_MAX, by=root)
    chain.call(ChainSettings.sudo_set_subnet_moving_alpha, -(1 << 127), by=root)
    chain[Hyperparameters].tempo[netuid] = 2
    chain.advance(5)
    assert chain.world.state.changes()
