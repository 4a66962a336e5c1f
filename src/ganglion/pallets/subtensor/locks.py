"""Locks: stake that its owner binds, for a time or for good, in favour of a hotkey.

What is locked cannot be unstaked, whichever hotkey of the subnet it is staked with. In return the hotkey
gathers conviction, which in the end decides to whom the subnet belongs. Alpha that is given away takes
its lock along, if the receiver accepts locked alpha.
Source: subtensor pallets/subtensor/src/staking/lock.rs.
"""

from __future__ import annotations

from dataclasses import replace

from ganglion.crypto.hashing import Blake2_128Concat
from ganglion.economy.errors import LockRefused
from ganglion.economy.lock_moves import leaving_part, lock_more, reduce_lock, roll_pair
from ganglion.economy.locks import Lock, merged, reduced, roll
from ganglion.frame.call import call
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid
from ganglion.frame.storage import StorageMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.lock_books import LockBooks
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.scale.types import AccountId, u128

ACCEPTS_LOCKED_ALPHA = 1
"""The bit of an account's flags which is set if it takes locked alpha."""


class Locks(Section):
    """Makes, moves and reduces locks. Amounts in alpha-rao."""

    accounts: Accounts
    books: LockBooks
    hyperparameters: Hyperparameters
    shares: Shares
    subnets: Subnets

    # coldkey -> bits; see ACCEPTS_LOCKED_ALPHA.
    account_flags: StorageMap[AccountId, u128] = storage(Blake2_128Concat, default=0)

    @call(index=136)
    def lock_stake(self, origin: Origin, hotkey: AccountId, netuid: NetUid, amount: AlphaBalance) -> None:
        """Lock `amount` more of the signer's stake on a subnet for a hotkey. Emits: StakeLocked.

        Raises: AmountTooLow, HotKeyAccountNotExists, LockHotkeyMismatch, InsufficientStakeForLock.
        """
        self.lock(origin.signed(), hotkey, netuid, amount)

    @call(index=137)
    def move_lock(self, origin: Origin, destination_hotkey: AccountId, netuid: NetUid) -> None:
        """Lock for another hotkey. The conviction is kept only if both hotkeys have the same owner.

        Raises: HotKeyAccountNotExists, NoExistingLock. Emits: LockMoved.
        """
        coldkey = origin.signed()
        self.accounts.require(destination_hotkey)
        hotkey = self.books.hotkey_of(coldkey, netuid)
        if hotkey is None:
            raise errors.NoExistingLock(coldkey, netuid)
        removed = self._rolled(coldkey, netuid, hotkey)
        lock = removed
        if self.accounts.owner_of(hotkey) != self.accounts.owner_of(destination_hotkey):
            lock = replace(removed, conviction=0)
        lock = roll(lock, self.books.now, self.books.rules_of(coldkey, netuid, destination_hotkey))
        self.books.put(coldkey, netuid, hotkey, Lock())
        self.books.put(coldkey, netuid, destination_hotkey, lock)
        self.books.part(coldkey, netuid, hotkey, removed)
        self.books.join(coldkey, netuid, destination_hotkey, lock)
        self.emit(events.LockMoved(coldkey, hotkey, destination_hotkey, netuid))

    @call(index=138)
    def set_perpetual_lock(self, origin: Origin, netuid: NetUid, enabled: bool) -> None:
        """Choose whether the signer's lock on a subnet stays as it is or unlocks with time.

        Raises: SubnetNotExists. Emits: PerpetualLockUpdated.
        """
        coldkey = origin.signed()
        self.subnets.require(netuid)
        hotkey = self.books.hotkey_of(coldkey, netuid)
        if hotkey is not None:
            self._refresh(coldkey, netuid, hotkey)
        if hotkey is None or self.books.is_perpetual(coldkey, netuid) is enabled:
            self.books.set_perpetual(coldkey, netuid, enabled)
        else:
            self._change_kind(coldkey, netuid, hotkey, enabled)
        self.emit(events.PerpetualLockUpdated(coldkey, netuid, enabled))

    @call(index=142)
    def set_reject_locked_alpha(self, origin: Origin, enabled: bool) -> None:
        """Choose whether the signer refuses locked alpha, as everybody does at first.

        Emits: RejectLockedAlphaUpdated.
        """
        coldkey = origin.signed()
        others = self.account_flags[coldkey] & ~ACCEPTS_LOCKED_ALPHA
        self.set_flags(coldkey, others if enabled else others | ACCEPTS_LOCKED_ALPHA)
        self.emit(events.RejectLockedAlphaUpdated(coldkey, enabled))

    def of(self, coldkey: bytes, netuid: int) -> Lock | None:
        """A coldkey's lock on a subnet as it is now, if there is one."""
        hotkey = self.books.hotkey_of(coldkey, netuid)
        return None if hotkey is None else self._rolled(coldkey, netuid, hotkey)

    def locked(self, coldkey: bytes, netuid: int) -> int:
        """What of a coldkey's stake on a subnet is locked now."""
        lock = self.of(coldkey, netuid)
        return 0 if lock is None else lock.mass

    def lock(self, coldkey: bytes, hotkey: bytes, netuid: int, amount: int) -> None:
        """Lock stake of a coldkey; see `lock_stake`."""
        if amount == 0:
            raise errors.AmountTooLow(amount)
        self.accounts.require(hotkey)
        present = self.books.hotkey_of(coldkey, netuid)
        if present not in (None, hotkey):
            raise errors.LockHotkeyMismatch(hotkey, present)
        stake = self.shares.of_coldkey(coldkey, netuid)
        rules = self.books.rules_of(coldkey, netuid, hotkey)
        pair = self.books.pair(coldkey, netuid, hotkey)
        try:
            pair = lock_more(pair, amount, stake, self.books.now, rules)
        except LockRefused as refusal:
            raise errors.InsufficientStakeForLock(refusal.value, refusal.bound) from refusal
        self.books.put_pair(coldkey, netuid, hotkey, pair)
        self.emit(events.StakeLocked(coldkey, hotkey, netuid, amount))

    def lock_owner_cut(self, netuid: int, amount: int) -> None:
        """Lock what the owner of a subnet was just paid, if the subnet is set so and if it can be locked.

        Emits: StakeLocked.
        """
        if not self.hyperparameters.owner_cut_auto_lock_enabled[netuid]:
            return
        owner = self.subnets.subnet_owner[netuid]
        hotkey = self.books.hotkey_of(owner, netuid) or self.subnets.subnet_owner_hotkey[netuid]
        try:
            self.lock(owner, hotkey, netuid, amount)
        except DispatchFailed:
            return

    def reduce(self, coldkey: bytes, netuid: int, amount: int) -> None:
        """Unlock alpha of a coldkey that it lost without its doing."""
        hotkey = self.books.hotkey_of(coldkey, netuid)
        if hotkey is not None:
            rules = self.books.rules_of(coldkey, netuid, hotkey)
            pair = reduce_lock(self.books.pair(coldkey, netuid, hotkey), amount, self.books.now, rules)
            self.books.put_pair(coldkey, netuid, hotkey, pair)

    def refresh(self, coldkey: bytes, netuid: int) -> None:
        """Bring a coldkey's lock to the present, which removes it when nothing is left of it."""
        hotkey = self.books.hotkey_of(coldkey, netuid)
        if hotkey is not None:
            self._refresh(coldkey, netuid, hotkey)

    def transfer(self, source: bytes, target: bytes, netuid: int, amount: int) -> None:
        """Let the lock follow alpha that a coldkey is about to give to another; free alpha goes first.

        Raises: LockHotkeyMismatch if the receiver locks for another hotkey, AccountRejectsLockedAlpha.
        """
        hotkey = self.books.hotkey_of(source, netuid)
        if source == target or amount == 0 or hotkey is None:
            return
        lock, now = self._rolled(source, netuid, hotkey), self.books.now
        part = leaving_part(lock, amount, self.shares.of_coldkey(source, netuid), now)
        destination = self.books.hotkey_of(target, netuid) or hotkey
        self._require_receivable(target, part, hotkey, destination)
        left = reduced(lock, part.mass, part.conviction)
        received = merged(self._rolled(target, netuid, destination), part)
        for coldkey, key, state in ((source, hotkey, left), (target, destination, received)):
            rules = self.books.rules_of(coldkey, netuid, key)
            self.books.put(coldkey, netuid, key, roll(state, now, rules))
        if part.mass:
            self.books.part(source, netuid, hotkey, part)
            self.books.join(target, netuid, destination, part)

    def set_flags(self, coldkey: bytes, flags: int) -> None:
        """Store an account's flags; none is nothing."""
        if flags:
            self.account_flags[coldkey] = flags
        else:
            del self.account_flags[coldkey]

    def _change_kind(self, coldkey: bytes, netuid: int, hotkey: bytes, perpetual: bool) -> None:
        lock = self.books.individual(coldkey, netuid, hotkey)
        self.books.part(coldkey, netuid, hotkey, lock)
        self.books.set_perpetual(coldkey, netuid, perpetual)
        if lock:
            self.books.join(coldkey, netuid, hotkey, lock)

    def _require_receivable(self, coldkey: bytes, part: Lock, hotkey: bytes, destination: bytes) -> None:
        if part.mass == 0:
            return
        if destination != hotkey:
            raise errors.LockHotkeyMismatch(hotkey, destination)
        if not self.account_flags[coldkey] & ACCEPTS_LOCKED_ALPHA:
            raise errors.AccountRejectsLockedAlpha(coldkey, part.mass)

    def _rolled(self, coldkey: bytes, netuid: int, hotkey: bytes) -> Lock:
        rules = self.books.rules_of(coldkey, netuid, hotkey)
        return roll(self.books.individual(coldkey, netuid, hotkey), self.books.now, rules)

    def _refresh(self, coldkey: bytes, netuid: int, hotkey: bytes) -> None:
        rules = self.books.rules_of(coldkey, netuid, hotkey)
        pair = roll_pair(self.books.pair(coldkey, netuid, hotkey), self.books.now, rules)
        self.books.put_pair(coldkey, netuid, hotkey, pair)
