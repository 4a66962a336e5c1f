"""What the calls write and tell, and the bounds they hold to."""

import pytest

from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import ROOT
from ganglion.pallets.admin_utils import errors
from ganglion.pallets.admin_utils import events as admin_events
from ganglion.pallets.admin_utils.chain_settings import ChainSettings
from ganglion.pallets.admin_utils.consensus_settings import ConsensusSettings
from ganglion.pallets.admin_utils.neuron_settings import NeuronSettings
from ganglion.pallets.admin_utils.registration_settings import RegistrationSettings
from ganglion.pallets.admin_utils.subnet_settings import SubnetSettings
from ganglion.pallets.admin_utils.weight_settings import WeightSettings
from ganglion.pallets.subtensor import errors as subtensor_errors
from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.types import ConsensusMode, RecycleOrBurn

ONE = 1 << 64


def named(value):
    """How a parameter appears in the name of its test."""
    return getattr(value, "__name__", str(value))


# call, value, where it is kept, event or None. Made by root.
PER_SUBNET = [
    (NeuronSettings.sudo_set_serving_rate_limit, 7, "serving_rate_limit", events.ServingRateLimitSet),
    (NeuronSettings.sudo_set_immunity_period, 7, "immunity_period", events.ImmunityPeriodSet),
    (NeuronSettings.sudo_set_max_allowed_uids, 70, "max_allowed_uids", events.MaxAllowedUidsSet),
    (
        NeuronSettings.sudo_set_max_allowed_validators,
        7,
        "max_allowed_validators",
        events.MaxAllowedValidatorsSet,
    ),
    (NeuronSettings.sudo_set_min_non_immune_uids, 7, "min_non_immune_uids", events.MinNonImmuneUidsSet),
    (NeuronSettings.sudo_set_owner_immune_neuron_limit, 7, "immune_owner_uids_limit", None),
    (NeuronSettings.sudo_set_min_allowed_uids, 0, "min_allowed_uids", events.MinAllowedUidsSet),
    (WeightSettings.sudo_set_min_allowed_weights, 7, "min_allowed_weights", events.MinAllowedWeightSet),
    (WeightSettings.sudo_set_weights_version_key, 7, "weights_version_key", events.WeightsVersionKeySet),
    (
        WeightSettings.sudo_set_weights_set_rate_limit,
        7,
        "weights_set_rate_limit",
        events.WeightsSetRateLimitSet,
    ),
    (
        WeightSettings.sudo_set_commit_reveal_weights_enabled,
        False,
        "commit_reveal_weights_enabled",
        events.CommitRevealEnabled,
    ),
    (
        WeightSettings.sudo_set_commit_reveal_weights_interval,
        7,
        "reveal_period_epochs",
        events.CommitRevealPeriodsSet,
    ),
    (ConsensusSettings.sudo_set_kappa, 7, "kappa", events.KappaSet),
    (ConsensusSettings.sudo_set_rho, 7, "rho", None),
    (ConsensusSettings.sudo_set_tempo, 7, "tempo", events.TempoSet),
    (ConsensusSettings.sudo_set_activity_cutoff, 700, "activity_cutoff", events.ActivityCutoffSet),
    (
        ConsensusSettings.sudo_set_activity_cutoff_factor,
        7_000,
        "activity_cutoff_factor_milli",
        events.ActivityCutoffFactorMilliSet,
    ),
    (ConsensusSettings.sudo_set_bonds_penalty, 7, "bonds_penalty", events.BondsPenaltySet),
    (
        ConsensusSettings.sudo_set_bonds_moving_average,
        1_000_000,
        "bonds_moving_average",
        events.BondsMovingAverageSet,
    ),
    (ConsensusSettings.sudo_set_yuma3_enabled, False, "yuma3_on", admin_events.Yuma3EnableToggled),
    (ConsensusSettings.sudo_set_liquid_alpha_enabled, True, "liquid_alpha_on", None),
    (
        ConsensusSettings.sudo_set_liquid_alpha_consensus_mode,
        ConsensusMode.Previous,
        "liquid_alpha_consensus_mode",
        events.LiquidAlphaConsensusModeSet,
    ),
    (ConsensusSettings.sudo_set_alpha_sigmoid_steepness, -7, "alpha_sigmoid_steepness", None),
    (
        RegistrationSettings.sudo_set_network_registration_allowed,
        False,
        "network_registration_allowed",
        events.RegistrationAllowed,
    ),
    (RegistrationSettings.sudo_set_min_burn, 7, "min_burn", events.MinBurnSet),
    (RegistrationSettings.sudo_set_max_burn, 10**9, "max_burn", events.MaxBurnSet),
    (RegistrationSettings.sudo_set_burn_half_life, 7, "burn_half_life", admin_events.BurnHalfLifeSet),
    (
        RegistrationSettings.sudo_set_burn_increase_mult,
        2 * ONE,
        "burn_increase_mult",
        admin_events.BurnIncreaseMultSet,
    ),
    (
        RegistrationSettings.sudo_set_max_registrations_per_block,
        7,
        "max_registrations_per_block",
        events.MaxRegistrationsPerBlockSet,
    ),
    (
        RegistrationSettings.sudo_set_target_registrations_per_interval,
        7,
        "target_registrations_per_interval",
        events.RegistrationPerIntervalSet,
    ),
    (RegistrationSettings.sudo_set_difficulty, 7, "difficulty", events.DifficultySet),
    (RegistrationSettings.sudo_set_min_difficulty, 7, "min_difficulty", events.MinDifficultySet),
    (RegistrationSettings.sudo_set_max_difficulty, 7, "max_difficulty", events.MaxDifficultySet),
    (
        RegistrationSettings.sudo_set_adjustment_interval,
        7,
        "adjustment_interval",
        events.AdjustmentIntervalSet,
    ),
    (RegistrationSettings.sudo_set_adjustment_alpha, 7, "adjustment_alpha", events.AdjustmentAlphaSet),
    (SubnetSettings.sudo_set_toggle_transfer, False, "transfer_toggle", events.TransferToggle),
    (SubnetSettings.sudo_set_recycle_or_burn, RecycleOrBurn.Recycle, "recycle_or_burn", None),
    (SubnetSettings.sudo_set_owner_cut_auto_lock_enabled, True, "owner_cut_auto_lock_enabled", None),
    (
        RegistrationSettings.sudo_set_collateral_lock_share,
        62_258,
        "collateral_lock_share",
        admin_events.CollateralLockShareSet,
    ),
    (
        RegistrationSettings.sudo_set_collateral_drain_ratio,
        10 * ONE,
        "collateral_drain_ratio",
        admin_events.CollateralDrainRatioSet,
    ),
]

