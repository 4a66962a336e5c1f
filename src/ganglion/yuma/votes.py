"""Which votes count: the weights W of an epoch after all masks, rows normalised.

A vote for a uid counts if that uid was registered before the row's *horizon*: the voter's last
update, and with commit-reveal its earliest live commit.
Source: subtensor pallets/subtensor/src/epoch/run_epoch.rs.
"""

import numpy as np

from ganglion.fixed.arrays import Raws
from ganglion.yuma.epoch_input import Blocks, EpochInput, Flags
from ganglion.yuma.row_ops import RowOps
from ganglion.yuma.rows import Rows
from ganglion.yuma.stake import U64_MAX, fitted


def counted_votes(epoch: EpochInput, permits: Flags, ops: RowOps) -> Rows:
    """W_ij / sum_k W_ik over the votes that count. u16 rows in, raw I32F32 rows out."""
    horizon = np.where(fitted(permits, epoch.n), vote_horizon(epoch), np.uint64(0))
    votes = within(epoch.weights, epoch.n)
    return ops.normalise_rows(ops.select(votes, epoch.block_at_registration, horizon, own_uids(epoch)))


def own_uids(epoch: EpochInput) -> Raws:
    """Per row the uid whose vote is a vote for oneself; -1 for the owner, who may."""
    own = np.arange(epoch.n, dtype=np.int64)
    if epoch.owner_uid is not None:
        own[epoch.owner_uid] = -1
    return own


def vote_horizon(epoch: EpochInput) -> Blocks:
    """Per row the block before which a uid must have been registered to be voted for.

    registration < last_update, and registration <= earliest live commit under commit-reveal.
    A row without last update has horizon 0, so none of its votes count.
    """
    horizon = np.zeros(epoch.n, dtype=np.uint64)
    horizon[: len(epoch.last_update)] = epoch.last_update[: epoch.n]
    if not epoch.hyperparameters.commit_reveal:
        return horizon
    commits = earliest_commits(epoch)
    return np.minimum(horizon, np.where(commits == U64_MAX, U64_MAX, commits + np.uint64(1)))


def earliest_commits(epoch: EpochInput) -> Blocks:
    """Per row the block of its earliest live commit, 2**64 - 1 without one.

    A commit is dead when current_epoch > commit's epoch + reveal_period.
    """
    earliest = [int(U64_MAX)] * epoch.n
    for uid, committed_in, block in epoch.commits:
        live = epoch.current_epoch <= committed_in + epoch.hyperparameters.reveal_period
        if live and uid < epoch.n:
            earliest[uid] = min(earliest[uid], block)
    return np.array(earliest, dtype=np.uint64)


def within(rows: Rows, n: int) -> Rows:
    """Entries for uids below n."""
    return rows.keep(rows.uids < n)
