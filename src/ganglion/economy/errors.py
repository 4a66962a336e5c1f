"""What the economy refuses. Every error carries the values that were compared.

    EconomyError
      OutOfRange               an argument that its type on the chain could not hold
      SwapRefused
        SwapInputTooLarge      more than 1000 times the input reserve
        ReservesTooLow         the output reserve is below the minimum, or nothing would come out
        PriceLimitExceeded     the limit is not beyond the current price
        InsufficientLiquidity  more would come out than is there
      WeightOutOfRange         a pool weight below 1 %
      LockRefused
        AmountTooLow             nothing would be locked
        InsufficientStakeForLock less is staked than would be locked

Names of refusals are the chain's own, so that a pallet can raise its declared error of the same name.
"""

U16_MAX = 2**16 - 1
U64_MAX = 2**64 - 1
U128_MAX = 2**128 - 1


class EconomyError(Exception):
    """Base of all errors of this package."""


class OutOfRange(EconomyError):
    """An argument lies outside the type that it has on the chain."""

    def __init__(self, name: str, value: int, maximum: int) -> None:
        super().__init__(f"{name} is {value}, allowed are 0 to {maximum}")
        self.name = name
        self.value = value
        self.maximum = maximum


class SwapRefused(EconomyError):
    """A swap that must not change the pool. `value` was compared with `bound`."""

    def __init__(self, value: int, bound: int) -> None:
        super().__init__(f"{type(self).__name__}: {value} against {bound}")
        self.value = value
        self.bound = bound


class SwapInputTooLarge(SwapRefused):
    """The net amount is above 1000 times the input reserve."""


class ReservesTooLow(SwapRefused):
    """The output reserve is below the minimum, or the swap would pay nothing for something."""


class PriceLimitExceeded(SwapRefused):
    """The price (U64F64) is already at the limit (U64F64) or past it."""


class InsufficientLiquidity(SwapRefused):
    """The swap would pay out more than the reserve holds."""


class WeightOutOfRange(EconomyError):
    """A quote weight (in 10**-18) would leave one side below 1 %."""

    def __init__(self, quote: int) -> None:
        super().__init__(f"quote weight {quote} leaves a side below one percent")
        self.quote = quote


class LockRefused(EconomyError):
    """A lock that must not change. `value` was compared with `bound`."""

    def __init__(self, value: int, bound: int) -> None:
        super().__init__(f"{type(self).__name__}: {value} against {bound}")
        self.value = value
        self.bound = bound


class AmountTooLow(LockRefused):
    """Nothing would be locked."""


class InsufficientStakeForLock(LockRefused):
    """The coldkey's stake on the subnet does not cover the lock."""


def require(name: str, value: int, maximum: int = U64_MAX) -> int:
    """Return `value` unless it is outside 0..maximum. Raises OutOfRange."""
    if 0 <= value <= maximum:
        return value
    raise OutOfRange(name, value, maximum)
