"""Who may change a setting, and when.

Owners may change each hyperparameter once in some tempos; nobody may in the last blocks before an epoch.
A change that is refused later leaves no trace, so what passes here is noted here.
Source: subtensor pallets/subtensor/src/utils/misc.rs (ensure_sn_owner_or_root_with_limits).
"""

from __future__ import annotations

from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.pallets.admin_utils import errors
from ganglion.pallets.subtensor import errors as subtensor_errors
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.rate_limits import RateLimits, TransactionKind
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import ROOT_NETUID, Hyperparameter, OwnerHyperparamUpdate


class Gate(Section):
    """Lets through who may change a subnet's settings."""

    rate_limits: RateLimits
    schedule: EpochSchedule
    subnets: Subnets

    def owner(self, origin: Origin, netuid: int, setting: Hyperparameter) -> None:
        """The subnet's owner, within the rate limit of `setting`, or root.

        Raises: BadOrigin, TxRateLimitExceeded, AdminActionProhibitedDuringWeightsWindow, SubnetDoesNotExist.
        """
        if self.subnets.ensure_owner_or_root(origin, netuid) is not None:
            key = OwnerHyperparamUpdate(netuid, setting)
            if not self.rate_limits.passes(key, self.schedule.owner_rate_limit(netuid)):
                raise subtensor_errors.TxRateLimitExceeded(netuid, setting.name)
            self.rate_limits.note(key)
        self._open_and_there(netuid)

    def owner_within(self, origin: Origin, netuid: int, kind: TransactionKind, blocks: int) -> None:
        """As `owner`, with a rate limit of `blocks` for this kind of change."""
        coldkey = self.subnets.ensure_owner_or_root(origin, netuid)
        if coldkey is not None:
            if not self.rate_limits.kind_passes(coldkey, netuid, kind, blocks):
                raise subtensor_errors.TxRateLimitExceeded(netuid, kind.name)
            self.rate_limits.note_kind(coldkey, netuid, kind)
        self._open_and_there(netuid)

    def root(self, origin: Origin, netuid: int) -> None:
        """Root, outside the freeze window.

        Raises: BadOrigin, AdminActionProhibitedDuringWeightsWindow, SubnetDoesNotExist.
        """
        origin.root()
        self._open_and_there(netuid)

    def root_any_time(self, origin: Origin, netuid: int) -> None:
        """Root, even inside the freeze window. Raises: BadOrigin, SubnetDoesNotExist."""
        origin.root()
        self.there(netuid)

    def not_root_network(self, netuid: int) -> None:
        """Raises: NotPermittedOnRootSubnet."""
        if netuid == ROOT_NETUID:
            raise errors.NotPermittedOnRootSubnet(netuid)

    def _open_and_there(self, netuid: int) -> None:
        self.schedule.ensure_open(netuid)
        self.there(netuid)

    def there(self, netuid: int) -> None:
        """Raises: SubnetDoesNotExist."""
        if not self.subnets.exists(netuid):
            raise errors.SubnetDoesNotExist(netuid)
