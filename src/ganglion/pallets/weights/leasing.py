"""Weights of the calls of leasing: by the number of contributors, before the call as if there were the most.

Source: subtensor pallets/subtensor/src/weights.rs, macros/dispatches.rs.
"""

from ganglion.frame.dispatch import Weight
from ganglion.frame.runtime import CallWeight
from ganglion.pallets.weights.cost import cost

MOST = 500


def _register(contributors: int) -> CallWeight:
    return cost(
        309_598_986 + 46_027_026 * contributors,
        10_256 + 2_579 * contributors,
        49 + 2 * contributors,
        53 + 2 * contributors,
    )


def _terminate(contributors: int) -> CallWeight:
    return cost(
        146_402_779 + 1_566_532 * contributors,
        6_148 + 2_529 * contributors,
        4 + contributors,
        7 + contributors,
    )


def register_weight(contributors: int) -> Weight:
    """Launching a leased subnet that so many have paid for."""
    return _register(contributors).info.weight


def terminate_weight(contributors: int) -> Weight:
    """Ending a lease of so many."""
    return _terminate(contributors).info.weight


LEASING_WEIGHTS: dict[str, CallWeight] = {
    "SubtensorModule.register_leased_network": _register(MOST),
    "SubtensorModule.terminate_lease": _terminate(MOST),
}
