"""The pool of a subnet: two reserves with weights, so that liquidity may come in at any proportion.

Terms: *quote* is the weight of TAO in parts of 10**18, *base* the weight of alpha, 10**18 - quote; neither
may fall below 1 %. The price is TAO per alpha, raw U64F64. Swaps move reserves and keep weights;
protocol liquidity moves both and keeps the price.

Source: pallets/swap/src/pallet/balancer.rs and impls.rs.
"""

from dataclasses import dataclass

from ganglion.economy.errors import U64_MAX, U128_MAX, WeightOutOfRange, require
from ganglion.fixed import U64F64

ONE = 10**18
HALF = ONE // 2
MIN_WEIGHT = ONE // 100
# What one alpha costs on subnets without a pool (mechanism 0, the root network too): one TAO.
STABLE_PRICE = U64F64.one


@dataclass(frozen=True, slots=True)
class Pool:
    """`tao` in rao, `alpha` in alpha-rao (u64 each), `quote` in parts of 10**18.

    Raises: OutOfRange, WeightOutOfRange.
    """

    tao: int
    alpha: int
    quote: int = HALF

    def __post_init__(self) -> None:
        require("tao", self.tao)
        require("alpha", self.alpha)
        if not MIN_WEIGHT <= self.quote <= ONE - MIN_WEIGHT:
            raise WeightOutOfRange(self.quote)

    @property
    def base(self) -> int:
        """The weight of alpha in parts of 10**18."""
        return ONE - self.quote

    @property
    def price(self) -> int:
        """TAO per alpha as U64F64: (base / quote) * (tao / alpha), both quotients cut; 0 without alpha."""
        weights = U64F64.from_ratio(self.base, self.quote)
        return U64F64.mul(weights, U64F64.from_ratio(self.tao, self.alpha))

    def alpha_at_spot(self, tao: int) -> int:
        """Alpha-rao worth `tao` rao at the current price, slippage neglected; 0 at price 0."""
        return alpha_at_price(tao, self.price)

    def with_weight_for(self, tao: int, alpha: int) -> "Pool":
        """The pool, its reserves as they were, weighted so that adding both amounts will keep the price.

        A step apart from `with_liquidity`, because excess TAO is swapped at the new weight before the
        liquidity arrives. A pool without quantities on either side returns to one half.
        Raises: WeightOutOfRange (nothing may then be added), OutOfRange.
        """
        base_quantity = _weighed(self.base, self.tao * (self.alpha + require("alpha", alpha)))
        quote_quantity = _weighed(self.quote, self.alpha * (self.tao + require("tao", tao)))
        total = min(base_quantity + quote_quantity, U128_MAX)
        return Pool(self.tao, self.alpha, quote_quantity * ONE // total if total else HALF)

    def with_liquidity(self, tao: int, alpha: int) -> "Pool":
        """The pool with both amounts added to its reserves (saturating), weights unchanged."""
        return Pool(min(self.tao + tao, U64_MAX), min(self.alpha + alpha, U64_MAX), self.quote)


def _weighed(weight: int, product: int) -> int:
    """weight * product / 10**18, to nearest with halves up; both u128, saturating."""
    return min((min(product, U128_MAX) * weight + HALF) // ONE, U128_MAX)


def open_pool(tao: int, alpha: int, price: int) -> Pool:
    """A pool of these reserves which starts at a price (raw U64F64): quote = tao / (price * alpha + tao).

    Raises: WeightOutOfRange when the weight would leave a side below 1 % or both reserves are empty.
    """
    whole, fraction = divmod(price, U64F64.one)
    worth = whole * alpha + U64F64.floor(U64F64.mul(U64F64.from_int(alpha), fraction)) + tao
    if worth == 0:
        raise WeightOutOfRange(0)
    return Pool(tao, alpha, tao * ONE // min(worth, U128_MAX))


def alpha_at_price(tao: int, price: int) -> int:
    """Alpha-rao that `tao` rao are worth at a price (raw U64F64), floored; 0 at price 0 or on overflow."""
    return U64F64.to_u64(U64F64.safe_div(U64F64.from_int(require("tao", tao)), price))
