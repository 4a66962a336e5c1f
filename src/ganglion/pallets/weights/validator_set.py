"""Weights of the validator set's calls, by the entries they read and write.

The author's record is of the mandatory class, so that a block can hold one but no transaction can make one.
"""

from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchClass, DispatchInfo, Pays, Weight
from ganglion.frame.runtime import Runtime, WeightRule
from ganglion.pallets.system.limits import DB_WEIGHT
from ganglion.pallets.validator_set.types import MAX_VALIDATORS
from ganglion.pallets.weights.cost import cost

BASE = 10_000_000


def _equivocations(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """A read and a write for each."""
    ref_time = BASE + (DB_WEIGHT.read + DB_WEIGHT.write) * len(call.args[0])
    return DispatchInfo(Weight(ref_time, 0), DispatchClass.Mandatory, Pays.Yes)


VALIDATOR_SET_WEIGHTS: dict[str, WeightRule] = {
    "ValidatorSet.admit": cost(BASE, 0, MAX_VALIDATORS + 1, 2),
    "ValidatorSet.dismiss": cost(BASE, 0, MAX_VALIDATORS + 1, 2),
    "ValidatorSet.set_power": cost(BASE, 0, 1, 1),
    "ValidatorSet.note_equivocations": _equivocations,
}
