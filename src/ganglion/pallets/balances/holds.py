"""Holds: TAO that is set aside for a reason, so that whoever holds it can give back just that.

What is held counts as reserved. Unlike a reserve, a hold leaves the existential deposit free.
Source: polkadot-sdk substrate/frame/balances/src/impl_fungible.rs; subtensor runtime/src/lib.rs.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Annotated

from ganglion.crypto.hashing import Blake2_128Concat
from ganglion.frame.dispatch import InvariantBroken, TokenError, TokenErrorKind
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import TaoBalance
from ganglion.frame.storage import StorageMap, storage
from ganglion.scale import Enum, Struct, named
from ganglion.scale.markers import Bounded
from ganglion.scale.types import AccountId, Vec

if TYPE_CHECKING:
    from ganglion.pallets.balances.pallet import Balances
    from ganglion.pallets.system.pallet import System


@named("pallet_preimage::pallet::HoldReason")
class PreimageReason(enum.IntEnum):
    """Why Preimage holds TAO."""

    Preimage = 0


@named("pallet_safe_mode::pallet::HoldReason")
class SafeModeReason(enum.IntEnum):
    """Why SafeMode holds TAO."""

    EnterOrExtend = 0


class HoldReason(Enum, path="node_subtensor_runtime::RuntimeHoldReason"):
    """Which pallet holds TAO, and why."""


class HeldByPreimage(HoldReason, index=14, name="Preimage", positional=True):
    reason: PreimageReason = PreimageReason.Preimage


class HeldBySafeMode(HoldReason, index=20, name="SafeMode", positional=True):
    reason: SafeModeReason = SafeModeReason.EnterOrExtend


class HeldAmount(Struct, path="frame_support::traits::tokens::misc::IdAmount"):
    """What is held for one reason, in rao."""

    id: HoldReason
    amount: TaoBalance


class Holds(Section):
    """TAO held of accounts. Amounts in rao."""

    balances: Balances
    system: System

    # account -> what is held of it, each reason once.
    holds: StorageMap[AccountId, Annotated[Vec[HeldAmount], Bounded(4)]] = storage(
        Blake2_128Concat, default=()
    )

    def held(self, reason: HoldReason, who: bytes) -> int:
        """What is held of an account for a reason."""
        return next((held.amount for held in self.holds[who] if held.id == reason), 0)

    def hold(self, reason: HoldReason, who: bytes, amount: int) -> None:
        """Hold TAO. Raises: TokenError (FUNDS_UNAVAILABLE) if the rest would not keep the account alive."""
        if amount == 0:
            return
        if self.balances.free(who) - amount < self.balances.existential_deposit:
            raise TokenError(TokenErrorKind.FundsUnavailable)
        self.balances.shift(who, -amount, amount)
        self._put(reason, who, self.held(reason, who) + amount)

    def release(self, reason: HoldReason, who: bytes, amount: int) -> int:
        """Give back at most `amount` of what is held for a reason; what was given back."""
        released = min(amount, self.held(reason, who))
        if released:
            self.balances.shift(who, released, -released)
            self._put(reason, who, self.held(reason, who) - released)
        return released

    def try_state(self) -> None:
        """No more is held of an account than is reserved."""
        for who, holds in self.holds.items():
            if sum(held.amount for held in holds) > self.system.account[who].data.reserved:
                raise InvariantBroken(f"more is held of {who.hex()} than is reserved")

    def _put(self, reason: HoldReason, who: bytes, amount: int) -> None:
        others = tuple(held for held in self.holds[who] if held.id != reason)
        kept = (*others, HeldAmount(reason, amount)) if amount else others
        if kept:
            self.holds[who] = kept
        else:
            del self.holds[who]
