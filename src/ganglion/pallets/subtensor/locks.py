"""Locks: stake that its owner has bound for a time. No call makes one yet, so all stake is free.

Clients read these items before they unstake. Source: subtensor pallets/subtensor/src/staking/lock.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageDoubleMap, StorageNMap, StorageValue, storage
from ganglion.pallets.subtensor.types import LockState
from ganglion.scale.types import AccountId, u64


class Locks(Section):
    """What may not be unstaked."""

    # coldkey, netuid, hotkey -> the lock.
    lock: StorageNMap[tuple[AccountId, NetUid, AccountId], LockState | None] = storage(
        Blake2_128Concat, Identity, Blake2_128Concat
    )
    # coldkey, netuid -> whether its lock runs out by itself.
    decaying_lock: StorageDoubleMap[AccountId, NetUid, bool | None] = storage(Blake2_128Concat, Identity)
    # Blocks that root stake must stay after it came; 0 lets it go at once.
    root_stake_unlock_interval: StorageValue[u64] = storage(default=0)

    def of(self, coldkey: bytes, netuid: int) -> LockState | None:
        """The lock of a coldkey on a subnet, if it has one."""
        for _, state in self.lock.under(coldkey, netuid):
            return state
        return None
