"""Hotkey swap: a new key takes the place of a hotkey, on one subnet or on all.

What the hotkey is moves: uid, endpoints, commits, links, takes. Its stake moves too unless it is to be kept,
with whatever follows the stake; the old hotkey then stays its owner's. Votes and bonds go by uid and need
no move. What a neuron has published through Commitments, and sealed weights, stay behind and are void.
Source: subtensor pallets/subtensor/src/swap/swap_hotkey.rs; that a kept stake keeps its owner, and that the
first swap on a subnet has nothing to wait for, are later rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import NetUid, TaoBalance
from ganglion.frame.storage import StorageDoubleMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.types import ROOT_NETUID, LastTxBlock
from ganglion.scale.types import AccountId, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.child_links import ChildLinks
    from ganglion.pallets.subtensor.collateral import Collateral
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.lineage import Lineage
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.rate_limits import RateLimits
    from ganglion.pallets.subtensor.root_claims import RootClaims
    from ganglion.pallets.subtensor.shares import Shares
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.takes import Takes
    from ganglion.pallets.subtensor.treasury import Treasury
    from ganglion.pallets.system import System


@runtime_checkable
class KnowsHotkeys(Protocol):
    """A section with entries that a hotkey takes along."""

    def move_hotkey(self, old: bytes, new: bytes, netuid: int) -> None:
        """Give what `old` is on a subnet to `new`."""


@runtime_checkable
class FollowsStake(Protocol):
    """A section with entries that go where a hotkey's stake goes."""

    def move_hotkey_stake(self, old: bytes, new: bytes, netuid: int) -> None:
        """Give what follows the stake with `old` on a subnet to `new`."""


