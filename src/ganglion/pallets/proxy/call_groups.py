"""Calls in groups that a proxy gets as a whole.

A call is written `Pallet.call`; `Pallet.*` are all calls of a pallet but those in `WITHHELD`. Every call of
SubtensorModule and Balances is in one group.
Source: RaoFoundation/subtensor runtime/src/proxy_filters/call_groups.rs.
"""

from __future__ import annotations


def _of(pallet: str, *calls: str) -> tuple[str, ...]:
    return tuple(f"{pallet}.{call}" for call in calls)


WITHHELD = frozenset(_of("MevShield", "store_encrypted") + _of("AdminUtils", "sudo_set_sn_owner_hotkey"))
"""Calls that a wildcard leaves out: what is stored encrypted would later run unrestricted, and who has the
owner's hotkey owns the subnet."""

INFRASTRUCTURE = (
    "System.*",
    "Timestamp.*",
    "Utility.*",
    "Preimage.*",
    "Scheduler.*",
    "Proxy.*",
    "Commitments.*",
    "SafeMode.*",
    "Drand.*",
    "Swap.*",
    "MevShield.*",
)
"""Pallets whose calls move no value, or do it through calls that are filtered in their turn. Multisig and
Crowdloan are not among them: they make calls anew, unrestricted."""

ADMINISTRATION = ("AdminUtils.*",)

BALANCE_TRANSFERS = _of("Balances", "transfer_keep_alive", "transfer_allow_death", "transfer_all")
BALANCE_MAINTENANCE = _of(
    "Balances",
    "force_transfer",
    "force_unreserve",
    "upgrade_accounts",
    "force_set_balance",
    "force_adjust_total_issuance",
    "burn",
)

STAKE_MANAGEMENT = _of(
    "SubtensorModule",
    "add_stake",
    "add_stake_limit",
    "remove_stake",
    "remove_stake_limit",
    "remove_stake_full_limit",
    "unstake_all",
    "unstake_all_alpha",
    "move_stake",
    "move_stake_limit",
    "swap_stake",
    "swap_stake_limit",
    "stake_into_basket",
    "add_collateral",
    "set_min_collateral",
)
STAKE_TRANSFERS = _of("SubtensorModule", "transfer_stake", "transfer_stake_and_hotkey")
POW_REGISTRATION = _of("SubtensorModule", "register", "register_limit", "pow_register")
BURNED_REGISTRATION = _of("SubtensorModule", "burned_register")
ROOT_REGISTRATION = _of("SubtensorModule", "root_register")
HOTKEY_SWAPS = _of("SubtensorModule", "swap_hotkey", "swap_hotkey_v2")
COLDKEY_SWAPS = _of(
    "SubtensorModule",
    "schedule_swap_coldkey",
    "swap_coldkey",
    "announce_coldkey_swap",
    "swap_coldkey_announced",
    "clear_coldkey_swap_announcement",
    "dispute_coldkey_swap",
    "reset_coldkey_swap",
)
SUBNET_DISSOLUTION = _of("SubtensorModule", "dissolve_network", "root_dissolve_network")
CHILD_KEYS = _of("SubtensorModule", "set_children", "set_childkey_take")
ROOT_CLAIMS = _of("SubtensorModule", "claim_root", "claim_root_with_hotkey")
ROOT_CLAIM_TYPE = _of("SubtensorModule", "set_root_claim_type")
SUBNET_IDENTITY = _of("SubtensorModule", "set_subnet_identity", "update_symbol")
SUBNET_ACTIVATION = _of("SubtensorModule", "start_call")
BASKET_TRADING = _of("SubtensorModule", "swap_basket", "swap_basket_many")

VALUE = _of(
    "SubtensorModule",
    "add_stake_burn",
    "lock_stake",
    "move_lock",
    "set_perpetual_lock",
    "recycle_alpha",
    "burn_alpha",
    "register_network",
    "register_network_with_identity",
    "register_leased_network",
)
"""Calls that spend, lock or destroy value."""

COMMON = _of(
    "SubtensorModule",
    "set_weights",
    "set_mechanism_weights",
    "batch_set_weights",
    "commit_weights",
    "commit_mechanism_weights",
    "batch_commit_weights",
    "commit_crv3_mechanism_weights",
    "commit_timelocked_weights",
    "commit_timelocked_mechanism_weights",
    "reveal_weights",
    "reveal_mechanism_weights",
    "batch_reveal_weights",
    "set_reject_locked_alpha",
    "decrease_take",
    "increase_take",
    "serve_axon",
    "serve_axon_tls",
    "serve_prometheus",
    "set_identity",
    "try_associate_hotkey",
    "associate_evm_key",
    "set_coldkey_auto_stake_hotkey",
    "set_pending_childkey_cooldown",
    "set_auto_parent_delegation_enabled",
    "sudo_set_tx_childkey_take_rate_limit",
    "sudo_set_min_childkey_take",
    "sudo_set_max_childkey_take",
    "terminate_lease",
    "trigger_epoch",
    "sudo_set_root_claim_threshold",
    "enable_voting_power_tracking",
    "disable_voting_power_tracking",
    "sudo_set_voting_power_ema_alpha",
)
"""What is left of SubtensorModule: calls that no proxy needs to be given by themselves."""

SUBNET_MANAGEMENT = _of("SubtensorModule", "set_tempo", "set_activity_cutoff_factor") + _of(
    "AdminUtils",
    "sudo_set_serving_rate_limit",
    "sudo_set_max_difficulty",
    "sudo_set_weights_version_key",
    "sudo_set_adjustment_alpha",
    "sudo_set_immunity_period",
    "sudo_set_min_allowed_weights",
    "sudo_set_rho",
    "sudo_set_activity_cutoff",
    "sudo_set_activity_cutoff_factor",
    "sudo_set_tempo",
    "sudo_set_min_burn",
    "sudo_set_max_burn",
    "sudo_set_bonds_moving_average",
    "sudo_set_bonds_penalty",
    "sudo_set_min_childkey_take_per_subnet",
    "sudo_set_commit_reveal_weights_enabled",
    "sudo_set_liquid_alpha_enabled",
    "sudo_set_alpha_values",
    "sudo_set_liquid_alpha_consensus_mode",
    "sudo_set_commit_reveal_weights_interval",
    "sudo_set_toggle_transfer",
    "sudo_set_recycle_or_burn",
    "sudo_set_alpha_sigmoid_steepness",
    "sudo_set_yuma3_enabled",
    "sudo_set_bonds_reset_enabled",
    "sudo_set_owner_immune_neuron_limit",
    "sudo_set_mechanism_count",
    "sudo_set_mechanism_emission_split",
    "sudo_trim_to_max_allowed_uids",
    "sudo_set_max_allowed_uids",
    "sudo_set_burn_half_life",
    "sudo_set_burn_increase_mult",
    "sudo_set_owner_cut_enabled",
    "sudo_set_owner_cut_auto_lock_enabled",
    "sudo_set_collateral_lock_share",
    "sudo_set_collateral_drain_ratio",
)
"""Settings that a subnet's owner may change."""
