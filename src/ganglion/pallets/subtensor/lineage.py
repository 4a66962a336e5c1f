"""Lineage: which key took over from which, so that clients can follow a neuron or a wallet through swaps.

Terms: the *successor* is the key that a key was swapped for; the *root* is the first key of the line. The
economy looks at neither.
Source: RaoFoundation/subtensor pallets/subtensor/src/swap/{hotkey,coldkey}_lineage.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageDoubleMap, StorageMap, storage
from ganglion.scale.types import AccountId


class Lineage(Section):
    """Successors and roots of swapped keys."""

    # netuid, hotkey -> hotkey.
    hotkey_successor: StorageDoubleMap[NetUid, AccountId, AccountId | None] = storage(
        Identity, Blake2_128Concat
    )
    hotkey_root: StorageDoubleMap[NetUid, AccountId, AccountId | None] = storage(Identity, Blake2_128Concat)
    # coldkey -> coldkey.
    coldkey_successor: StorageMap[AccountId, AccountId | None] = storage(Blake2_128Concat)
    coldkey_root: StorageMap[AccountId, AccountId | None] = storage(Blake2_128Concat)

    def note_hotkey_swap(self, netuid: int, old: bytes, new: bytes) -> None:
        """A hotkey took the place of another on a subnet, and is the end of the line."""
        root = self.hotkey_root[netuid, old] or old
        self.note_registration(netuid, new)
        self.hotkey_successor[netuid, old] = new
        self.hotkey_root[netuid, new] = root

    def note_registration(self, netuid: int, hotkey: bytes) -> None:
        """A hotkey has a uid by itself: whatever took over from it once, it is back."""
        del self.hotkey_successor[netuid, hotkey]

    def move_coldkey(self, old: bytes, new: bytes) -> None:
        """A coldkey took over from another, and is the end of the line. Nothing took over from itself."""
        if new == old:
            return
        root = self.coldkey_root[old] or old
        del self.coldkey_successor[new]
        self.coldkey_successor[old] = new
        self.coldkey_root[new] = root
