"""Consensus, validator trust and incentive from votes and stake.

Terms: W votes, S active stake, kappa the majority that must support a weight, W-bar the votes
clipped to the consensus, R ranks, I incentive, T validator trust.
Source: subtensor docs/consensus.md and pallets/subtensor/src/epoch/math.rs.
"""

from ganglion.fixed.arrays import Shares
from ganglion.yuma.row_ops import RowOps
from ganglion.yuma.rows import Rows
from ganglion.yuma.stake import normalised


def consensus_weights(votes: Rows, stake: Shares, kappa: int, ops: RowOps) -> Shares:
    """C_j = max w such that sum_i S_i [W_ij >= w] >= kappa: the stake-weighted median.

    The positive stakes are normalised once more, and the minority is what is left of their actual
    sum (a little below 1) without kappa: on a tie this decides.
    """
    voting_stake = normalised(stake)
    minority = int(voting_stake.sum()) - kappa
    return ops.weighted_median(votes, voting_stake, minority)


def clipped_votes(votes: Rows, consensus: Shares, ops: RowOps) -> Rows:
    """W-bar_ij = min(W_ij, C_j). A positive vote clipped to zero leaves the row."""
    return ops.clip(votes, consensus)


def validator_trust(clipped: Rows, ops: RowOps) -> Shares:
    """T_i = sum_j W-bar_ij."""
    return ops.row_sums(clipped)


def server_incentive(clipped: Rows, stake: Shares, ops: RowOps) -> Shares:
    """I_j = R_j / sum_k R_k with the ranks R_j = sum_i S_i W-bar_ij, each product floored."""
    return normalised(ops.weigh_columns(clipped, stake))
