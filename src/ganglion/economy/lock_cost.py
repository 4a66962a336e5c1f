"""What launching a subnet costs: the lock doubles with each launch and decays linearly until the next.

The whole lock becomes the new subnet's pool, priced at the median of all subnets. Closing a subnet changes
neither the last lock nor its block.

Source: pallets/subtensor/src/coinbase/root.rs, subnets/subnet.rs.
"""

from dataclasses import dataclass

from ganglion.economy.emission import BASE_EMISSION_RAO
from ganglion.economy.errors import U64_MAX, require
from ganglion.economy.pool import Pool, alpha_at_price
from ganglion.fixed import I64F64

DEFAULT_REDUCTION_INTERVAL = 14 * 7200


@dataclass(frozen=True, slots=True)
class LastLock:
    """The newest launch: what was paid (rao) and at which block; block 0 means that none happened yet."""

    paid: int
    block: int


def reduction_interval(interval: int, block_emission_rao: int) -> int:
    """Blocks in which one last lock decays: it halves when the block emission halves. Floored."""
    halving = I64F64.from_ratio(block_emission_rao, BASE_EMISSION_RAO)
    return I64F64.to_u64(I64F64.mul(I64F64.from_int(interval), halving))


def lock_cost(last: LastLock, now: int, min_lock_rao: int, interval: int) -> int:
    """Rao that a launch costs at block `now`; `interval` is the one already reduced, 0 for no decay.

    The slope is floored per block, so a last lock below the interval does not decay at all.
    Raises: OutOfRange.
    """
    doubled = min(last.paid * (2 if last.block else 1), U64_MAX)
    slope = last.paid // interval if require("interval", interval) else 0
    return max(doubled - slope * max(now - last.block, 0), min_lock_rao)


def founding_pool(paid_rao: int, min_lock_rao: int, median_price: int) -> Pool:
    """The pool of a new subnet: all of the lock, at least the floor price, and alpha at the median price.

    `median_price` is raw U64F64, taken before the new subnet exists. Raises: OutOfRange.
    """
    tao = max(paid_rao, min_lock_rao)
    return Pool(tao, alpha_at_price(tao, median_price))