class HotkeySwap(Section):
    """Swaps of hotkeys."""

    accounts: Accounts
    collateral: Collateral
    hyperparameters: Hyperparameters
    lineage: Lineage
    links: ChildLinks
    neurons: Neurons
    rate_limits: RateLimits
    root_claims: RootClaims
    shares: Shares
    subnets: Subnets
    system: System
    takes: Takes
    treasury: Treasury

    # netuid, coldkey -> block in which it last swapped a hotkey there.
    last_hotkey_swap_on_netuid: StorageDoubleMap[NetUid, AccountId, u64] = storage(
        Identity, Blake2_128Concat, default=0
    )

    key_swap_cost: TaoBalance = constant(100_000_000)
    key_swap_on_subnet_cost: TaoBalance = constant(1_000_000)
    hotkey_swap_on_subnet_interval: u64 = constant(7_200)

    @call(index=70)
    def swap_hotkey(
        self, origin: Origin, hotkey: AccountId, new_hotkey: AccountId, netuid: NetUid | None
    ) -> None:
        """As `swap_hotkey_v2`, and the stake moves."""
        self._swap(origin.signed(), hotkey, new_hotkey, netuid, keep_stake=False)

    @call(index=72)
    def swap_hotkey_v2(
        self,
        origin: Origin,
        hotkey: AccountId,
        new_hotkey: AccountId,
        netuid: NetUid | None,
        keep_stake: bool,
    ) -> None:
        """Let a new hotkey take the place of the signer's on a subnet, or on all for None.

        Raises: SubnetNotExists, NonAssociatedColdKey, NewHotKeyIsSameWithOld, HotKeySetTxRateLimitExceeded,
        HotKeyAlreadyRegisteredInSubNet, NewHotKeyNotCleanForRootSwap, HotKeySwapOnSubnetIntervalNotPassed,
        CannotUseSystemAccount, NotEnoughBalanceToPaySwapHotKey, InsufficientTaoBalance, InvalidChild,
        KeepStakeBlockedByCollateral.
        Emits: HotkeySwapped or HotkeySwappedOnSubnet.
        """
        self._swap(origin.signed(), hotkey, new_hotkey, netuid, keep_stake)

    def _swap(self, coldkey: bytes, old: bytes, new: bytes, netuid: int | None, keep_stake: bool) -> None:
        self._check(coldkey, old, new, netuid)
        if keep_stake and self.collateral.is_bonded(old, coldkey, netuid):
            raise errors.KeepStakeBlockedByCollateral(old)
        if netuid is None:
            self._swap_everywhere(coldkey, old, new, keep_stake)
        else:
            self._swap_on(netuid, coldkey, old, new, keep_stake)
        self.rate_limits.note(LastTxBlock(coldkey))

    def _swap_everywhere(self, coldkey: bytes, old: bytes, new: bytes, keep_stake: bool) -> None:
        netuids = self.subnets.netuids()
        taking_part = [
            netuid
            for netuid in netuids
            if self.neurons.is_network_member[old, netuid] or self.links.children(old, netuid)
        ]
        self._check_intervals(coldkey, taking_part)
        self._pay(coldkey, self.key_swap_cost)
        stakers = sorted({staker for staker, _, _ in self.shares.stakers(old)})
        self.accounts.own(coldkey, new)
        if not keep_stake:
            self.accounts.disown(coldkey, old)
        for netuid in netuids:
            self._move(old, new, netuid, keep_stake)
        self.rate_limits.hand_over(old, new)
        self.takes.hand_over(old, new)
        if not keep_stake:
            self.accounts.replace_staked(stakers, old, new)
        self._note(coldkey, old, new, taking_part)
        self.emit(events.HotkeySwapped(coldkey, old, new))

    def _swap_on(self, netuid: int, coldkey: bytes, old: bytes, new: bytes, keep_stake: bool) -> None:
        self._check_intervals(coldkey, [netuid])
        self._pay(coldkey, self.key_swap_on_subnet_cost)
        self.accounts.own(coldkey, new)
        self.rate_limits.copy(old, new)
        self._move(old, new, netuid, keep_stake)
        self._note(coldkey, old, new, [netuid])
        self.emit(events.HotkeySwappedOnSubnet(coldkey, old, new, netuid))

    def _move(self, old: bytes, new: bytes, netuid: int, keep_stake: bool) -> None:
        for section in self.world.sections:
            if isinstance(section, KnowsHotkeys):
                section.move_hotkey(old, new, netuid)
        # After the locks, which look at whose hotkey is the owner's.
        if netuid in self.subnets.subnet_owner_hotkey and self.subnets.subnet_owner_hotkey[netuid] == old:
            self.subnets.set_owner_hotkey(netuid, new)
        if keep_stake:
            return
        for section in self.world.sections:
            if isinstance(section, FollowsStake):
                section.move_hotkey_stake(old, new, netuid)

    def _check(self, coldkey: bytes, old: bytes, new: bytes, netuid: int | None) -> None:
        if netuid is not None and not self.subnets.exists(netuid):
            raise errors.SubnetNotExists(netuid)
        if not self.accounts.owns(coldkey, old):
            raise errors.NonAssociatedColdKey(coldkey, old)
        if self.accounts.exists(new) and not self.accounts.owns(coldkey, new):
            raise errors.NonAssociatedColdKey(coldkey, new)
        if old == new:
            raise errors.NewHotKeyIsSameWithOld(new)
        last = self.rate_limits.last_rate_limited_block[LastTxBlock(coldkey)]
        limit = self.hyperparameters.tx_rate_limit.get()
        if last and limit and self.system.number.get() - last <= limit:
            raise errors.HotKeySetTxRateLimitExceeded(last, limit)
        registered = self.neurons.networks_of(new)
        if netuid in registered or (netuid is None and registered):
            raise errors.HotKeyAlreadyRegisteredInSubNet(new, *registered)
        if netuid in (None, ROOT_NETUID) and not self._is_clean_on_root(new):
            raise errors.NewHotKeyNotCleanForRootSwap(new)

    def _is_clean_on_root(self, hotkey: bytes) -> bool:
        """Whether nobody has, or had, anything with a hotkey on the root network that would be mixed up."""
        return not (
            self.root_claims.root_claimable[hotkey]
            or self.shares.of_hotkey(hotkey, ROOT_NETUID)
            or any(True for _ in self.root_claims.root_claimed.under(ROOT_NETUID, hotkey))
        )

    def _check_intervals(self, coldkey: bytes, netuids: list[int]) -> None:
        for netuid in netuids:
            last = self.last_hotkey_swap_on_netuid[netuid, coldkey]
            if last and last + self.hotkey_swap_on_subnet_interval >= self.system.number.get():
                raise errors.HotKeySwapOnSubnetIntervalNotPassed(netuid, last)

    def _pay(self, coldkey: bytes, cost: int) -> None:
        if self.treasury.spendable(coldkey) < cost:
            raise errors.NotEnoughBalanceToPaySwapHotKey(self.treasury.spendable(coldkey), cost)
        self.treasury.recycle(coldkey, cost)

    def _note(self, coldkey: bytes, old: bytes, new: bytes, netuids: list[int]) -> None:
        for netuid in netuids:
            self.last_hotkey_swap_on_netuid[netuid, coldkey] = self.system.number.get()
            self.lineage.note_hotkey_swap(netuid, old, new)
