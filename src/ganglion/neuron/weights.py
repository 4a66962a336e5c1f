"""From scores to the row of weights which the chain accepts.

The chain demands at least `min_allowed` uids, and of each share of the row at most `max_limit / 65535`.
Values are relative; the largest is 65535. Source of the rules: subtensor,
pallets/subtensor/src/subnets/weights.rs (check_length, max_weight_limited).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from ganglion.neuron.protocols import Metagraph, Weights
from ganglion.neuron.scoring import MovingScores

U16_MAX = 65535
_PRECISION = 2**32


def weights_from_moving(moving: MovingScores, metagraph: Metagraph, least_score: float) -> Weights | None:
    """The row for the neurons' moving scores; those below `least_score` count as none."""
    scores = {neuron.uid: moving.of(neuron.hotkey) for neuron in metagraph.neurons}
    return weights_from_scores(
        {uid: score for uid, score in scores.items() if score >= least_score}, metagraph
    )


def weights_from_scores(scores: Mapping[int, float], metagraph: Metagraph) -> Weights | None:
    """The row for `scores` (uid -> finite score); None when no score is positive.

    Where fewer uids have a positive score than the subnet demands, others join with the smallest weight
    there is, lowest uid first. Values are rounded up: every positive score keeps a weight, and the cap
    holds after rounding.
    """
    positive = {uid: score for uid, score in scores.items() if score > 0}
    if not positive:
        return None
    top = max(positive.values())
    shares = {uid: math.ceil(score / top * _PRECISION) for uid, score in positive.items()}
    values = _scaled(capped(shares, metagraph.rules.max_limit))
    missing = min(metagraph.rules.min_allowed, len(metagraph.neurons)) - len(values)
    others = [neuron.uid for neuron in metagraph.neurons if neuron.uid not in values]
    values.update(dict.fromkeys(others[: max(missing, 0)], 1))
    uids = tuple(sorted(values))
    return Weights(uids, tuple(values[uid] for uid in uids))


def capped(shares: Mapping[int, int], limit: int) -> dict[int, Fraction]:
    """Cut the largest positive shares so that none exceeds `limit / 65535` of the sum; the others stay.

    All become equal when no cut can do that.
    """
    if len(shares) * limit <= U16_MAX:
        return dict.fromkeys(shares, Fraction(1))
    cap, rest = Fraction(0), sum(shares.values())
    for cut, share in enumerate(sorted(shares.values(), reverse=True)):
        # With `cut` shares at the cap: cap = limit * (rest + cut * cap). Exact, so that the denominator
        # stays positive.
        cap = Fraction(limit * rest, U16_MAX - limit * cut)
        if share <= cap:
            break
        rest -= share
    return {uid: min(Fraction(share), cap) for uid, share in shares.items()}


def _scaled(shares: Mapping[int, Fraction]) -> dict[int, int]:
    top = max(shares.values())
    return {uid: math.ceil(share * U16_MAX / top) for uid, share in shares.items()}
