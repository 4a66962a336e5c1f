"""Weights of Multisig's calls: by the number of other members, and by the bytes of the call.

Source: polkadot-sdk substrate/frame/multisig/src/weights.rs, lib.rs. The newest call weighs as cancelling.
"""

from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchClass, DispatchInfo, Pays, Weight
from ganglion.frame.runtime import Runtime, WeightRule
from ganglion.pallets.weights.cost import cost

PROOF = 6_811


def alone(length: int) -> Weight:
    """Making a call as an account whose members may each act alone."""
    return cost(20_727_356 + 572 * length, 3_997, 3, 1).info.weight


def create(others: int, length: int) -> Weight:
    """The first approval."""
    return cost(32_052_125 + 111_179 * others + 1_447 * length, PROOF, 1, 1).info.weight


def approve(others: int, length: int) -> Weight:
    """An approval that does not suffice yet."""
    return cost(17_940_334 + 106_203 * others + 1_441 * length, PROOF, 1, 1).info.weight


def complete(others: int, length: int) -> Weight:
    """The approval that suffices."""
    return cost(42_418_863 + 164_555 * others + 1_573 * length, PROOF, 4, 2).info.weight


def create_by_hash(others: int) -> Weight:
    """The first approval, by hash."""
    return cost(30_237_756 + 107_619 * others, PROOF, 1, 1).info.weight


def approve_by_hash(others: int) -> Weight:
    """An approval by hash."""
    return cost(16_907_862 + 101_887 * others, PROOF, 1, 1).info.weight


def _cancel(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    return cost(31_473_005 + 107_460 * len(call.args[1]), PROOF, 1, 1).info


def _as_multi_threshold_1(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    inner = runtime.info(call.args[1])
    own = alone(len(runtime.call_codec.encode(call.args[1])))
    return DispatchInfo(own + inner.weight, inner.class_, Pays.Yes)


def _as_multi(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """As if this approval suffices, with the weight that was said."""
    own = complete(len(call.args[1]), len(runtime.call_codec.encode(call.args[3])))
    return DispatchInfo(own + call.args[4], DispatchClass.Normal, Pays.Yes)


def _approve_as_multi(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    own = create_by_hash(len(call.args[1]))
    return DispatchInfo(own + call.args[4], DispatchClass.Normal, Pays.Yes)


MULTISIG_WEIGHTS: dict[str, WeightRule] = {
    "Multisig.as_multi_threshold_1": _as_multi_threshold_1,
    "Multisig.as_multi": _as_multi,
    "Multisig.approve_as_multi": _approve_as_multi,
    "Multisig.cancel_as_multi": _cancel,
    "Multisig.poke_deposit": _cancel,
}
