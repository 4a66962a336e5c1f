"""Weights of Crowdloan's calls, as the real chain measured them.

Source: subtensor pallets/crowdloan/src/weights.rs, lib.rs.
"""

from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchClass, DispatchInfo, Pays, Weight
from ganglion.frame.runtime import Runtime, WeightRule
from ganglion.pallets.weights.cost import cost

MOST_REFUNDS = 50
"""How many contributors one call refunds."""

CREATE = cost(59_829_000, 6_148, 3, 5).info.weight


def refund_weight(contributors: int) -> Weight:
    """What it weighs to refund so many."""
    base = cost(110_703_000, 3_747, 2, 0).info.weight
    each = cost(39_503_253, 2_579, 2, 2).info.weight
    return Weight(
        base.ref_time + each.ref_time * contributors, base.proof_size + each.proof_size * contributors
    )


def _create(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """Its own work, and the call that finalizing it will make."""
    inner = call.args[4]
    weight = CREATE if inner is None else CREATE + runtime.info(inner).weight
    return DispatchInfo(weight, DispatchClass.Normal, Pays.Yes)


def _refund(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    return DispatchInfo(refund_weight(MOST_REFUNDS), DispatchClass.Normal, Pays.Yes)


CROWDLOAN_WEIGHTS: dict[str, WeightRule] = {
    "Crowdloan.create": _create,
    "Crowdloan.contribute": cost(66_609_000, 6_148, 5, 4),
    "Crowdloan.withdraw": cost(60_259_000, 6_148, 4, 4),
    "Crowdloan.finalize": cost(31_507_000, 4_197_809, 4, 2),
    "Crowdloan.refund": _refund,
    "Crowdloan.dissolve": cost(66_939_000, 6_148, 4, 5),
    "Crowdloan.update_min_contribution": cost(13_259_000, 3_747, 2, 1),
    "Crowdloan.update_end": cost(12_048_000, 3_747, 1, 1),
    "Crowdloan.update_cap": cost(11_357_000, 3_747, 1, 1),
    "Crowdloan.set_max_contribution": cost(16_024_000, 3_747, 2, 1),
}
