"""How much of an order a price limit allows: what limit calls check before they take anything.

A *limit* is in rao per alpha. For a move between two subnets it is the price of the origin's alpha in the
destination's, times 10**9. On subnets without a pool the price is always one.

Source: pallets/subtensor/src/staking/add_stake.rs, remove_stake.rs, move_stake.rs.
"""

from ganglion.economy.errors import U64_MAX, require
from ganglion.economy.pool import Pool
from ganglion.economy.swap import MAX_INPUT_PER_RESERVE, buy, sell
from ganglion.fixed import U64F64

RAO_PER_TAO = 10**9


def most_supported(reserve_in: int) -> int:
    """The greatest input that a swap takes at all; limit calls refuse more as InsufficientLiquidity."""
    return min(reserve_in * MAX_INPUT_PER_RESERVE, U64_MAX)


def most_to_buy(pool: Pool | None, limit_rao: int, fee_rate_u16: int) -> int:
    """Rao that can be spent before the price passes the limit, fee included; None is a subnet without a pool.

    Raises: as swap.buy, PriceLimitExceeded above all.
    """
    if pool is None:
        return U64_MAX if limit_rao >= RAO_PER_TAO else 0
    swap = buy(pool, most_supported(pool.tao), limit_rao, fee_rate_u16)
    return min(swap.paid_in + swap.fee, U64_MAX)


def most_to_sell(pool: Pool | None, limit_rao: int, fee_rate_u16: int) -> int:
    """Alpha-rao that can be sold before the price passes the limit, fee included. Raises as swap.sell."""
    if pool is None:
        return U64_MAX if limit_rao <= RAO_PER_TAO else 0
    swap = sell(pool, most_supported(pool.alpha), limit_rao, fee_rate_u16)
    return min(swap.paid_in + swap.fee, U64_MAX)


def most_to_move(origin: Pool | None, destination: Pool | None, limit_rao: int, fee_rate_u16: int) -> int:
    """Alpha-rao of the origin that can move before the relative price falls below the limit.

    `fee_rate_u16` is that of the one pool where only one is involved. Between two pools the chain takes an
    estimate that ignores fees and weights. Raises: as swap.buy and swap.sell, OutOfRange.
    """
    require("limit_rao", limit_rao)
    if origin is None and destination is None:
        return 0 if limit_rao > RAO_PER_TAO else U64_MAX
    if destination is None:
        return most_to_sell(origin, limit_rao, fee_rate_u16)
    if origin is None:
        return most_to_buy(destination, _inverted(limit_rao), fee_rate_u16) if limit_rao else U64_MAX
    return _most_between_pools(origin, destination, limit_rao)


def _inverted(limit_rao: int) -> int:
    """The price of the destination, which the limit has below the fraction line."""
    inverse = U64F64.from_ratio(RAO_PER_TAO, limit_rao)
    return U64F64.to_u64(U64F64.mul(inverse, U64F64.from_int(RAO_PER_TAO)))


def _most_between_pools(origin: Pool, destination: Pool, limit_rao: int) -> int:
    if not (origin.tao and destination.tao and origin.alpha and destination.alpha):
        return 0
    limit = U64F64.from_ratio(limit_rao, RAO_PER_TAO)
    if limit > U64F64.safe_div(origin.price, destination.price):
        return 0
    if limit_rao == 0:
        return U64_MAX
    total = U64F64.from_int(origin.tao + destination.tao)
    origin_part = U64F64.safe_div(U64F64.from_int(origin.tao), total)
    destination_part = U64F64.safe_div(U64F64.from_int(destination.tao), total)
    reached = U64F64.safe_div(U64F64.mul(U64F64.from_int(destination.alpha), origin_part), limit)
    present = U64F64.mul(U64F64.from_int(origin.alpha), destination_part)
    return U64F64.to_u64(U64F64.sub(reached, present))
