"""Constants that tell clients what settings a subnet, or the chain, begins with.

They repeat the defaults of storage; a test holds the two together.
Source: subtensor runtime/src/lib.rs.
"""

from __future__ import annotations

from ganglion.frame.pallet import Section, constant
from ganglion.frame.primitives import TaoBalance
from ganglion.scale.types import i16, u8, u16, u32, u64


class InitialSettings(Section):
    """Settings to begin with."""

    initial_rho: u16 = constant(10)
    initial_kappa: u16 = constant(32_767)
    initial_activity_cutoff: u16 = constant(5_000)
    min_activity_cutoff_factor_milli: u32 = constant(1_000)
    max_activity_cutoff_factor_milli: u32 = constant(50_000)
    initial_bonds_moving_average: u64 = constant(900_000)
    initial_bonds_penalty: u16 = constant(65_535)
    initial_bonds_reset_on: bool = constant(False)
    initial_alpha_sigmoid_steepness: i16 = constant(1_000)
    alpha_low: u16 = constant(45_875)
    alpha_high: u16 = constant(58_982)
    liquid_alpha_on: bool = constant(False)
    yuma3_on: bool = constant(False)
    initial_max_epochs_per_block: u8 = constant(2)

    initial_min_allowed_weights: u16 = constant(1_024)
    initial_weights_version_key: u64 = constant(0)

    initial_min_allowed_uids: u16 = constant(64)
    initial_max_allowed_uids: u16 = constant(256)
    initial_max_allowed_validators: u16 = constant(128)
    initial_immunity_period: u16 = constant(4_096)
    initial_serving_rate_limit: u64 = constant(50)

    initial_burn: TaoBalance = constant(100_000_000)
    initial_min_burn: TaoBalance = constant(500_000)
    initial_max_burn: TaoBalance = constant(100_000_000_000)
    initial_max_registrations_per_block: u16 = constant(1)
    initial_target_registrations_per_interval: u16 = constant(2)
    initial_rao_recycled_for_registration: TaoBalance = constant(0, name="InitialRAORecycledForRegistration")
    initial_adjustment_interval: u16 = constant(100)
    initial_adjustment_alpha: u64 = constant(0)
    initial_difficulty: u64 = constant(10_000_000)
    initial_min_difficulty: u64 = constant(10_000_000)
    initial_max_difficulty: u64 = constant(4_611_686_018_427_387_903)

    initial_tx_rate_limit: u64 = constant(1_000)
    initial_network_immunity_period: u64 = constant(1_296_000)
    initial_network_min_lock_cost: TaoBalance = constant(1_000_000_000_000)
    initial_network_lock_reduction_interval: u64 = constant(100_800)
    initial_network_rate_limit: u64 = constant(7_200)
