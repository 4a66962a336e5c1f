"""Child keys: a hotkey's owner lends parts of its stake weight to other hotkeys of one subnet.

On a started subnet a change waits for its cooldown and takes effect after the next epoch from then on, so
that nobody's weight moves under a running epoch. Before the start it takes effect at once. Links of hotkeys
whose stake falls below the threshold rest until it is back (a newer rule; at a threshold of 0 none do).
Source: subtensor pallets/subtensor/src/staking/set_children.rs, coinbase/block_step.rs.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.fixed import U64F64
from ganglion.frame.call import call
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageDoubleMap, StorageMap, StorageValue, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.rate_limits import TransactionKind
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.scale.types import AccountId, Unit, Vec, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.child_links import ChildLinks, Link
    from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
    from ganglion.pallets.subtensor.prices import Prices
    from ganglion.pallets.subtensor.rate_limits import RateLimits
    from ganglion.pallets.subtensor.shares import Shares
    from ganglion.pallets.subtensor.stake_weight import StakeWeights
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.system import System

CHECKS_PER_BLOCK = 100
"""Hotkeys whose stake is valued at the end of a block; others wait. (The real chain: as many as fit.)"""

CHANGE_LIMIT = 150
"""Blocks between two changes of a hotkey's children on a subnet."""


