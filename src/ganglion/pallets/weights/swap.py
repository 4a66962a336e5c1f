"""Weights of Swap's calls. Source: subtensor pallets/swap/src/weights.rs."""

from ganglion.frame.runtime import CallWeight
from ganglion.pallets.weights.cost import cost

SWAP_WEIGHTS: dict[str, CallWeight] = {
    "Swap.set_fee_rate": cost(15_063_000, 3_994, 1, 1),
}
