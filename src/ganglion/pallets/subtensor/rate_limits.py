"""When something was last done, and whether it may be done again.

Two stores, as on the chain: by `RateLimitKey`, and by (account, subnet, kind). Block 0 means never.
Source: subtensor pallets/subtensor/src/utils/rate_limiting.rs.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageMap, StorageNMap, storage
from ganglion.pallets.subtensor.types import (
    AddStakeBurnLimit,
    Hyperparameter,
    LastTxBlock,
    LastTxBlockChildKeyTake,
    LastTxBlockDelegateTake,
    OwnerHyperparamUpdate,
    RateLimitKey,
    SetSNOwnerHotkey,
)
from ganglion.scale.types import AccountId, u16, u64

if TYPE_CHECKING:
    from ganglion.pallets.system import System


OF_HOTKEYS = (LastTxBlock, LastTxBlockDelegateTake, LastTxBlockChildKeyTake)
"""What a hotkey is limited by, on whatever subnet."""


class TransactionKind(enum.IntEnum):
    """Kinds of transaction that are limited by account and subnet."""

    SET_CHILDREN = 0
    SET_CHILDKEY_TAKE = 1
    SET_WEIGHTS_VERSION_KEY = 4
    MECHANISM_COUNT_UPDATE = 7
    MECHANISM_EMISSION = 8
    MAX_UIDS_TRIMMING = 9
    ADD_STAKE_BURN = 10
    TEMPO_UPDATE = 11


class RateLimits(Section):
    """The blocks of what is rate limited."""

    system: System

    last_rate_limited_block: StorageMap[RateLimitKey, u64] = storage(Identity, default=0)
    # account, netuid, kind -> block.
    transaction_key_last_block: StorageNMap[tuple[AccountId, NetUid, u16], u64] = storage(
        Blake2_128Concat, Identity, Identity, default=0
    )

    def passes(self, key: RateLimitKey, limit: int) -> bool:
        """Whether `limit` blocks have passed since `key` was noted."""
        return self._passed(self.last_rate_limited_block[key], limit)

    def note(self, key: RateLimitKey) -> None:
        """`key` happens in this block."""
        self.last_rate_limited_block[key] = self.system.number.get()

    def kind_passes(self, account: bytes, netuid: int, kind: TransactionKind, limit: int) -> bool:
        """Whether `limit` blocks have passed since `account` did this on the subnet."""
        return self._passed(self.transaction_key_last_block[account, netuid, kind], limit)

    def note_kind(self, account: bytes, netuid: int, kind: TransactionKind) -> None:
        """`account` does this on the subnet in this block."""
        self.transaction_key_last_block[account, netuid, kind] = self.system.number.get()

    def copy(self, old: bytes, new: bytes) -> None:
        """What limits one hotkey limits another too."""
        for kind in OF_HOTKEYS:
            last = self.last_rate_limited_block[kind(old)]
            if last:
                self.last_rate_limited_block[kind(new)] = last

    def hand_over(self, old: bytes, new: bytes) -> None:
        """What limited one hotkey limits another instead."""
        self.copy(old, new)
        for kind in OF_HOTKEYS:
            del self.last_rate_limited_block[kind(old)]

    def forget_subnet(self, netuid: int) -> None:
        """The next owner of the netuid starts without limits."""
        for key in (SetSNOwnerHotkey(netuid), AddStakeBurnLimit(netuid)):
            del self.last_rate_limited_block[key]
        for hyperparameter in Hyperparameter:
            del self.last_rate_limited_block[OwnerHyperparamUpdate(netuid, hyperparameter)]

    def _passed(self, last: int, limit: int) -> bool:
        return last == 0 or self.system.number.get() - last >= limit