# call, value, section and item, event or None.
OF_THE_CHAIN = [
    (ChainSettings.sudo_set_tx_rate_limit, Hyperparameters, "tx_rate_limit", events.TxRateLimitSet),
    (ChainSettings.sudo_set_subnet_owner_cut, SubnetEmission, "subnet_owner_cut", events.SubnetOwnerCutSet),
    (ChainSettings.sudo_set_network_rate_limit, Subnets, "network_rate_limit", events.NetworkRateLimitSet),
    (
        ChainSettings.sudo_set_network_immunity_period,
        Subnets,
        "network_immunity_period",
        events.NetworkImmunityPeriodSet,
    ),
    (
        ChainSettings.sudo_set_network_min_lock_cost,
        Subnets,
        "network_min_lock_cost",
        events.NetworkMinLockCostSet,
    ),
    (ChainSettings.sudo_set_subnet_limit, Subnets, "subnet_limit", events.SubnetLimitSet),
    (
        ChainSettings.sudo_set_lock_reduction_interval,
        Subnets,
        "network_lock_reduction_interval",
        events.NetworkLockCostReductionIntervalSet,
    ),
    (ChainSettings.sudo_set_start_call_delay, Subnets, "start_call_delay", events.StartCallDelaySet),
    (ChainSettings.sudo_set_stake_threshold, StakeWeights, "stake_threshold", events.StakeThresholdSet),
    (ChainSettings.sudo_set_ck_burn, StakeWeights, "ck_burn", None),
    (
        ChainSettings.sudo_set_tx_delegate_take_rate_limit,
        Takes,
        "tx_delegate_take_rate_limit",
        events.TxDelegateTakeRateLimitSet,
    ),
    (ChainSettings.sudo_set_min_delegate_take, Takes, "min_delegate_take", events.MinDelegateTakeSet),
    (ChainSettings.sudo_set_default_take, Takes, "max_delegate_take", events.MaxDelegateTakeSet),
    (ChainSettings.sudo_set_subnet_moving_alpha, Prices, "subnet_moving_alpha", None),
    (
        ChainSettings.sudo_set_commit_reveal_version,
        Hyperparameters,
        "commit_reveal_weights_version",
        events.CommitRevealVersionSet,
    ),
    (
        ChainSettings.sudo_set_admin_freeze_window,
        Hyperparameters,
        "admin_freeze_window",
        events.AdminFreezeWindowSet,
    ),
    (
        ChainSettings.sudo_set_owner_hparam_rate_limit,
        Hyperparameters,
        "owner_hyperparam_rate_limit",
        events.OwnerHyperparamRateLimitSet,
    ),
    (ChainSettings.sudo_set_max_mechanism_count, Hyperparameters, "max_mechanism_count", None),
    (
        ChainSettings.sudo_set_max_epochs_per_block,
        EpochSchedule,
        "max_epochs_per_block",
        events.MaxEpochsPerBlockSet,
    ),
]


