"""Who may change settings, and when: over all calls, and the gate's own rules."""

import pytest

from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import ROOT, Origin
from ganglion.pallets.admin_utils import errors
from ganglion.pallets.admin_utils.chain_settings import ChainSettings
from ganglion.pallets.admin_utils.gate import Gate
from ganglion.pallets.admin_utils.neuron_settings import NeuronSettings
from ganglion.pallets.admin_utils.pallet import AdminUtils
from ganglion.pallets.subtensor import errors as subtensor_errors
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.rate_limits import TransactionKind
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import Hyperparameter, RecycleOrBurn


def calls_of(*sections):
    return sorted(
        name for each in sections for name, value in vars(each).items() if hasattr(value, "call_info")
    )


CALLS = calls_of(*AdminUtils.sections)
ROOT_ONLY = [
    *calls_of(ChainSettings),
    "sudo_set_adjustment_interval",
    "sudo_set_difficulty",
    "sudo_set_ema_price_halving_period",
    "sudo_set_kappa",
    "sudo_set_max_allowed_validators",
    "sudo_set_max_registrations_per_block",
    "sudo_set_min_allowed_uids",
    "sudo_set_min_difficulty",
    "sudo_set_min_non_immune_uids",
    "sudo_set_rao_recycled",
    "sudo_set_subnet_emission_enabled",
    "sudo_set_subtoken_enabled",
    "sudo_set_target_registrations_per_interval",
    "sudo_set_weights_set_rate_limit",
]


def plain_argument(codec, netuid):
    """Some value of a call's argument."""
    match codec.name:
        case "NetUid":
            return netuid
        case "bool":
            return True
        case "AccountId32":
            return bytes(32)
        case "RecycleOrBurnEnum":
            return RecycleOrBurn.Burn
        case name if name.startswith("Option"):
            return None
        case _:
            return 1


def plain_call(settings, name, netuid):
    entry = settings[name]
    return RuntimeCall(
        "AdminUtils", name, tuple(plain_argument(field.codec, netuid) for field in entry.fields)
    )


@pytest.mark.parametrize("name", CALLS)
def test_a_stranger_changes_no_setting(chain, netuid, settings, stranger, name):
    with chain.refuses(BadOrigin):
        chain.world.dispatch(plain_call(settings, name, netuid), stranger)


@pytest.mark.parametrize("name", ROOT_ONLY)
def test_what_only_root_may_set_the_owner_may_not(chain, netuid, settings, who, name):
    with chain.refuses(BadOrigin):
        chain.world.dispatch(plain_call(settings, name, netuid), Origin.of(who("owner")))


def test_the_owner_changes_one_setting_once_in_two_tempos_and_each_for_itself(chain, netuid):
    gate, owner = chain[Gate], chain[Subnets].subnet_owner[netuid]
    gate.owner(Origin.of(owner), netuid, Hyperparameter.Rho)
    gate.owner(Origin.of(owner), netuid, Hyperparameter.Kappa)
    with pytest.raises(subtensor_errors.TxRateLimitExceeded):
        gate.owner(Origin.of(owner), netuid, Hyperparameter.Rho)
    gate.owner(ROOT, netuid, Hyperparameter.Rho)
    chain[Hyperparameters].tempo[netuid] = 4
    chain.advance(8)
    chain[EpochSchedule].restart(netuid)
    chain[Hyperparameters].admin_freeze_window.set(0)
    gate.owner(Origin.of(owner), netuid, Hyperparameter.Rho)


def test_kinds_of_change_have_limits_of_their_own(chain, netuid):
    gate, owner = chain[Gate], Origin.of(chain[Subnets].subnet_owner[netuid])
    gate.owner_within(owner, netuid, TransactionKind.MECHANISM_EMISSION, 5)
    with pytest.raises(subtensor_errors.TxRateLimitExceeded):
        gate.owner_within(owner, netuid, TransactionKind.MECHANISM_EMISSION, 5)
    gate.owner_within(owner, netuid, TransactionKind.MECHANISM_COUNT_UPDATE, 5)
    gate.owner_within(ROOT, netuid, TransactionKind.MECHANISM_EMISSION, 5)


def test_before_an_epoch_not_even_root_changes_what_is_frozen(chain, netuid):
    chain[Hyperparameters].tempo[netuid] = 9
    for by in ("owner", ROOT):
        with chain.refuses(subtensor_errors.AdminActionProhibitedDuringWeightsWindow):
            chain.call(NeuronSettings.sudo_set_serving_rate_limit, netuid, 5, by=by)
    chain[Gate].root_any_time(ROOT, netuid)


def test_settings_of_no_subnet_are_refused(chain):
    with chain.refuses(errors.SubnetDoesNotExist):
        chain.call(NeuronSettings.sudo_set_serving_rate_limit, 9, 5, by=ROOT)
    with pytest.raises(errors.SubnetDoesNotExist):
        chain[Gate].root_any_time(ROOT, 9)


def test_the_root_network_is_left_alone_where_it_must_be(chain):
    with pytest.raises(errors.NotPermittedOnRootSubnet):
        chain[Gate].not_root_network(0)


def test_a_refused_change_does_not_count_as_one(chain, netuid):
    with chain.refuses(subtensor_errors.InvalidValue):
        chain.call(NeuronSettings.sudo_set_owner_immune_neuron_limit, netuid, 11, by="owner")
    chain.call(NeuronSettings.sudo_set_owner_immune_neuron_limit, netuid, 10, by="owner")
