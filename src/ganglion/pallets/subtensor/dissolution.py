"""Dissolution: a subnet is closed, and its pool's TAO goes to those who hold its alpha.

The pot is divided by alpha among stakers and the protocol, which holds what lies in the pool and what it
bought. Stakers are paid into their coldkeys; the protocol's part, and whatever else lies in the subnet's
account, is recycled. An owner whose launch is older than `NetworkRegistrationStartBlock` gets the lock back,
less what the subnet has earned him. Then nothing of the subnet is left and its netuid is free.

The real chain clears a subnet away over many blocks since spec 461; here it is gone at once, as in June.
Source: subtensor pallets/subtensor/src/coinbase/root.rs, staking/remove_stake.rs.
"""

from __future__ import annotations

from ganglion.economy.dissolution import dissolve, owner_refund
from ganglion.frame.call import call
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageValue, storage
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnet_storage import SubnetStorage
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.scale.types import AccountId, u64


class Dissolution(Section):
    """Closes subnets. Amounts in rao and alpha-rao."""

    balances: Balances
    emission: SubnetEmission
    pools: Pools
    prices: Prices
    shares: Shares
    subnet_storage: SubnetStorage
    subnets: Subnets
    treasury: Treasury

    # Subnets registered after this block count the alpha in their pool as the protocol's.
    tao_in_refund_deployment_block: StorageValue[u64] = storage(default=0)

    @call(index=61)
    def dissolve_network(self, origin: Origin, coldkey: AccountId, netuid: NetUid) -> None:
        """As `root_dissolve_network`; `coldkey` is not looked at."""
        origin.root()
        self.dissolve(netuid)

    @call(index=120)
    def root_dissolve_network(self, origin: Origin, netuid: NetUid) -> None:
        """Root: close a subnet. Raises: SubnetNotExists. Emits: NetworkRemoved."""
        origin.root()
        self.dissolve(netuid)

    def dissolve(self, netuid: int) -> None:
        """Pay the holders, recycle the rest, forget the subnet.

        Raises: SubnetNotExists, for the root network too. Emits: SubnetIdentityRemoved, NetworkRemoved.
        """
        if not self.subnets.exists(netuid) or netuid == ROOT_NETUID:
            raise errors.SubnetNotExists(netuid)
        refund = self._refund(netuid)  # at the price before the pool is emptied
        owed_to_protocol = self._pay_holders(netuid)
        self._pay_owner(netuid, refund, owed_to_protocol)
        account = subnet_account(netuid)
        self.treasury.recycle(account, self.balances.reducible(account, keep_alive=True))
        self.subnet_storage.clear(netuid)
        self.emit(events.NetworkRemoved(netuid))

    def _pay_holders(self, netuid: int) -> int:
        """Divide the pool's TAO; the protocol's part, which stays in the subnet's account."""
        holders = list(self.shares.claims(netuid))
        pot = self.pools.subnet_tao[netuid]
        self.pools.subnet_tao[netuid] = 0
        self.pools.add_total_stake(-pot)
        parts = dissolve(pot, [alpha for _, alpha in holders], self._protocol_alpha(netuid))
        for (coldkey, _), rao in zip(holders, parts.payouts, strict=True):
            self._pay(netuid, coldkey, rao)
        return parts.protocol

    def _protocol_alpha(self, netuid: int) -> int:
        bought = self.pools.subnet_protocol_alpha[netuid]
        if self.subnets.network_registered_at[netuid] <= self.tao_in_refund_deployment_block.get():
            return bought
        return bought + self.pools.subnet_alpha_in[netuid]

    def _refund(self, netuid: int) -> int:
        opened = self.subnets.network_registration_start_block.get()
        if self.subnets.network_registered_at[netuid] >= opened:
            return 0
        return owner_refund(
            self.subnets.subnet_locked[netuid],
            self.pools.alpha_issuance(netuid),
            self.emission.subnet_owner_cut.get(),
            self.prices.spot(netuid),
        )

    def _pay_owner(self, netuid: int, refund: int, owed_to_protocol: int) -> None:
        available = max(self.treasury.spendable(subnet_account(netuid)) - owed_to_protocol, 0)
        self._pay(netuid, self.subnets.subnet_owner[netuid], min(refund, available))

    def _pay(self, netuid: int, coldkey: bytes, rao: int) -> None:
        """Pay what can be paid: too little to open an account is recycled with the rest."""
        if rao == 0:
            return
        try:
            with self.world.transaction():
                self.treasury.from_subnet(netuid, coldkey, rao)
        except DispatchFailed:
            return
