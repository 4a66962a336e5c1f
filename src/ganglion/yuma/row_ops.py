"""What an epoch does to sparse rows, in numpy.

Values are uint64 raw I32F32 in [0, 1] unless said otherwise; vectors have one value per uid. No
operation makes a dense matrix: time and memory grow with the number of entries.
Source: subtensor pallets/subtensor/src/epoch/math.rs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganglion.fixed import I32F32, arrays
from ganglion.fixed.arrays import FRACTION, PIECE, SHARE_ONE, Raws, Shares, share_div, share_mul
from ganglion.yuma.epoch_input import Blocks
from ganglion.yuma.rows import U16_MAX, Rows, Values, rows_from_keys

ROW_BITS = np.uint64(16)
UID_SHIFT = np.uint64(49)
ROW_MASK = np.uint64((1 << 16) - 1)
SCORE_MASK = np.uint64((1 << 33) - 1)


@dataclass(frozen=True, slots=True)
class LiquidAlpha:
    """How fast a bond follows its vote, by how far the two are apart.

    low, high: raw I32F32 ends of the factor. steepness: raw I32F32, already negated, so that the
    factor is low + (high - low) / (1 + e**(steepness * (difference - 1/2))).
    """

    low: int
    high: int
    steepness: int


class RowOps:
    """The plain numpy implementation, which is also the specification of the compiled one."""

    def select(self, rows: Rows, registered: Blocks, horizon: Blocks, excluded: Raws) -> Rows:
        """Stored entries for uids registered before the row's horizon, but not its excluded uid."""
        recent = registered[rows.uids] >= rows.spread(horizon)
        return rows.keep(~recent & (rows.uids != rows.spread(excluded)))

    def normalise_rows(self, rows: Rows) -> Rows:
        """u16 entries divided by their row's sum; a row of zeros stays."""
        sums = rows.spread(self.row_sums(rows))
        return rows.with_values(_divide_integers(rows.values, sums))

    def normalise_columns(self, rows: Rows) -> Rows:
        """Entries divided by their column's sum, floored; a column of zeros stays."""
        return rows.with_values(share_div(rows.values, _column_sums(rows)[rows.uids]))

    def upscale_columns(self, rows: Rows) -> Rows:
        """Entries divided by their column's largest, floored; a column of zeros stays."""
        maxima = np.zeros(rows.count, dtype=np.uint64)
        np.maximum.at(maxima, rows.uids, rows.values)
        return rows.with_values(share_div(rows.values, maxima[rows.uids]))

    def row_sums(self, rows: Rows) -> Shares:
        """Sum of each row."""
        sums = np.zeros(rows.count, dtype=np.uint64)
        filled = np.flatnonzero(rows.lengths)
        if len(filled):
            sums[filled] = np.add.reduceat(rows.values, rows.starts[filled], dtype=np.uint64)
        return sums

    def weigh_columns(self, rows: Rows, factors: Shares) -> Shares:
        """Per column the sum of entries times their row's factor, each product floored."""
        return _column_sums(_scaled(rows, factors))

    def weigh_rows(self, rows: Rows, factors: Shares) -> Shares:
        """Per row the sum of entries times their column's factor, each product floored."""
        return self.row_sums(rows.with_values(share_mul(rows.values, factors[rows.uids])))

    def weighted_median(self, rows: Rows, stake: Shares, minority: int) -> Shares:
        """Per column the least score that more than `minority` stake scores at or below.

        stake: per row, its sum at least minority; rows of no stake are ignored. A missing entry
        is a score of 0. If no score has that much stake below it, the highest one is taken.
        """
        scores = _scores_by_column(rows.keep(rows.spread(stake > 0)))
        bounds = np.searchsorted(scores, np.arange(rows.count + 1, dtype=np.uint64) << UID_SHIFT)
        starts, ends = bounds[:-1], bounds[1:]
        below = np.zeros(len(scores) + 1, dtype=np.int64)
        np.cumsum(stake[(scores & ROW_MASK).view(np.int64)], out=below[1:])
        missing = int(stake.sum()) - (below[ends] - below[starts])
        beyond = np.searchsorted(below[1:], minority - missing + below[starts], side="right")
        at = np.minimum(np.maximum(beyond, starts), ends - 1)
        voted = (ends > starts) & ((missing <= minority) | (missing == 0))
        median = np.zeros(rows.count, dtype=np.uint64)
        median[voted] = (scores[at[voted]] >> ROW_BITS) & SCORE_MASK
        return median

    def clip(self, rows: Rows, ceiling: Shares) -> Rows:
        """Entries cut down to their column's ceiling; one cut to zero is removed."""
        limits = ceiling[rows.uids]
        clipped = rows.with_values(np.minimum(rows.values, limits))
        return clipped.keep((limits > 0) | (rows.values == 0))

    def blend_clipped(self, rows: Rows, ceiling: Shares, ratio: int) -> Rows:
        """value + ratio * (clipped value - value), in uid order, without zeros; 0 < ratio < 1."""
        excess = rows.values - np.minimum(rows.values, ceiling[rows.uids])
        # The change is negative and floors, so its size is rounded up.
        change = (excess * np.uint64(ratio) + np.uint64(I32F32.one - 1)) >> FRACTION
        blended = rows.with_values(rows.values - change)
        return _in_uid_order(blended.keep(blended.values > 0))

    def share_average(self, votes: Rows, bonds: Rows, stake: Shares, alpha: int) -> Rows:
        """Yuma 2: alpha * dB + (1 - alpha) * B, in uid order, without zeros, columns normalised.

        dB_ij = S_i W_ij / sum_k S_k W_kj; B_ij = b_ij / sum_k b_kj of the stored u16 bonds b.
        """
        delta = self.normalise_columns(_scaled(votes, stake))
        return self.normalise_columns(_mix(delta, column_shares(bonds), alpha))

    def average(self, votes: Rows, bonds: Rows, alpha: int) -> Rows:
        """Yuma 3: alpha * W + (1 - alpha) * B, in uid order, without zeros; B_ij = b_ij / 65535."""
        return _mix(votes, proportions(bonds), alpha)

    def liquid_average(self, votes: Rows, bonds: Rows, consensus: Shares, curve: LiquidAlpha) -> Rows:
        """As `average` with a factor for each pair, and only for the entries of `votes`.

        The chain finds vote and bond for the factor with one pass over ascending uids, so an entry
        behind a larger uid of its row reads as zero there, while the mix itself sees it.
        """
        keys, bond_keys, bond_values = votes.keys(), bonds.keys(), proportions(bonds).values
        old, old_seen = _look_up(keys, bond_keys, (bond_values, _in_sight(bond_keys, bond_values)))
        alpha = liquid_alphas(consensus[votes.uids], _in_sight(keys, votes.values), old_seen, curve)
        mixed = share_mul(SHARE_ONE - alpha, old) + share_mul(alpha, votes.values)
        return votes.with_values(mixed).keep(mixed > 0)


