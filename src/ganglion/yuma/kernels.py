"""Compiled loops over rows, one per operation of RowOps. Importing this module loads numba.

A matrix is a tuple (starts, uids, values), see Rows; a value is a raw I32F32 share as uint64, or u16
where the operation starts from stored rows. Constants have their width spelled out: numba turns
mixed signed and unsigned integers into floats.

Signatures are declared, so that nothing compiles at an unexpected moment, and the machine code is
cached on disk.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from ganglion.fixed.arrays import Raws, Shares

Matrix = tuple[NDArray[np.int64], NDArray[np.uint16], NDArray[Any]]
Number = Any  # a scalar of the width that the signature declares
Function = TypeVar("Function", bound=Callable[..., Any])

ONE = np.uint64(1 << 32)
HALF = np.int64(1 << 31)
LOW = np.uint64((1 << 32) - 1)
U16_MAX = np.uint64(0xFFFF)
ROW = np.uint64((1 << 16) - 1)
ROW_BITS = np.uint64(16)
SHIFT = np.uint64(32)
ZERO = np.uint64(0)
UNIT = np.uint64(1)
LAST_POWER = np.uint64(31)
MAX_EXPONENT = np.int64(20 << 32)
E_ROUNDED = np.uint64(22802600 << 9)
BEYOND = np.int64(1 << 16)

u64, i64 = types.uint64, types.int64
tuple_of: Callable[[tuple[Any, ...]], Any] = types.Tuple
# Read-only arrays: writable ones are accepted for them too.
u16s = types.Array(types.uint16, 1, "C", readonly=True)
u64s = types.Array(u64, 1, "C", readonly=True)
i64s = types.Array(i64, 1, "C", readonly=True)
stored = tuple_of((i64s, u16s, u16s))
shares = tuple_of((i64s, u16s, u64s))
new_u64s = u64[::1]
new_stored = tuple_of((i64[::1], types.uint16[::1], types.uint16[::1]))
new_shares = tuple_of((i64[::1], types.uint16[::1], new_u64s))
curve_type = tuple_of((u64, u64, i64))


def compiled(signature: Any) -> Callable[[Function], Function]:
    """Compile for one signature. Divisors are never zero here, so that check is left out."""
    decorator: Callable[[Function], Function] = njit(signature, cache=True, error_model="numpy")
    return decorator


@compiled(u64(u64, u64))
def product(a: Number, b: Number) -> Number:
    """a * b of shares, floored; see fixed.arrays.share_mul."""
    return ((a * b) >> SHIFT) | (a & b & ONE)


@compiled(u64(u64, u64))
def quotient(a: Number, b: Number) -> Number:
    """a / b of shares, floored, a <= b, b > 0; see fixed.arrays.share_div."""
    whole = a >> SHIFT
    return ((a << SHIFT) - whole * b) // b + whole


# -- sums and shares ----------------------------------------------------------------------


@compiled(new_stored(stored, u64s, u64s, i64s))
def select(rows: Matrix, registered: Shares, horizon: Shares, excluded: Raws) -> Matrix:
    """See RowOps.select."""
    starts, uids, values = rows
    bounds = np.zeros(len(starts), dtype=np.int64)
    kept_uids, kept = np.empty(len(uids), dtype=np.uint16), np.empty(len(uids), dtype=np.uint16)
    count = 0
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            uid = uids[k]
            if registered[uid] < horizon[i] and uid != excluded[i]:
                kept_uids[count], kept[count] = uid, values[k]
                count += 1
        bounds[i + 1] = count
    return bounds, kept_uids[:count], kept[:count]


@compiled(new_u64s(stored))
def normalise_rows(rows: Matrix) -> Shares:
    """See RowOps.normalise_rows."""
    starts, _, values = rows
    normalised = np.empty(len(values), dtype=np.uint64)
    for i in range(len(starts) - 1):
        total = ZERO
        for k in range(starts[i], starts[i + 1]):
            total += np.uint64(values[k])
        total = max(total, UNIT)
        for k in range(starts[i], starts[i + 1]):
            normalised[k] = (np.uint64(values[k]) << SHIFT) // total
    return normalised


@compiled(new_u64s(shares))
def row_sums(rows: Matrix) -> Shares:
    """See RowOps.row_sums."""
    starts, _, values = rows
    sums = np.zeros(len(starts) - 1, dtype=np.uint64)
    for i in range(len(sums)):
        total = ZERO
        for k in range(starts[i], starts[i + 1]):
            total += values[k]
        sums[i] = total
    return sums


@compiled(new_u64s(shares, u64s))
def weigh_rows(rows: Matrix, factors: Shares) -> Shares:
    """See RowOps.weigh_rows."""
    starts, uids, values = rows
    sums = np.zeros(len(starts) - 1, dtype=np.uint64)
    for i in range(len(sums)):
        total = ZERO
        for k in range(starts[i], starts[i + 1]):
            total += product(values[k], factors[uids[k]])
        sums[i] = total
    return sums


@compiled(new_u64s(shares, u64s))
def weigh_columns(rows: Matrix, factors: Shares) -> Shares:
    """See RowOps.weigh_columns."""
    starts, uids, values = rows
    sums = np.zeros(len(factors), dtype=np.uint64)
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            sums[uids[k]] += product(values[k], factors[i])
    return sums


@compiled(new_u64s(shares))
def normalise_columns(rows: Matrix) -> Shares:
    """See RowOps.normalise_columns."""
    starts, uids, values = rows
    sums = np.zeros(len(starts) - 1, dtype=np.uint64)
    for k in range(len(uids)):
        sums[uids[k]] += values[k]
    normalised = np.empty(len(values), dtype=np.uint64)
    for k in range(len(uids)):
        normalised[k] = quotient(values[k], max(sums[uids[k]], UNIT))
    return normalised


@compiled(new_u64s(shares))
def upscale_columns(rows: Matrix) -> Shares:
    """See RowOps.upscale_columns."""
    starts, uids, values = rows
    maxima = np.zeros(len(starts) - 1, dtype=np.uint64)
    for k in range(len(uids)):
        maxima[uids[k]] = max(maxima[uids[k]], values[k])
    upscaled = np.empty(len(values), dtype=np.uint64)
    for k in range(len(uids)):
        upscaled[k] = quotient(values[k], max(maxima[uids[k]], UNIT))
    return upscaled


# -- consensus ------------------------------------------------------------------------------


@compiled(u64(new_u64s, u64, u64))
def take_pivot(scores: Shares, start: Number, last: Number) -> Number:
    """The middle one of three scores, out of whose place the last one is moved."""
    middle = (start + last) >> UNIT
    first, second, third = scores[start], scores[middle], scores[last]
    pivot = max(min(first, second), min(max(first, second), third))
    if pivot == first:
        scores[start] = third
    elif pivot == second:
        scores[middle] = third
    return pivot


@compiled(u64(new_u64s, u64s, i64, i64))
def column_median(scores: Shares, stake: Shares, below: Number, minority: Number) -> Number:
    """Quickselect on one column's packed scores, which it reorders; see RowOps.weighted_median.

    below: stake of the rows without a score. The inner loop has no branches to mispredict.
    """
    start, end = ZERO, np.uint64(len(scores))
    if start == end or (below > 0 and below > minority):
        return ZERO
    while end - start > UNIT:
        last = end - UNIT
        pivot = take_pivot(scores, start, last)
        less, less_stake = start, np.int64(0)
        for k in range(start, last):
            score = scores[k]
            is_less = score < pivot
            scores[k] = scores[less]
            scores[less] = score
            less_stake += np.int64(stake[score & ROW]) if is_less else np.int64(0)
            less += np.uint64(is_less)
        if less > start and below + less_stake > minority:
            end = less
            continue
        scores[last] = scores[less]
        below += less_stake + np.int64(stake[pivot & ROW])
        if below > minority or less == last:
            return pivot >> ROW_BITS
        start = less + UNIT
    return scores[start] >> ROW_BITS


@compiled(new_u64s(shares, u64s, i64))
def weighted_median(rows: Matrix, stake: Shares, minority: Number) -> Shares:
    """See RowOps.weighted_median. Scores are packed with their row and laid out by column."""
    starts, uids, values = rows
    n = len(starts) - 1
    total, ends = np.int64(0), np.zeros(n + 1, dtype=np.int64)
    for i in range(n):
        total += np.int64(stake[i])
        if stake[i]:
            for k in range(starts[i], starts[i + 1]):
                ends[uids[k] + 1] += 1
    for j in range(n):
        ends[j + 1] += ends[j]
    scores, missing = np.empty(ends[n], dtype=np.uint64), np.full(n, total)
    for i in range(n):
        if stake[i]:
            for k in range(starts[i], starts[i + 1]):
                uid = uids[k]
                scores[ends[uid]] = (values[k] << ROW_BITS) | np.uint64(i)
                ends[uid] += 1
                missing[uid] -= np.int64(stake[i])
    medians, start = np.zeros(n, dtype=np.uint64), 0
    for j in range(n):
        medians[j] = column_median(scores[start : ends[j]], stake, missing[j], minority)
        start = ends[j]
    return medians


@compiled(new_shares(shares, u64s))
def clip(rows: Matrix, ceiling: Shares) -> Matrix:
    """See RowOps.clip."""
    starts, uids, values = rows
    bounds = np.zeros(len(starts), dtype=np.int64)
    kept_uids, kept = np.empty(len(uids), dtype=np.uint16), np.empty(len(uids), dtype=np.uint64)
    count = 0
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            limit = ceiling[uids[k]]
            if limit or not values[k]:
                kept_uids[count], kept[count] = uids[k], min(values[k], limit)
                count += 1
        bounds[i + 1] = count
    return bounds, kept_uids[:count], kept[:count]


# -- bonds ----------------------------------------------------------------------------------


@compiled(types.boolean(i64s, u16s))
def in_uid_order(starts: NDArray[np.int64], uids: NDArray[np.uint16]) -> bool:
    """Whether every row ascends."""
    for i in range(len(starts) - 1):
        for k in range(starts[i] + 1, starts[i + 1]):
            if uids[k] <= uids[k - 1]:
                return False
    return True


@compiled(new_shares(shares, stored, u64s, tuple_of((u64s, u64s)), u64))
def merge(votes: Matrix, bonds: Matrix, stake: Shares, sums: tuple[Shares, Shares], alpha: Number) -> Matrix:
    """alpha * (stake * vote / vote sum) + (1 - alpha) * (bond / bond sum) over ascending rows."""
    starts, uids, voted = votes
    bond_starts, bond_uids, bonded = bonds
    vote_sums, bond_sums = sums
    room = len(uids) + len(bond_uids)
    merged_uids, merged = np.empty(room, dtype=np.uint16), np.empty(room, dtype=np.uint64)
    bounds = np.zeros(len(starts), dtype=np.int64)
    count = 0
    for i in range(len(starts) - 1):
        a, a_end = starts[i], starts[i + 1]
        b, b_end = bond_starts[i], bond_starts[i + 1]
        while a < a_end or b < b_end:
            vote_uid = np.int64(uids[a]) if a < a_end else BEYOND
            bond_uid = np.int64(bond_uids[b]) if b < b_end else BEYOND
            uid = min(vote_uid, bond_uid)
            mixed = ZERO
            if vote_uid == uid:
                delta = quotient(product(voted[a], stake[i]), max(vote_sums[uid], UNIT))
                mixed += product(delta, alpha)
                a += 1
            if bond_uid == uid:
                before = (np.uint64(bonded[b]) << SHIFT) // max(bond_sums[uid], UNIT)
                mixed += product(before, ONE - alpha)
                b += 1
            if mixed:
                merged_uids[count], merged[count] = uid, mixed
                count += 1
        bounds[i + 1] = count
    return bounds, merged_uids[:count], merged[:count]


@compiled(new_shares(shares, stored, u64s, u64))
def share_average(votes: Matrix, bonds: Matrix, stake: Shares, alpha: Number) -> Matrix:
    """See RowOps.share_average; the columns are normalised in place."""
    bond_sums = np.zeros(len(stake), dtype=np.uint64)
    for k in range(len(bonds[1])):
        bond_sums[bonds[1][k]] += np.uint64(bonds[2][k])
    merged = merge(votes, bonds, stake, (weigh_columns(votes, stake), bond_sums), alpha)
    _, uids, mixed = merged
    sums = np.zeros(len(stake), dtype=np.uint64)
    for k in range(len(uids)):
        sums[uids[k]] += mixed[k]
    for k in range(len(uids)):
        mixed[k] = quotient(mixed[k], sums[uids[k]])
    return merged


@compiled(new_shares(shares, stored, u64))
def average(votes: Matrix, bonds: Matrix, alpha: Number) -> Matrix:
    """See RowOps.average: a merge whose sums leave votes as they are and make bonds x / 65535."""
    ones, full = np.full(len(votes[0]), ONE), np.full(len(votes[0]), U16_MAX)
    return merge(votes, bonds, ones, (ones, full), alpha)


@compiled(u64(u64))
def inverse(a: Number) -> Number:
    """1 / a floored, for a above 2**32 raw: 2**64 // a without leaving 64 bits."""
    return (ZERO - a) // a + UNIT


