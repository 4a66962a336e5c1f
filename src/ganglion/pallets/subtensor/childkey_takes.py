"""Childkey takes: the part of its parents' dividends that a child keeps, on each subnet.

Source: subtensor pallets/subtensor/src/staking/set_children.rs, utils/misc.rs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import NetUid, PerU16
from ganglion.frame.storage import StorageValue, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.rate_limits import TransactionKind
from ganglion.scale.types import AccountId, u16, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.rate_limits import RateLimits
    from ganglion.pallets.subtensor.stake_weight import StakeWeights
    from ganglion.pallets.subtensor.subnets import Subnets

GREATEST_TAKE = 11_796
RAISE_LIMIT = 216_000


class ChildkeyTakes(Section):
    """Takes in parts of 65,535."""

    accounts: Accounts
    hyperparameters: Hyperparameters
    rate_limits: RateLimits
    stake_weights: StakeWeights
    subnets: Subnets

    min_childkey_take: StorageValue[PerU16] = storage(default=0)
    max_childkey_take: StorageValue[PerU16] = storage(default=GREATEST_TAKE)
    # Blocks since the last change of one hotkey's take on a subnet after which it may be raised.
    tx_childkey_take_rate_limit: StorageValue[u64] = storage(default=RAISE_LIMIT)

    initial_min_child_key_take: u16 = constant(0)
    initial_max_child_key_take: u16 = constant(GREATEST_TAKE)
    initial_tx_child_key_take_rate_limit: u64 = constant(RAISE_LIMIT)

    @call(index=75)
    def set_childkey_take(self, origin: Origin, hotkey: AccountId, netuid: NetUid, take: PerU16) -> None:
        """Set what a hotkey keeps of its parents' dividends. Emits: ChildKeyTakeSet.

        Raises: SubnetNotExists, NonAssociatedColdKey, InvalidChildkeyTake, TxChildkeyTakeRateLimitExceeded.
        """
        coldkey = origin.signed()
        if not self.accounts.owns(coldkey, hotkey):
            raise errors.NonAssociatedColdKey(coldkey, hotkey)
        self.subnets.require(netuid)
        least, most = self.least(netuid), self.max_childkey_take.get()
        if not least <= take <= most:
            raise errors.InvalidChildkeyTake(take, least, most)
        limit = self.tx_childkey_take_rate_limit.get()
        kind = TransactionKind.SET_CHILDKEY_TAKE
        raised = take > self.of(hotkey, netuid)
        if raised and not self.rate_limits.kind_passes(hotkey, netuid, kind, limit):
            raise errors.TxChildkeyTakeRateLimitExceeded(netuid, hotkey, limit)
        self.rate_limits.note_kind(hotkey, netuid, kind)
        self.stake_weights.childkey_take[hotkey, netuid] = take
        self.emit(events.ChildKeyTakeSet(hotkey, take))

    @call(index=69)
    def sudo_set_tx_childkey_take_rate_limit(self, origin: Origin, tx_rate_limit: u64) -> None:
        """Root: set the blocks before a take may be raised. Emits: TxChildKeyTakeRateLimitSet."""
        origin.root()
        self.tx_childkey_take_rate_limit.set(tx_rate_limit)
        self.emit(events.TxChildKeyTakeRateLimitSet(tx_rate_limit))

    @call(index=76)
    def sudo_set_min_childkey_take(self, origin: Origin, take: PerU16) -> None:
        """Root: set the least take on every subnet. Emits: MinChildKeyTakeSet."""
        origin.root()
        self.min_childkey_take.set(take)
        self.emit(events.MinChildKeyTakeSet(take))

    @call(index=77)
    def sudo_set_max_childkey_take(self, origin: Origin, take: PerU16) -> None:
        """Root: set the greatest take that can be chosen. Emits: MaxChildKeyTakeSet."""
        origin.root()
        self.max_childkey_take.set(take)
        self.emit(events.MaxChildKeyTakeSet(take))

    def of(self, hotkey: bytes, netuid: int) -> int:
        """The take in force: what the hotkey chose, but never less than the least."""
        return max(self.stake_weights.childkey_take[hotkey, netuid], self.least(netuid))

    def move_hotkey(self, old: bytes, new: bytes, netuid: int) -> None:
        """Give what a hotkey chose to another."""
        takes = self.stake_weights.childkey_take
        if (old, netuid) in takes:
            takes[new, netuid] = takes.take((old, netuid))

    def least(self, netuid: int) -> int:
        """The least take on a subnet."""
        return max(self.min_childkey_take.get(), self.hyperparameters.min_childkey_take_per_subnet[netuid])
