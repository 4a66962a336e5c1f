"""Coldkey swap: everything that a coldkey has goes to another, after an announcement.

The new key is announced by its hash and the swap waits, so that an owner whose key was stolen can dispute it;
then only root can decide. A coldkey that has announced may do nothing else meanwhile, from whichever
call that comes. Terms: *due* is the block from which the swap may be carried out.
Source: subtensor pallets/subtensor/src/macros/dispatches.rs, swap/swap_coldkey.rs,
guards/check_coldkey_swap.rs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ganglion.crypto.hashing import Twox64Concat, blake2_256
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import BlockNumber, TaoBalance
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.types import ROOT_NETUID, LastTxBlock
from ganglion.scale.types import H256, AccountId

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.hotkey_swap import HotkeySwap
    from ganglion.pallets.subtensor.rate_limits import RateLimits
    from ganglion.pallets.subtensor.root_claims import RootClaims
    from ganglion.pallets.subtensor.root_stakers import RootStakers
    from ganglion.pallets.subtensor.shares import Shares
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.treasury import Treasury
    from ganglion.pallets.system import System

ANNOUNCEMENT_DELAY = 36_000
REANNOUNCEMENT_DELAY = 7_200

ALLOWED = (
    "SubtensorModule.announce_coldkey_swap",
    "SubtensorModule.swap_coldkey_announced",
    "SubtensorModule.dispute_coldkey_swap",
    "SubtensorModule.clear_coldkey_swap_announcement",
    "MevShield.submit_encrypted",
)
"""What a coldkey that has announced a swap may still do."""


@runtime_checkable
class KnowsColdkeys(Protocol):
    """A section with entries that a coldkey takes along."""

    def move_coldkey(self, old: bytes, new: bytes) -> None:
        """Give what `old` has to `new`."""


class ColdkeySwap(Section):
    """Announcements, disputes and swaps."""

    accounts: Accounts
    hotkey_swap: HotkeySwap
    rate_limits: RateLimits
    root_claims: RootClaims
    root_stakers: RootStakers
    shares: Shares
    subnets: Subnets
    system: System
    treasury: Treasury

    # coldkey -> block from which it may be swapped, blake2-256 of the new coldkey.
    coldkey_swap_announcements: StorageMap[AccountId, tuple[BlockNumber, H256] | None] = storage(Twox64Concat)
    # coldkey -> block of the dispute.
    coldkey_swap_disputes: StorageMap[AccountId, BlockNumber | None] = storage(Twox64Concat)
    # Blocks from an announcement until it is due, and from then until another may be made.
    coldkey_swap_announcement_delay: StorageValue[BlockNumber] = storage(default=ANNOUNCEMENT_DELAY)
    coldkey_swap_reannouncement_delay: StorageValue[BlockNumber] = storage(default=REANNOUNCEMENT_DELAY)

    initial_coldkey_swap_announcement_delay: BlockNumber = constant(ANNOUNCEMENT_DELAY)
    initial_coldkey_swap_reannouncement_delay: BlockNumber = constant(REANNOUNCEMENT_DELAY)

    @call(index=71)
    def swap_coldkey(
        self, origin: Origin, old_coldkey: AccountId, new_coldkey: AccountId, swap_cost: TaoBalance
    ) -> None:
        """Root: swap any coldkey at once; it pays `swap_cost`. Announcement and dispute are forgotten.

        Raises: NotEnoughBalanceToPaySwapColdKey, ColdKeyAlreadyAssociated, NewColdKeyIsHotkey.
        Emits: ColdkeySwapped.
        """
        origin.root()
        self._pay(old_coldkey, swap_cost)
        self._swap(old_coldkey, new_coldkey)
        self._forget(old_coldkey)

    @call(index=73)
    def schedule_swap_coldkey(self, origin: Origin, new_coldkey: AccountId) -> None:
        """Given up for `announce_coldkey_swap`. Raises: Deprecated."""
        raise errors.Deprecated

    @call(index=125)
    def announce_coldkey_swap(self, origin: Origin, new_coldkey_hash: H256) -> None:
        """Announce the blake2-256 of the coldkey that shall take over the signer's; the first one costs.

        Raises: ColdkeySwapReannouncedTooEarly, NotEnoughBalanceToPaySwapColdKey. Emits: ColdkeySwapAnnounced.
        """
        who, now = origin.signed(), self.system.number.get()
        announced = self.coldkey_swap_announcements[who]
        if announced is None:
            self._pay(who, self.hotkey_swap.key_swap_cost)
        elif now < self._replaceable(announced[0]):
            raise errors.ColdkeySwapReannouncedTooEarly(now, self._replaceable(announced[0]))
        due = now + self.coldkey_swap_announcement_delay.get()
        self.coldkey_swap_announcements[who] = (due, new_coldkey_hash)
        self.emit(events.ColdkeySwapAnnounced(who, new_coldkey_hash))

    @call(index=126)
    def swap_coldkey_announced(self, origin: Origin, new_coldkey: AccountId) -> None:
        """Carry out the announced swap.

        Raises: ColdkeySwapAnnouncementNotFound, AnnouncedColdkeyHashDoesNotMatch, ColdkeySwapTooEarly,
        ColdKeyAlreadyAssociated, NewColdKeyIsHotkey. Emits: ColdkeySwapped.
        """
        who, now = origin.signed(), self.system.number.get()
        due, new_coldkey_hash = self._announcement(who)
        if new_coldkey_hash != blake2_256(new_coldkey):
            raise errors.AnnouncedColdkeyHashDoesNotMatch(new_coldkey)
        if now < due:
            raise errors.ColdkeySwapTooEarly(now, due)
        del self.coldkey_swap_announcements[who]
        self._swap(who, new_coldkey)

    @call(index=127)
    def dispute_coldkey_swap(self, origin: Origin) -> None:
        """Stop the signer's announced swap, and everything else of the signer's, until root decides.

        Raises: ColdkeySwapAnnouncementNotFound, ColdkeySwapAlreadyDisputed. Emits: ColdkeySwapDisputed.
        """
        who = origin.signed()
        self._announcement(who)
        if who in self.coldkey_swap_disputes:
            raise errors.ColdkeySwapAlreadyDisputed(who)
        self.coldkey_swap_disputes[who] = self.system.number.get()
        self.emit(events.ColdkeySwapDisputed(who))

    @call(index=128)
    def reset_coldkey_swap(self, origin: Origin, coldkey: AccountId) -> None:
        """Root: forget a coldkey's announcement and dispute. Emits: ColdkeySwapReset."""
        origin.root()
        self._forget(coldkey)
        self.emit(events.ColdkeySwapReset(coldkey))

    @call(index=133)
    def clear_coldkey_swap_announcement(self, origin: Origin) -> None:
        """Take the announcement back once another could be made.

        Raises: ColdkeySwapAnnouncementNotFound, ColdkeySwapClearTooEarly. Emits: ColdkeySwapCleared.
        """
        who, now = origin.signed(), self.system.number.get()
        due, _ = self._announcement(who)
        if now < self._replaceable(due):
            raise errors.ColdkeySwapClearTooEarly(now, self._replaceable(due))
        del self.coldkey_swap_announcements[who]
        self.emit(events.ColdkeySwapCleared(who))

    def guard(self, who: bytes, call: RuntimeCall) -> None:
        """Raises: ColdkeySwapAnnounced for all but what concerns the swap, ColdkeySwapDisputed for all."""
        if who not in self.coldkey_swap_announcements:
            return
        if who in self.coldkey_swap_disputes:
            raise errors.ColdkeySwapDisputed(who)
        if call.path not in ALLOWED:
            raise errors.ColdkeySwapAnnounced(who)

    def _swap(self, old: bytes, new: bytes) -> None:
        if self.accounts.staking_hotkeys[new]:
            raise errors.ColdKeyAlreadyAssociated(new)
        if self.accounts.exists(new):
            raise errors.NewColdKeyIsHotkey(new)
        for netuid in self.subnets.netuids():
            self._move_stake(old, new, netuid)
        self.accounts.hand_over(old, new)
        for section in self.world.sections:
            if isinstance(section, KnowsColdkeys):
                section.move_coldkey(old, new)
        self.treasury.pay(old, new, self.treasury.spendable(old))
        self.rate_limits.note(LastTxBlock(new))
        self.emit(events.ColdkeySwapped(old, new))

    def _move_stake(self, old: bytes, new: bytes, netuid: int) -> None:
        for hotkey in self.accounts.staking_hotkeys[old]:
            alpha = self.shares.of(hotkey, old, netuid)
            self.shares.remove(hotkey, old, netuid, alpha)
            self.shares.add(hotkey, new, netuid, alpha)
            # Also without stake on this subnet: what was claimed by root stake must not be claimed again.
            self.root_claims.move_claimed(netuid, (hotkey, old), (hotkey, new))
            if netuid == ROOT_NETUID and self.shares.of(hotkey, new, netuid):
                self.root_stakers.add(new)
        if netuid == ROOT_NETUID:
            self.root_stakers.remove_if_gone(old)

    def _announcement(self, who: bytes) -> tuple[int, bytes]:
        announced = self.coldkey_swap_announcements[who]
        if announced is None:
            raise errors.ColdkeySwapAnnouncementNotFound(who)
        return announced

    def _replaceable(self, due: int) -> int:
        return due + self.coldkey_swap_reannouncement_delay.get()

    def _forget(self, coldkey: bytes) -> None:
        del self.coldkey_swap_announcements[coldkey]
        del self.coldkey_swap_disputes[coldkey]

    def _pay(self, coldkey: bytes, cost: int) -> None:
        if cost == 0:
            return
        try:
            self.treasury.recycle(coldkey, cost)
        except DispatchFailed as refusal:
            raise errors.NotEnoughBalanceToPaySwapColdKey(cost) from refusal
