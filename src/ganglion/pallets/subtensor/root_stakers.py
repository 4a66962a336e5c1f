"""Root stakers: a numbered list of the coldkeys with stake on the root network.

Numbers have no gaps, so that one can be picked at random: whoever leaves is replaced by the last.
Source: subtensor pallets/subtensor/src/staking/claim_root.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Identity
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.pallet import Section
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.scale.types import AccountId, u64


class RootStakers(Section):
    """The list, both ways."""

    accounts: Accounts
    shares: Shares

    staking_coldkeys_by_index: StorageMap[u64, AccountId | None] = storage(Identity)
    staking_coldkeys: StorageMap[AccountId, u64 | None] = storage(Identity)
    num_staking_coldkeys: StorageValue[u64] = storage(default=0)

    def add(self, coldkey: bytes) -> None:
        """Append a coldkey, unless it is listed."""
        if coldkey in self.staking_coldkeys:
            return
        count = self.num_staking_coldkeys.get()
        self._put(count, coldkey)
        self.num_staking_coldkeys.set(count + 1)

    def remove_if_gone(self, coldkey: bytes) -> None:
        """Take a coldkey that has no root stake left off the list."""
        index = self.staking_coldkeys[coldkey]
        if index is None or self.shares.of_coldkey(coldkey, ROOT_NETUID):
            return
        del self.staking_coldkeys[coldkey]
        last = self.num_staking_coldkeys.get() - 1
        moved = self.staking_coldkeys_by_index.take(last)
        if moved is not None and index != last:
            self._put(index, moved)
        self.num_staking_coldkeys.set(last)

    def try_state(self) -> None:
        """Indices run from 0 without gaps and name each coldkey once."""
        listed = dict(self.staking_coldkeys_by_index.items())
        if sorted(listed) != list(range(self.num_staking_coldkeys.get())):
            raise InvariantBroken(f"root stakers are numbered {sorted(listed)}")
        if {coldkey: index for index, coldkey in listed.items()} != dict(self.staking_coldkeys.items()):
            raise InvariantBroken("root stakers and their numbers do not name each other")

    def _put(self, index: int, coldkey: bytes) -> None:
        self.staking_coldkeys_by_index[index] = coldkey
        self.staking_coldkeys[coldkey] = index