@pytest.mark.parametrize(("function", "value", "item", "event"), PER_SUBNET, ids=named)
def test_a_subnets_setting_is_kept_and_told(chain, netuid, function, value, item, event):
    chain.call(function, netuid, value, by=ROOT)
    assert getattr(chain[Hyperparameters], item)[netuid] == value
    if event is not None:
        assert chain.events(event)[-1] == event(netuid, value)


@pytest.mark.parametrize(("function", "section", "item", "event"), OF_THE_CHAIN, ids=named)
def test_a_setting_of_the_chain_is_kept_and_told(chain, function, section, item, event):
    chain.call(function, 9, by=ROOT)
    assert getattr(chain[section], item).get() == 9
    if event is not None:
        assert chain.events(event) == [event(9)]


# call, arguments, error. Made by the owner.
OUT_OF_BOUNDS = [
    (ConsensusSettings.sudo_set_tempo, (359,), subtensor_errors.TempoOutOfBounds),
    (ConsensusSettings.sudo_set_tempo, (50_401,), subtensor_errors.TempoOutOfBounds),
    (ConsensusSettings.sudo_set_activity_cutoff, (359,), subtensor_errors.ActivityCutoffTooLow),
    (
        ConsensusSettings.sudo_set_activity_cutoff_factor,
        (999,),
        subtensor_errors.ActivityCutoffFactorMilliOutOfBounds,
    ),
    (
        ConsensusSettings.sudo_set_activity_cutoff_factor,
        (50_001,),
        subtensor_errors.ActivityCutoffFactorMilliOutOfBounds,
    ),
    (ConsensusSettings.sudo_set_bonds_moving_average, (975_001,), errors.BondsMovingAverageMaxReached),
    (ConsensusSettings.sudo_set_alpha_sigmoid_steepness, (-1,), errors.NegativeSigmoidSteepness),
    (ConsensusSettings.sudo_set_alpha_values, (2_000, 3_000), subtensor_errors.LiquidAlphaDisabled),
    (ConsensusSettings.sudo_set_mechanism_count, (2,), subtensor_errors.TooManyUIDsPerMechanism),
    (ConsensusSettings.sudo_set_mechanism_emission_split, ((1,),), subtensor_errors.InvalidValue),
    (WeightSettings.sudo_set_commit_reveal_weights_interval, (101,), subtensor_errors.RevealPeriodTooLarge),
    (WeightSettings.sudo_set_commit_reveal_weights_interval, (0,), subtensor_errors.RevealPeriodTooSmall),
    (NeuronSettings.sudo_set_max_allowed_uids, (63,), errors.MaxAllowedUidsLessThanMinAllowedUids),
    (NeuronSettings.sudo_set_max_allowed_uids, (257,), errors.MaxAllowedUidsGreaterThanDefaultMaxAllowedUids),
    (NeuronSettings.sudo_set_owner_immune_neuron_limit, (0,), subtensor_errors.InvalidValue),
    (RegistrationSettings.sudo_set_min_burn, (10**9,), errors.ValueNotInBounds),
    (RegistrationSettings.sudo_set_max_burn, (10**8,), errors.ValueNotInBounds),
    (RegistrationSettings.sudo_set_burn_half_life, (0,), errors.InvalidValue),
    (RegistrationSettings.sudo_set_burn_half_life, (36_101,), errors.InvalidValue),
    (RegistrationSettings.sudo_set_burn_increase_mult, (ONE - 1,), errors.InvalidValue),
    (RegistrationSettings.sudo_set_burn_increase_mult, (3 * ONE + 1,), errors.InvalidValue),
    (
        RegistrationSettings.sudo_set_collateral_lock_share,
        (62_259,),
        errors.CollateralLockShareTooHigh,
    ),
    (
        RegistrationSettings.sudo_set_collateral_drain_ratio,
        (0,),
        errors.CollateralDrainRatioOutOfBounds,
    ),
    (
        RegistrationSettings.sudo_set_collateral_drain_ratio,
        (10 * ONE + 1,),
        errors.CollateralDrainRatioOutOfBounds,
    ),
]


