"""Settings of a subnet as a whole: its owner's cut and hotkey, emission, trade and transfer of its alpha.

Source: subtensor pallets/admin-utils/src/lib.rs, pallets/subtensor/src/subnets/subnet.rs.
"""

from __future__ import annotations

from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid, PerU16
from ganglion.pallets.admin_utils import errors, events
from ganglion.pallets.admin_utils.gate import Gate
from ganglion.pallets.subtensor import errors as subtensor_errors
from ganglion.pallets.subtensor import events as subtensor_events
from ganglion.pallets.subtensor.childkey_takes import ChildkeyTakes
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.rate_limits import RateLimits
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import Hyperparameter, RecycleOrBurn, SetSNOwnerHotkey
from ganglion.scale.types import AccountId, u64

OWNER_HOTKEY_RATE_LIMIT = 50_400


class SubnetSettings(Section):
    """Sets the rules for a subnet as a whole."""

    gate: Gate
    emission: SubnetEmission
    hyperparameters: Hyperparameters
    prices: Prices
    rate_limits: RateLimits
    schedule: EpochSchedule
    takes: ChildkeyTakes
    subnets: Subnets

    @call(index=61)
    def sudo_set_toggle_transfer(self, origin: Origin, netuid: NetUid, toggle: bool) -> None:
        """Whether stake may change hands. Emits: TransferToggle."""
        self.gate.owner(origin, netuid, Hyperparameter.TransferEnabled)
        self.hyperparameters.transfer_toggle[netuid] = toggle
        self.emit(subtensor_events.TransferToggle(netuid, toggle))

    @call(index=80)
    def sudo_set_recycle_or_burn(
        self, origin: Origin, netuid: NetUid, recycle_or_burn: RecycleOrBurn
    ) -> None:
        """What becomes of the pay of the owner's own miners."""
        self.gate.owner(origin, netuid, Hyperparameter.RecycleOrBurn)
        self.hyperparameters.recycle_or_burn[netuid] = recycle_or_burn

    @call(index=93)
    def sudo_set_min_childkey_take_per_subnet(self, origin: Origin, netuid: NetUid, take: PerU16) -> None:
        """The least childkey take on a subnet, between the chain's bounds, in u16 parts.

        Raises: InvalidValue. Emits: MinChildKeyTakePerSubnetSet.
        """
        self.gate.owner(origin, netuid, Hyperparameter.MinChildkeyTake)
        least, most = self.takes.min_childkey_take.get(), self.takes.max_childkey_take.get()
        if not least <= take <= most:
            raise errors.InvalidValue(take, least, most)
        self.hyperparameters.min_childkey_take_per_subnet[netuid] = take
        self.emit(subtensor_events.MinChildKeyTakePerSubnetSet(netuid, take))

    @call(index=67)
    def sudo_set_sn_owner_hotkey(self, origin: Origin, netuid: NetUid, hotkey: AccountId) -> None:
        """Owner or root, once a week: choose another owner's hotkey.

        Raises: BadOrigin, SubnetNotExists, TxRateLimitExceeded, CannotUseSystemAccount.
        Emits: SubnetOwnerHotkeySet.
        """
        self.subnets.ensure_owner_or_root(origin, netuid)
        if not self.subnets.exists(netuid):
            raise subtensor_errors.SubnetNotExists(netuid)
        key = SetSNOwnerHotkey(netuid)
        if not self.rate_limits.passes(key, OWNER_HOTKEY_RATE_LIMIT):
            raise subtensor_errors.TxRateLimitExceeded(netuid, OWNER_HOTKEY_RATE_LIMIT)
        self.rate_limits.note(key)
        self.subnets.set_owner_hotkey(netuid, hotkey)

    @call(index=92)
    def sudo_set_owner_cut_enabled(self, origin: Origin, netuid: NetUid, enabled: bool) -> None:
        """Whether the owner gets a cut. Without a rate limit. Raises also: NotPermittedOnRootSubnet."""
        self.subnets.ensure_owner_or_root(origin, netuid)
        self.schedule.ensure_open(netuid)
        self.gate.not_root_network(netuid)
        self.gate.there(netuid)
        self.emission.owner_cut_enabled[netuid] = enabled

    @call(index=95)
    def sudo_set_owner_cut_auto_lock_enabled(self, origin: Origin, netuid: NetUid, enabled: bool) -> None:
        """Whether the owner's cut is locked as it comes. Without a rate limit.

        Raises also: NotPermittedOnRootSubnet.
        """
        self.subnets.ensure_owner_or_root(origin, netuid)
        self.schedule.ensure_open(netuid)
        self.gate.there(netuid)
        self.gate.not_root_network(netuid)
        self.hyperparameters.owner_cut_auto_lock_enabled[netuid] = enabled

    @call(index=94)
    def sudo_set_subnet_emission_enabled(self, origin: Origin, netuid: NetUid, enabled: bool) -> None:
        """Whether the subnet receives TAO. Raises also: NotPermittedOnRootSubnet.

        Emits: SubnetEmissionEnabledSet.
        """
        self.gate.root_any_time(origin, netuid)
        self.gate.not_root_network(netuid)
        self.emission.subnet_emission_enabled[netuid] = enabled
        self.emit(events.SubnetEmissionEnabledSet(netuid, enabled))

    @call(index=66)
    def sudo_set_subtoken_enabled(self, origin: Origin, netuid: NetUid, subtoken_enabled: bool) -> None:
        """Whether alpha can be traded."""
        self.gate.root(origin, netuid)
        self.subnets.subtoken_enabled[netuid] = subtoken_enabled

    @call(index=65)
    def sudo_set_ema_price_halving_period(self, origin: Origin, netuid: NetUid, ema_halving: u64) -> None:
        """How slowly the moving price of a young subnet follows, in blocks."""
        self.gate.root_any_time(origin, netuid)
        self.prices.ema_price_halving_blocks[netuid] = ema_halving
