"""Subnets: which there are, who owns them, what the next one costs, and which must go when all are taken.

Terms: *lock cost* is what launching costs: it doubles with every launch and decays until the next; the
*owner hotkey* is the owner's own neuron, which keeps its uid and may always validate.
Source: subtensor pallets/subtensor/src/subnets/subnet.rs, coinbase/root.rs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Identity
from ganglion.economy.emission import block_emission
from ganglion.economy.lock_cost import LastLock, lock_cost, reduction_interval
from ganglion.economy.subnet_pruning import PruneCandidate, subnet_to_prune
from ganglion.frame.dispatch import BadOrigin
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid, TaoBalance
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.subnet_account import netuid_of_account
from ganglion.pallets.subtensor.symbols import first_free
from ganglion.pallets.subtensor.types import ROOT_NETUID, ZERO_ACCOUNT, NetworkLastRegistered
from ganglion.scale.types import AccountId, Bytes, u16, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.prices import Prices
    from ganglion.pallets.subtensor.rate_limits import RateLimits
    from ganglion.pallets.subtensor.treasury import Treasury
    from ganglion.pallets.system import System

TAU = "𝜏".encode()


class Subnets(Section):
    """The list of subnets, their owners, and the rules of making room for another."""

    system: System
    neurons: Neurons
    prices: Prices
    rate_limits: RateLimits
    treasury: Treasury

    # netuid -> True. A subnet exists while it is here; the root network always is.
    networks_added: StorageMap[NetUid, bool] = storage(Identity, default=False)
    total_networks: StorageValue[u16] = storage(default=0)
    # netuid -> coldkey, hotkey.
    subnet_owner: StorageMap[NetUid, AccountId] = storage(Identity, default=ZERO_ACCOUNT)
    subnet_owner_hotkey: StorageMap[NetUid, AccountId] = storage(Identity, default=ZERO_ACCOUNT)
    # 1: priced by its own pool; 0 (root): one alpha is one TAO.
    subnet_mechanism: StorageMap[NetUid, u16] = storage(Identity, default=0)
    token_symbol: StorageMap[NetUid, Bytes] = storage(Identity, default=TAU)
    # Blocks of registration and, once started, of the first emission.
    network_registered_at: StorageMap[NetUid, u64] = storage(Identity, default=0)
    first_emission_block_number: StorageMap[NetUid, u64 | None] = storage(Identity)
    # How often a netuid has been given out; whether its alpha can be traded; rao that its owner paid.
    registered_subnet_counter: StorageMap[NetUid, u64] = storage(Identity, default=0)
    subtoken_enabled: StorageMap[NetUid, bool] = storage(Identity, default=False)
    subnet_locked: StorageMap[NetUid, TaoBalance] = storage(Identity, default=0)

    subnet_limit: StorageValue[u16] = storage(default=128)
    network_immunity_period: StorageValue[u64] = storage(default=1_296_000)
    network_rate_limit: StorageValue[u64] = storage(default=7_200)
    network_min_lock_cost: StorageValue[TaoBalance] = storage(default=1_000_000_000_000)
    network_last_lock_cost: StorageValue[TaoBalance] = storage(default=1_000_000_000_000)
    network_lock_reduction_interval: StorageValue[u64] = storage(default=100_800)
    network_registration_start_block: StorageValue[u64] = storage(default=0)
    start_call_delay: StorageValue[u64] = storage(default=0)

    def exists(self, netuid: int) -> bool:
        """Whether there is a subnet with this netuid; the root network counts."""
        return self.networks_added[netuid]

    def require(self, netuid: int) -> None:
        """Raises: SubnetNotExists."""
        if not self.exists(netuid):
            raise errors.SubnetNotExists(netuid)

    def netuids(self) -> tuple[int, ...]:
        """All netuids, the root network's too, in order of storage key (256 comes before 1)."""
        return tuple(netuid for netuid, added in self.networks_added.items() if added)

    def free_netuid(self) -> int:
        """The lowest netuid that nobody has."""
        taken = self.netuids()
        netuid = ROOT_NETUID + 1
        while netuid in taken:
            netuid += 1
        return netuid

    def is_full(self) -> bool:
        """Whether there are as many subnets as there may be, root not counted."""
        return sum(netuid != ROOT_NETUID for netuid in self.netuids()) >= self.subnet_limit.get()

    def weakest(self) -> int | None:
        """The subnet that would be closed for a new one: past its immunity, lowest moving price, oldest."""
        candidates = (
            PruneCandidate(netuid, self.prices.moving(netuid), self.network_registered_at[netuid])
            for netuid in self.netuids()
            if netuid != ROOT_NETUID
        )
        return subnet_to_prune(candidates, self.system.number.get(), self.network_immunity_period.get())

    def lock_cost(self) -> int:
        """Rao that launching a subnet costs in this block."""
        last = LastLock(self.network_last_lock_cost.get(), self.last_registration())
        interval = reduction_interval(
            self.network_lock_reduction_interval.get(), block_emission(self.treasury.total_issuance.get())
        )
        return lock_cost(last, self.system.number.get(), self.network_min_lock_cost.get(), interval)

    def last_registration(self) -> int:
        """The block of the newest launch, 0 if there was none."""
        return self.rate_limits.last_rate_limited_block[NetworkLastRegistered()]

    def free_symbol(self, netuid: int) -> bytes:
        """The token symbol that a new subnet gets."""
        return first_free(netuid, {symbol for _, symbol in self.token_symbol.items()})

    def move_coldkey(self, old: bytes, new: bytes) -> None:
        """Give a coldkey's subnets to another."""
        for netuid in self.netuids():
            if self.subnet_owner[netuid] == old:
                self.subnet_owner[netuid] = new

    def forget_subnet(self, netuid: int) -> None:
        """There is one subnet less."""
        self.total_networks.set(max(self.total_networks.get() - 1, 0))

    def set_owner_hotkey(self, netuid: int, hotkey: bytes) -> None:
        """Make `hotkey` the owner's. Raises: CannotUseSystemAccount. Emits: SubnetOwnerHotkeySet."""
        if netuid_of_account(hotkey) is not None:
            raise errors.CannotUseSystemAccount(hotkey)
        self.subnet_owner_hotkey[netuid] = hotkey
        self.emit(events.SubnetOwnerHotkeySet(netuid, hotkey))

    def owner_uid(self, netuid: int) -> int | None:
        """The uid of the owner's hotkey, if it has one."""
        if netuid not in self.subnet_owner_hotkey:
            return None
        return self.neurons.uid(netuid, self.subnet_owner_hotkey[netuid])

    def ensure_owner(self, origin: Origin, netuid: int) -> bytes:
        """The signer, who owns the subnet. Raises: BadOrigin."""
        coldkey = origin.signed()
        if coldkey != self.subnet_owner[netuid]:
            raise BadOrigin
        return coldkey

    def ensure_owner_or_root(self, origin: Origin, netuid: int) -> bytes | None:
        """The signer, who owns the subnet, or None for root. Raises: BadOrigin."""
        return None if origin.is_root else self.ensure_owner(origin, netuid)