@compiled(u64(i64))
def exp_safe(x: Number) -> Number:
    """e**x of x clamped to [-20, 20]; see fixed.arrays.exp_safe. Zero terms stay zero."""
    if x == np.int64(ONE):
        return E_ROUNDED
    magnitude = np.uint64(min(abs(x), MAX_EXPONENT))
    whole, fraction = magnitude >> SHIFT, magnitude & LOW
    total, term, power = magnitude + ONE, magnitude, UNIT
    while term and power < LAST_POWER:
        power += UNIT
        term = (term * whole + (term >> SHIFT) * fraction + ((term & LOW) * fraction >> SHIFT)) // power
        total += term
    return total if x >= 0 else inverse(total)


@compiled(u64(u64, u64, u64, curve_type))
def liquid_alpha(
    consensus: Number, vote: Number, bond: Number, curve: tuple[Number, Number, Number]
) -> Number:
    """The factor of one pair; see row_ops.liquid_alpha."""
    low, high, steepness = curve
    difference = vote - min(vote, consensus) if vote >= bond else bond - vote
    offset = np.int64(difference) - HALF
    exponent = (steepness >> 32) * offset + (((steepness & np.int64(LOW)) * offset) >> 32)
    alpha = low + product(inverse(exp_safe(exponent) + ONE), high - min(low, high))
    return max(min(alpha, high), low)


