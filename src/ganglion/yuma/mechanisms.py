"""Several incentive mechanisms inside one subnet: one epoch each, one result for the subnet.

Source: subtensor pallets/subtensor/src/subnets/mechanism.rs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ganglion.fixed import U64F64
from ganglion.yuma.epoch import PLAIN, Observer, run_epoch, unobserved
from ganglion.yuma.epoch_input import U16, EpochInput, whole_numbers
from ganglion.yuma.errors import InvalidInput
from ganglion.yuma.outcome import EpochOutcome, U16s, U64s
from ganglion.yuma.row_ops import RowOps
from ganglion.yuma.rows import U16_MAX, Rows

U64_MAX = 2**64 - 1


@dataclass(frozen=True, slots=True, eq=False)
class MechanismsOutcome:
    """Rao per mechanism, the outcome of each, and what is stored for the subnet as a whole.

    The aggregate keeps no bonds: they belong to the mechanisms.
    """

    emission_split: tuple[int, ...]
    per_mechanism: tuple[EpochOutcome, ...]
    aggregate: EpochOutcome


def run_mechanisms(
    epochs: Sequence[EpochInput],
    rao_emission: int,
    split: Sequence[int] | None,
    ops: RowOps = PLAIN,
    observe: Observer = unobserved,
) -> MechanismsOutcome:
    """Run one epoch per mechanism on its part of the emission. Raises InvalidInput.

    The inputs differ in weights, bonds, last updates and commits; their own `rao_emission` is
    replaced. `observe` sees the intermediate values of each epoch in turn.
    """
    if not epochs:
        raise InvalidInput("mechanisms", "there must be at least one")
    if len({epoch.n for epoch in epochs}) > 1:
        raise InvalidInput("mechanisms", "all must have the same n")
    parts = split_emission(rao_emission, len(epochs), split)
    outcomes = tuple(
        run_epoch(replace(epoch, rao_emission=part), ops, observe)
        for epoch, part in zip(epochs, parts, strict=True)
    )
    return MechanismsOutcome(parts, outcomes, aggregate(outcomes, parts, rao_emission))


def split_emission(emission: int, count: int, split: Sequence[int] | None) -> tuple[int, ...]:
    """Rao for each of `count` mechanisms: evenly, or by u16 proportions.

    Every part floors and mechanism 0 gets what is left over; mechanisms beyond the split get 0.
    """
    if split is None:
        parts = [emission // count] * count
    else:
        shares = whole_numbers("split", split, U16)[:count]
        parts = [emission * share // U16_MAX for share in shares] + [0] * (count - len(shares))
    parts[0] += max(emission - sum(parts), 0)
    return tuple(parts)


def mechanism_weight(part: int, emission: int, index: int) -> int:
    """part / emission as raw U64F64; of no emission the first mechanism has all the weight."""
    whole = U64F64.one if index == 0 else 0
    return U64F64.safe_div(U64F64.from_int(part), U64F64.from_int(emission), default=whole)


def aggregate(outcomes: Sequence[EpochOutcome], parts: Sequence[int], emission: int) -> EpochOutcome:
    """The subnet's own values: pay and stake added, flags or-ed, the rest a weighted sum.

    The sum is floored after every mechanism. Incentive keeps the first mechanism's part only, as on
    the chain, where each mechanism stores its own.
    """
    total: EpochOutcome | None = None
    for index, (outcome, part) in enumerate(zip(outcomes, parts, strict=True)):
        weighted = _weighted(outcome, mechanism_weight(part, emission, index))
        total = weighted if total is None else _sum(total, weighted)
    if total is None:
        raise InvalidInput("mechanisms", "there must be at least one")
    return total


def _weighted(outcome: EpochOutcome, weight: int) -> EpochOutcome:
    """Shares and stored emission scaled by the mechanism's weight, floored."""
    return replace(
        outcome,
        bonds=Rows.empty(outcome.bonds.count),
        consensus=_scaled_u16(outcome.consensus, weight),
        incentive=_scaled_u16(outcome.incentive, weight),
        dividends=_scaled_u16(outcome.dividends, weight),
        validator_trust=_scaled_u16(outcome.validator_trust, weight),
        stake_weight=_scaled_u16(outcome.stake_weight, weight),
        emission=_scaled_u64(outcome.emission, weight),
    )


def _sum(total: EpochOutcome, added: EpochOutcome) -> EpochOutcome:
    return replace(
        total,
        active=total.active | added.active,
        validator_permit=total.validator_permit | added.validator_permit,
        consensus=_add_u16(total.consensus, added.consensus),
        dividends=_add_u16(total.dividends, added.dividends),
        validator_trust=_add_u16(total.validator_trust, added.validator_trust),
        stake_weight=_add_u16(total.stake_weight, added.stake_weight),
        server_emission=_add_u64(total.server_emission, added.server_emission),
        validator_emission=_add_u64(total.validator_emission, added.validator_emission),
        emission=_add_u64(total.emission, added.emission),
        stake=_add_u64(total.stake, added.stake),
    )


def _scaled_u16(values: U16s, weight: int) -> U16s:
    return np.array([value * weight >> U64F64.fraction_bits for value in values.tolist()], dtype=np.uint16)


def _scaled_u64(values: U64s, weight: int) -> U64s:
    return np.array([value * weight >> U64F64.fraction_bits for value in values.tolist()], dtype=np.uint64)


def _add_u16(a: U16s, b: U16s) -> U16s:
    return a + np.minimum(b, U16_MAX - a)


def _add_u64(a: U64s, b: U64s) -> U64s:
    return a + np.minimum(b, U64_MAX - a)
