"""Weights of Preimage's calls. Source: polkadot-sdk substrate/frame/preimage/src/weights.rs."""

from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import DispatchInfo
from ganglion.frame.runtime import Runtime, WeightRule
from ganglion.pallets.weights.cost import cost


def _note(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """By length."""
    return cost(129_485_531 + 2_133 * len(call.args[0]), 6_012, 5, 3).info


def _ensure_updated(runtime: Runtime, call: RuntimeCall) -> DispatchInfo:
    """By number of hashes."""
    count = len(call.args[0])
    return cost(61_821_000 + 58_427_064 * count, 6_012 + 2_812 * count, 2 + 3 * count, 4 * count).info


PREIMAGE_WEIGHTS: dict[str, WeightRule] = {
    "Preimage.note_preimage": _note,
    "Preimage.unnote_preimage": cost(57_648_000, 3_802, 3, 3),
    "Preimage.request_preimage": cost(25_485_000, 3_556, 2, 1),
    "Preimage.unrequest_preimage": cost(25_369_000, 3_556, 2, 2),
    "Preimage.ensure_updated": _ensure_updated,
}
