"""Accounts: which coldkey owns a hotkey, and with which hotkeys a coldkey has staked.

A hotkey exists from the moment a coldkey registers it, and keeps its owner. Source: subtensor
pallets/subtensor/src/staking/helpers.rs, staking/account.rs.
"""

from __future__ import annotations

from collections.abc import Iterable

from ganglion.crypto.hashing import Blake2_128Concat
from ganglion.frame.call import call
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.storage import StorageMap, storage
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.subnet_account import netuid_of_account
from ganglion.pallets.subtensor.types import ZERO_ACCOUNT
from ganglion.scale.types import AccountId, Vec


class Accounts(Section):
    """Hotkeys and their coldkeys."""

    # hotkey -> the coldkey that owns it.
    owner: StorageMap[AccountId, AccountId] = storage(Blake2_128Concat, default=ZERO_ACCOUNT)
    # coldkey -> hotkeys it owns, oldest first.
    owned_hotkeys: StorageMap[AccountId, Vec[AccountId]] = storage(Blake2_128Concat, default=())
    # coldkey -> hotkeys it owns or ever staked to, oldest first.
    staking_hotkeys: StorageMap[AccountId, Vec[AccountId]] = storage(Blake2_128Concat, default=())

    @call(index=91)
    def try_associate_hotkey(self, origin: Origin, hotkey: AccountId) -> None:
        """Make a hotkey that nobody owns the signer's; does nothing for one that has an owner.

        Raises: CannotUseSystemAccount.
        """
        self.create(origin.signed(), hotkey)

    def exists(self, hotkey: bytes) -> bool:
        """Whether somebody owns a hotkey."""
        return hotkey in self.owner

    def require(self, hotkey: bytes) -> None:
        """Raises: HotKeyAccountNotExists unless somebody owns the hotkey."""
        if not self.exists(hotkey):
            raise errors.HotKeyAccountNotExists(hotkey)

    def require_usable(self, hotkey: bytes) -> None:
        """Raises: CannotUseSystemAccount if it is a subnet's account."""
        if netuid_of_account(hotkey) is not None:
            raise errors.CannotUseSystemAccount(hotkey)

    def owner_of(self, hotkey: bytes) -> bytes:
        """The coldkey that owns a hotkey; the zero account if none does."""
        return self.owner[hotkey]

    def owns(self, coldkey: bytes, hotkey: bytes) -> bool:
        """Whether a coldkey owns a hotkey."""
        return self.exists(hotkey) and self.owner[hotkey] == coldkey

    def create(self, coldkey: bytes, hotkey: bytes) -> None:
        """Make a new hotkey the coldkey's. Raises: CannotUseSystemAccount for a subnet's account."""
        self.require_usable(hotkey)
        if self.exists(hotkey):
            return
        self.owner[hotkey] = coldkey
        if hotkey not in self.owned_hotkeys[coldkey]:
            self.owned_hotkeys[coldkey] = (*self.owned_hotkeys[coldkey], hotkey)
        self.note_staking(coldkey, hotkey)

    def own(self, coldkey: bytes, hotkey: bytes) -> None:
        """Make a hotkey the coldkey's, which need not stake to it. Raises: CannotUseSystemAccount."""
        self.require_usable(hotkey)
        self.owner[hotkey] = coldkey
        if hotkey not in self.owned_hotkeys[coldkey]:
            self.owned_hotkeys[coldkey] = (*self.owned_hotkeys[coldkey], hotkey)

    def disown(self, coldkey: bytes, hotkey: bytes) -> None:
        """Leave a hotkey of the coldkey's to nobody."""
        del self.owner[hotkey]
        self.owned_hotkeys[coldkey] = tuple(own for own in self.owned_hotkeys[coldkey] if own != hotkey)

    def replace_staked(self, coldkeys: Iterable[bytes], old: bytes, new: bytes) -> None:
        """The stakers of one hotkey are those of another from now on."""
        for coldkey in coldkeys:
            known = self.staking_hotkeys[coldkey]
            if old in known:
                self.staking_hotkeys[coldkey] = (*(each for each in known if each not in (old, new)), new)

    def hand_over(self, old: bytes, new: bytes) -> None:
        """Give a coldkey's hotkeys, and its place among their stakers, to another coldkey."""
        known = self.staking_hotkeys[new]
        more = tuple(hotkey for hotkey in self.staking_hotkeys.take(old) if hotkey not in known)
        if known or more:
            self.staking_hotkeys[new] = known + more
        for hotkey in self.owned_hotkeys.take(old):
            self.own(new, hotkey)

    def note_staking(self, coldkey: bytes, hotkey: bytes) -> None:
        """Remember that a coldkey has stake with a hotkey."""
        known = self.staking_hotkeys[coldkey]
        if hotkey not in known:
            self.staking_hotkeys[coldkey] = (*known, hotkey)

    def try_state(self) -> None:
        """Owners and owned hotkeys name each other."""
        for hotkey, coldkey in self.owner.items():
            if coldkey != ZERO_ACCOUNT and hotkey not in self.owned_hotkeys[coldkey]:
                raise InvariantBroken(f"{coldkey.hex()} does not list its hotkey {hotkey.hex()}")
        for coldkey, hotkeys in self.owned_hotkeys.items():
            if len(set(hotkeys)) != len(hotkeys) or any(self.owner[hotkey] != coldkey for hotkey in hotkeys):
                raise InvariantBroken(f"{coldkey.hex()} lists hotkeys that are not its own")
