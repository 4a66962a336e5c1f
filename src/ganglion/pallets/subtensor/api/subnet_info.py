"""All about subnets. Source: subtensor pallets/subtensor/runtime-api/src/lib.rs."""

from __future__ import annotations

from ganglion.frame.api import RuntimeApi, api_method
from ganglion.frame.primitives import MechId, NetUid, TaoBalance
from ganglion.pallets.subtensor.api.dynamic_info import DynamicInfo, dynamic_info
from ganglion.pallets.subtensor.api.hyperparams import (
    HyperparamEntry,
    SubnetHyperparams,
    SubnetHyperparamsV2,
    hyperparams,
    hyperparams_v2,
    hyperparams_v3,
)
from ganglion.pallets.subtensor.api.metagraph import (
    Metagraph,
    SelectiveMetagraph,
    metagraph,
    selective_metagraph,
)
from ganglion.pallets.subtensor.api.subnet_settings import (
    SubnetInfo,
    SubnetInfov2,
    subnet_info,
    subnet_info_v2,
)
from ganglion.pallets.subtensor.api.subnet_state import SubnetState, subnet_state
from ganglion.pallets.subtensor.auto_stake import AutoStake
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.scale.types import AccountId, Vec, u16, u64


class SubnetInfoRuntimeApi(RuntimeApi, version=2):
    """Subnets. What is asked about a subnet that does not exist is None."""

    subnets: Subnets
    hyperparameters: Hyperparameters
    schedule: EpochSchedule
    auto_stake: AutoStake
    treasury: Treasury

    @api_method
    def get_subnet_info(self, netuid: NetUid) -> SubnetInfo | None:
        """Settings and owner."""
        return subnet_info(self.world, netuid) if self.subnets.exists(netuid) else None

    @api_method
    def get_subnets_info(self) -> Vec[SubnetInfo | None]:
        """Settings and owners of all subnets, by netuid."""
        return tuple(subnet_info(self.world, netuid) for netuid in sorted(self.subnets.netuids()))

    @api_method
    def get_subnet_info_v2(self, netuid: NetUid) -> SubnetInfov2 | None:
        """Settings, owner and identity."""
        return subnet_info_v2(self.world, netuid) if self.subnets.exists(netuid) else None

    @api_method
    def get_subnets_info_v2(self) -> Vec[SubnetInfov2 | None]:
        """Settings, owners and identities of all subnets, by netuid."""
        return tuple(subnet_info_v2(self.world, netuid) for netuid in sorted(self.subnets.netuids()))

    @api_method
    def get_subnet_hyperparams(self, netuid: NetUid) -> SubnetHyperparams | None:
        """Hyperparameters in the first layout."""
        return hyperparams(self.world, netuid) if self.subnets.exists(netuid) else None

    @api_method
    def get_subnet_hyperparams_v2(self, netuid: NetUid) -> SubnetHyperparamsV2 | None:
        """Hyperparameters in the second layout."""
        return hyperparams_v2(self.world, netuid) if self.subnets.exists(netuid) else None

    @api_method
    def get_all_dynamic_info(self) -> Vec[DynamicInfo | None]:
        """Pools, prices and pots of all subnets."""
        return tuple(dynamic_info(self.world, netuid) for netuid in self.subnets.netuids())

    @api_method
    def get_all_metagraphs(self) -> Vec[Metagraph | None]:
        """All of all subnets."""
        return tuple(metagraph(self.world, netuid) for netuid in self.subnets.netuids())

    @api_method
    def get_metagraph(self, netuid: NetUid) -> Metagraph | None:
        """All of a subnet."""
        return metagraph(self.world, netuid) if self.subnets.exists(netuid) else None

    @api_method
    def get_all_mechagraphs(self) -> Vec[Metagraph | None]:
        """All of all mechanisms."""
        return tuple(
            metagraph(self.world, netuid, mechanism)
            for netuid in self.subnets.netuids()
            for mechanism in self.hyperparameters.mechanisms(netuid)
        )

    @api_method
    def get_mechagraph(self, netuid: NetUid, mecid: MechId) -> Metagraph | None:
        """All of a mechanism."""
        return metagraph(self.world, netuid, mecid) if self._has_mechanism(netuid, mecid) else None

    @api_method
    def get_dynamic_info(self, netuid: NetUid) -> DynamicInfo | None:
        """Pool, price and pots."""
        return dynamic_info(self.world, netuid) if self.subnets.exists(netuid) else None

    @api_method
    def get_subnet_state(self, netuid: NetUid) -> SubnetState | None:
        """The neurons, by uid."""
        return subnet_state(self.world, netuid) if self.subnets.exists(netuid) else None

    @api_method
    def get_selective_metagraph(
        self, netuid: NetUid, metagraph_indexes: Vec[u16]
    ) -> SelectiveMetagraph | None:
        """The parts of a subnet's metagraph with these indices."""
        if not self.subnets.exists(netuid):
            return None
        return selective_metagraph(self.world, netuid, metagraph_indexes)

    @api_method
    def get_coldkey_auto_stake_hotkey(self, coldkey: AccountId, netuid: NetUid) -> AccountId | None:
        """Where a coldkey has its miners' pay staked, if it chose."""
        return self.auto_stake.auto_stake_destination[coldkey, netuid]

    @api_method
    def get_selective_mechagraph(
        self, netuid: NetUid, subid: MechId, metagraph_indexes: Vec[u16]
    ) -> SelectiveMetagraph | None:
        """The parts of a mechanism's metagraph with these indices."""
        if not self._has_mechanism(netuid, subid):
            return None
        return selective_metagraph(self.world, netuid, metagraph_indexes, subid)

    @api_method
    def get_subnet_to_prune(self) -> NetUid | None:
        """The subnet that would make room for a new one."""
        return self.subnets.weakest()

    @api_method
    def get_subnet_account_id(self, netuid: NetUid) -> AccountId | None:
        """The account that holds a subnet's TAO."""
        return subnet_account(netuid) if self.subnets.exists(netuid) else None

    @api_method
    def get_next_epoch_start_block(self, netuid: NetUid) -> u64 | None:
        """The block of the next epoch."""
        return self.schedule.next_epoch_block(netuid)

    @api_method
    def get_block_emission(self) -> TaoBalance:
        """Rao that the next block may mint."""
        return self.treasury.next_block_emission()

    @api_method
    def get_subnet_hyperparams_v3(self, netuid: NetUid) -> Vec[HyperparamEntry] | None:
        """Hyperparameters as a list."""
        return hyperparams_v3(self.world, netuid) if self.subnets.exists(netuid) else None

    def _has_mechanism(self, netuid: int, mechanism: int) -> bool:
        return self.subnets.exists(netuid) and mechanism in self.hyperparameters.mechanisms(netuid)
