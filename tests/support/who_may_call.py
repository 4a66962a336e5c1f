"""Who may make which call of the runtime: every call stands here once."""

from __future__ import annotations


def calls(text: str) -> frozenset[str]:
    """`Pallet: call call` on each line -> `Pallet.call`, ..."""
    lines = (line.split(":") for line in text.split(";"))
    return frozenset(f"{pallet.strip()}.{call}" for pallet, names in lines for call in names.split())


ROOT = calls(
    """System: set_storage kill_storage kill_prefix;
    Balances: force_transfer force_unreserve force_set_balance force_adjust_total_issuance;
    SubtensorModule: dissolve_network root_dissolve_network swap_coldkey reset_coldkey_swap
        set_pending_childkey_cooldown sudo_set_tx_childkey_take_rate_limit sudo_set_min_childkey_take
        sudo_set_max_childkey_take sudo_set_voting_power_ema_alpha;
    Utility: dispatch_as with_weight dispatch_as_fallible;
    Preimage: request_preimage unrequest_preimage;
    Scheduler: schedule cancel schedule_named cancel_named schedule_after schedule_named_after set_retry
        set_retry_named cancel_retry cancel_retry_named;
    Commitments: set_max_space;
    AdminUtils: sudo_set_default_take sudo_set_tx_rate_limit sudo_set_min_difficulty
        sudo_set_weights_set_rate_limit sudo_set_adjustment_interval sudo_set_kappa
        sudo_set_target_registrations_per_interval sudo_set_difficulty sudo_set_max_allowed_validators
        sudo_set_max_registrations_per_block sudo_set_subnet_owner_cut sudo_set_network_rate_limit
        sudo_set_network_immunity_period sudo_set_network_min_lock_cost sudo_set_subnet_limit
        sudo_set_lock_reduction_interval sudo_set_rao_recycled sudo_set_stake_threshold
        sudo_set_nominator_min_required_stake sudo_set_tx_delegate_take_rate_limit
        sudo_set_min_delegate_take sudo_set_subnet_moving_alpha sudo_set_ema_price_halving_period
        sudo_set_subtoken_enabled sudo_set_commit_reveal_version sudo_set_ck_burn
        sudo_set_admin_freeze_window sudo_set_owner_hparam_rate_limit sudo_set_min_allowed_uids
        sudo_set_min_non_immune_uids sudo_set_start_call_delay sudo_set_coldkey_swap_announcement_delay
        sudo_set_coldkey_swap_reannouncement_delay sudo_set_max_mechanism_count
        sudo_set_subnet_emission_enabled sudo_set_max_epochs_per_block sudo_set_emission_bar_rank
        sudo_set_emission_bar_quantile sudo_set_emission_gate_exponent;
    SafeMode: force_enter force_extend force_exit force_slash_deposit force_release_deposit;
    Drand: set_beacon_config set_oldest_stored_round;
    Swap: set_fee_rate;
    MevShield: set_max_pending_extrinsics_number set_on_initialize_weight set_stored_extrinsic_lifetime
        set_max_extrinsic_weight;
    ValidatorSet: admit dismiss set_power"""
)
"""Root alone: not even a subnet's owner."""

OWNER_OR_ROOT = calls(
    """SubtensorModule: update_symbol sudo_set_root_claim_threshold enable_voting_power_tracking
        disable_voting_power_tracking set_activity_cutoff_factor;
    AdminUtils: sudo_set_serving_rate_limit sudo_set_max_difficulty sudo_set_weights_version_key
        sudo_set_adjustment_alpha sudo_set_immunity_period sudo_set_min_allowed_weights
        sudo_set_max_allowed_uids sudo_set_rho sudo_set_activity_cutoff sudo_set_activity_cutoff_factor
        sudo_set_network_registration_allowed sudo_set_network_pow_registration_allowed sudo_set_min_burn
        sudo_set_max_burn sudo_set_bonds_moving_average sudo_set_tempo sudo_set_liquid_alpha_enabled
        sudo_set_commit_reveal_weights_enabled sudo_set_commit_reveal_weights_interval
        sudo_set_alpha_values sudo_set_bonds_penalty sudo_set_toggle_transfer sudo_set_sn_owner_hotkey
        sudo_set_alpha_sigmoid_steepness sudo_set_yuma3_enabled sudo_set_bonds_reset_enabled
        sudo_set_owner_immune_neuron_limit sudo_set_mechanism_count sudo_set_mechanism_emission_split
        sudo_trim_to_max_allowed_uids sudo_set_recycle_or_burn sudo_set_burn_half_life
        sudo_set_burn_increase_mult sudo_set_owner_cut_enabled sudo_set_min_childkey_take_per_subnet
        sudo_set_owner_cut_auto_lock_enabled sudo_set_collateral_lock_share
        sudo_set_collateral_drain_ratio sudo_set_liquid_alpha_consensus_mode"""
)
"""The subnet's owner, or root."""

OWNER = calls("SubtensorModule: start_call set_tempo trigger_epoch")
"""The subnet's owner alone: not even root."""

SUDO = calls("Sudo: sudo sudo_unchecked_weight set_key sudo_as remove_key")
"""The sudo key's account, or root."""

INHERENT = calls(
    """Timestamp: set;
    Drand: write_pulse;
    MevShield: announce_next_key;
    ValidatorSet: note_equivocations"""
)
"""Nobody: the block's author puts them in, and no transaction may."""

ALL_BUT_NOBODY = calls("Utility: batch batch_all force_batch if_else; Preimage: note_preimage")
"""Every account and root; what is inside is judged on its own."""

ANYBODY = calls("System: remark; SubtensorModule: schedule_swap_coldkey")
"""Everybody, for there is nothing to gain."""

OWN_ONLY = calls(
    """SubtensorModule: add_stake register_network register_network_with_identity
        register_leased_network root_register recycle_alpha burn_alpha try_associate_hotkey
        set_coldkey_auto_stake_hotkey claim_root claim_root_with_hotkey set_root_claim_type
        announce_coldkey_swap swap_coldkey_announced dispute_coldkey_swap
        clear_coldkey_swap_announcement add_stake_burn add_stake_limit unstake_all unstake_all_alpha
        set_perpetual_lock set_reject_locked_alpha batch_set_weights batch_commit_weights;
    System: remark_with_event;
    Balances: transfer_allow_death transfer_keep_alive transfer_all burn;
    Utility: as_derivative;
    Multisig: as_multi_threshold_1 as_multi approve_as_multi;
    Preimage: ensure_updated;
    Proxy: add_proxy remove_proxies create_pure poke_deposit;
    SafeMode: enter extend;
    Crowdloan: create contribute;
    MevShield: submit_encrypted store_encrypted"""
)
"""Accounts, with what is theirs: whatever they name, they spend and change nothing of another's.

`root_register` seats anybody's hotkey, as on the real chain: the seat is worth what the hotkey's stake is."""