def column_shares(bonds: Rows) -> Rows:
    """u16 entries divided by their column's sum; a column of zeros stays."""
    return bonds.with_values(_divide_integers(bonds.values, _column_sums(bonds)[bonds.uids]))


def proportions(bonds: Rows) -> Rows:
    """u16 entries divided by 65535."""
    return bonds.with_values(_divide_integers(bonds.values, np.uint64(U16_MAX)))


def liquid_alphas(consensus: Shares, votes: Shares, bonds: Shares, curve: LiquidAlpha) -> Shares:
    """`liquid_alpha` of every pair, in pieces: it needs a dozen arrays as long as its input."""
    alphas = np.empty_like(votes)
    for start in range(0, len(votes), PIECE):
        piece = slice(start, start + PIECE)
        alphas[piece] = liquid_alpha(consensus[piece], votes[piece], bonds[piece], curve)
    return alphas


def liquid_alpha(consensus: Shares, vote: Shares, bond: Shares, curve: LiquidAlpha) -> Shares:
    """The factor of each pair: a sigmoid of vote - consensus if buying, bond - vote if selling."""
    bought = vote - np.minimum(vote, consensus)
    sold = bond - np.minimum(vote, bond)
    difference = np.where(vote >= bond, bought, sold).view(np.int64)
    steepness = _raw_constant(curve.steepness)
    growth = arrays.exp_safe(arrays.mul(steepness, difference - I32F32.one // 2))
    sigmoid = arrays.div(_raw_constant(I32F32.one), arrays.add(growth, _raw_constant(I32F32.one)))
    alpha = arrays.mul(sigmoid, _raw_constant(curve.high - curve.low)) + curve.low
    return np.maximum(np.minimum(alpha, curve.high), curve.low).view(np.uint64)


def _mix(new: Rows, old: Rows, alpha: int) -> Rows:
    """alpha * new + (1 - alpha) * old, in uid order, without zeros."""
    new_keys, old_keys = new.keys(), old.keys()
    keys = np.concatenate([new_keys, old_keys])
    keys.sort()
    keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    mixed = np.zeros(len(keys), dtype=np.uint64)
    mixed[np.searchsorted(keys, new_keys)] += share_mul(new.values, _constant(alpha))
    mixed[np.searchsorted(keys, old_keys)] += share_mul(old.values, _constant(I32F32.one - alpha))
    positive = mixed > 0
    return rows_from_keys(new.count, keys[positive], mixed[positive])


def _scaled(rows: Rows, factors: Shares) -> Rows:
    """Entries times their row's factor, floored."""
    return rows.with_values(share_mul(rows.values, rows.spread(factors)))


def _column_sums(rows: Rows) -> Shares:
    sums = np.zeros(rows.count, dtype=np.uint64)
    np.add.at(sums, rows.uids, rows.values.astype(np.uint64, copy=False))
    return sums


def _divide_integers(values: Values, divisors: Shares | np.uint64) -> Shares:
    """Whole numbers below 2**16 divided by sums that contain them, to raw I32F32."""
    return (values.astype(np.uint64) << FRACTION) // np.maximum(divisors, np.uint64(1))


def _scores_by_column(rows: Rows) -> Shares:
    """uid, score and row of every entry packed into one number each, ascending."""
    packed = rows.uids.astype(np.uint64) << UID_SHIFT
    packed |= rows.values << ROW_BITS
    packed |= rows.spread(np.arange(rows.count, dtype=np.uint64))
    packed.sort()
    return packed


def _in_uid_order(rows: Rows) -> Rows:
    keys = rows.keys()
    if (keys[1:] > keys[:-1]).all():
        return rows
    order = np.argsort(keys, kind="stable")
    return Rows(rows.starts, rows.uids[order], rows.values[order])


def _in_sight(keys: NDArray[np.uint32], values: Shares) -> Shares:
    """The values, but 0 for entries that a larger uid of their row precedes."""
    return np.where(np.maximum.accumulate(keys) == keys, values, np.uint64(0))


def _look_up(
    wanted: NDArray[np.uint32], keys: NDArray[np.uint32], columns: tuple[Shares, ...]
) -> tuple[Shares, ...]:
    """The values of each column at the wanted keys, 0 where there is none."""
    if not len(keys):
        return tuple(np.zeros(len(wanted), dtype=np.uint64) for _ in columns)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found = keys[at] == wanted
    return tuple(np.where(found, column[order[at]], np.uint64(0)) for column in columns)


def _constant(raw: int) -> Shares:
    return np.array([raw], dtype=np.uint64)


def _raw_constant(raw: int) -> Raws:
    return np.array([raw], dtype=np.int64)
