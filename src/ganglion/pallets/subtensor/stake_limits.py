"""Staking at a price: as much as the limit lets in, or nothing if the rest may not be left out.

A limit is rao per alpha. On the root network and on subnets without a pool the price is always one TAO.
Source: subtensor pallets/subtensor/src/staking/{add_stake,remove_stake}.rs.
"""

from __future__ import annotations

from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid, TaoBalance
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.children import Children
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_checks import StakeChecks
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.swap import Swap
from ganglion.scale.types import AccountId


class StakeLimits(Section):
    """Calls with a price limit."""

    swap: Swap
    shares: Shares
    accounts: Accounts
    children: Children
    takes: Takes
    staking: Staking
    stake_checks: StakeChecks

    @call(index=88)
    def add_stake_limit(
        self,
        origin: Origin,
        hotkey: AccountId,
        netuid: NetUid,
        amount_staked: TaoBalance,
        limit_price: TaoBalance,
        allow_partial: bool,
    ) -> None:
        """Stake TAO while alpha costs at most `limit_price`. Emits: StakeAdded.

        Raises: SlippageTooHigh unless all of it or `allow_partial`, PriceLimitExceeded, and as `add_stake`.
        """
        coldkey = origin.signed()
        self.stake_checks.require_buy_input(netuid, amount_staked)
        at_most = self.swap.most_to_buy(netuid, limit_price)
        self.stake_checks.staking(coldkey, hotkey, netuid, amount_staked, at_most, partial=allow_partial)
        if not self.accounts.owns(coldkey, hotkey):
            self.takes.become_delegate(hotkey)
        self.staking.stake(hotkey, coldkey, netuid, min(amount_staked, at_most), limit_price)

    @call(index=89)
    def remove_stake_limit(
        self,
        origin: Origin,
        hotkey: AccountId,
        netuid: NetUid,
        amount_unstaked: AlphaBalance,
        limit_price: TaoBalance,
        allow_partial: bool,
    ) -> None:
        """Unstake alpha while it costs at least `limit_price`. Emits: StakeRemoved.

        Raises: SlippageTooHigh unless all of it or `allow_partial`, PriceLimitExceeded, as `remove_stake`.
        """
        self._unstake(origin.signed(), hotkey, netuid, amount_unstaked, limit_price, allow_partial)

    @call(index=103)
    def remove_stake_full_limit(
        self, origin: Origin, hotkey: AccountId, netuid: NetUid, limit_price: TaoBalance | None
    ) -> None:
        """Unstake all, at any price or at `limit_price` or better. Raises as `remove_stake_limit`."""
        alpha = self.shares.of(hotkey, origin.signed(), netuid)
        if limit_price is None:
            self.staking.remove_stake(origin, hotkey, netuid, alpha)
        else:
            self._unstake(origin.signed(), hotkey, netuid, alpha, limit_price, allow_partial=False)

    def _unstake(
        self, coldkey: bytes, hotkey: bytes, netuid: int, alpha: int, limit_rao: int, allow_partial: bool
    ) -> None:
        self.stake_checks.require_sell_input(netuid, alpha)
        at_most = self.swap.most_to_sell(netuid, limit_rao)
        self.stake_checks.unstaking(coldkey, hotkey, netuid, alpha, at_most, partial=allow_partial)
        self.staking.unstake(hotkey, coldkey, netuid, min(alpha, at_most), limit_rao)
        self.staking.clear_small_nomination(hotkey, coldkey, netuid)
        self.children.forget_if_poor(hotkey)
