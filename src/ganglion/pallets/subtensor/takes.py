"""Takes: the part of its stakers' dividends that a hotkey's owner keeps.

Source: subtensor pallets/subtensor/src/staking/{increase_take,decrease_take}.rs, utils/rate_limiting.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Blake2_128Concat
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import PerU16
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.rate_limits import RateLimits
from ganglion.pallets.subtensor.types import LastTxBlockDelegateTake
from ganglion.pallets.system import System
from ganglion.scale.types import AccountId, u16, u64

DEFAULT_TAKE = 11_796


class Takes(Section):
    """Delegate takes in parts of 65,535."""

    accounts: Accounts
    rate_limits: RateLimits
    system: System

    # hotkey -> take. A hotkey with an entry is a delegate.
    delegates: StorageMap[AccountId, PerU16] = storage(Blake2_128Concat, default=DEFAULT_TAKE)
    min_delegate_take: StorageValue[PerU16] = storage(default=0)
    max_delegate_take: StorageValue[PerU16] = storage(default=DEFAULT_TAKE)
    # Blocks between two changes of one hotkey's take that raise it.
    tx_delegate_take_rate_limit: StorageValue[u64] = storage(default=216_000)

    initial_default_delegate_take: u16 = constant(DEFAULT_TAKE)
    initial_min_delegate_take: u16 = constant(0)
    initial_tx_delegate_take_rate_limit: u64 = constant(216_000)

    @call(index=65)
    def decrease_take(self, origin: Origin, hotkey: AccountId, take: PerU16) -> None:
        """Lower a hotkey's take. Raises: HotKeyAccountNotExists, NonAssociatedColdKey, DelegateTakeTooLow.

        Emits: TakeDecreased.
        """
        coldkey = self._owner(origin, hotkey)
        if hotkey in self.delegates and take >= self.delegates[hotkey]:
            raise errors.DelegateTakeTooLow(take, self.delegates[hotkey])
        if take < self.min_delegate_take.get():
            raise errors.DelegateTakeTooLow(take, self.min_delegate_take.get())
        self._set(hotkey, take)
        self.emit(events.TakeDecreased(coldkey, hotkey, take))

    @call(index=66)
    def increase_take(self, origin: Origin, hotkey: AccountId, take: PerU16) -> None:
        """Raise a hotkey's take. Raises: HotKeyAccountNotExists, NonAssociatedColdKey, DelegateTakeTooLow,
        DelegateTakeTooHigh, DelegateTxRateLimitExceeded. Emits: TakeIncreased.
        """
        coldkey = self._owner(origin, hotkey)
        if hotkey in self.delegates and take <= self.delegates[hotkey]:
            raise errors.DelegateTakeTooLow(take, self.delegates[hotkey])
        if take > self.max_delegate_take.get():
            raise errors.DelegateTakeTooHigh(take, self.max_delegate_take.get())
        self._check_rate(hotkey)
        self._set(hotkey, take)
        self.emit(events.TakeIncreased(coldkey, hotkey, take))

    def become_delegate(self, hotkey: bytes, take: int | None = None) -> None:
        """Make a hotkey that is no delegate one, with a take or the default."""
        if hotkey not in self.delegates:
            self.delegates[hotkey] = self.delegates[hotkey] if take is None else take

    def hand_over(self, old: bytes, new: bytes) -> None:
        """Give a delegate's take to another hotkey."""
        if old in self.delegates:
            self.delegates[new] = self.delegates.take(old)

    def check_owner(self, coldkey: bytes, hotkey: bytes) -> None:
        """Raises: HotKeyAccountNotExists, NonAssociatedColdKey unless the hotkey is the coldkey's."""
        self.accounts.require(hotkey)
        if not self.accounts.owns(coldkey, hotkey):
            raise errors.NonAssociatedColdKey(coldkey, hotkey)

    def _owner(self, origin: Origin, hotkey: bytes) -> bytes:
        coldkey = origin.signed()
        self.check_owner(coldkey, hotkey)
        return coldkey

    def _check_rate(self, hotkey: bytes) -> None:
        last = self.rate_limits.last_rate_limited_block[LastTxBlockDelegateTake(hotkey)]
        limit = self.tx_delegate_take_rate_limit.get()
        if last and limit and self.system.number.get() - last <= limit:
            raise errors.DelegateTxRateLimitExceeded(last, limit)

    def _set(self, hotkey: bytes, take: int) -> None:
        self.delegates[hotkey] = take
        self.rate_limits.note(LastTxBlockDelegateTake(hotkey))
