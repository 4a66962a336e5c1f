"""Weights of Drand's calls, as the real chain measured them.

Its `write_pulse` counts one pulse, since its pool takes no more; here each pulse counts. The call is of the
mandatory class, so that a block can hold one but no transaction can make one.
Source: subtensor pallets/drand/src/weights.rs.
"""

from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchClass, DispatchInfo, Pays, Weight
from ganglion.frame.runtime import Runtime, WeightRule
from ganglion.pallets.system.limits import DB_WEIGHT
from ganglion.pallets.weights.cost import cost

PULSE = 4_294_000_000


def _pulses(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """All pulses together."""
    count = len(call.args[0].pulses)
    ref_time = PULSE * count + DB_WEIGHT.read * 3 + DB_WEIGHT.write * (3 + count)
    return DispatchInfo(Weight(ref_time, 0), DispatchClass.Mandatory, Pays.Yes)


DRAND_WEIGHTS: dict[str, WeightRule] = {
    "Drand.write_pulse": _pulses,
    "Drand.set_beacon_config": cost(8_766_000, 0, 0, 2),
    "Drand.set_oldest_stored_round": cost(5_370_000, 0, 0, 1),
}
