"""From incentive and dividends to rao.

Terms: I incentive, D dividends, S stake. Everything floors; the dust is not handed out.
Source: subtensor pallets/subtensor/src/epoch/run_epoch.rs.
"""

from dataclasses import dataclass

import numpy as np

from ganglion.fixed.arrays import Shares, share_div, share_of_u64


@dataclass(frozen=True, slots=True, eq=False)
class EmissionShares:
    """Shares of one epoch's emission per uid: as miner, as validator, and of both together."""

    server: Shares
    validator: Shares
    combined: Shares


def emission_shares(
    incentive: Shares, dividends: Shares, stake: Shares, active_stake: Shares
) -> EmissionShares:
    """I_i / T, D_i / T and (I_i + D_i) / T with T = sum_k (I_k + D_k).

    With T = 0 validators share by active stake, or by stake if none is active; miners get nothing.
    """
    combined = incentive + dividends
    total = combined.sum(keepdims=True, dtype=np.uint64)
    if total.any():
        parts = (share_div(part, total) for part in (incentive, dividends, combined))
        return EmissionShares(*parts)
    by_stake = active_stake if active_stake.any() else stake
    return EmissionShares(incentive, by_stake, by_stake)


def in_rao(shares: Shares, rao_emission: int) -> Shares:
    """floor(share * emission), rao per uid."""
    return share_of_u64(shares, rao_emission)
