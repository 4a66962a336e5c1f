"""Quotes of trades that pay no fee, from those of the SDK, which all have one.

What pays no fee moves as much as what is larger by the fee: that amount is looked for, and its quote taken.
"""

from collections.abc import Awaitable, Callable
from typing import Any

FEE = 33 / 65_535
"""The part of what is paid in that a pool's fee is unless root changes it."""


async def buys(view: Any, netuid: int, rao: int) -> int:
    """The alpha-rao that `rao` would buy without a fee, in the block of the snapshot `view`."""
    quote = await _without_fee(lambda tao: view.prices.quote_stake(netuid, tao), rao, "tao")
    return int(quote.alpha.rao)


async def sells_for(view: Any, netuid: int, alpha_rao: int) -> int:
    """The rao that selling `alpha_rao` would give without a fee."""
    quote = await _without_fee(lambda alpha: view.prices.quote_unstake(netuid, alpha), alpha_rao, "alpha")
    return int(quote.tao.rao)


async def _without_fee(quote: Callable[[str], Awaitable[Any]], rao: int, paid_in: str) -> Any:
    guess = int(rao / (1 - FEE))
    for larger in range(guess - 2, guess + 3):
        found = await quote(f"{larger}e-9")
        if getattr(found, paid_in).rao == rao:
            return found
    raise AssertionError(f"no amount is {rao} rao after the fee")
