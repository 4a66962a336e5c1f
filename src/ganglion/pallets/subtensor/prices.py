"""Prices: what a subnet's alpha costs, now, on average over time, and in the median of all subnets.

Source: subtensor pallets/subtensor/src/staking/stake_utils.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Identity
from ganglion.economy.pool import STABLE_PRICE
from ganglion.economy.prices import (
    DEFAULT_HALVING_BLOCKS,
    Smoothing,
    median_price,
    moving_price,
)
from ganglion.fixed import I96F32, U64F64
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.fixed_point import I96F32Raw
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.pallets.swap import Swap
from ganglion.pallets.system import System
from ganglion.scale.types import u64


class Prices(Section):
    """Spot prices are raw U64F64, TAO per alpha."""

    subnets: Subnets
    swap: Swap
    system: System

    # netuid -> moving price. Written once a block after emission has used it.
    subnet_moving_price: StorageMap[NetUid, I96F32Raw] = storage(Identity, default=0)
    # Greatest weight of the newest price: 0.000003, to the nearest.
    subnet_moving_alpha: StorageValue[I96F32Raw] = storage(default=12_885)
    # netuid -> blocks after the start at which the newest price has half of that weight.
    ema_price_halving_blocks: StorageMap[NetUid, u64] = storage(
        Identity, default=DEFAULT_HALVING_BLOCKS, name="EMAPriceHalvingBlocks"
    )

    initial_ema_price_halving_period: u64 = constant(DEFAULT_HALVING_BLOCKS)

    def spot(self, netuid: int) -> int:
        """TAO per alpha now."""
        return self.swap.price(netuid)

    def moving(self, netuid: int) -> int:
        """The moving price as I96F32; one TAO on the root network and on subnets without a pool."""
        if netuid == ROOT_NETUID or self.subnets.subnet_mechanism[netuid] == 0:
            return I96F32.convert(STABLE_PRICE, U64F64)
        return self.subnet_moving_price[netuid]

    def median(self) -> int:
        """The median of all subnets' positive spot prices, the root network aside; one if there are none."""
        netuids = (netuid for netuid in self.subnets.netuids() if netuid != ROOT_NETUID)
        return median_price(self.spot(netuid) for netuid in netuids)

    def update(self, netuid: int) -> None:
        """Let the moving price follow the spot price by one block."""
        self.subnet_moving_price[netuid] = moving_price(
            self.moving(netuid),
            self.spot(netuid),
            self.system.number.get(),
            self.subnets.first_emission_block_number[netuid] or 0,
            Smoothing(self.subnet_moving_alpha.get(), self.ema_price_halving_blocks[netuid]),
        )
