"""Fees in alpha: who lacks TAO pays for unstaking with the stake itself.

Calls that turn stake on one subnet into something else may be paid so. The alpha that the fee is worth at
spot is sold without fee, and the block's author gets the TAO; it is not refunded. Stake that is locked or
collateral pays no fee: on the real chain it could, and would leave its lock behind.
Source: subtensor pallets/transaction-fee/src/lib.rs.
"""

from __future__ import annotations

from typing import NamedTuple

from ganglion.economy.fees import alpha_covers, alpha_fee
from ganglion.frame.call import RuntimeCall
from ganglion.frame.event import Event
from ganglion.pallets.aura import Aura
from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.collateral import Collateral
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_checks import StakeChecks
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.pallets.swap import Swap
from ganglion.pallets.transaction_payment import PaysInKind

# Where a call names the hotkey and the subnet whose stake pays for it, by the places of its arguments.
PLACES = {
    "remove_stake": (0, 1),
    "remove_stake_limit": (0, 1),
    "remove_stake_full_limit": (0, 1),
    "move_stake": (0, 2),
    "move_stake_limit": (0, 2),
    "transfer_stake": (1, 2),
    "transfer_stake_and_hotkey": (1, 3),
    "swap_stake": (0, 1),
    "swap_stake_limit": (0, 1),
    "recycle_alpha": (0, 2),
    "burn_alpha": (0, 2),
}
EVERY_SUBNET = ("unstake_all", "unstake_all_alpha")


class Source(NamedTuple):
    """The stake that pays: with which hotkey, on which subnet."""

    hotkey: bytes
    netuid: int


class AlphaFees(PaysInKind):
    """Sells stake of a call's signer for its fee. Amounts in alpha-rao."""

    aura: Aura
    collateral: Collateral
    shares: Shares
    stake_checks: StakeChecks
    staking: Staking
    subnets: Subnets
    swap: Swap

    def covers(self, who: bytes, call: RuntimeCall, fee: int) -> bool:
        """Whether the signer's stake that the call names is worth a fee in rao."""
        source = self._source(who, call)
        if source is None:
            return False
        alpha = self._free(who, source)
        return alpha > 0 and alpha_covers(fee, self.swap.price(source.netuid), alpha)

    def pay(self, who: bytes, call: RuntimeCall, fee: int) -> Event:
        """Sell stake for a fee in rao; without author none is sold. Raises as `Staking.unstake`."""
        source, author = self._source(who, call), self.aura.author()
        if source is None or author is None:
            return events.TransactionFeePaidWithAlpha(who, ROOT_NETUID, 0, 0)
        alpha = alpha_fee(fee, self.swap.price(source.netuid), self._free(who, source))
        with self.world.transaction():
            tao = self.staking.unstake(
                source.hotkey, who, source.netuid, alpha, limit_rao=0, with_fee=False, receiver=author
            )
        return events.TransactionFeePaidWithAlpha(who, source.netuid, alpha, tao)

    def _source(self, who: bytes, call: RuntimeCall) -> Source | None:
        """The stake that may pay for a call; None if none may, or if it lies on several subnets."""
        if call.pallet != "SubtensorModule":
            return None
        if call.function in EVERY_SUBNET:
            return self._only(who, call.args[0])
        place = PLACES.get(call.function)
        return None if place is None else Source(call.args[place[0]], call.args[place[1]])

    def _only(self, who: bytes, hotkey: bytes) -> Source | None:
        sources = [
            Source(hotkey, netuid)
            for netuid in self.subnets.netuids()
            if self.subnets.subtoken_enabled[netuid] and self.shares.of(hotkey, who, netuid)
        ]
        return sources[0] if len(sources) == 1 else None

    def _free(self, who: bytes, source: Source) -> int:
        """What of the stake is neither locked nor collateral."""
        return min(
            self.shares.of(source.hotkey, who, source.netuid),
            self.stake_checks.available(who, source.netuid),
            self.collateral.free(who, source.hotkey, source.netuid),
        )
