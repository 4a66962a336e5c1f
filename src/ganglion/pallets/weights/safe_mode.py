"""Weights of SafeMode's calls. Source: polkadot-sdk substrate/frame/safe-mode/src/weights.rs, lib.rs."""

from ganglion.frame.runtime import WeightRule
from ganglion.pallets.weights.cost import cost

SAFE_MODE_WEIGHTS: dict[str, WeightRule] = {
    "SafeMode.enter": cost(53_290_000, 3_802, 2, 3),
    "SafeMode.force_enter": cost(8_818_000, 1_489, 1, 1),
    "SafeMode.extend": cost(54_027_000, 3_802, 2, 3),
    "SafeMode.force_extend": cost(10_066_000, 1_489, 1, 1),
    "SafeMode.force_exit": cost(9_766_000, 1_489, 1, 1),
    "SafeMode.force_slash_deposit": cost(35_510_000, 3_802, 2, 2),
    "SafeMode.release_deposit": cost(45_648_000, 3_802, 3, 2),
    "SafeMode.force_release_deposit": cost(43_363_000, 3_802, 2, 2),
}
