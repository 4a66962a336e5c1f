"""Bonds and dividends: what validators earn for backing uids early and in agreement.

Terms: W votes, C consensus, W~ votes for bonds, beta the bonds penalty, S active stake, B bonds,
alpha the share of the new observation in the moving average, I incentive, D dividends.
Source: subtensor docs/consensus.md and pallets/subtensor/src/epoch/run_epoch.rs; the consensus mode
from the same file of branch consensus-modes-devnet (9e11058a9).
"""

import numpy as np

from ganglion.fixed import I32F32, I64F64, u16_to_proportion
from ganglion.fixed.arrays import Shares, share_mul
from ganglion.yuma.epoch_input import MILLION, ConsensusMode, EpochInput, Hyperparameters
from ganglion.yuma.row_ops import LiquidAlpha, RowOps
from ganglion.yuma.rows import U16_MAX, Rows
from ganglion.yuma.stake import normalised
from ganglion.yuma.votes import within


def votes_for_bonds(votes: Rows, clipped: Rows, consensus: Shares, penalty: int, ops: RowOps) -> Rows:
    """W~_ij = W_ij + beta (W-bar_ij - W_ij). penalty: raw I32F32.

    0 and 1 take the rows as they are; anything between makes new rows in uid order.
    """
    if penalty == 0:
        return votes
    if penalty == I32F32.one:
        return clipped
    return ops.blend_clipped(votes, consensus, penalty)


def stored_bonds(epoch: EpochInput, ops: RowOps) -> Rows:
    """The stored u16 bonds with uids registered before the previous epoch's end.

    The line is the block after that epoch, or a tempo ago if there was none.
    """
    if epoch.last_step_block:
        line = min(epoch.last_step_block + 1, 2**64 - 1)
    else:
        line = max(epoch.current_block - epoch.hyperparameters.tempo, 0)
    bonds = within(epoch.bonds, epoch.n)
    if int(epoch.block_at_registration.max(initial=0)) < line:
        return bonds
    horizon = np.full(epoch.n, line, dtype=np.uint64)
    nobody = np.full(epoch.n, -1, dtype=np.int64)
    return ops.select(bonds, epoch.block_at_registration, horizon, nobody)


def fixed_alpha(bonds_moving_average: int) -> int:
    """alpha = 1 - average / 10**6, raw I32F32; the quotient is cut to 64 bits, then to 32."""
    average = I64F64.from_ratio(bonds_moving_average, MILLION)
    return I32F32.sub(I32F32.one, I32F32.convert(average, I64F64))


def liquid_alpha_curve(settings: Hyperparameters) -> LiquidAlpha:
    """The curve of the per-pair factor; steepness / -100 is cut toward zero."""
    steepness = I32F32.from_int(settings.alpha_sigmoid_steepness)
    return LiquidAlpha(
        low=u16_to_proportion(settings.alpha_low),
        high=u16_to_proportion(settings.alpha_high),
        steepness=I32F32.div(steepness, I32F32.from_int(-100)),
    )


# -- Yuma 2: bonds are shares of a column --------------------------------------------------


def bonds_average(votes: Rows, stored: Rows, stake: Shares, settings: Hyperparameters, ops: RowOps) -> Rows:
    """B_ij = alpha dB_ij + (1 - alpha) B_ij, columns normalised before and after.

    dB_ij = S_i W~_ij / sum_k S_k W~_kj.
    """
    return ops.share_average(votes, stored, stake, fixed_alpha(settings.bonds_moving_average))


def validator_dividends(bonds: Rows, incentive: Shares, ops: RowOps) -> Shares:
    """D_i = sum_j B_ij I_j, divided by its sum."""
    return normalised(ops.weigh_rows(bonds, incentive))


def bonds_to_store(bonds: Rows, ops: RowOps) -> Rows:
    """B_ij / max_k B_kj: the largest bond of a column is stored as exactly 1."""
    return ops.upscale_columns(bonds)


# -- Yuma 3: each bond follows its vote ----------------------------------------------------


def bonds_average_yuma3(votes: Rows, stored: Rows, consensus: Shares, epoch: EpochInput, ops: RowOps) -> Rows:
    """B_ij = a_ij W~_ij + (1 - a_ij) B_ij with one factor for all, or one per pair (liquid alpha).

    Liquid alpha needs some consensus; without any the fixed factor serves.
    """
    settings = epoch.hyperparameters
    if not (settings.liquid_alpha and consensus.any()):
        return ops.average(votes, stored, fixed_alpha(settings.bonds_moving_average))
    curve = liquid_alpha_curve(settings)
    if not compares_with_previous(settings):
        return ops.liquid_average(votes, stored, consensus, curve)
    previous = previous_consensus(epoch)
    # Uids that the stored consensus does not reach have no factor, and so no bond.
    return within(ops.liquid_average(votes, stored, previous, curve), len(epoch.previous_consensus))


def compares_with_previous(settings: Hyperparameters) -> bool:
    """Whether liquid alpha compares votes with the stored consensus instead of this epoch's."""
    match settings.liquid_alpha_consensus_mode:
        case ConsensusMode.CURRENT:
            return False
        case ConsensusMode.PREVIOUS:
            return True
        case ConsensusMode.AUTO:
            return settings.bonds_penalty == U16_MAX


def previous_consensus(epoch: EpochInput) -> Shares:
    """The stored consensus as raw I32F32, 0 for uids that it does not reach."""
    known = [u16_to_proportion(share) for share in epoch.previous_consensus[: epoch.n]]
    return np.array(known + [0] * (epoch.n - len(known)), dtype=np.uint64)


def dividends_yuma3(bonds: Rows, incentive: Shares, stake: Shares, ops: RowOps) -> Shares:
    """D_i = S_i sum_j I_j B_ij / sum_k B_kj, divided by its sum."""
    earned = ops.weigh_rows(ops.normalise_columns(bonds), incentive)
    return normalised(share_mul(earned, stake))
