"""What a neuron costs: a burn that halves every `half_life` blocks and rises with each registration.

Source: pallets/subtensor/src/subnets/registration.rs, utils/misc.rs.
"""

from dataclasses import dataclass
from functools import lru_cache

from ganglion.economy.errors import U16_MAX, U64_MAX, require
from ganglion.fixed import U64F64

_ONE_X32 = 1 << 32
_HALF_X32 = 1 << 31


@dataclass(frozen=True, slots=True)
class BurnBounds:
    """Least and greatest burn in rao. If they contradict each other, the greatest wins."""

    min_rao: int
    max_rao: int

    def clamp(self, burn_rao: int) -> int:
        """`burn_rao` raised to the minimum, then lowered to the maximum."""
        return min(max(burn_rao, self.min_rao), self.max_rao)


def burn_at_block(burn_rao: int, half_life: int, now: int, bounds: BurnBounds) -> int:
    """The burn of block `now` from that of the block before; block 1 and half-life 0 do not decay.

    Raises: OutOfRange.
    """
    if now > 1:
        burn_rao = _mul_x32(require("burn_rao", burn_rao), decay_factor_x32(half_life))
    return bounds.clamp(burn_rao)


def burn_after_registration(burn_rao: int, multiplier: int, bounds: BurnBounds) -> int:
    """The burn right after a registration, for the next one in the same block too.

    `multiplier` is raw U64F64; below one it counts as one. The root network's burn does not rise.
    Raises: OutOfRange.
    """
    raised = U64F64.mul(U64F64.from_int(require("burn_rao", burn_rao)), max(multiplier, U64F64.one))
    return bounds.clamp(U64F64.to_u64(raised))


@lru_cache(maxsize=1024)
def decay_factor_x32(half_life: int) -> int:
    """The largest fraction (x 2**32) whose half_life-th power is at most one half; one for half-life 0.

    Raises: OutOfRange unless the half-life is a u16.
    """
    if require("half_life", half_life, U16_MAX) == 0:
        return _ONE_X32
    low, high = 0, _ONE_X32
    while low + 1 < high:
        middle = (low + high) >> 1
        if _power_x32(middle, half_life) > _HALF_X32:
            high = middle
        else:
            low = middle
    return low


def _power_x32(base: int, exponent: int) -> int:
    """Square and multiply, each product floored: the cuts depend on this order."""
    result = _ONE_X32
    while exponent:
        if exponent & 1:
            result = _mul_x32(result, base)
        exponent >>= 1
        base = _mul_x32(base, base)
    return result


def _mul_x32(value: int, factor: int) -> int:
    return min(value * factor >> 32, U64_MAX)
