"""Which subnet gives way when a new one is launched and all places are taken.

Source: pallets/subtensor/src/coinbase/root.rs.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PruneCandidate:
    """A subnet, never root: its moving price (raw, in any one format) and its block of registration."""

    netuid: int
    moving_price: int
    registered_at: int


def subnet_to_prune(candidates: Iterable[PruneCandidate], now: int, immunity_period: int) -> int | None:
    """The netuid with the lowest price; of equals the earliest registered, then the first given.

    None if all are immune, which a subnet is until `immunity_period` blocks after its registration.
    """
    mortal = [each for each in candidates if now >= each.registered_at + immunity_period]
    weakest = min(mortal, key=lambda each: (each.moving_price, each.registered_at), default=None)
    return weakest.netuid if weakest else None
