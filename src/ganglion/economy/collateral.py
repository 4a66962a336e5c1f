"""Collateral: part of what a registration costs stays the miner's, locked, and is earned back.

Terms: the *lock share* of the price buys alpha that is locked; the rest is destroyed as ever. Each alpha that
the miner earns unlocks *drain ratio* alpha, down to a *floor* that the miner sets. Below the floor, what the
miner earns is *captured* into the lock.

Source: pallets/subtensor/src/subnets/collateral.rs of the chain since July 2026 (spec 435).
"""

from dataclasses import dataclass, replace

from ganglion.economy.errors import U16_MAX, U64_MAX, require
from ganglion.fixed import U64F64

MAX_LOCK_SHARE = 62_258
"""Parts of 65535, about 95 %: a registration always destroys something."""
MAX_DRAIN_RATIO = U64F64.from_int(10)
RAO_PER_TAO = 10**9


@dataclass(frozen=True, slots=True)
class Collateral:
    """A position: `locked`, the `floor` and all that was ever `earned` in alpha-rao, `drain_ratio` U64F64."""

    locked: int = 0
    drain_ratio: int = U64F64.one
    floor: int = 0
    earned: int = 0

    def __bool__(self) -> bool:
        return self.locked > 0 or self.floor > 0


@dataclass(frozen=True, slots=True)
class Charge:
    """What a registration costs, in rao: to buy alpha that is destroyed, and alpha that is locked."""

    burned: int
    bonded: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return min(self.burned + self.bonded, U64_MAX)

    def bonded_part(self, amount: int) -> int:
        """The part of what the charge bought, or cost, that belongs to the bond; floored."""
        return amount * self.bonded // max(self.burned + self.bonded, 1)


def registration_charge(cost: int, lock_share: int, locked: int, moving_price: int) -> Charge:
    """Split a price of `cost` rao; `locked` alpha-rao count at the moving price (U64F64) against the bond.

    Raises: OutOfRange.
    """
    share = U64F64.from_ratio(require("lock_share", lock_share, U16_MAX), U16_MAX)
    bond = U64F64.to_u64(U64F64.mul(U64F64.from_int(require("cost", cost)), share))
    return Charge(cost - bond, max(bond - worth(locked, moving_price), 0))


def worth(alpha: int, price: int) -> int:
    """Rao that alpha is worth at a price (U64F64), floored."""
    return U64F64.to_u64(U64F64.mul(U64F64.from_int(alpha), price))


def purchase_limit(spot_price: int) -> int:
    """The highest price, in rao per alpha, at which a registration may buy: 5 % above spot (U64F64)."""
    limit = U64F64.safe_div(U64F64.mul(spot_price, U64F64.from_int(105)), U64F64.from_int(100))
    return U64F64.to_u64(U64F64.mul(limit, U64F64.from_int(RAO_PER_TAO)))


def settled(position: Collateral, earned: int, capturable: int) -> tuple[Collateral, int]:
    """The position after its hotkey `earned`, and how much of `capturable` was captured; all alpha-rao."""
    position = replace(position, earned=min(position.earned + earned, U64_MAX))
    if position.locked < position.floor:
        captured = min(capturable, position.floor - position.locked)
        return replace(position, locked=position.locked + captured), captured
    released = worth(earned, position.drain_ratio)
    return replace(position, locked=max(position.locked - released, position.floor)), 0


def joint(position: Collateral, other: Collateral) -> Collateral:
    """Two positions in one, which drains at the slower rate."""
    return Collateral(
        min(position.locked + other.locked, U64_MAX),
        min(position.drain_ratio, other.drain_ratio),
        min(position.floor + other.floor, U64_MAX),
        min(position.earned + other.earned, U64_MAX),
    )
