"""The chain that the machine plays on: everything that takes days elsewhere takes some blocks here."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ganglion.crypto.beacon import BeaconKey
from ganglion.frame.runtime import Runtime
from ganglion.pallets.admin_utils.chain_settings import ChainSettings
from ganglion.pallets.admin_utils.consensus_settings import ConsensusSettings
from ganglion.pallets.admin_utils.neuron_settings import NeuronSettings
from ganglion.pallets.admin_utils.registration_settings import RegistrationSettings
from ganglion.pallets.admin_utils.weight_settings import WeightSettings
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.root_network import RootNetwork
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.sudo import Sudo
from ganglion.runtime import build_runtime
from ledger import TAO, Ledger, keypair

BEACON = BeaconKey("//Beacon")
SUDO = "Alice"
COLDKEYS = tuple(f"Cold{number}" for number in range(12))
HOTKEYS = tuple(f"Hot{number}" for number in range(24))
SPARES = tuple(f"Spare{number}" for number in range(24))
"""Keys without a past, which swaps hand things to."""

ROOT_VALIDATORS = 8
SUBNETS = 3

CONSTANTS = {
    "SubtensorModule.MinTempo": 2,
    "SubtensorModule.HotkeySwapOnSubnetInterval": 5,
    "SubtensorModule.LeaseDividendsDistributionInterval": 10,
    "Crowdloan.MinimumBlockDuration": 3,
    "SafeMode.EnterDuration": 2,
    "SafeMode.ExtendDuration": 1,
}

SETTINGS = (
    (ChainSettings.sudo_set_network_rate_limit, 0),
    (ChainSettings.sudo_set_tx_rate_limit, 0),
    (ChainSettings.sudo_set_tx_delegate_take_rate_limit, 2),
    (ChainSettings.sudo_set_network_immunity_period, 30),
    (ChainSettings.sudo_set_network_min_lock_cost, 20 * TAO),
    (ChainSettings.sudo_set_lock_reduction_interval, 10),
    (ChainSettings.sudo_set_subnet_limit, 4),
    (ChainSettings.sudo_set_admin_freeze_window, 0),
    (ChainSettings.sudo_set_owner_hparam_rate_limit, 0),
    (ChainSettings.sudo_set_coldkey_swap_announcement_delay, 3),
    (ChainSettings.sudo_set_coldkey_swap_reannouncement_delay, 3),
    (ChainSettings.sudo_set_stake_threshold, 0),
)
SUBNET_SETTINGS = (
    (NeuronSettings.sudo_set_min_allowed_uids, 3),
    (NeuronSettings.sudo_set_immunity_period, 6),
    (NeuronSettings.sudo_set_max_allowed_uids, 8),
    (NeuronSettings.sudo_set_serving_rate_limit, 2),
    (WeightSettings.sudo_set_weights_set_rate_limit, 1),
    (RegistrationSettings.sudo_set_burn_half_life, 10),
)


@lru_cache(maxsize=1)
def stage_runtime() -> Runtime:
    """The whole runtime with short periods, as a chain spec may ask."""
    return build_runtime(CONSTANTS)


def build_stage() -> Ledger:
    """A chain with started subnets, registered and staked neurons and root validators; an open block."""
    ledger = Ledger(stage_runtime(), _genesis())
    for call, value in SETTINGS:
        _as_root(ledger, call, value)
    for netuid in range(1, SUBNETS + 1):
        _open_subnet(ledger, netuid)
        ledger.open_block()
    _as_root(ledger, RegistrationSettings.sudo_set_target_registrations_per_interval, 0, 3)
    for coldkey, hotkey in zip(COLDKEYS[:ROOT_VALIDATORS], HOTKEYS, strict=False):
        _must(ledger, coldkey, RootNetwork.root_register, ledger.key(hotkey))
        _must(ledger, coldkey, Staking.add_stake, ledger.key(hotkey), 0, 100 * TAO)
        ledger.open_block()
    return ledger


def _open_subnet(ledger: Ledger, netuid: int) -> None:
    owner, hotkey = COLDKEYS[netuid], ledger.key(HOTKEYS[netuid])
    _must(ledger, owner, NetworkRegistration.register_network, hotkey)
    _must(ledger, owner, NetworkRegistration.start_call, netuid)
    for call, value in SUBNET_SETTINGS:
        _as_root(ledger, call, netuid, value)
    _as_root(ledger, ConsensusSettings.sudo_set_tempo, netuid, 3 + 2 * netuid)
    _as_root(ledger, WeightSettings.sudo_set_commit_reveal_weights_enabled, netuid, netuid == SUBNETS)
    for number in range(4):
        place = (netuid + 1 + number) % len(COLDKEYS)
        _must(ledger, COLDKEYS[place], Registration.burned_register, netuid, ledger.key(HOTKEYS[place]))
        _must(ledger, COLDKEYS[place], Staking.add_stake, ledger.key(HOTKEYS[place]), netuid, 20 * TAO)


def _must(ledger: Ledger, by: str, function: Any, *args: Any) -> None:
    outcome = ledger.apply(function, *args, by=by)
    if outcome.failure is not None:
        raise outcome.failure


def _as_root(ledger: Ledger, function: Any, *args: Any) -> None:
    _must(ledger, SUDO, Sudo.sudo, ledger.runtime.call(function, *args))


def _genesis() -> dict[str, Any]:
    """Twelve rich coldkeys, hotkeys with a little for fees, a root and a beacon of our own."""
    endowments = {SUDO: 10_000, **dict.fromkeys(COLDKEYS, 50_000), **dict.fromkeys(HOTKEYS, 50)}
    return {
        "Balances": {
            "endowments": [
                {"account": keypair(name).address, "amount": tao * TAO} for name, tao in endowments.items()
            ]
        },
        "Drand": {"public_key": f"0x{BEACON.public_key.hex()}"},
        "SubtensorModule": {
            "root_owner": keypair(SUDO).address,
            "root_owner_hotkey": keypair(f"{SUDO}_hk").address,
        },
    }