@pytest.mark.parametrize(("function", "values", "error"), OUT_OF_BOUNDS, ids=named)
def test_the_owner_is_held_to_the_bounds(chain, netuid, function, values, error):
    with chain.refuses(error):
        chain.call(function, netuid, *values, by="owner")


def test_a_new_tempo_is_counted_from_now(chain, netuid):
    chain.advance(5)
    chain.call(ConsensusSettings.sudo_set_tempo, netuid, 400, by="owner")
    assert chain[EpochSchedule].next_epoch_block(netuid) == chain.number + 400


def test_alpha_values_must_make_a_range(chain, netuid):
    chain[Hyperparameters].liquid_alpha_on[netuid] = True
    values = ConsensusSettings.sudo_set_alpha_values
    with chain.refuses(subtensor_errors.AlphaHighTooLow):
        chain.call(values, netuid, 1_638, 1_637, by="owner")
    with chain.refuses(subtensor_errors.AlphaLowOutOfRange):
        chain.call(values, netuid, 1_637, 1_638, by="owner")
    with chain.refuses(subtensor_errors.AlphaLowOutOfRange):
        chain.call(values, netuid, 3_001, 3_000, by="owner")
    chain.call(values, netuid, 1_638, 1_638, by="owner")
    assert chain[Hyperparameters].alpha_values[netuid] == (1_638, 1_638)


def test_uids_and_validators_fit_the_subnet_as_it_is(chain, netuid):
    settings = chain[Hyperparameters]
    settings.min_allowed_uids[netuid] = 0
    chain.neuron(netuid, "miner")
    with chain.refuses(errors.MaxAllowedUIdsLessThanCurrentUIds):
        chain.call(NeuronSettings.sudo_set_max_allowed_uids, netuid, 1, by=ROOT)
    with chain.refuses(errors.MinAllowedUidsGreaterThanCurrentUids):
        chain.call(NeuronSettings.sudo_set_min_allowed_uids, netuid, 2, by=ROOT)
    with chain.refuses(errors.MinAllowedUidsGreaterThanMaxAllowedUids):
        chain.call(NeuronSettings.sudo_set_min_allowed_uids, netuid, 256, by=ROOT)
    with chain.refuses(errors.MaxValidatorsLargerThanMaxUIds):
        chain.call(NeuronSettings.sudo_set_max_allowed_validators, netuid, 257, by=ROOT)


def test_the_least_burn_stays_below_the_greatest(chain, netuid):
    chain[Hyperparameters].max_burn[netuid] = 5
    with chain.refuses(errors.ValueNotInBounds):
        chain.call(RegistrationSettings.sudo_set_min_burn, netuid, 5, by=ROOT)


