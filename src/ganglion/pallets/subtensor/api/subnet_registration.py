"""What launching a subnet costs. Source: subtensor pallets/subtensor/runtime-api/src/lib.rs."""

from __future__ import annotations

from ganglion.frame.api import RuntimeApi, api_method
from ganglion.frame.primitives import TaoBalance
from ganglion.pallets.subtensor.subnets import Subnets


class SubnetRegistrationRuntimeApi(RuntimeApi, version=1):
    """The cost of a subnet."""

    subnets: Subnets

    @api_method
    def get_network_registration_cost(self) -> TaoBalance:
        """Rao that registering a subnet costs now."""
        return self.subnets.lock_cost()
