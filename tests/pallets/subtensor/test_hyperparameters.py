"""Settings: defaults, the cutoff in force, and forgetting a netuid."""

from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.initial_settings import InitialSettings

NOT_A_DEFAULT = {"min_activity_cutoff_factor_milli", "max_activity_cutoff_factor_milli"}


def test_constants_for_clients_are_the_defaults_of_storage(subtensor_runtime):
    (pallet,) = (each for each in subtensor_runtime.pallets if each.name == "SubtensorModule")
    defaults = {item.name: item.default for item in pallet.storage}
    defaults["AlphaLow"], defaults["AlphaHigh"] = defaults["AlphaValues"]
    shown = [name for name in vars(InitialSettings) if not name.startswith("_")]
    constants = {name.lower(): value for name, _, value in pallet.constants}
    for attribute in set(shown) - NOT_A_DEFAULT:
        wire = attribute.replace("_", "")
        stored = {name.lower(): value for name, value in defaults.items()}[wire.removeprefix("initial")]
        assert constants[wire] == stored, attribute


def test_the_cutoff_is_a_multiple_of_the_tempo_and_never_zero(chain):
    settings = chain[Hyperparameters]
    settings.tempo[7] = 360
    assert settings.cutoff(7) == 13_889 * 360 // 1_000
    settings.tempo[7] = 0
    assert settings.cutoff(7) == 1
