"""The root network: netuid 0, whose uids go to the hotkeys with the most TAO staked there.

Source: subtensor pallets/subtensor/src/coinbase/root.rs.
"""

from __future__ import annotations

from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.lineage import Lineage
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import DEFAULT_TAKE, Takes
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.scale.types import AccountId

INTERVALS_OF_GRACE = 3
"""The root network takes so many times its target of registrations in an interval."""


class RootNetwork(Section):
    """Registration on the root network."""

    subnets: Subnets
    hyperparameters: Hyperparameters
    lineage: Lineage
    neurons: Neurons
    registration: Registration
    accounts: Accounts
    takes: Takes
    shares: Shares

    @call(index=62)
    def root_register(self, origin: Origin, hotkey: AccountId) -> None:
        """Give a hotkey a uid on the root network; if all are taken, that of the least staked one.

        Raises: RootNetworkDoesNotExist, TooManyRegistrationsThisBlock, TooManyRegistrationsThisInterval,
        HotKeyAlreadyRegisteredInSubNet, CannotUseSystemAccount, StakeTooLowForRoot.
        Emits: NeuronRegistered.
        """
        coldkey = origin.signed()
        self._check(hotkey)
        self.accounts.create(coldkey, hotkey)
        uid = self._seat(hotkey)
        self.lineage.note_registration(ROOT_NETUID, hotkey)
        self.takes.become_delegate(hotkey, DEFAULT_TAKE)
        self.registration.registrations_this_interval[ROOT_NETUID] += 1
        self.registration.registrations_this_block[ROOT_NETUID] += 1
        self.emit(events.NeuronRegistered(ROOT_NETUID, uid, hotkey))

    def _check(self, hotkey: bytes) -> None:
        if not self.subnets.exists(ROOT_NETUID):
            raise errors.RootNetworkDoesNotExist
        in_block = self.registration.registrations_this_block[ROOT_NETUID]
        if in_block >= self.hyperparameters.max_registrations_per_block[ROOT_NETUID]:
            raise errors.TooManyRegistrationsThisBlock(in_block)
        target = self.hyperparameters.target_registrations_per_interval[ROOT_NETUID]
        in_interval = self.registration.registrations_this_interval[ROOT_NETUID]
        if in_interval >= target * INTERVALS_OF_GRACE:
            raise errors.TooManyRegistrationsThisInterval(in_interval)
        if self.neurons.uid(ROOT_NETUID, hotkey) is not None:
            raise errors.HotKeyAlreadyRegisteredInSubNet(ROOT_NETUID, hotkey)

    def _seat(self, hotkey: bytes) -> int:
        if self.neurons.count(ROOT_NETUID) < self.hyperparameters.max_allowed_uids[ROOT_NETUID]:
            return self.neurons.append(ROOT_NETUID, hotkey)
        stakes = [self.shares.of_hotkey(seated, ROOT_NETUID) for seated in self.neurons.hotkeys(ROOT_NETUID)]
        uid = min(range(len(stakes)), key=lambda seat: stakes[seat])
        own = self.shares.of_hotkey(hotkey, ROOT_NETUID)
        if own <= stakes[uid]:
            raise errors.StakeTooLowForRoot(own, stakes[uid])
        self.neurons.replace(ROOT_NETUID, uid, hotkey)
        return uid
