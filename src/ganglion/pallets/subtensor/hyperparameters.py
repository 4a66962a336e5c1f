"""What a subnet's owner, or root, may set: storage with the chain's defaults, and views of it.

Units: blocks unless said otherwise; `u16 parts` are x / 65535. Written by AdminUtils and when a subnet is
made; everybody reads. Items that only exist to be shown say so.
Source: subtensor pallets/subtensor/src/lib.rs, utils/misc.rs.
"""

from __future__ import annotations

from ganglion.crypto.hashing import Blake2_128Concat, Identity, Twox64Concat
from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import MechId, NetUid, PerU16, TaoBalance
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.fixed_point import U64F64Raw
from ganglion.pallets.subtensor.types import ConsensusMode, EpochConsensus, RecycleOrBurn
from ganglion.scale.types import Vec, i16, u16, u32, u64


class Hyperparameters(Section):
    """Settings of every subnet, and those that hold for all."""

    # -- epochs
    tempo: StorageMap[NetUid, u16] = storage(Identity, default=360)
    activity_cutoff: StorageMap[NetUid, u16] = storage(Identity, default=5_000)
    # thousandths of a tempo: the cutoff in force. `activity_cutoff` is only shown.
    activity_cutoff_factor_milli: StorageMap[NetUid, u32] = storage(Identity, default=13_889)
    min_activity_cutoff: StorageValue[u16] = storage(default=360)
    kappa: StorageMap[NetUid, u16] = storage(Identity, default=32_767)  # u16 parts
    rho: StorageMap[NetUid, u16] = storage(Identity, default=10)
    bonds_moving_average: StorageMap[NetUid, u64] = storage(Identity, default=900_000)  # millionths
    bonds_penalty: StorageMap[NetUid, u16] = storage(Identity, default=65_535)  # u16 parts
    bonds_reset_on: StorageMap[NetUid, bool] = storage(Identity, default=False)
    liquid_alpha_on: StorageMap[NetUid, bool] = storage(Blake2_128Concat, default=False)
    # A new subnet gets `Current`, see docs/decisions/0008: the default is for states of other chains.
    liquid_alpha_consensus_mode: StorageMap[NetUid, ConsensusMode] = storage(
        Identity, default=ConsensusMode.Auto
    )
    alpha_values: StorageMap[NetUid, tuple[u16, u16]] = storage(Identity, default=(45_875, 58_982))
    alpha_sigmoid_steepness: StorageMap[NetUid, i16] = storage(Identity, default=1_000)  # hundredths
    yuma3_on: StorageMap[NetUid, bool] = storage(Blake2_128Concat, default=False)
    subnet_epoch_consensus: StorageMap[NetUid, EpochConsensus] = storage(
        Identity, default=EpochConsensus.Yuma
    )

    # -- weights
    min_allowed_weights: StorageMap[NetUid, u16] = storage(Identity, default=1_024)  # uids
    max_weights_limit: StorageMap[NetUid, u16] = storage(Identity, default=65_535)  # u16 parts
    weights_version_key: StorageMap[NetUid, u64] = storage(Identity, default=0)
    weights_version_key_rate_limit: StorageValue[u64] = storage(default=5)  # tempos
    weights_set_rate_limit: StorageMap[NetUid, u64] = storage(Identity, default=100)
    commit_reveal_weights_enabled: StorageMap[NetUid, bool] = storage(Identity, default=True)
    commit_reveal_weights_version: StorageValue[u16] = storage(default=4)
    reveal_period_epochs: StorageMap[NetUid, u64] = storage(Twox64Concat, default=1)

    # -- mechanisms
    max_mechanism_count: StorageValue[MechId] = storage(default=2)
    mechanism_count_current: StorageMap[NetUid, MechId] = storage(Twox64Concat, default=1)
    # u16 parts of the emission for each mechanism; none: even parts.
    mechanism_emission_split: StorageMap[NetUid, Vec[u16] | None] = storage(Twox64Concat)

    # -- neurons
    min_allowed_uids: StorageMap[NetUid, u16] = storage(Identity, default=64)
    max_allowed_uids: StorageMap[NetUid, u16] = storage(Identity, default=256)
    max_allowed_validators: StorageMap[NetUid, u16] = storage(Identity, default=128)
    immunity_period: StorageMap[NetUid, u16] = storage(Identity, default=4_096)
    min_non_immune_uids: StorageMap[NetUid, u16] = storage(Identity, default=10)
    immune_owner_uids_limit: StorageMap[NetUid, u16] = storage(Identity, default=1)
    serving_rate_limit: StorageMap[NetUid, u64] = storage(Identity, default=50)
    recycle_or_burn: StorageMap[NetUid, RecycleOrBurn] = storage(Identity, default=RecycleOrBurn.Burn)
    transfer_toggle: StorageMap[NetUid, bool] = storage(Identity, default=True)

    # -- registration
    network_registration_allowed: StorageMap[NetUid, bool] = storage(Identity, default=True)
    network_pow_registration_allowed: StorageMap[NetUid, bool] = storage(Identity, default=False)
    # Of the root network, and by work.
    max_registrations_per_block: StorageMap[NetUid, u16] = storage(Identity, default=1)
    target_registrations_per_interval: StorageMap[NetUid, u16] = storage(Identity, default=2)  # root only
    # Hashes that work takes on average, kept within the bounds.
    difficulty: StorageMap[NetUid, u64] = storage(Identity, default=10_000_000)
    min_difficulty: StorageMap[NetUid, u64] = storage(Identity, default=10_000_000)
    max_difficulty: StorageMap[NetUid, u64] = storage(Identity, default=4_611_686_018_427_387_903)
    min_burn: StorageMap[NetUid, TaoBalance] = storage(Identity, default=500_000)
    max_burn: StorageMap[NetUid, TaoBalance] = storage(Identity, default=100_000_000_000)
    burn_half_life: StorageMap[NetUid, u16] = storage(Identity, default=360)
    burn_increase_mult: StorageMap[NetUid, U64F64Raw] = storage(Identity, default=23_242_897_532_874_035_200)

    # u16 parts of the price that become collateral (0: none), and alpha that each alpha earned unlocks.
    collateral_lock_share: StorageMap[NetUid, u16] = storage(Identity, default=0)
    collateral_drain_ratio: StorageMap[NetUid, U64F64Raw] = storage(Identity, default=1 << 64)

    # -- the owner's cut
    owner_cut_auto_lock_enabled: StorageMap[NetUid, bool] = storage(Identity, default=False)

    # -- only shown
    min_childkey_take_per_subnet: StorageMap[NetUid, PerU16] = storage(Identity, default=0)
    adjustment_interval: StorageMap[NetUid, u16] = storage(Identity, default=100)
    adjustment_alpha: StorageMap[NetUid, u64] = storage(Identity, default=0)

    # -- of the whole chain
    tx_rate_limit: StorageValue[u64] = storage(default=1_000)
    admin_freeze_window: StorageValue[u16] = storage(default=10)
    owner_hyperparam_rate_limit: StorageValue[u16] = storage(default=2)  # tempos

    min_burn_upper_bound: TaoBalance = constant(1_000_000_000)
    max_burn_lower_bound: TaoBalance = constant(100_000_000)

    def cutoff(self, netuid: int) -> int:
        """Blocks without new weights after which a neuron counts as inactive; at least 1."""
        return max(self.activity_cutoff_factor_milli[netuid] * self.tempo[netuid] // 1_000, 1)

    def mechanisms(self, netuid: int) -> range:
        """The numbers of the subnet's mechanisms."""
        return range(self.mechanism_count_current[netuid])
