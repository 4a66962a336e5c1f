"""What must hold before stake is bought, sold or moved.

Source: subtensor pallets/subtensor/src/staking/stake_utils.rs, add_stake.rs, remove_stake.rs.
"""

from __future__ import annotations

from ganglion.economy.order_limits import most_supported
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import TaoBalance
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.collateral import Collateral
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.swap import Swap


class StakeChecks(Section):
    """Checks that change nothing. Amounts in rao and alpha-rao."""

    subnets: Subnets
    swap: Swap
    pools: Pools
    shares: Shares
    accounts: Accounts
    treasury: Treasury
    locks: Locks
    collateral: Collateral

    initial_min_stake: TaoBalance = constant(2_000_000)

    def require_subtoken(self, netuid: int) -> None:
        """Raises: SubtokenDisabled unless the subnet's alpha is traded."""
        if not self.subnets.subtoken_enabled[netuid]:
            raise errors.SubtokenDisabled(netuid)

    def require_subnet(self, netuid: int) -> None:
        """Raises: SubnetNotExists."""
        self.subnets.require(netuid)

    def staking(
        self,
        coldkey: bytes,
        hotkey: bytes,
        netuid: int,
        tao: int,
        at_most: int,
        *,
        partial: bool = False,
    ) -> None:
        """Whether a coldkey may stake `tao`; `at_most` is what its price limit lets in.

        Raises: InsufficientLiquidity, SubnetNotExists, SubtokenDisabled, AmountTooLow, SlippageTooHigh,
        NotEnoughBalanceToStake, HotKeyAccountNotExists.
        """
        self.require_buy_input(netuid, tao)
        self.require_subnet(netuid)
        self.require_subtoken(netuid)
        if tao < self.initial_min_stake + self._fee_of_minimum(netuid):
            raise errors.AmountTooLow(tao, self.initial_min_stake)
        if tao > at_most and not partial:
            raise errors.SlippageTooHigh(tao, at_most)
        self._require_buyable(coldkey, hotkey, netuid, min(tao, at_most))

    def unstaking(
        self,
        coldkey: bytes,
        hotkey: bytes,
        netuid: int,
        alpha: int,
        at_most: int | None = None,
        *,
        partial: bool = False,
    ) -> None:
        """Whether a coldkey may unstake `alpha`; `at_most` is what its price limit lets in, None for all.

        The minimum does not apply to the whole of a stake. Raises: InsufficientLiquidity, SubnetNotExists,
        AmountTooLow, NotEnoughStakeToWithdraw, SlippageTooHigh, HotKeyAccountNotExists, StakeUnavailable.
        """
        self.require_sell_input(netuid, alpha)
        self.require_subnet(netuid)
        if alpha == 0:
            raise errors.AmountTooLow(alpha)
        staked = self.shares.of(hotkey, coldkey, netuid)
        if alpha > staked:
            raise errors.NotEnoughStakeToWithdraw(alpha, staked)
        worth = self.worth(netuid, alpha)
        if alpha < staked and worth < self.initial_min_stake:
            raise errors.AmountTooLow(worth, self.initial_min_stake)
        if at_most is not None and alpha > at_most and not partial:
            raise errors.SlippageTooHigh(alpha, at_most)
        self.accounts.require(hotkey)
        self.require_available(coldkey, hotkey, netuid, alpha)

    def available(self, coldkey: bytes, netuid: int) -> int:
        """What of a coldkey's stake on a subnet is neither locked nor collateral."""
        bound = self.locks.locked(coldkey, netuid) + self.collateral.locked_by(coldkey, netuid)
        return max(self.shares.of_coldkey(coldkey, netuid) - bound, 0)

    def require_available(self, coldkey: bytes, hotkey: bytes, netuid: int, alpha: int) -> None:
        """Raises: StakeUnavailable unless so much may leave the subnet."""
        available = self.available(coldkey, netuid)
        if alpha > available:
            raise errors.StakeUnavailable(alpha, available)
        self.require_no_collateral(coldkey, hotkey, netuid, alpha)

    def require_no_collateral(self, coldkey: bytes, hotkey: bytes, netuid: int, alpha: int) -> None:
        """Raises: StakeUnavailable if so much less stake with the hotkey would not cover the collateral."""
        free = self.collateral.free(coldkey, hotkey, netuid)
        if alpha > free:
            raise errors.StakeUnavailable(alpha, free)

    def require_buy_input(self, netuid: int, tao: int) -> None:
        """Raises: InsufficientLiquidity if `tao` is more than any pool of this size may be offered."""
        self._require_input(netuid, tao, self.pools.subnet_tao[netuid])

    def require_sell_input(self, netuid: int, alpha: int) -> None:
        """Raises: InsufficientLiquidity if `alpha` is more than any pool of this size may be offered."""
        self._require_input(netuid, alpha, self.pools.subnet_alpha_in[netuid])

    def worth(self, netuid: int, alpha: int) -> int:
        """The rao that selling `alpha` would pay. Raises: InsufficientLiquidity."""
        try:
            return self.swap.sell(netuid, alpha).paid_out
        except DispatchFailed as refusal:
            raise errors.InsufficientLiquidity(alpha) from refusal

    def _fee_of_minimum(self, netuid: int) -> int:
        try:
            return self.swap.buy(netuid, self.initial_min_stake).fee
        except DispatchFailed:
            return self.swap.fee(netuid, self.initial_min_stake)

    def _require_buyable(self, coldkey: bytes, hotkey: bytes, netuid: int, tao: int) -> None:
        if tao > self.treasury.spendable(coldkey):
            raise errors.NotEnoughBalanceToStake(tao, self.treasury.spendable(coldkey))
        self.accounts.require(hotkey)
        try:
            trade = self.swap.buy(netuid, tao)
        except DispatchFailed as refusal:
            raise errors.InsufficientLiquidity(tao) from refusal
        if trade.paid_in < self.initial_min_stake:
            raise errors.AmountTooLow(trade.paid_in, self.initial_min_stake)
        if not trade.paid_out or not self.shares.accepts(hotkey, netuid, trade.paid_out):
            raise errors.InsufficientLiquidity(tao)

    def _require_input(self, netuid: int, amount: int, reserve: int) -> None:
        if self.swap.has_pool(netuid) and amount > most_supported(reserve):
            raise errors.InsufficientLiquidity(amount, reserve)
