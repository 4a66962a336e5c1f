"""What the economy's vectors need of a chain: a subnet whose books say what a case gives."""

from fractions import Fraction
from typing import Any

import pytest

from ganglion.economy.pool import HALF
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnet_account import BURN_ACCOUNT, subnet_account
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.pallets.swap import Swap

NETUID = 1
EXISTENTIAL = 500


class Books:
    """Writes a case into the storage of a chain. Amounts in rao and alpha-rao."""

    def __init__(self, chain: Any) -> None:
        self.chain = chain
        for account in (BURN_ACCOUNT, subnet_account(ROOT_NETUID)):
            chain[Balances].deposit(account, EXISTENTIAL)

    def open(self, netuid: int = NETUID, tao: int = 0, alpha: int = 0, quote: int = HALF) -> None:
        """A started subnet with this pool; its account holds the pool's TAO and an existential deposit."""
        subnets, pools = self.chain[Subnets], self.chain[Pools]
        subnets.networks_added[netuid] = True
        subnets.subnet_mechanism[netuid] = 1
        subnets.first_emission_block_number[netuid] = 1
        subnets.subtoken_enabled[netuid] = True
        self.chain[Hyperparameters].network_registration_allowed[netuid] = True
        self.chain[Hyperparameters].max_allowed_uids[netuid] = 256
        pools.subnet_tao[netuid], pools.subnet_alpha_in[netuid] = tao, alpha
        self.chain[Swap].set_weight(netuid, quote)
        self.chain[Balances].deposit(subnet_account(netuid), tao + EXISTENTIAL)

    def open_at(self, price_x64: int, netuid: int = NETUID, alpha: int = 0) -> None:
        """A started subnet whose pool has exactly this price, and about as much alpha if that is possible."""
        tao, least = reserves_at(price_x64)
        times = max(alpha // least, 1)
        self.open(netuid, tao * times, least * times)

    def endow(self, name: str, rao: int) -> bytes:
        """An account that has so much besides the deposit that keeps it alive."""
        self.chain[Balances].deposit(self.chain.who(name), rao + EXISTENTIAL)
        return self.chain.who(name)

    def hotkey(self, name: str, take: int = 0) -> bytes:
        """A hotkey of the coldkey `owner`."""
        self.chain[Accounts].create(self.chain.who("owner"), self.chain.who(name))
        self.chain[Takes].delegates[self.chain.who(name)] = take
        return self.chain.who(name)

    def stake(self, hotkey: str, coldkey: str, netuid: int, amount: int) -> None:
        """Stake from nowhere; it is outside the pool."""
        self.chain[Shares].add(self.chain.who(hotkey), self.chain.who(coldkey), netuid, amount)
        self.chain[Pools].add_alpha_out(netuid, amount)


def reserves_at(price_x64: int) -> tuple[int, int]:
    """Small reserves of TAO and alpha, equally weighed, whose price as U64F64 is exactly this."""
    middle = Fraction(2 * price_x64 + 1, 1 << 65)
    nearest = (middle.limit_denominator(1 << bits) for bits in range(65))
    return next(
        near.as_integer_ratio()
        for near in nearest
        if near.numerator * (1 << 64) // near.denominator == price_x64
    )


@pytest.fixture
def books(chain: Any) -> Books:
    """The books of a chain with the root network and nothing else."""
    return Books(chain)
