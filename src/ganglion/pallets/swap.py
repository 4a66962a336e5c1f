"""Swap: the weights and fees of subnets' pools, and what a trade with them would give.

The reserves are SubtensorModule's. This pallet computes trades and remembers weights; taking and paying
the amounts is the caller's. Source: subtensor pallets/swap/src/pallet/{mod,impls}.rs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from ganglion.crypto.hashing import Twox64Concat
from ganglion.economy import order_limits
from ganglion.economy import swap as economy
from ganglion.economy.errors import SwapRefused
from ganglion.economy.pool import HALF, STABLE_PRICE, Pool
from ganglion.economy.swap import NO_BUY_LIMIT_RAO, NO_SELL_LIMIT_RAO, fee_of
from ganglion.frame.call import call
from ganglion.frame.dispatch import Error
from ganglion.frame.event import Event
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageMap, storage
from ganglion.scale import Struct
from ganglion.scale.markers import Newtype
from ganglion.scale.types import Bytes8, u16, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.pools import Pools
    from ganglion.pallets.subtensor.subnets import Subnets

POOL_MECHANISM = 1
"""The mechanism of subnets that have a pool; all others trade one to one."""

PalletId = Annotated[Bytes8, Newtype("frame_support::PalletId")]
Perquintill = Annotated[u64, Newtype("sp_arithmetic::per_things::Perquintill")]


class Balancer(Struct, path="pallet_subtensor_swap::pallet::balancer::Balancer"):
    """The weight of TAO in a pool, in parts of 10**18."""

    quote: Perquintill


class Swap(Pallet, crate="pallet_subtensor_swap"):
    """Prices, trades and fees of subnets' pools. Fee rates in parts of 65,535."""

    subnets: Subnets
    pools: Pools

    # netuid -> fee on what is paid in.
    fee_rate: StorageMap[NetUid, u16] = storage(Twox64Concat, default=economy.DEFAULT_FEE_RATE_U16)
    # netuid -> weights of the pool. Written when a pool is founded and when the protocol adds liquidity.
    swap_balancer: StorageMap[NetUid, Balancer] = storage(Twox64Concat, default=Balancer(HALF))
    # netuid -> whether the weights were set.
    pal_swap_initialized: StorageMap[NetUid, bool] = storage(Twox64Concat, default=False)

    protocol_id: PalletId = constant(b"ten/swap")
    max_fee_rate: u16 = constant(10_000)
    minimum_liquidity: u64 = constant(1_000)

    class FeeRateSet(Event, index=0):
        """The fee of a subnet's pool changed."""

        netuid: NetUid
        rate: u16

    class FeeRateTooHigh(Error, index=0):
        """The fee rate is above the highest allowed."""

    class InsufficientLiquidity(Error, index=2):
        """The pool would pay out more than it holds."""

    class PriceLimitExceeded(Error, index=3):
        """The price is already beyond the limit."""

    class ReservesTooLow(Error, index=7):
        """The pool is too small to trade with, or would pay nothing for something."""

    class MechanismDoesNotExist(Error, index=8):
        """There is no such subnet."""

    class SwapInputTooLarge(Error, index=11):
        """More than a thousand times the reserve was offered."""

    @call(index=0)
    def set_fee_rate(self, origin: Origin, netuid: NetUid, rate: u16) -> None:
        """Root: set the fee of a subnet's pool. Raises: MechanismDoesNotExist, FeeRateTooHigh.

        Emits: FeeRateSet.
        """
        origin.root()
        if not self.subnets.exists(netuid):
            raise self.MechanismDoesNotExist(netuid)
        if rate > self.max_fee_rate:
            raise self.FeeRateTooHigh(rate, self.max_fee_rate)
        self.fee_rate[netuid] = rate
        self.emit(self.FeeRateSet(netuid, rate))

    def has_pool(self, netuid: int) -> bool:
        """Whether a subnet's alpha has a market price."""
        return self.subnets.subnet_mechanism[netuid] == POOL_MECHANISM

    def pool(self, netuid: int) -> Pool:
        """The pool of a subnet as it is now."""
        tao, alpha = self.pools.subnet_tao[netuid], self.pools.subnet_alpha_in[netuid]
        return Pool(tao, alpha, self.swap_balancer[netuid].quote)

    def market(self, netuid: int) -> Pool | None:
        """The pool of a subnet that trades with one, else None."""
        return self.pool(netuid) if self.has_pool(netuid) else None

    def open(self, netuid: int) -> None:
        """Give a new pool even weights."""
        self.set_weight(netuid, HALF)
        self.pal_swap_initialized[netuid] = True

    def set_weight(self, netuid: int, quote: int) -> None:
        """Set the weight of TAO, in parts of 10**18."""
        if self.swap_balancer[netuid].quote != quote or netuid not in self.swap_balancer:
            self.swap_balancer[netuid] = Balancer(quote)

    def price(self, netuid: int) -> int:
        """TAO per alpha, raw U64F64; one where there is no pool, zero where the pool has no alpha."""
        return self.pool(netuid).price if self.has_pool(netuid) else STABLE_PRICE

    def fee(self, netuid: int, amount: int) -> int:
        """The fee on `amount`, in the same unit."""
        return fee_of(amount, self.fee_rate[netuid]) if self.has_pool(netuid) else 0

    def buy(
        self, netuid: int, tao: int, limit_rao: int = NO_BUY_LIMIT_RAO, *, with_fee: bool = True
    ) -> economy.Swap:
        """What paying `tao` rao would give. Changes nothing.

        Raises: SwapInputTooLarge, ReservesTooLow, PriceLimitExceeded, InsufficientLiquidity.
        """
        pool = self.market(netuid)
        if pool is None:
            return economy.stable_swap(self.pool(netuid), tao)
        with self._named_refusals():
            return economy.buy(pool, tao, limit_rao, self.fee_rate[netuid] if with_fee else 0)

    def sell(
        self, netuid: int, alpha: int, limit_rao: int = NO_SELL_LIMIT_RAO, *, with_fee: bool = True
    ) -> economy.Swap:
        """What paying `alpha` alpha-rao would give. Changes nothing. Raises as `buy`."""
        pool = self.market(netuid)
        if pool is None:
            return economy.stable_swap(self.pool(netuid), alpha)
        with self._named_refusals():
            return economy.sell(pool, alpha, limit_rao, self.fee_rate[netuid] if with_fee else 0)

    def most_to_buy(self, netuid: int, limit_rao: int) -> int:
        """Rao, fee included, that can be paid until alpha costs `limit_rao`. Raises as `buy`."""
        with self._named_refusals():
            return order_limits.most_to_buy(self.market(netuid), limit_rao, self.fee_rate[netuid])

    def most_to_sell(self, netuid: int, limit_rao: int) -> int:
        """Alpha-rao, fee included, that can be sold until alpha costs `limit_rao`. Raises as `buy`."""
        with self._named_refusals():
            return order_limits.most_to_sell(self.market(netuid), limit_rao, self.fee_rate[netuid])

    def most_to_move(self, origin: int, destination: int, limit_rao: int) -> int:
        """Alpha-rao of `origin` that can move until the limit in `destination`. Raises as `buy`."""
        source, target = self.market(origin), self.market(destination)
        fee_rate = self.fee_rate[origin if target is None else destination]
        with self._named_refusals():
            return order_limits.most_to_move(source, target, limit_rao, fee_rate)

    @contextmanager
    def _named_refusals(self) -> Iterator[None]:
        """Raise this pallet's errors for the refusals of the same name."""
        try:
            yield
        except SwapRefused as refusal:
            declared: type[Error] = getattr(self, type(refusal).__name__)
            raise declared(refusal.value, refusal.bound) from refusal
