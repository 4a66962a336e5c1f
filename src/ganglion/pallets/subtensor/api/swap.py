"""Prices, and what a trade would give now.

Source: subtensor pallets/swap/runtime-api/src/lib.rs, runtime/src/lib.rs.
"""

from __future__ import annotations

from ganglion.economy.pool import alpha_at_price
from ganglion.fixed import U64F64
from ganglion.frame.api import RuntimeApi, api_method
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.primitives import RAO_PER_TAO, AlphaBalance, NetUid, TaoBalance
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.swap import Swap
from ganglion.scale import Struct
from ganglion.scale.types import Vec, u64


class SubnetPrice(Struct, path="pallet_subtensor_swap_runtime_api::SubnetPrice"):
    """Rao per alpha of one subnet."""

    netuid: NetUid
    price: u64


class SimSwapResult(Struct, path="pallet_subtensor_swap_runtime_api::SimSwapResult"):
    """What a trade would move; slippage is what it gives less than at the spot price."""

    tao_amount: TaoBalance = 0
    alpha_amount: AlphaBalance = 0
    tao_fee: TaoBalance = 0
    alpha_fee: AlphaBalance = 0
    tao_slippage: TaoBalance = 0
    alpha_slippage: AlphaBalance = 0


class SwapRuntimeApi(RuntimeApi, version=1):
    """Quotes."""

    swap: Swap
    subnets: Subnets

    @api_method
    def current_alpha_price(self, netuid: NetUid) -> u64:
        """Rao per alpha."""
        return U64F64.to_u64(U64F64.mul(self.swap.price(netuid), U64F64.from_int(RAO_PER_TAO)))

    @api_method
    def current_alpha_price_all(self) -> Vec[SubnetPrice]:
        """Rao per alpha of every subnet, in order of storage key."""
        return tuple(
            SubnetPrice(netuid, self.current_alpha_price(netuid)) for netuid in self.subnets.netuids()
        )

    @api_method
    def sim_swap_tao_for_alpha(self, netuid: NetUid, tao: TaoBalance) -> SimSwapResult:
        """What staking `tao` would give; all zero if it would be refused."""
        if not self._can_trade(netuid):
            return SimSwapResult()
        try:
            trade = self.swap.buy(netuid, tao)
        except DispatchFailed:
            return SimSwapResult()
        slippage = max(alpha_at_price(tao, self.swap.price(netuid)) - trade.paid_out, 0)
        return SimSwapResult(trade.paid_in, trade.paid_out, tao_fee=trade.fee, alpha_slippage=slippage)

    @api_method
    def sim_swap_alpha_for_tao(self, netuid: NetUid, alpha: AlphaBalance) -> SimSwapResult:
        """What unstaking `alpha` would give; all zero if it would be refused."""
        if not self._can_trade(netuid):
            return SimSwapResult()
        try:
            trade = self.swap.sell(netuid, alpha)
        except DispatchFailed:
            return SimSwapResult()
        at_spot = U64F64.to_u64(U64F64.mul(U64F64.from_int(alpha), self.swap.price(netuid)))
        slippage = max(at_spot - trade.paid_out, 0)
        return SimSwapResult(trade.paid_out, trade.paid_in, alpha_fee=trade.fee, tao_slippage=slippage)

    def _can_trade(self, netuid: int) -> bool:
        return self.swap.has_pool(netuid) or self.subnets.exists(netuid)