@compiled(new_shares(shares, stored, u64s, curve_type))
def liquid_average(
    votes: Matrix, bonds: Matrix, consensus: Shares, curve: tuple[Number, Number, Number]
) -> Matrix:
    """See RowOps.liquid_average; a row's bonds lie open by uid while its votes pass."""
    starts, uids, voted = votes
    bond_starts, bond_uids, bonded = bonds
    old, old_seen = np.zeros(len(consensus), dtype=np.uint64), np.zeros(len(consensus), dtype=np.uint64)
    kept_uids, kept = np.empty(len(uids), dtype=np.uint16), np.empty(len(uids), dtype=np.uint64)
    bounds = np.zeros(len(starts), dtype=np.int64)
    count = 0
    for i in range(len(starts) - 1):
        highest = np.int64(-1)
        for k in range(bond_starts[i], bond_starts[i + 1]):
            uid = np.int64(bond_uids[k])
            old[uid] = (np.uint64(bonded[k]) << SHIFT) // U16_MAX
            old_seen[uid] = old[uid] if uid > highest else ZERO
            highest = max(highest, uid)
        highest = np.int64(-1)
        for k in range(starts[i], starts[i + 1]):
            uid = np.int64(uids[k])
            seen = voted[k] if uid > highest else ZERO
            highest = max(highest, uid)
            alpha = liquid_alpha(consensus[uid], seen, old_seen[uid], curve)
            mixed = product(ONE - alpha, old[uid]) + product(alpha, voted[k])
            if mixed:
                kept_uids[count], kept[count] = uid, mixed
                count += 1
        for k in range(bond_starts[i], bond_starts[i + 1]):
            old[bond_uids[k]] = old_seen[bond_uids[k]] = ZERO
        bounds[i + 1] = count
    return bounds, kept_uids[:count], kept[:count]
