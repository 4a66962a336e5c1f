"""Stake weights: how much a hotkey's vote counts on a subnet.

Terms: *alpha* is the stake with the hotkey on the subnet, *tao* the stake with it on the root network; both
after lending to child keys and inheriting from parents. TAO counts with the TAO weight.
Source: subtensor pallets/subtensor/src/staking/stake_utils.rs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.economy.fractions import DEFAULT_TAO_WEIGHT_U64, fraction_u64
from ganglion.economy.stake_weight import inherited_stake, stake_weight
from ganglion.fixed import I64F64
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import NetUid, PerU16
from ganglion.frame.storage import StorageDoubleMap, StorageMap, StorageValue, storage
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.scale.types import AccountId, Unit, Vec, u16, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.shares import Shares
    from ganglion.pallets.subtensor.subnets import Subnets


Links = tuple[tuple[int, bytes], ...]
"""Proportions in parts of 2**64 - 1, and the hotkeys at the other ends."""


@dataclass(frozen=True, slots=True)
class StakeWeight:
    """A hotkey's weight on a subnet: `total` as raw I64F64, `alpha` in alpha-rao, `tao` in rao."""

    total: int
    alpha: int
    tao: int


NO_WEIGHT = StakeWeight(0, 0, 0)


class StakeWeights(Section):
    """Weights of votes, and whom a hotkey lends to or inherits from."""

    shares: Shares
    neurons: Neurons
    subnets: Subnets

    # What one TAO counts in alpha, in parts of 2**64 - 1.
    tao_weight_setting: StorageValue[u64] = storage(default=DEFAULT_TAO_WEIGHT_U64, name="TaoWeight")
    # Weight below which a hotkey may not set weights, in rao.
    stake_threshold: StorageValue[u64] = storage(default=0)
    # parent, netuid -> (proportion in parts of 2**64 - 1, child).
    child_keys: StorageDoubleMap[AccountId, NetUid, Vec[tuple[u64, AccountId]]] = storage(
        Blake2_128Concat, Identity, default=()
    )
    # child, netuid -> (proportion, parent).
    parent_keys: StorageDoubleMap[AccountId, NetUid, Vec[tuple[u64, AccountId]]] = storage(
        Blake2_128Concat, Identity, default=()
    )
    # Parents with too little stake: their links rest, but for the one of a subnet's owner on that subnet.
    childkey_threshold_suspended: StorageMap[AccountId, Unit | None] = storage(Blake2_128Concat)
    # child, netuid -> part of its parents' dividends that the child keeps.
    childkey_take: StorageDoubleMap[AccountId, NetUid, PerU16] = storage(
        Blake2_128Concat, Identity, default=0
    )
    # Part of other owners' parents' dividends that is recycled, in parts of 2**64 - 1.
    ck_burn: StorageValue[u64] = storage(default=0, name="CKBurn")

    initial_tao_weight: u64 = constant(DEFAULT_TAO_WEIGHT_U64)
    initial_default_child_key_take: u16 = constant(0)

    def tao_weight(self) -> int:
        """What one TAO counts in alpha, as raw U96F32."""
        return fraction_u64(self.tao_weight_setting.get())

    def children_of(self, parent: bytes, netuid: int) -> Links:
        """(proportion, child) of links that do not rest."""
        children = self.child_keys[parent, netuid]
        return () if children and self._rests(parent, netuid) else children

    def parents_of(self, child: bytes, netuid: int) -> Links:
        """(proportion, parent) of links that do not rest."""
        parents = self.parent_keys[child, netuid]
        return parents and tuple(link for link in parents if not self._rests(link[1], netuid))

    def of_hotkey(self, hotkey: bytes, netuid: int) -> StakeWeight:
        """The weight of a hotkey on a subnet."""
        return self._of_hotkey(hotkey, netuid, self.tao_weight())

    def of_subnet(self, netuid: int) -> tuple[StakeWeight, ...]:
        """The weights of all neurons of a subnet, by uid."""
        tao_weight = self.tao_weight()
        return tuple(self._of_hotkey(hotkey, netuid, tao_weight) for hotkey in self.neurons.hotkeys(netuid))

    def is_owner_hotkey(self, hotkey: bytes, netuid: int) -> bool:
        """Whether a hotkey is that of the subnet's owner."""
        owners = self.subnets.subnet_owner_hotkey
        return netuid in owners and owners[netuid] == hotkey

    def above_threshold(self, hotkey: bytes, netuid: int) -> bool:
        """Whether a hotkey has enough weight to set weights; the owner's hotkey always has."""
        uid = self.neurons.uid(netuid, hotkey)
        if uid is not None and uid == self.subnets.owner_uid(netuid):
            return True
        return self.of_hotkey(hotkey, netuid).total >= I64F64.from_int(self.stake_threshold.get())

    def _of_hotkey(self, hotkey: bytes, netuid: int, tao_weight: int) -> StakeWeight:
        children, parents = self.children_of(hotkey, netuid), self.parents_of(hotkey, netuid)
        alpha = self._inherited(hotkey, netuid, children, parents)
        tao = self._inherited(hotkey, ROOT_NETUID, children, parents)
        return StakeWeight(stake_weight(alpha, tao, tao_weight), alpha, tao)

    def _rests(self, parent: bytes, netuid: int) -> bool:
        return parent in self.childkey_threshold_suspended and not self.is_owner_hotkey(parent, netuid)

    def _inherited(self, hotkey: bytes, stake_netuid: int, children: Links, parents: Links) -> int:
        own = self.shares.of_hotkey(hotkey, stake_netuid)
        if not children and not parents:
            return own
        lent = [part for part, _ in children]
        borrowed = [(self.shares.of_hotkey(parent, stake_netuid), part) for part, parent in parents]
        return inherited_stake(own, lent, borrowed)
