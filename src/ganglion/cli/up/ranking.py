"""How each subnet ends: do earnings follow quality, and what do exploiters get?"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from ganglion.cli.up.cast import Role
from ganglion.cli.up.standing import NeuronStanding, Standing
from ganglion.neuron.package import TWIN

EXPLOITERS_MOST = 0.05
"""What an exploiter may earn at most, as a share of the median honest miner."""


@dataclass(frozen=True)
class Ranking:
    """One subnet. Neurons by what they earned, validators last.

    `spearman` is the rank correlation, over the honest miners, of earnings with the known order of their
    kinds; `spearman_measured` that with the quality which validators measured. None where there is no order:
    fewer than two honest miners, or all alike. `shares` is what exploiters earned by their names, as a share
    of the median honest miner; empty before that has earned anything. One of all twins is entitled to its
    pay, and is not among them.
    """

    subnet: str
    netuid: int
    neurons: tuple[NeuronStanding, ...]
    spearman: float | None
    spearman_measured: float | None
    shares: dict[str, float]


def rankings(standing: Standing) -> tuple[Ranking, ...]:
    """One for each subnet, in the order of netuids."""
    netuids = sorted({neuron.netuid for neuron in standing.neurons})
    return tuple(
        _ranking([neuron for neuron in standing.neurons if neuron.netuid == netuid]) for netuid in netuids
    )


def _ranking(neurons: Sequence[NeuronStanding]) -> Ranking:
    honest = [neuron for neuron in neurons if neuron.part.place is not None]
    earned = [neuron.earned_alpha_rao for neuron in honest]
    median = statistics.median(earned) if earned else 0
    return Ranking(
        subnet=neurons[0].part.subnet,
        netuid=neurons[0].netuid,
        neurons=tuple(
            sorted(neurons, key=lambda n: (n.part.role is not Role.MINER, -n.earned_alpha_rao, n.uid))
        ),
        spearman=spearman(earned, [-(neuron.part.place or 0) for neuron in honest]),
        spearman_measured=spearman(earned, [neuron.quality or 0.0 for neuron in honest]),
        shares={
            neuron.part.name: neuron.earned_alpha_rao / median for neuron in _exploiters(neurons) if median
        },
    )


def _exploiters(neurons: Sequence[NeuronStanding]) -> list[NeuronStanding]:
    twins = [neuron for neuron in neurons if neuron.part.kind == TWIN]
    entitled = max(twins, key=lambda twin: twin.earned_alpha_rao, default=None)
    return [neuron for neuron in neurons if neuron.part.is_exploiter and neuron is not entitled]


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """The rank correlation of two equally long sequences, in [-1, 1]; None where one has no order."""
    if len(set(one)) < 2 or len(set(other)) < 2:
        return None
    return statistics.correlation(_ranks(one), _ranks(other))


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from the least; equals share the mean of theirs."""
    ascending = sorted(values)
    return [ascending.index(value) + (ascending.count(value) - 1) / 2 for value in values]
