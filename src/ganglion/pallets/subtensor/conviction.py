"""Conviction: what locks say of hotkeys, and whom a subnet belongs to because of it.

From a year after its registration on, a subnet whose locks carry enough conviction belongs to the owner of
the hotkey that has most of it. This is looked at before every epoch.
Source: subtensor pallets/subtensor/src/staking/lock.rs (hotkey_conviction, subnet_king,
change_subnet_owner_if_needed).
"""

from __future__ import annotations

from dataclasses import replace

from ganglion.economy.lock_moves import OWNER_PROTECTION_BLOCKS, can_be_taken_over
from ganglion.economy.locks import merged, roll
from ganglion.fixed import U64F64
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.pallet import Section
from ganglion.pallets.subtensor import events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.lock_books import LockBooks
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import ZERO_ACCOUNT


class Conviction(Section):
    """Reads the aggregates of locks. Conviction is U64F64 of alpha-rao."""

    accounts: Accounts
    books: LockBooks
    neurons: Neurons
    pools: Pools
    registration: Registration
    subnets: Subnets

    def of_hotkey(self, hotkey: bytes, netuid: int) -> int:
        """The conviction that all locks for a hotkey carry together."""
        return self.by_hotkey(netuid).get(hotkey, 0)

    def total(self, netuid: int) -> int:
        """The conviction that all locks on a subnet carry together."""
        total = 0
        for _, lock in self.books.aggregates(netuid):
            total = U64F64.add(total, lock.conviction)
        return total

    def leader(self, netuid: int) -> bytes | None:
        """The hotkey with most conviction, the greatest key among equals; None without any lock."""
        scores = self.by_hotkey(netuid)
        return max(scores, key=lambda hotkey: (scores[hotkey], hotkey), default=None)

    def by_hotkey(self, netuid: int) -> dict[bytes, int]:
        """The conviction of each hotkey that there is an aggregate of locks for."""
        scores: dict[bytes, int] = {}
        for hotkey, lock in self.books.aggregates(netuid):
            scores[hotkey] = U64F64.add(scores.get(hotkey, 0), lock.conviction)
        return scores

    def change_owner(self, netuid: int) -> None:
        """Give the subnet to the owner of the leading hotkey if that is due. Emits: SubnetOwnerChanged.

        The hotkey gets a uid if it has none; without room for it nothing changes.
        """
        leader = self._successor(netuid)
        if leader is None:
            return
        try:
            self.registration.admit(netuid, leader)
        except DispatchFailed:
            return
        before, after = self.subnets.subnet_owner[netuid], self.accounts.owner_of(leader)
        self._move_aggregates(netuid, self.subnets.subnet_owner_hotkey[netuid], leader)
        self.subnets.subnet_owner[netuid] = after
        self.subnets.subnet_owner_hotkey[netuid] = leader
        self.emit(events.SubnetOwnerChanged(netuid, before, after))

    def _successor(self, netuid: int) -> bytes | None:
        """The leading hotkey if the subnet must change hands."""
        age = self.books.now - self.subnets.network_registered_at[netuid]
        if age < OWNER_PROTECTION_BLOCKS:
            return None
        if not can_be_taken_over(self.total(netuid), self.pools.subnet_alpha_out[netuid], age):
            return None
        leader = self.leader(netuid)
        owner = ZERO_ACCOUNT if leader is None else self.accounts.owner_of(leader)
        return None if owner in (ZERO_ACCOUNT, self.subnets.subnet_owner[netuid]) else leader

    def _move_aggregates(self, netuid: int, old: bytes, new: bytes) -> None:
        """What was the owner's becomes an ordinary hotkey's, then the new owner's hotkey's the owner's."""
        now = self.books.now
        for perpetual in (True, False):
            owned = self.books.kind(owner=True, perpetual=perpetual)
            common = replace(owned, owner=False)
            for hotkey, source, target in ((old, owned, common), (new, common, owned)):
                moved = self.books.take_aggregate(netuid, hotkey, source)
                if moved:
                    present = roll(self.books.aggregate(netuid, hotkey, target), now, target)
                    lock = merged(present, moved)
                    lock = roll(lock, now, target) if target.owner else lock
                    self.books.put_aggregate(netuid, hotkey, target, lock)
