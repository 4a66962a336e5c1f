"""In which order miners are asked: by what validators think of them, and by what the market measured.

A miner's worth is its share of the best miner's incentive, times its reliability squared, over its pace and
its requests under way. Now and then another than the best goes first, so that its pace becomes known: one
which earns, since the market itself cannot tell good answers from bad ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ganglion.market.records import Record, Records
from ganglion.neuron.protocols import Metagraph, Neuron

EXPLORED = 0.05
"""Share of requests which go to another than the best first."""
_FLOOR = 0.01
"""Worth of a miner without incentive, against the best one's 1: asked only where the others fail."""
_UNKNOWN_S = 0.2
"""Pace of a miner never asked where nobody was."""
_SMALLEST_S = 0.02
"""Differences below this much are not felt."""


def miners(metagraph: Metagraph, own_hotkey: str) -> list[Neuron]:
    """Who can be asked: serves, is not the market itself, and is no validator without incentive (whose
    endpoint serves something else).
    """
    return [
        neuron
        for neuron in metagraph.serving()
        if neuron.hotkey != own_hotkey and (neuron.incentive > 0 or not neuron.validator_permit)
    ]


def ranked(
    candidates: Sequence[Neuron],
    records: Records,
    *,
    streams: bool,
    now: float,
    rng: np.random.Generator | None,
) -> list[Neuron]:
    """`candidates` in the order in which to ask them; those who rest come last, the soonest rested first.
    Without `rng` nobody is tried out.
    """
    known = {neuron.hotkey: records.of(neuron.hotkey) for neuron in candidates}
    awake = [neuron for neuron in candidates if known[neuron.hotkey].rests_until <= now]
    resting = [neuron for neuron in candidates if known[neuron.hotkey].rests_until > now]
    worths = _worths(awake, known, streams=streams)
    awake.sort(key=lambda neuron: (-worths[neuron.hotkey], neuron.uid))
    if rng is not None:
        _explore(awake, rng)
    return awake + sorted(resting, key=lambda neuron: (known[neuron.hotkey].rests_until, neuron.uid))


def _worths(candidates: Sequence[Neuron], records: dict[str, Record], *, streams: bool) -> dict[str, float]:
    best = max((neuron.incentive for neuron in candidates), default=0.0) or 1.0
    paces = {neuron.hotkey: records[neuron.hotkey].pace(streams=streams).mean_s for neuron in candidates}
    measured = [pace for pace in paces.values() if pace is not None]
    unknown = sum(measured) / len(measured) if measured else _UNKNOWN_S
    worths = {}
    for neuron in candidates:
        record, pace = records[neuron.hotkey], paces[neuron.hotkey]
        share = max(neuron.incentive / best, _FLOOR)
        wait = (_SMALLEST_S + (unknown if pace is None else pace)) * (1 + record.in_flight)
        worths[neuron.hotkey] = share * (1 - record.fault_rate) ** 2 / wait
    return worths


def _explore(order: list[Neuron], rng: np.random.Generator) -> None:
    earning = [at for at, neuron in enumerate(order) if at and neuron.incentive > 0]
    if earning and rng.random() < EXPLORED:
        order.insert(0, order.pop(earning[int(rng.integers(len(earning)))]))
