"""How a block's TAO is divided over subnets: by moving price, less what a subnet withholds from its miners.

Source: pallets/subtensor/src/coinbase/subnet_emissions.rs, run_coinbase.rs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from ganglion.fixed import I96F32, U64F64, U96F32


@dataclass(frozen=True, slots=True)
class SubnetStanding:
    """What a subnet's share depends on: raw `moving_price` (I96F32) and `miner_burned` (U96F32).

    Subnets of mechanism 0 have a moving price of one. Only started subnets stand, root never.
    """

    moving_price: int
    miner_burned: int = 0
    emission_enabled: bool = True


def emission_shares(subnets: Sequence[SubnetStanding]) -> tuple[int, ...]:
    """Shares (U64F64): price * (1 - miner burn), made to sum to one, switched-off subnets still among them.

    If every weight is 0 the plain price shares stand, so that the block's TAO is not stranded.
    """
    prices = [U64F64.convert(subnet.moving_price, I96F32) for subnet in subnets]
    by_price = _normalised(prices)
    weights = tuple(
        U64F64.mul(share, _unburned(subnet)) for share, subnet in zip(by_price, subnets, strict=True)
    )
    return _normalised(weights) if any(weights) else by_price


def subnet_emissions(
    block_emission_rao: int, subnets: Sequence[SubnetStanding], shares: Sequence[int] | None = None
) -> tuple[int, ...]:
    """TAO for each subnet this block, in rao as U96F32. A switched-off subnet's part goes to the others.

    `shares` (U64F64) replaces those of `emission_shares`, where these went through a gate.
    """
    shares = _enabled_only(tuple(emission_shares(subnets) if shares is None else shares), subnets)
    emission = U64F64.from_int(block_emission_rao)
    return tuple(U96F32.convert(U64F64.mul(emission, share), U64F64) for share in shares)


def root_may_sell(moving_prices: Sequence[int]) -> bool:
    """Whether root dividends accrue: only while all moving prices (I96F32) sum to strictly more than one."""
    return sum(U64F64.convert(price, I96F32) for price in moving_prices) > U64F64.one


def _unburned(subnet: SubnetStanding) -> int:
    burned = min(U64F64.convert(subnet.miner_burned, U96F32), U64F64.one)
    return U64F64.one - burned


def _normalised(values: Sequence[int]) -> tuple[int, ...]:
    total = reduce(U64F64.add, values, 0)
    return tuple(U64F64.safe_div(value, total) for value in values)


def _enabled_only(shares: tuple[int, ...], subnets: Sequence[SubnetStanding]) -> tuple[int, ...]:
    # Dividing by the sum of all shares would cut again, so nothing is divided while all are enabled.
    if all(subnet.emission_enabled for subnet in subnets):
        return shares
    enabled = [share if subnet.emission_enabled else 0 for share, subnet in zip(shares, subnets, strict=True)]
    return _normalised(enabled)
