"""Calls by which miners add to their collateral, and choose how much of it they keep.

Source: subtensor pallets/subtensor/src/subnets/collateral.rs (spec 435 and later).
"""

from __future__ import annotations

from dataclasses import replace

from ganglion.economy.collateral import worth
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid, TaoBalance
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.collateral import Collateral
from ganglion.pallets.subtensor.stake_checks import StakeChecks
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.pallets.swap import Swap
from ganglion.scale.types import AccountId


class CollateralCalls(Section):
    """What a miner may do about its collateral."""

    accounts: Accounts
    collateral: Collateral
    stake_checks: StakeChecks
    staking: Staking
    swap: Swap
    treasury: Treasury

    @call(index=144)
    def add_collateral(
        self,
        origin: Origin,
        netuid: NetUid,
        hotkey: AccountId,
        alpha: AlphaBalance,
        limit_price: TaoBalance,
    ) -> None:
        """Lock `alpha` more of the signer's own hotkey: of its free stake, what lacks is bought.

        The purchase is priced by the moving price and must fit the limit, in rao per alpha.
        Raises: RegistrationNotPermittedOnRootSubnet, SubnetNotExists, SubtokenDisabled,
        HotKeyAccountNotExists, NonAssociatedColdKey, AmountTooLow, InsufficientLiquidity, SlippageTooHigh,
        NotEnoughBalanceToStake, ColdkeyCollateralPositionsFull. Emits: CollateralLocked, StakeAdded.
        """
        coldkey = origin.signed()
        self._require_subnet(netuid)
        self.stake_checks.require_subtoken(netuid)
        self._require_own(coldkey, hotkey)
        if alpha == 0:
            raise errors.AmountTooLow(alpha)
        added = min(self.collateral.free(coldkey, hotkey, netuid), alpha)
        rao = self._price(netuid, alpha - added)
        if rao:
            self._check_purchase(coldkey, hotkey, netuid, rao, limit_price)
            added += self.staking.stake(hotkey, coldkey, netuid, rao, limit_price)
        if added == 0:
            raise errors.AmountTooLow(alpha)
        total = self.collateral.add(netuid, hotkey, coldkey, added)
        self.emit(events.CollateralLocked(netuid, hotkey, added, total))

    @call(index=145)
    def set_min_collateral(
        self, origin: Origin, netuid: NetUid, hotkey: AccountId, min_locked: AlphaBalance
    ) -> None:
        """Set the floor of the signer's own hotkey: no collateral below it drains, and pay fills it up.

        Raises: RegistrationNotPermittedOnRootSubnet, SubnetNotExists, HotKeyAccountNotExists,
        NonAssociatedColdKey, ColdkeyCollateralPositionsFull. Emits: MinCollateralSet.
        """
        coldkey = origin.signed()
        self._require_subnet(netuid)
        self._require_own(coldkey, hotkey)
        position = self.collateral.position(netuid, hotkey, coldkey) or self.collateral.new_position(netuid)
        self.collateral.put(netuid, hotkey, coldkey, replace(position, floor=min_locked))
        self.emit(events.MinCollateralSet(netuid, hotkey, min_locked))

    def _require_subnet(self, netuid: int) -> None:
        if netuid == ROOT_NETUID:
            raise errors.RegistrationNotPermittedOnRootSubnet(netuid)
        self.stake_checks.require_subnet(netuid)

    def _require_own(self, coldkey: bytes, hotkey: bytes) -> None:
        self.accounts.require(hotkey)
        if not self.accounts.owns(coldkey, hotkey):
            raise errors.NonAssociatedColdKey(coldkey, hotkey)

    def _price(self, netuid: int, alpha: int) -> int:
        """Rao to spend on so much alpha."""
        price = self.collateral.moving_price(netuid)
        if alpha and price == 0:
            raise errors.InsufficientLiquidity(alpha)
        return worth(alpha, price)

    def _check_purchase(self, coldkey: bytes, hotkey: bytes, netuid: int, rao: int, limit_rao: int) -> None:
        self.stake_checks.staking(coldkey, hotkey, netuid, rao, rao)
        keepable = self.treasury.spendable_alive(coldkey)
        if keepable < rao:
            raise errors.NotEnoughBalanceToStake(rao, keepable)
        at_most = self.swap.most_to_buy(netuid, limit_rao)
        if rao > at_most:
            raise errors.SlippageTooHigh(rao, at_most)