def test_mechanisms_and_their_split_are_set(chain, netuid):
    settings = chain[Hyperparameters]
    settings.max_allowed_uids[netuid] = 128
    chain.call(ConsensusSettings.sudo_set_mechanism_count, netuid, 2, by="owner")
    chain.call(ConsensusSettings.sudo_set_mechanism_emission_split, netuid, (65_535, 0), by="owner")
    assert settings.mechanism_count_current[netuid] == 2
    assert settings.mechanism_emission_split[netuid] == (65_535, 0)
    chain.call(ConsensusSettings.sudo_set_mechanism_emission_split, netuid, None, by=ROOT)
    assert settings.mechanism_emission_split[netuid] is None


def test_the_owner_trims_once_in_a_month_and_a_stranger_never(chain, netuid, stranger):
    trim = NeuronSettings.sudo_trim_to_max_allowed_uids
    with chain.refuses(BadOrigin):
        chain.call(trim, netuid, 100, by=stranger)
    chain.call(trim, netuid, 100, by="owner")
    assert chain[Hyperparameters].max_allowed_uids[netuid] == 100
    with chain.refuses(subtensor_errors.TxRateLimitExceeded):
        chain.call(trim, netuid, 90, by="owner")


def test_the_owner_chooses_another_hotkey_once_a_week(chain, netuid, who):
    choose = SubnetSettings.sudo_set_sn_owner_hotkey
    with chain.refuses(subtensor_errors.CannotUseSystemAccount):
        chain.call(choose, netuid, subnet_account(netuid), by="owner")
    chain.call(choose, netuid, who("other"), by="owner")
    assert chain[Subnets].subnet_owner_hotkey[netuid] == who("other")
    with chain.refuses(subtensor_errors.TxRateLimitExceeded):
        chain.call(choose, netuid, who("owner_hotkey"), by=ROOT)
    with chain.refuses(subtensor_errors.SubnetNotExists):
        chain.call(choose, 9, who("other"), by=ROOT)


def test_cut_emission_trade_and_price_average_of_a_subnet_are_set(chain, netuid):
    chain.call(SubnetSettings.sudo_set_owner_cut_enabled, netuid, False, by="owner")
    chain.call(SubnetSettings.sudo_set_subnet_emission_enabled, netuid, True, by=ROOT)
    chain.call(SubnetSettings.sudo_set_subtoken_enabled, netuid, False, by=ROOT)
    chain.call(SubnetSettings.sudo_set_ema_price_halving_period, netuid, 5, by=ROOT)
    assert not chain[SubnetEmission].owner_cut_enabled[netuid]
    assert chain[SubnetEmission].subnet_emission_enabled[netuid]
    assert not chain[Subnets].subtoken_enabled[netuid]
    assert chain[Prices].ema_price_halving_blocks[netuid] == 5
    assert chain.events(admin_events.SubnetEmissionEnabledSet) == [
        admin_events.SubnetEmissionEnabledSet(netuid, True)
    ]


def test_the_root_network_has_neither_cut_nor_emission(chain):
    for function in (
        SubnetSettings.sudo_set_owner_cut_enabled,
        SubnetSettings.sudo_set_subnet_emission_enabled,
        RegistrationSettings.sudo_set_burn_half_life,
    ):
        with chain.refuses(errors.NotPermittedOnRootSubnet):
            chain.call(function, 0, True if "enabled" in function.__name__ else 5, by=ROOT)


def test_the_count_of_rao_spent_can_be_corrected(chain, netuid):
    chain.call(RegistrationSettings.sudo_set_rao_recycled, netuid, 5, by=ROOT)
    assert chain[Registration].rao_recycled_for_registration[netuid] == 5
    assert chain.events(events.RAORecycledForRegistrationSet)[-1].recycled == 5


def test_no_block_runs_no_epochs_at_all(chain):
    with chain.refuses(errors.ValueNotInBounds):
        chain.call(ChainSettings.sudo_set_max_epochs_per_block, 0, by=ROOT)
    with chain.refuses(errors.ValueNotInBounds):
        chain.call(ConsensusSettings.sudo_set_bonds_moving_average, 0, 1_000_001, by=ROOT)
