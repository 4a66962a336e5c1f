"""Stake of an epoch: who is active, who may validate, and how much each counts.

Terms: S is the normalised stake per uid. A *permit* lets a uid's votes and stake count; an epoch
works with the old permits and hands out the new ones.
Source: subtensor pallets/subtensor/src/epoch/run_epoch.rs.
"""

from collections.abc import Sequence

import numpy as np

from ganglion.fixed import I64F64
from ganglion.fixed.arrays import Shares, share_div
from ganglion.yuma.epoch_input import Blocks, Flags

U64_MAX = np.uint64(2**64 - 1)


def active(last_update: Blocks, activity_cutoff: int, current_block: int) -> Flags:
    """last_update + activity_cutoff >= current_block, for each entry of `last_update`."""
    cutoff = np.uint64(activity_cutoff)
    moved_on = np.minimum(last_update, U64_MAX - cutoff) + cutoff
    return moved_on >= np.uint64(current_block)


def normalised_stake(stake: Sequence[int], threshold: int, owner_uid: int | None) -> Shares:
    """S_i = S'_i / sum_k S'_k, without stakes below the threshold; the owner's always counts.

    stake: raw I64F64; threshold: whole rao. Floored to 64 fraction bits, then to 32.
    """
    least = I64F64.from_int(threshold)
    counted = [raw if raw >= least or uid == owner_uid else 0 for uid, raw in enumerate(stake)]
    total = sum(counted) or 1
    shares = [(raw << I64F64.fraction_bits) // total >> 32 if raw else 0 for raw in counted]
    return np.array(shares, dtype=np.uint64)


def with_owner(permits: Flags, owner_uid: int | None) -> Flags:
    """The permits with the owner's forced, if the list reaches that far."""
    if owner_uid is None or owner_uid >= len(permits):
        return permits
    forced = permits.copy()
    forced[owner_uid] = True
    return forced


def new_permits(stake: Shares, allowed: int, owner_uid: int | None) -> Flags:
    """Nonzero stake among the `allowed` largest; the owner's on top of that.

    Among equals the higher uid wins: uids are sorted by stake, stable, and the first are dropped.
    """
    permits = stake > 0
    losers = np.argsort(stake, kind="stable")[: max(len(stake) - allowed, 0)]
    permits[losers] = False
    return with_owner(permits, owner_uid)


def active_stake(stake: Shares, active: Flags, permits: Flags) -> Shares:
    """S of active uids with an old permit, divided by its own sum."""
    return normalised(_masked(_masked(stake, active), permits))


def normalised(values: Shares) -> Shares:
    """x_i / sum_k x_k, floored; unchanged when the sum is 0."""
    return share_div(values, values.sum(keepdims=True))


def fitted(flags: Flags, n: int) -> Flags:
    """Exactly n flags: missing ones are false, surplus ones are dropped."""
    fitted = np.zeros(n, dtype=np.bool_)
    fitted[: len(flags)] = flags[:n]
    return fitted


def _masked(values: Shares, kept: Flags) -> Shares:
    """Values where `kept` holds. As on the chain an entirely empty mask masks nothing."""
    if not len(kept):
        return values
    return np.where(fitted(kept, len(values)), values, np.uint64(0))
