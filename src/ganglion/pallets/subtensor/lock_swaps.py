"""Locks when keys are swapped: they follow the new hotkey, and go with the new coldkey.

Source: subtensor pallets/subtensor/src/staking/lock.rs (swap_hotkey_locks, swap_coldkey_locks).
"""

from __future__ import annotations

from ganglion.economy.locks import Lock, LockRules, roll
from ganglion.frame.pallet import Section
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.lock_books import LockBooks
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.subnets import Subnets


class LockSwaps(Section):
    """Renames keys in the lock books."""

    books: LockBooks
    locks: Locks
    subnets: Subnets

    def move_hotkey(self, old: bytes, new: bytes, netuid: int) -> None:
        """Let all locks for a hotkey on a subnet be for another; before the owner's hotkey is changed.

        Aggregates of the new hotkey are overwritten, as on the real chain.
        """
        owner_hotkey = self.subnets.subnet_owner_hotkey[netuid]
        was_owner, is_owner = old == owner_hotkey, owner_hotkey in (old, new)
        if not is_owner and not self._has_aggregate(netuid, old):
            return
        for (_, _, coldkey), _ in self.books.locking_coldkeys.under(netuid, old):
            perpetual = self.books.is_perpetual(coldkey, netuid)
            lock = self.books.individual(coldkey, netuid, old)
            lock = self._recast(lock, self._kinds(was_owner, is_owner, perpetual))
            self.books.put(coldkey, netuid, old, Lock())
            self.books.put(coldkey, netuid, new, lock)
        for perpetual in (True, False):
            before, after = self._kinds(was_owner, is_owner, perpetual)
            aggregate = self.books.take_aggregate(netuid, old, before)
            if aggregate:
                self.books.put_aggregate(netuid, new, after, self._recast(aggregate, (before, after)))

    def move_coldkey(self, old: bytes, new: bytes) -> None:
        """Give all locks of a coldkey, and its flags, to another; after the stakes moved.

        Raises: ActiveLockExists if the new coldkey has locks.
        """
        self._require_unlocked(new)
        moved = [(netuid, hotkey) for (_, netuid, hotkey), _ in self.books.lock.under(old)]
        locks = []
        for netuid, hotkey in moved:
            rules = self.books.rules_of(old, netuid, hotkey)
            lock = roll(self.books.individual(old, netuid, hotkey), self.books.now, rules)
            self.books.put(old, netuid, hotkey, Lock())
            self.books.part(old, netuid, hotkey, lock)
            locks.append(lock)
        for netuid, decaying in self.books.decaying_lock.under(old):
            self.books.decaying_lock[new, netuid] = decaying
        self.books.decaying_lock.clear_under(old)
        self.locks.set_flags(new, self.locks.account_flags[old])
        self.locks.set_flags(old, 0)
        for (netuid, hotkey), lock in zip(moved, locks, strict=True):
            self.books.put(new, netuid, hotkey, lock)
            self.books.join(new, netuid, hotkey, lock)

    def _has_aggregate(self, netuid: int, hotkey: bytes) -> bool:
        books = self.books
        return (netuid, hotkey) in books.hotkey_lock or (netuid, hotkey) in books.decaying_hotkey_lock

    def _kinds(self, was_owner: bool, is_owner: bool, perpetual: bool) -> tuple[LockRules, LockRules]:
        before = self.books.kind(owner=was_owner, perpetual=perpetual)
        return before, self.books.kind(owner=is_owner, perpetual=perpetual)

    def _recast(self, lock: Lock, kinds: tuple[LockRules, LockRules]) -> Lock:
        """A lock as of now, which was of one kind and is of another."""
        before, after = kinds
        return roll(roll(lock, self.books.now, before), self.books.now, after)

    def _require_unlocked(self, coldkey: bytes) -> None:
        for (_, netuid, _), _ in self.books.lock.under(coldkey):
            if self.locks.locked(coldkey, netuid):
                raise errors.ActiveLockExists(coldkey, netuid)
