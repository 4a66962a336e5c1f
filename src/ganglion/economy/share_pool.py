"""Share pools: the stake behind one hotkey on one subnet, divided by shares.

The pool holds a `value` in alpha-rao and a `denominator`; every coldkey holds a share. Dividends raise the
value alone, so they reach all stakers without touching any of them. Divisions cut, so a pool keeps dust:
the stakes can sum to less than the value, never to more than it but for the last digit of a share.

Source: primitives/share-pool/src/lib.rs, pallets/subtensor/src/staking/stake_utils.rs.
"""

from dataclasses import dataclass, replace

from ganglion.economy.decimal_float import ZERO, DecimalFloat, from_u64, mul_div
from ganglion.economy.errors import U64_MAX, require


@dataclass(frozen=True, slots=True)
class SharePool:
    """`value` in alpha-rao (u64), `denominator` in shares. A pallet stores neither when it is zero."""

    value: int = 0
    denominator: DecimalFloat = ZERO

    def stake(self, share: DecimalFloat) -> int:
        """Alpha-rao behind a share: floor(value * share / denominator), at most u64."""
        if not self.denominator:
            return 0
        return mul_div(from_u64(self.value), share, self.denominator).floor_u64()

    def covers(self, share: DecimalFloat, amount: int) -> bool:
        """Whether the holder of `share` may remove `amount` alpha-rao. Never without a share."""
        return bool(share) and self.stake(share) >= amount

    def accepts(self, amount: int) -> bool:
        """Whether adding `amount` alpha-rao would move any shares; callers check this before they take money.

        A pool that lost all its value but not its denominator accepts nothing.
        """
        return not self.denominator or bool(self._shares(amount))

    def add(self, share: DecimalFloat, amount: int) -> tuple["SharePool", DecimalFloat]:
        """(pool, share) after the holder of `share` adds `amount` alpha-rao. Raises: OutOfRange.

        Shares are counted at the value before the addition. Into a pool without a denominator the first
        staker's shares are the amount itself, and any value already there becomes that staker's.
        """
        value = min(self.value + require("amount", amount), U64_MAX)
        if not self.denominator:
            first = from_u64(amount)
            return SharePool(value, first), first
        moved = self._shares(amount)
        return SharePool(value, self.denominator + moved), share + moved

    def remove(self, share: DecimalFloat, amount: int) -> tuple["SharePool", DecimalFloat]:
        """(pool, share) after the holder removes `amount` alpha-rao; both unchanged if not `covers`.

        Raises: OutOfRange.
        """
        if not self.covers(share, require("amount", amount)):
            return self, share
        moved = self._shares(amount)
        pool = SharePool(max(self.value - amount, 0), self.denominator - moved)
        return pool, share - moved

    def pay_dividend(self, amount: int) -> "SharePool":
        """The pool after `amount` alpha-rao came in for all stakers. Raises: OutOfRange."""
        return replace(self, value=min(self.value + require("amount", amount), U64_MAX))

    def _shares(self, amount: int) -> DecimalFloat:
        if not self.value:
            return ZERO
        return mul_div(from_u64(amount), self.denominator, from_u64(self.value))