class Children(Section):
    """Changes of child links, and those that wait."""

    accounts: Accounts
    links: ChildLinks
    prices: Prices
    rate_limits: RateLimits
    schedule: EpochSchedule
    shares: Shares
    stake_weights: StakeWeights
    subnets: Subnets
    system: System

    # netuid, parent -> ((proportion in parts of 2**64 - 1, child), ...), block after which it takes effect.
    pending_child_keys: StorageDoubleMap[NetUid, AccountId, tuple[Vec[tuple[u64, AccountId]], u64]] = storage(
        Identity, Blake2_128Concat, default=((), 0)
    )
    # Hotkeys whose stake changed, to be looked at when the block ends.
    childkey_threshold_checks: StorageMap[AccountId, Unit | None] = storage(Blake2_128Concat)
    # Blocks that a change waits on a started subnet.
    pending_child_key_cooldown: StorageValue[u64] = storage(default=7_200)

    @call(index=67)
    def set_children(
        self, origin: Origin, hotkey: AccountId, netuid: NetUid, children: Vec[tuple[u64, AccountId]]
    ) -> None:
        """Lend to these children, in parts of 2**64 - 1, and to no others; none takes all back.

        Raises: TxRateLimitExceeded, RegistrationNotPermittedOnRootSubnet, SubnetNotExists,
        NonAssociatedColdKey, DuplicateChild, InvalidChild, TooManyChildren, ProportionOverflow,
        ChildParentInconsistency, NotEnoughStakeToSetChildkeys. Emits: SetChildrenScheduled, or SetChildren
        on a subnet that is not started.
        """
        self.ask(origin.signed(), hotkey, netuid, children)

    @call(index=109)
    def set_pending_childkey_cooldown(self, origin: Origin, cooldown: u64) -> None:
        """Root: set the blocks that a change of children waits."""
        origin.root()
        self.pending_child_key_cooldown.set(cooldown)

    def ask(self, coldkey: bytes, hotkey: bytes, netuid: int, children: tuple[Link, ...]) -> None:
        """As `set_children`, signed by `coldkey`."""
        self._check(coldkey, hotkey, netuid, children)
        self.rate_limits.note_kind(hotkey, netuid, TransactionKind.SET_CHILDREN)
        if not self.subnets.subtoken_enabled[netuid]:
            self._apply(hotkey, netuid, children)
            return
        effective = self.system.number.get() + self.pending_child_key_cooldown.get()
        self.pending_child_keys[netuid, hotkey] = (children, effective)
        self.emit(events.SetChildrenScheduled(hotkey, netuid, effective, children))

    def note_stake(self, hotkey: bytes, *, came: bool) -> None:
        """Stake with a hotkey changed: its links may have to rest, or to work again."""
        suspended = hotkey in self.stake_weights.childkey_threshold_suspended
        may_fall = not came and self.stake_weights.stake_threshold.get() > 0
        if suspended or (may_fall and any(True for _ in self.stake_weights.child_keys.under(hotkey))):
            self.childkey_threshold_checks[hotkey] = ()

    def on_finalize(self) -> None:
        """Let links rest whose parents have become poor, and those work again whose parents are no longer."""
        suspended = self.stake_weights.childkey_threshold_suspended
        for hotkey, _ in list(islice(self.childkey_threshold_checks.items(), CHECKS_PER_BLOCK)):
            del self.childkey_threshold_checks[hotkey]
            if self._worth(hotkey) < self.stake_weights.stake_threshold.get():
                suspended[hotkey] = ()
            else:
                del suspended[hotkey]

    def forget_if_poor(self, hotkey: bytes) -> None:
        """Give up the changes that wait if the hotkey has no longer stake enough to lend."""
        if self._worth(hotkey) < self.stake_weights.stake_threshold.get():
            for netuid in self.subnets.netuids():
                del self.pending_child_keys[netuid, hotkey]

    def apply_due(self) -> None:
        """Let changes that have waited take effect on the subnets whose epoch slot was in this block."""
        now = self.system.number.get()
        for netuid in self.subnets.netuids():
            if self.schedule.last_epoch_block[netuid] == now:
                self._apply_pending(netuid, now)

    def move_hotkey(self, old: bytes, new: bytes, netuid: int) -> None:
        """Let another hotkey take the place of one in links and in what is asked for.

        Raises as `ChildLinks.move`.
        """
        asked = (netuid, old) in self.pending_child_keys
        children, effective = self.pending_child_keys[netuid, old]
        self.links.move(old, new, netuid, children if asked else None)
        if asked:
            del self.pending_child_keys[netuid, old]
            self.pending_child_keys[netuid, new] = (children, effective)
        for hotkey in (old, new):
            self.note_stake(hotkey, came=False)
        for parent, (wanted, block) in self.pending_child_keys.under(netuid):
            parts = [part for part, child in wanted if child == old]
            if parts:
                others = tuple(link for link in wanted if link[1] != old)
                self.pending_child_keys[netuid, parent] = ((*others, (parts[0], new)), block)

    def _check(self, coldkey: bytes, hotkey: bytes, netuid: int, children: tuple[Link, ...]) -> None:
        if not self.rate_limits.kind_passes(hotkey, netuid, TransactionKind.SET_CHILDREN, CHANGE_LIMIT):
            raise errors.TxRateLimitExceeded(netuid, hotkey, CHANGE_LIMIT)
        if netuid == ROOT_NETUID:
            raise errors.RegistrationNotPermittedOnRootSubnet(netuid)
        if not self.subnets.exists(netuid):
            raise errors.SubnetNotExists(netuid)
        if not self.accounts.owns(coldkey, hotkey):
            raise errors.NonAssociatedColdKey(coldkey, hotkey)
        if len({child for _, child in children}) != len(children):
            raise errors.DuplicateChild(hotkey)
        self.links.check(hotkey, netuid, children)
        if children and not self._may_lend(hotkey, netuid):
            raise errors.NotEnoughStakeToSetChildkeys(hotkey)

    def _may_lend(self, hotkey: bytes, netuid: int) -> bool:
        """Whether a hotkey's stake on all subnets is worth the threshold, or it is the subnet owner's."""
        threshold = self.stake_weights.stake_threshold.get()
        if threshold == 0 or self.stake_weights.is_owner_hotkey(hotkey, netuid):
            return True
        return self._worth(hotkey) >= threshold

    def _worth(self, hotkey: bytes) -> int:
        """The stake with a hotkey on all subnets, in rao at spot prices."""
        worth = sum(
            U64F64.mul(U64F64.from_int(self.shares.of_hotkey(hotkey, netuid)), self.prices.spot(netuid))
            for netuid in self.subnets.netuids()
        )
        return U64F64.to_u64(U64F64.saturate(worth))

    def _apply_pending(self, netuid: int, now: int) -> None:
        started = self.subnets.subtoken_enabled[netuid]
        for hotkey, (children, effective) in self.pending_child_keys.under(netuid):
            if effective < now or not started:
                # Stake may have left since the change was asked for, in ways that do not take it back.
                if not children or self._may_lend(hotkey, netuid):
                    self._apply(hotkey, netuid, children)
                    self.note_stake(hotkey, came=True)
                del self.pending_child_keys[netuid, hotkey]

    def _apply(self, hotkey: bytes, netuid: int, children: tuple[Link, ...]) -> None:
        """Link; what others have linked meanwhile may forbid it, and then nothing changes."""
        try:
            self.links.set_children(hotkey, netuid, children)
        except DispatchFailed:
            return
        self.emit(events.SetChildren(hotkey, netuid, children))
