"""Pools: each subnet's reserves of TAO and alpha, and trades with them.

TAO reserves lie in the subnet's account. Alpha is either in the pool (`subnet_alpha_in`) or outside it,
staked or pending (`subnet_alpha_out`); both together are the subnet's alpha issuance. The root network has
no pool: its TAO is what is staked there, its alpha outside the same amount.
Source: subtensor pallets/subtensor/src/staking/stake_utils.rs, subnets/subnet.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Identity
from ganglion.economy.lock_cost import founding_pool
from ganglion.economy.pool import Pool
from ganglion.economy.swap import NO_BUY_LIMIT_RAO, NO_SELL_LIMIT_RAO
from ganglion.economy.swap import Swap as Trade
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid, TaoBalance
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.tao_flows import TaoFlows
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.pallets.swap import Swap
from ganglion.scale.types import u128

U64_MAX = (1 << 64) - 1


class Pools(Section):
    """Reserves and trades. Amounts in rao and alpha-rao."""

    swap: Swap
    balances: Balances
    tao_flows: TaoFlows

    # netuid -> rao in the pool; of the root network: rao staked there.
    subnet_tao: StorageMap[NetUid, TaoBalance] = storage(Identity, default=0, name="SubnetTAO")
    # netuid -> alpha-rao in the pool.
    subnet_alpha_in: StorageMap[NetUid, AlphaBalance] = storage(Identity, default=0)
    # netuid -> alpha-rao outside the pool.
    subnet_alpha_out: StorageMap[NetUid, AlphaBalance] = storage(Identity, default=0)
    # netuid -> alpha-rao that the protocol bought with excess emission; nobody's, and for ever outside.
    subnet_protocol_alpha: StorageMap[NetUid, AlphaBalance] = storage(Identity, default=0)
    # netuid -> rao ever traded.
    subnet_volume: StorageMap[NetUid, u128] = storage(Identity, default=0)
    # Rao put into pools and stakes less rao taken out; fees of buys count as put in, as on the real chain.
    total_stake: StorageValue[TaoBalance] = storage(default=0)

    def alpha_issuance(self, netuid: int) -> int:
        """Alpha-rao in and outside the pool."""
        return min(self.subnet_alpha_in[netuid] + self.subnet_alpha_out[netuid], U64_MAX)

    def found(self, netuid: int, paid: int, min_lock: int, median_price: int) -> None:
        """Make what was paid for a new subnet, already in its account, the subnet's pool.

        The alpha is worth the TAO at `median_price` (U64F64), that of the other subnets.
        """
        pool = founding_pool(paid, min_lock, median_price)
        self.replace_reserves(netuid, pool)
        self.subnet_alpha_out[netuid] = 0
        self.subnet_volume[netuid] = 0
        self.add_total_stake(pool.tao)
        self.swap.open(netuid)

    def buy(
        self, netuid: int, tao: int, limit_rao: int = NO_BUY_LIMIT_RAO, *, with_fee: bool = True
    ) -> Trade:
        """Trade TAO that is already in the subnet's account for alpha, which is then outside the pool.

        The fee stays in the account, apart from the pool. Raises as `Swap.buy`.
        """
        trade = self.swap.buy(netuid, tao, limit_rao, with_fee=with_fee)
        self.subnet_tao[netuid] = min(self.subnet_tao[netuid] + trade.paid_in, U64_MAX)
        self.subnet_alpha_in[netuid] = max(self.subnet_alpha_in[netuid] - trade.paid_out, 0)
        self.add_alpha_out(netuid, trade.paid_out)
        self.add_total_stake(tao)
        self.subnet_volume[netuid] += tao
        return trade

    def sell(
        self, netuid: int, alpha: int, limit_rao: int = NO_SELL_LIMIT_RAO, *, with_fee: bool = True
    ) -> Trade:
        """Trade alpha from outside the pool for TAO, which is then in the account, apart from the pool.

        The fee stays outside the pool. Raises as `Swap.sell`.
        """
        trade = self.swap.sell(netuid, alpha, limit_rao, with_fee=with_fee)
        self.subnet_alpha_in[netuid] = min(self.subnet_alpha_in[netuid] + trade.paid_in, U64_MAX)
        self.add_alpha_out(netuid, -trade.paid_in)
        self.subnet_tao[netuid] = max(self.subnet_tao[netuid] - trade.paid_out, 0)
        self.add_total_stake(-trade.paid_out)
        self.subnet_volume[netuid] += trade.paid_out
        return trade

    def buy_and_destroy(self, netuid: int, tao: int) -> None:
        """Pay for a registration: TAO that is already in the account buys alpha, which ceases to exist.

        The fee stays in the subnet's account. Raises as `Swap.buy`.
        """
        trade = self.buy(netuid, tao)
        self.add_alpha_out(netuid, -trade.paid_out)
        self.tao_flows.note(netuid, tao)

    def replace_reserves(self, netuid: int, pool: Pool) -> None:
        """Set both reserves to those of `pool`; the TAO must be in the subnet's account."""
        self.subnet_tao[netuid] = pool.tao
        self.subnet_alpha_in[netuid] = pool.alpha

    def add_alpha_out(self, netuid: int, change: int) -> None:
        """Alpha-rao came to be outside the pool (negative: ceased)."""
        self.subnet_alpha_out[netuid] = _within_u64(self.subnet_alpha_out[netuid] + change)

    def add_total_stake(self, change: int) -> None:
        """Count rao put in (negative: taken out)."""
        self.total_stake.set(_within_u64(self.total_stake.get() + change))

    def try_state(self) -> None:
        """Every subnet's account holds its pool, and on the root network an alpha is a TAO.

        Less than the existential deposit may be missing: what rounding leaves in a pool that everybody has
        left is too little to keep the account, and is lost with it.
        """
        if self.subnet_tao[ROOT_NETUID] != self.subnet_alpha_out[ROOT_NETUID]:
            raise InvariantBroken(f"{self.subnet_tao[ROOT_NETUID]} rao are staked on the root network")
        for netuid, tao in self.subnet_tao.items():
            held = self.balances.total(subnet_account(netuid))
            if held + self.balances.existential_deposit <= tao:
                raise InvariantBroken(f"subnet {netuid} holds {held} rao for a pool of {tao}")


def _within_u64(value: int) -> int:
    return min(max(value, 0), U64_MAX)
