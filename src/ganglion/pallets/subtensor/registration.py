"""Registration: a coldkey pays TAO for a hotkey's uid.

The price (the *burn*) halves every `burn_half_life` blocks and is raised by each registration. What is paid
buys alpha from the subnet's pool, and that alpha is destroyed. In a full subnet the weakest neuron makes
room. The old proof-of-work call takes no work any more: it burns as well.
Source: subtensor pallets/subtensor/src/subnets/registration.rs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Identity
from ganglion.economy.registration_cost import BurnBounds, burn_after_registration, burn_at_block
from ganglion.frame.call import call
from ganglion.frame.dispatch import U64_MAX
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid, TaoBalance
from ganglion.frame.storage import StorageMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.scale.types import AccountId, Bytes, u16, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.collateral import Collateral
    from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.lineage import Lineage
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.treasury import Treasury
    from ganglion.pallets.system import System


class Registration(Section):
    """Sells uids; keeps their prices and counts."""

    system: System
    accounts: Accounts
    collateral: Collateral
    hyperparameters: Hyperparameters
    lineage: Lineage
    neurons: Neurons
    schedule: EpochSchedule
    subnets: Subnets
    treasury: Treasury

    # netuid -> rao that the next registration costs. Decays at the start of every block.
    burn: StorageMap[NetUid, TaoBalance] = storage(Identity, default=100_000_000)
    registrations_this_block: StorageMap[NetUid, u16] = storage(Identity, default=0)
    # Counted on the root network only, from epoch to epoch.
    registrations_this_interval: StorageMap[NetUid, u16] = storage(Identity, default=0)
    # netuid -> rao that registrations have cost so far.
    rao_recycled_for_registration: StorageMap[NetUid, TaoBalance] = storage(
        Identity, name="RAORecycledForRegistration", default=0
    )

    @call(index=6)
    def register(
        self,
        origin: Origin,
        netuid: NetUid,
        block_number: u64,
        nonce: u64,
        work: Bytes,
        hotkey: AccountId,
        coldkey: AccountId,
    ) -> None:
        """As `burned_register`: the work is not looked at, and the signer pays, not `coldkey`."""
        self._register(origin.signed(), netuid, hotkey)

    @call(index=7)
    def burned_register(self, origin: Origin, netuid: NetUid, hotkey: AccountId) -> None:
        """Buy a uid for `hotkey` at the present price.

        Raises: RegistrationNotPermittedOnRootSubnet, SubnetNotExists, SubNetRegistrationDisabled,
        HotKeyAlreadyRegisteredInSubNet, NotEnoughBalanceToStake, NonAssociatedColdKey, NoNeuronIdAvailable,
        and what the swap refuses. Emits: NeuronRegistered.
        """
        self._register(origin.signed(), netuid, hotkey)

    @call(index=134)
    def register_limit(self, origin: Origin, netuid: NetUid, hotkey: AccountId, limit_price: u64) -> None:
        """As `burned_register`, but not for more than `limit_price` rao.

        Raises also: RegistrationPriceLimitExceeded.
        """
        coldkey = origin.signed()
        self.check_subnet(netuid)
        if self.burn[netuid] > limit_price:
            raise errors.RegistrationPriceLimitExceeded(self.burn[netuid], limit_price)
        self._register(coldkey, netuid, hotkey)

    def admit(self, netuid: int, hotkey: bytes) -> int:
        """Give a hotkey a uid without payment if it has none; the uid. Raises: NoNeuronIdAvailable."""
        uid = self.neurons.uid(netuid, hotkey)
        return self._seat(netuid, self._replaced(netuid), hotkey) if uid is None else uid

    def on_initialize(self) -> None:
        """Let prices decay and begin new counts."""
        now = self.system.number.get()
        for netuid in self.subnets.netuids():
            settings = self.hyperparameters
            before = self.burn[netuid]
            after = burn_at_block(before, settings.burn_half_life[netuid], now, self._bounds(netuid))
            if after != before:
                self.burn[netuid] = after
            if self.registrations_this_block[netuid]:
                self.registrations_this_block[netuid] = 0
            if netuid == ROOT_NETUID and self.schedule.is_due(netuid):
                self.registrations_this_interval[netuid] = 0

    def _register(self, coldkey: bytes, netuid: int, hotkey: bytes) -> None:
        self.check_subnet(netuid)
        if not self.hyperparameters.network_registration_allowed[netuid]:
            raise errors.SubNetRegistrationDisabled(netuid)
        if self.neurons.uid(netuid, hotkey) is not None:
            raise errors.HotKeyAlreadyRegisteredInSubNet(netuid, hotkey)
        charge = self.collateral.charge(netuid, hotkey, coldkey, self.burn[netuid])
        if self.treasury.spendable(coldkey) < charge.total:
            raise errors.NotEnoughBalanceToStake(self.treasury.spendable(coldkey), charge.total)
        self.accounts.create(coldkey, hotkey)
        if not self.accounts.owns(coldkey, hotkey):
            raise errors.NonAssociatedColdKey(coldkey, hotkey)
        replaced = self._replaced(netuid)
        self.collateral.pay_registration(netuid, hotkey, coldkey, charge)
        uid = self._seat(netuid, replaced, hotkey)
        self._count(netuid, charge.burned)
        self.emit(events.NeuronRegistered(netuid, uid, hotkey))

    def check_subnet(self, netuid: int) -> None:
        """Raises: RegistrationNotPermittedOnRootSubnet, SubnetNotExists."""
        if netuid == ROOT_NETUID:
            raise errors.RegistrationNotPermittedOnRootSubnet(netuid)
        if not self.subnets.exists(netuid):
            raise errors.SubnetNotExists(netuid)

    def _replaced(self, netuid: int) -> int | None:
        """The uid whose neuron must go, or None while there is room. Raises: NoNeuronIdAvailable."""
        limit = self.hyperparameters.max_allowed_uids[netuid]
        if self.neurons.count(netuid) < limit:
            return None
        uid = self.neurons.uid_to_prune(netuid) if limit else None
        if uid is None:
            raise errors.NoNeuronIdAvailable(netuid, limit)
        return uid

    def _seat(self, netuid: int, replaced: int | None, hotkey: bytes) -> int:
        self.lineage.note_registration(netuid, hotkey)
        if replaced is None:
            return self.neurons.append(netuid, hotkey)
        self.neurons.replace(netuid, replaced, hotkey)
        return replaced

    def _count(self, netuid: int, burned: int) -> None:
        multiplier = self.hyperparameters.burn_increase_mult[netuid]
        self.burn[netuid] = burn_after_registration(self.burn[netuid], multiplier, self._bounds(netuid))
        self.registrations_this_block[netuid] += 1
        spent = self.rao_recycled_for_registration[netuid] + burned
        self.rao_recycled_for_registration[netuid] = min(spent, U64_MAX)

    def _bounds(self, netuid: int) -> BurnBounds:
        return BurnBounds(self.hyperparameters.min_burn[netuid], self.hyperparameters.max_burn[netuid])
