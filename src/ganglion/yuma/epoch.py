"""Yuma consensus: one epoch from stored votes, bonds and stake to pay.

The steps and their equations are in stake, votes, consensus, bonds and emission; this module puts
them in the chain's order. `ops` chooses how rows are computed, never what comes out.
Source: subtensor pallets/subtensor/src/epoch/run_epoch.rs (epoch_mechanism).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ganglion.fixed import I64F64, u16_to_proportion
from ganglion.fixed.arrays import Shares, share_to_u16
from ganglion.yuma.bonds import (
    bonds_average,
    bonds_average_yuma3,
    bonds_to_store,
    dividends_yuma3,
    stored_bonds,
    validator_dividends,
    votes_for_bonds,
)
from ganglion.yuma.consensus import clipped_votes, consensus_weights, server_incentive, validator_trust
from ganglion.yuma.emission import emission_shares, in_rao
from ganglion.yuma.epoch_input import EpochInput, Flags
from ganglion.yuma.outcome import EpochOutcome, U64s
from ganglion.yuma.row_ops import RowOps, column_shares, proportions
from ganglion.yuma.rows import Rows
from ganglion.yuma.stake import active, active_stake, fitted, new_permits, normalised_stake, with_owner
from ganglion.yuma.votes import counted_votes

Observer = Callable[[str, Rows | Shares], None]
PLAIN = RowOps()


def unobserved(name: str, value: Rows | Shares) -> None:
    """The observer that looks away."""


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """What validators agreed on: raw I32F32 per uid, and the rows their bonds follow."""

    stake: Shares
    consensus: Shares
    trust: Shares
    incentive: Shares
    votes_for_bonds: Rows


def run_epoch(epoch: EpochInput, ops: RowOps = PLAIN, observe: Observer = unobserved) -> EpochOutcome:
    """Run one epoch. `observe` is shown every intermediate value under its name, raw I32F32."""
    settings, n, owner = epoch.hyperparameters, epoch.n, epoch.owner_uid
    is_active = active(epoch.last_update, settings.activity_cutoff, epoch.current_block)
    stake = normalised_stake(epoch.stake, settings.stake_threshold, owner)
    observe("stake", stake)
    old_permits = with_owner(epoch.validator_permit, owner)
    permits = new_permits(stake, settings.max_allowed_validators, owner)
    voting_stake = active_stake(stake, is_active, old_permits)
    observe("active_stake", voting_stake)

    agreed = agree(epoch, old_permits, voting_stake, ops, observe)
    bond = bond_yuma3 if settings.yuma3 else bond_yuma2
    bonds, dividends = bond(epoch, agreed, ops, observe)
    observe("dividends", dividends)

    shares = emission_shares(agreed.incentive, dividends, stake, voting_stake)
    return EpochOutcome(
        active=fitted(is_active, n),
        validator_permit=permits,
        consensus=share_to_u16(agreed.consensus),
        incentive=share_to_u16(agreed.incentive),
        dividends=share_to_u16(dividends),
        validator_trust=share_to_u16(agreed.trust),
        stake_weight=share_to_u16(stake),
        bonds=_of_permitted(bonds, permits),
        server_emission=in_rao(shares.server, epoch.rao_emission),
        validator_emission=in_rao(shares.validator, epoch.rao_emission),
        emission=in_rao(shares.combined, epoch.rao_emission),
        stake=_whole_rao(epoch.stake),
    )


def agree(
    epoch: EpochInput, permits: Flags, stake: Shares, ops: RowOps, observe: Observer = unobserved
) -> Agreement:
    """From votes and active stake to consensus, trust, incentive and the votes for bonds."""
    settings = epoch.hyperparameters
    votes = counted_votes(epoch, permits, ops)
    observe("weights", votes)
    consensus = consensus_weights(votes, stake, u16_to_proportion(settings.kappa), ops)
    observe("consensus", consensus)
    clipped = clipped_votes(votes, consensus, ops)
    observe("clipped", clipped)
    incentive = server_incentive(clipped, stake, ops)
    observe("incentive", incentive)
    penalty = u16_to_proportion(settings.bonds_penalty)
    backed = votes_for_bonds(votes, clipped, consensus, penalty, ops)
    observe("weights_for_bonds", backed)
    return Agreement(stake, consensus, validator_trust(clipped, ops), incentive, backed)


def bond_yuma2(
    epoch: EpochInput, agreed: Agreement, ops: RowOps, observe: Observer = unobserved
) -> tuple[Rows, Shares]:
    """The older rule: bonds to store and dividends, from bonds that are shares of a column."""
    stored = stored_bonds(epoch, ops)
    if observe is not unobserved:
        observe("bonds_in", column_shares(stored))
    average = bonds_average(agreed.votes_for_bonds, stored, agreed.stake, epoch.hyperparameters, ops)
    to_store = bonds_to_store(average, ops)
    observe("ema", to_store)
    return to_store, validator_dividends(average, agreed.incentive, ops)


def bond_yuma3(
    epoch: EpochInput, agreed: Agreement, ops: RowOps, observe: Observer = unobserved
) -> tuple[Rows, Shares]:
    """Yuma 3: bonds to store and dividends, each bond following its own vote."""
    stored = stored_bonds(epoch, ops)
    if observe is not unobserved:
        observe("bonds_in", proportions(stored))
    average = bonds_average_yuma3(agreed.votes_for_bonds, stored, agreed.consensus, epoch, ops)
    observe("ema", average)
    return average, dividends_yuma3(average, agreed.incentive, agreed.stake, ops)


def _of_permitted(bonds: Rows, permits: Flags) -> Rows:
    """Bonds of uids with a new permit, as u16."""
    kept = bonds.keep_rows(permits)
    return kept.with_values(share_to_u16(kept.values))


def _whole_rao(stake: Sequence[int]) -> U64s:
    return np.array([raw >> I64F64.fraction_bits for raw in stake], dtype=np.uint64)
