"""Swaps between TAO and alpha in a subnet's pool, with fee and price limit.

A buy pays TAO in and takes alpha out, a sale the reverse. The fee comes off what is paid and never enters the
pool: the caller hands it to the block author (an alpha fee is sold for him by a second swap without fee).
Amounts floor in the pool's favour, but the power below them is first floored to 18 decimals, in the
trader's favour: one rao can buy two alpha-rao.

Source: pallets/swap/src/pallet/swap_step.rs, balancer.rs, impls.rs.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ganglion.economy.errors import (
    U16_MAX,
    U64_MAX,
    InsufficientLiquidity,
    PriceLimitExceeded,
    ReservesTooLow,
    SwapInputTooLarge,
    require,
)
from ganglion.economy.pool import ONE, Pool
from ganglion.economy.power import LIMIT_PRECISION, SCALE, SWAP_PRECISION, ratio_power
from ganglion.fixed import U64F64

DEFAULT_FEE_RATE_U16 = 33
# Limits that stand for "at any price", in rao per alpha.
NO_BUY_LIMIT_RAO = 1_000_000 * 10**9
NO_SELL_LIMIT_RAO = 1000
MIN_RESERVE = 1_000_000
MAX_INPUT_PER_RESERVE = 1000
_RAO_PER_TAO = 10**9


@dataclass(frozen=True, slots=True)
class Swap:
    """What a swap moves. A buy's `paid_in` and `fee` are rao, its `paid_out` alpha-rao; a sale's the reverse.

    `pool` is the pool afterwards. Of the amount offered, amount - paid_in - fee was not taken.
    """

    paid_in: int
    paid_out: int
    fee: int
    pool: Pool


@dataclass(frozen=True, slots=True)
class _Side:
    """A pool seen by a trader: what comes in, what goes out, and the weights in that order."""

    reserve_in: int
    reserve_out: int
    weight_in: int
    weight_out: int
    after: Callable[[int, int], Pool]
    limit_is_ceiling: bool


def fee_of(amount: int, fee_rate_u16: int) -> int:
    """The fee on an amount offered: floor(amount * cut(rate / 65535)).  Raises: OutOfRange."""
    rate = U64F64.from_ratio(require("fee_rate_u16", fee_rate_u16, U16_MAX), U16_MAX)
    return U64F64.to_u64(U64F64.mul(U64F64.from_int(require("amount", amount)), rate))


def buy(pool: Pool, tao: int, limit_rao: int = NO_BUY_LIMIT_RAO, fee_rate_u16: int = 0) -> Swap:
    """Pay up to `tao` rao for alpha, until the price reaches `limit_rao` per alpha.

    Raises: SwapInputTooLarge, ReservesTooLow, PriceLimitExceeded, InsufficientLiquidity (checked in this
    order), OutOfRange.
    """
    return _swap(pool, _buying(pool), tao, limit_rao, fee_rate_u16)


def sell(pool: Pool, alpha: int, limit_rao: int = NO_SELL_LIMIT_RAO, fee_rate_u16: int = 0) -> Swap:
    """Sell up to `alpha` alpha-rao for TAO, until the price falls to `limit_rao`. Raises as `buy`."""
    return _swap(pool, _selling(pool), alpha, limit_rao, fee_rate_u16)


def stable_swap(pool: Pool, amount: int) -> Swap:
    """One for one, free of fee and never refused, in either direction: subnets of mechanism 0, and root.

    `pool` comes back as it was: here reserves are only books, which the caller keeps.
    """
    return Swap(amount, amount, 0, pool)


def alpha_for_exact_tao(pool: Pool, tao: int) -> int:
    """Alpha-rao to sell so that `tao` rao come out, fee apart; 0 if they are all there is, or more."""
    left = max(pool.tao - require("tao", tao), 0)
    if left == 0:
        return 0
    power = ratio_power(pool.tao, left, pool.quote, pool.base, SWAP_PRECISION)
    return U64F64.to_u64(pool.alpha * U64F64.sub(_from_scale(power), U64F64.one))


def _buying(pool: Pool) -> _Side:
    def after(tao_in: int, alpha_out: int) -> Pool:
        return Pool(min(pool.tao + tao_in, U64_MAX), max(pool.alpha - alpha_out, 0), pool.quote)

    return _Side(pool.tao, pool.alpha, pool.quote, pool.base, after, limit_is_ceiling=True)


def _selling(pool: Pool) -> _Side:
    def after(alpha_in: int, tao_out: int) -> Pool:
        return Pool(max(pool.tao - tao_out, 0), min(pool.alpha + alpha_in, U64_MAX), pool.quote)

    return _Side(pool.alpha, pool.tao, pool.base, pool.quote, after, limit_is_ceiling=False)


def _swap(pool: Pool, side: _Side, amount: int, limit_rao: int, fee_rate_u16: int) -> Swap:
    price = pool.price
    limit = U64F64.from_ratio(require("limit_rao", limit_rao), _RAO_PER_TAO)
    fee = fee_of(amount, fee_rate_u16)
    net = max(amount - fee, 0)
    _check(side, net, price, limit)

    paid_in, paid_out = net, _payout(side, net)
    after = side.after(paid_in, paid_out)
    within = after.price <= limit if side.limit_is_ceiling else after.price >= limit
    if not within:
        # The chain goes as far as the limit allows and computes the fee anew from what really goes in.
        paid_in = _input_to_limit(side, price, limit)
        paid_out = _payout(side, paid_in)
        after = side.after(paid_in, paid_out)
        fee = _fee_on_top(paid_in, fee_rate_u16)
    if paid_in and not paid_out:
        raise ReservesTooLow(side.reserve_out, paid_in)
    if paid_out > side.reserve_out:
        raise InsufficientLiquidity(paid_out, side.reserve_out)
    return Swap(paid_in, paid_out, fee, after)


def _check(side: _Side, net: int, price: int, limit: int) -> None:
    most = min(side.reserve_in * MAX_INPUT_PER_RESERVE, U64_MAX)
    if net > most:
        raise SwapInputTooLarge(net, most)
    if side.reserve_out < MIN_RESERVE:
        raise ReservesTooLow(side.reserve_out, MIN_RESERVE)
    if limit <= price if side.limit_is_ceiling else limit >= price:
        raise PriceLimitExceeded(price, limit)


def _payout(side: _Side, paid_in: int) -> int:
    """floor(reserve_out * (1 - (reserve_in / (reserve_in + paid_in))**(weight_in / weight_out)))."""
    grown = min(side.reserve_in + paid_in, U64_MAX)
    if grown == 0:
        return side.reserve_out
    power = ratio_power(side.reserve_in, grown, side.weight_in, side.weight_out, SWAP_PRECISION)
    # Noise can exceed one; nothing is then left to pay out.
    remaining = min(_from_scale(power), U64F64.one)
    return U64F64.to_u64(side.reserve_out * (U64F64.one - remaining))


def _input_to_limit(side: _Side, price: int, limit: int) -> int:
    """floor(reserve_in * ((far / near)**weight_out - 1)); the power is held at u64 / 10**18."""
    far, near = (limit, price) if side.limit_is_ceiling else (price, limit)
    if near == 0:
        return 0
    power = ratio_power(far, near, side.weight_out, ONE, LIMIT_PRECISION)
    growth = U64F64.sub(_from_scale(min(power, U64_MAX)), U64F64.one)
    return U64F64.to_u64(U64F64.saturate(side.reserve_in * growth))


def _fee_on_top(paid_in: int, fee_rate_u16: int) -> int:
    """The fee that belongs to a net amount: floor(paid_in * cut(rate / (65535 - rate)))."""
    rate = U64F64.from_ratio(fee_rate_u16, U16_MAX - fee_rate_u16)
    return U64F64.to_u64(U64F64.mul(U64F64.from_int(paid_in), rate))


def _from_scale(power: int) -> int:
    """18 decimals as U64F64, cut. What is no u64, negative noise or overflow, counts as 0."""
    return U64F64.from_ratio(power, SCALE) if 0 <= power <= U64_MAX else 0
