"""The table of weights names every call, and nothing else."""

from ganglion.frame.dispatch import DispatchClass, Pays
from ganglion.frame.runtime import CallWeight
from ganglion.pallets.system.limits import BLOCK_WEIGHTS
from ganglion.pallets.weights import WEIGHTS
from ganglion.runtime import runtime

CALLS = {
    f"{pallet.name}.{entry.function}"
    for pallet in runtime().pallets
    if pallet.calls is not None
    for entry in pallet.calls.by_index.values()
}


def test_every_call_has_a_weight() -> None:
    assert sorted(CALLS - WEIGHTS.keys()) == []


def test_every_fixed_weight_fits_into_a_block() -> None:
    limit = BLOCK_WEIGHTS.per_class.normal.max_extrinsic
    assert limit is not None
    for path, rule in WEIGHTS.items():
        if isinstance(rule, CallWeight):
            assert rule.info.weight.fits(limit), path


def test_only_inherents_are_mandatory() -> None:
    mandatory = {
        path
        for path, rule in WEIGHTS.items()
        if isinstance(rule, CallWeight) and rule.class_ is DispatchClass.Mandatory
    }
    assert mandatory & CALLS <= {"Timestamp.set", "MevShield.announce_next_key", "Drand.write_pulse"}


def test_moving_tao_is_never_free() -> None:
    for path, rule in WEIGHTS.items():
        if path.startswith("Balances.") and isinstance(rule, CallWeight):
            assert rule.pays is Pays.Yes, path
