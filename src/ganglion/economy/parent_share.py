"""Child keys: a validator's dividend goes to itself and to the parents whose stake it votes with.

Source: pallets/subtensor/src/coinbase/run_coinbase.rs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ganglion.economy.errors import require
from ganglion.economy.fractions import fraction_u16, fraction_u64, part_of
from ganglion.fixed import U96F32


@dataclass(frozen=True, slots=True)
class Parent:
    """A parent's whole stake, the proportion of it lent to the child (parts of 2**64 - 1), and its owner."""

    alpha: int
    root: int
    proportion_u64: int
    same_owner: bool = False


@dataclass(frozen=True, slots=True)
class ChildTerms:
    """What a child keeps (`take_u16`) and what is recycled (`burn_u64`) of parts for other owners' parents.

    `tao_weight` is raw U96F32.
    """

    take_u16: int
    burn_u64: int
    tao_weight: int


@dataclass(frozen=True, slots=True)
class DividendSplit:
    """Alpha-rao: for each parent in the order given, for the child itself, and to be recycled."""

    parents: tuple[int, ...]
    own: int
    recycled: int


def self_contribution(alpha: int, root: int, lent: Iterable[int], tao_weight: int) -> int:
    """The stake weight that a hotkey brings in itself, floored: what it has less what it lends.

    `lent` holds proportions in parts of 2**64 - 1. Lending all in several parts leaves dust.
    Raises: OutOfRange.
    """
    kept = U96F32.one
    for proportion in lent:
        kept = U96F32.sub(kept, fraction_u64(proportion))
    return U96F32.to_u64(_contribution(alpha, root, kept, tao_weight))


def split_dividend(dividend: int, own: int, parents: Sequence[Parent], terms: ChildTerms) -> DividendSplit:
    """Divide a dividend (alpha-rao) by contributions; `own` is the child's `self_contribution`.

    Take and burn are both of a parent's whole part. Together above the whole they leave the parent 0, and
    child and burn still get theirs. What cuts leave over is the child's. Raises: OutOfRange.
    """
    contributions = [
        _contribution(parent.alpha, parent.root, fraction_u64(parent.proportion_u64), terms.tao_weight)
        for parent in parents
    ]
    total = U96F32.saturate(U96F32.from_int(own) + sum(contributions))
    whole = remaining = U96F32.from_int(require("dividend", dividend))
    take, burn = fraction_u16(terms.take_u16), fraction_u64(terms.burn_u64)
    takes = recycled = 0
    payouts = []
    for parent, contribution in zip(parents, contributions, strict=True):
        part = U96F32.mul(whole, U96F32.safe_div(contribution, total))
        remaining = U96F32.sub(remaining, part)
        if not parent.same_owner:
            burned, taken = U96F32.mul(burn, part), U96F32.mul(take, part)
            part = U96F32.sub(U96F32.sub(part, burned), taken)
            takes = U96F32.add(takes, taken)
            recycled += U96F32.to_u64(burned)
        payouts.append(U96F32.to_u64(part))
    return DividendSplit(tuple(payouts), U96F32.to_u64(U96F32.add(remaining, takes)), recycled)


def _contribution(alpha: int, root: int, proportion: int, tao_weight: int) -> int:
    """alpha * p + (root * p) * TAO weight: the proportion (U96F32) cuts before the weight does."""
    weighed = U96F32.mul(part_of(root, proportion), tao_weight)
    return U96F32.add(part_of(alpha, proportion), weighed)
