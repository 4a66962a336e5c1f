"""Announcements: a delegate with a delay tells ahead, by hash, which calls it will make.

Source: subtensor pallets/proxy/src/lib.rs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Twox64Concat, blake2_256
from ganglion.frame.address import MultiAddress, lookup
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import TaoBalance
from ganglion.frame.storage import StorageMap, storage
from ganglion.pallets.proxy import errors, events
from ganglion.pallets.proxy.types import MAX_PENDING, Announcement, PendingCalls, ProxyType
from ganglion.pallets.system import System
from ganglion.scale.types import H256, AccountId, u32

if TYPE_CHECKING:
    from ganglion.pallets.proxy.pallet import Proxy


class Announcements(Section):
    """What delegates have announced. Amounts in rao."""

    rights: Proxy
    system: System

    # delegate -> what it has announced, oldest first, and the deposit for it.
    announcements: StorageMap[AccountId, tuple[PendingCalls, TaoBalance]] = storage(
        Twox64Concat, default=((), 0)
    )

    max_pending: u32 = constant(MAX_PENDING)
    announcement_deposit_base: TaoBalance = constant(36_000_000)
    announcement_deposit_factor: TaoBalance = constant(68_000_000)

    @call(index=6)
    def announce(self, origin: Origin, real: MultiAddress, call_hash: H256) -> None:
        """Announce a call for `real`. Raises: NotProxy, TooMany, InsufficientBalance. Emits: Announced."""
        who, account = origin.signed(), lookup(real)
        self.rights.find(account, who, None)
        pending, deposit = self.announcements[who]
        if len(pending) == self.max_pending:
            raise errors.TooMany(self.max_pending)
        announcement = Announcement(account, call_hash, self.system.number.get())
        self._keep(who, (*pending, announcement), deposit)
        self.emit(events.Announced(account, who, call_hash))

    @call(index=7)
    def remove_announcement(self, origin: Origin, real: MultiAddress, call_hash: H256) -> None:
        """Take an announcement back. Raises: NotFound."""
        who, account = origin.signed(), lookup(real)
        self._drop(who, lambda each: (each.real, each.call_hash) == (account, call_hash))

    @call(index=8)
    def reject_announcement(self, origin: Origin, delegate: MultiAddress, call_hash: H256) -> None:
        """As the real account: forbid a call that a delegate has announced. Raises: NotFound."""
        who, account = origin.signed(), lookup(delegate)
        self._drop(account, lambda each: (each.real, each.call_hash) == (who, call_hash))

    @call(index=9)
    def proxy_announced(
        self,
        origin: Origin,
        delegate: MultiAddress,
        real: MultiAddress,
        force_proxy_type: ProxyType | None,
        call: RuntimeCall,
    ) -> None:
        """Make a call that a delegate has announced long enough ago; anybody may.

        Raises: NotProxy, Unannounced. Emits: ProxyExecuted.
        """
        origin.signed()
        who, account = lookup(delegate), lookup(real)
        definition = self.rights.find(account, who, force_proxy_type)
        call_hash = blake2_256(self.world.runtime.call_codec.encode(call))
        latest = self.system.number.get() - definition.delay
        try:
            self._drop(
                who,
                lambda each: (each.real, each.call_hash) == (account, call_hash) and each.height <= latest,
            )
        except errors.NotFound as failure:
            raise errors.Unannounced(account, call_hash) from failure
        self.rights.run(definition, account, call)

    def poke(self, who: bytes) -> tuple[int, int] | None:
        """Record today's deposit for what is announced; the old and the new one, None if nothing is."""
        pending, old = self.announcements[who]
        if not pending:
            return None
        deposit = self._deposit(len(pending))
        self.announcements[who] = pending, deposit
        return old, deposit

    def _deposit(self, count: int) -> int:
        return self.announcement_deposit_base + self.announcement_deposit_factor * count if count else 0

    def _drop(self, delegate: bytes, is_meant: Callable[[Announcement], bool]) -> None:
        """Remove announcements. Raises: NotFound if there is none such."""
        pending, deposit = self.announcements[delegate]
        left = tuple(each for each in pending if not is_meant(each))
        if len(left) == len(pending):
            raise errors.NotFound(delegate)
        self._keep(delegate, left, deposit)

    def _keep(self, delegate: bytes, pending: tuple[Announcement, ...], old_deposit: int) -> None:
        deposit = self._deposit(len(pending))
        self.rights.adjust_deposit(delegate, old_deposit, deposit)
        if pending:
            self.announcements[delegate] = pending, deposit
        else:
            del self.announcements[delegate]
