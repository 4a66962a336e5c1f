"""Root parents: validators of the root network lend all their weight to the owner of each new subnet.

So a new subnet has voters from its first epoch on. A validator may opt out beforehand, and take its weight
back afterwards. Source: subtensor pallets/subtensor/src/staking/set_children.rs
(do_set_root_validators_for_subnet).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Blake2_128Concat
from ganglion.frame.call import call
from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.storage import StorageMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.child_links import WHOLE
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.scale.types import AccountId

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.children import Children
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.subnets import Subnets

log = logging.getLogger(__name__)


class RootParents(Section):
    """Links of new subnets."""

    accounts: Accounts
    children: Children
    neurons: Neurons
    subnets: Subnets

    # root validator -> whether it lends to owners of new subnets.
    auto_parent_delegation_enabled: StorageMap[AccountId, bool] = storage(Blake2_128Concat, default=True)

    @call(index=135)
    def set_auto_parent_delegation_enabled(self, origin: Origin, hotkey: AccountId, enabled: bool) -> None:
        """Choose whether a root validator lends to owners of new subnets.

        Raises: NonAssociatedColdKey, HotKeyNotRegisteredInSubNet. Emits: AutoParentDelegationEnabledSet.
        """
        coldkey = origin.signed()
        if not self.accounts.owns(coldkey, hotkey):
            raise errors.NonAssociatedColdKey(coldkey, hotkey)
        if self.neurons.uid(ROOT_NETUID, hotkey) is None:
            raise errors.HotKeyNotRegisteredInSubNet(ROOT_NETUID, hotkey)
        self.auto_parent_delegation_enabled[hotkey] = enabled
        self.emit(events.AutoParentDelegationEnabledSet(hotkey, enabled))

    def move_hotkey_stake(self, old: bytes, new: bytes, netuid: int) -> None:
        """With the root stake goes what was chosen for it."""
        if netuid == ROOT_NETUID and old in self.auto_parent_delegation_enabled:
            self.auto_parent_delegation_enabled[new] = self.auto_parent_delegation_enabled.take(old)

    def adopt(self, netuid: int) -> None:
        """Make all willing root validators parents of the subnet owner's hotkey. Emits: SetChildren."""
        child = self.subnets.subnet_owner_hotkey[netuid]
        for _, parent in self.neurons.keys.under(ROOT_NETUID):
            if parent == child or not self.auto_parent_delegation_enabled[parent]:
                continue
            try:
                self.children.ask(self.accounts.owner_of(parent), parent, netuid, ((WHOLE, child),))
            except DispatchFailed as failure:
                log.debug("root parent left out netuid=%d hotkey=%s cause=%r", netuid, parent.hex(), failure)
