"""Launching a subnet, and starting its emission.

The whole lock goes into the new subnet's pool, priced at the median of all subnets, and the owner's hotkey
becomes its first neuron. Nothing is emitted before the owner starts it. When all places are taken, the
weakest subnet that is not immune is dissolved and its netuid given to the new one. Root validators that do
not object lend their weight to the owner's hotkey.
Source: subtensor pallets/subtensor/src/subnets/subnet.rs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import RAO_PER_TAO, NetUid
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.subnet_account import netuid_of_account
from ganglion.pallets.subtensor.symbols import CHOOSABLE
from ganglion.pallets.subtensor.types import ConsensusMode, NetworkLastRegistered, SubnetIdentity
from ganglion.scale.types import AccountId, Bytes, u16, u64

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.dissolution import Dissolution
    from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.identity import Identities
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.pools import Pools
    from ganglion.pallets.subtensor.prices import Prices
    from ganglion.pallets.subtensor.rate_limits import RateLimits
    from ganglion.pallets.subtensor.registration import Registration
    from ganglion.pallets.subtensor.root_parents import RootParents
    from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.treasury import Treasury
    from ganglion.pallets.system import System

DYNAMIC = 1
"""The mechanism of every subnet: its alpha is priced by its own pool."""

FIRST_BURN = RAO_PER_TAO
"""What the first registration on a new subnet costs, in rao."""


class NetworkRegistration(Section):
    """Makes subnets and starts them."""

    system: System
    accounts: Accounts
    dissolution: Dissolution
    emission: SubnetEmission
    hyperparameters: Hyperparameters
    identities: Identities
    neurons: Neurons
    pools: Pools
    prices: Prices
    rate_limits: RateLimits
    registration: Registration
    root_parents: RootParents
    schedule: EpochSchedule
    subnets: Subnets
    treasury: Treasury

    initial_tempo: u16 = constant(360)
    initial_start_call_delay: u64 = constant(0)

    @call(index=59)
    def register_network(self, origin: Origin, hotkey: AccountId) -> None:
        """Launch a subnet whose first neuron and owner's hotkey is `hotkey`.

        Raises: NonAssociatedColdKey, CannotUseSystemAccount, SubNetRegistrationDisabled,
        NetworkTxRateLimitExceeded, SubnetLimitReached (if all are immune), CannotAffordLockCost. Emits:
        NetworkRemoved for a subnet that must go, SubnetOwnerHotkeySet, SetChildren, NetworkAdded, and what
        the new subnet's settings tell.
        """
        self.launch(origin.signed(), hotkey, None)

    @call(index=79)
    def register_network_with_identity(
        self, origin: Origin, hotkey: AccountId, identity: SubnetIdentity | None
    ) -> None:
        """As `register_network`, and present it.

        Raises also: InvalidIdentity. Emits also: SubnetIdentitySet.
        """
        self.launch(origin.signed(), hotkey, identity)

    @call(index=92)
    def start_call(self, origin: Origin, netuid: NetUid) -> None:
        """Start the signer's subnet: its alpha can be traded, and emission begins with the next block.

        Raises: SubnetNotExists, BadOrigin, FirstEmissionBlockNumberAlreadySet,
        NeedWaitingMoreBlocksToStarCall. Emits: FirstEmissionBlockNumberSet.
        """
        if not self.subnets.exists(netuid):
            raise errors.SubnetNotExists(netuid)
        self.subnets.ensure_owner(origin, netuid)
        if self.subnets.first_emission_block_number[netuid] is not None:
            raise errors.FirstEmissionBlockNumberAlreadySet(netuid)
        now = self.system.number.get()
        earliest = self.subnets.network_registered_at[netuid] + self.subnets.start_call_delay.get()
        if now < earliest:
            raise errors.NeedWaitingMoreBlocksToStarCall(netuid, now, earliest)
        self.start(netuid)

    @call(index=112)
    def update_symbol(self, origin: Origin, netuid: NetUid, symbol: Bytes) -> None:
        """Owner or root: give a subnet's token another of the chain's symbols.

        Raises: BadOrigin, SubnetNotExists, SymbolDoesNotExist, SymbolAlreadyInUse. Emits: SymbolUpdated.
        """
        self.subnets.ensure_owner_or_root(origin, netuid)
        self.subnets.require(netuid)
        if symbol not in CHOOSABLE:
            raise errors.SymbolDoesNotExist(symbol)
        if any(used == symbol for _, used in self.subnets.token_symbol.items()):
            raise errors.SymbolAlreadyInUse(symbol)
        self.subnets.token_symbol[netuid] = symbol
        self.emit(events.SymbolUpdated(netuid, symbol))

    def start(self, netuid: int) -> None:
        """Let alpha be traded and emission begin with the next block. Emits: FirstEmissionBlockNumberSet."""
        first = self.system.number.get() + 1
        self.subnets.first_emission_block_number[netuid] = first
        self.subnets.subtoken_enabled[netuid] = True
        self.emit(events.FirstEmissionBlockNumberSet(netuid, first))

    def open(self, netuid: int, tempo: int) -> None:
        """Make an empty subnet with the settings of a new one. Emits the settings that are announced."""
        subnets, settings = self.subnets, self.hyperparameters
        subnets.networks_added[netuid] = True
        subnets.total_networks.set(subnets.total_networks.get() + 1)
        settings.tempo[netuid] = tempo
        self.schedule.stagger(netuid, tempo)
        settings.network_registration_allowed[netuid] = True
        self.emit(events.RegistrationAllowed(netuid, True))
        settings.max_allowed_uids[netuid] = 256
        self.emit(events.MaxAllowedUidsSet(netuid, 256))
        settings.max_allowed_validators[netuid] = 64
        self.emit(events.MaxAllowedValidatorsSet(netuid, 64))
        settings.min_allowed_weights[netuid] = 1
        self.emit(events.MinAllowedWeightSet(netuid, 1))
        settings.immunity_period[netuid] = 5_000
        self.emit(events.ImmunityPeriodSet(netuid, 5_000))
        settings.yuma3_on[netuid] = True
        settings.liquid_alpha_consensus_mode[netuid] = ConsensusMode.Current
        self.registration.burn[netuid] = FIRST_BURN
        # Settings that clients list by key must be there even at their defaults.
        self.neurons.subnetwork_n[netuid] = 0
        self.registration.registrations_this_interval[netuid] = 0
        settings.kappa[netuid] = settings.kappa[netuid]
        settings.activity_cutoff[netuid] = settings.activity_cutoff[netuid]

    def launch(self, coldkey: bytes, hotkey: bytes, identity: SubnetIdentity | None) -> int:
        """Launch a subnet for a coldkey; its netuid. Raises and emits as the calls."""
        self._check(coldkey, hotkey)
        cost = self.subnets.lock_cost()
        # The real chain also takes a coldkey's last rao for this, and pays less than the pool will count.
        payable = self.treasury.spendable_alive(coldkey)
        if payable < cost:
            raise errors.CannotAffordLockCost(payable, cost)
        netuid = self._vacate()
        price = self.prices.median()  # of the subnets before this one
        self.open(netuid, self.initial_tempo)
        paid = self.treasury.to_subnet(netuid, coldkey, cost)
        self.subnets.network_last_lock_cost.set(paid)
        self.rate_limits.note(NetworkLastRegistered())
        self.accounts.create(coldkey, hotkey)
        self.neurons.append(netuid, hotkey)
        self._found(netuid, coldkey, hotkey, paid, price)
        if identity is not None:
            self.identities.present(netuid, identity)
        self.root_parents.adopt(netuid)
        self.emit(events.NetworkAdded(netuid, DYNAMIC))
        self.emission.subnet_emission_enabled[netuid] = False
        return netuid

    def _check(self, coldkey: bytes, hotkey: bytes) -> None:
        if self.accounts.exists(hotkey) and not self.accounts.owns(coldkey, hotkey):
            raise errors.NonAssociatedColdKey(coldkey, hotkey)
        if netuid_of_account(hotkey) is not None:
            raise errors.CannotUseSystemAccount(hotkey)
        now, opens = self.system.number.get(), self.subnets.network_registration_start_block.get()
        if now < opens:
            raise errors.SubNetRegistrationDisabled(now, opens)
        if not self.rate_limits.passes(NetworkLastRegistered(), self.subnets.network_rate_limit.get()):
            raise errors.NetworkTxRateLimitExceeded(self.subnets.last_registration(), now)
        if self.subnets.is_full() and self.subnets.weakest() is None:
            raise errors.SubnetLimitReached(self.subnets.subnet_limit.get())

    def _vacate(self) -> int:
        """The netuid of the new subnet: a free one, or that of the weakest subnet, which is closed for it."""
        weakest = self.subnets.weakest() if self.subnets.is_full() else None
        if weakest is None:
            return self.subnets.free_netuid()
        self.dissolution.dissolve(weakest)
        return weakest

    def _found(self, netuid: int, coldkey: bytes, hotkey: bytes, paid: int, price: int) -> None:
        """Owner, symbol and pool of the new subnet; `price` is raw U64F64."""
        subnets = self.subnets
        now = self.system.number.get()
        subnets.subnet_mechanism[netuid] = DYNAMIC
        subnets.network_registered_at[netuid] = now
        subnets.registered_subnet_counter[netuid] += 1
        subnets.token_symbol[netuid] = subnets.free_symbol(netuid)
        subnets.subnet_owner[netuid] = coldkey
        subnets.set_owner_hotkey(netuid, hotkey)
        subnets.subnet_locked[netuid] = paid
        self.pools.found(netuid, paid, subnets.network_min_lock_cost.get(), price)
        self.registration.rao_recycled_for_registration[netuid] = 0
