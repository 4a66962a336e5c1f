"""What the answers about a subnet are made of, by the names that clients know.

Source: subtensor pallets/subtensor/src/rpc_info/{metagraph,dynamic_info,subnet_info,show_subnet}.rs.
"""

from __future__ import annotations

from typing import Any

from ganglion.economy.collateral import Collateral as Position
from ganglion.fixed import I64F64
from ganglion.frame.world import World
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.api.neuron_info import NO_AXON
from ganglion.pallets.subtensor.collateral import Collateral
from ganglion.pallets.subtensor.epoch import Epoch
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.identity import Identities
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.serving import Serving
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.types import ROOT_NETUID, storage_index
from ganglion.pallets.system import System

Fields = dict[str, Any]
NO_COLLATERAL = Position()


def name_of(world: World, netuid: int) -> bytes:
    """The name that a subnet's owner gave it; subnets without identity are `unknown`."""
    identity = world[Identities].subnet_identities_v3[netuid]
    if identity is not None and identity.subnet_name:
        return identity.subnet_name
    return b"root" if netuid == ROOT_NETUID else b"unknown"


def identity_fields(world: World, netuid: int) -> Fields:
    """Who the subnet is. Name and symbol are bytes one by one, as clients read them."""
    subnets = world[Subnets]
    identity = world[Identities].subnet_identities_v3[netuid]
    return {
        "netuid": netuid,
        "name": tuple(name_of(world, netuid)),
        "symbol": tuple(subnets.token_symbol[netuid]),
        "identity": identity,
        "network_registered_at": subnets.network_registered_at[netuid],
        "owner_hotkey": subnets.subnet_owner_hotkey[netuid],
        "owner_coldkey": subnets.subnet_owner[netuid],
    }


def pool_fields(world: World, netuid: int) -> Fields:
    """Reserves, what the last block emitted, what waits for the epoch, and the epoch's clock."""
    pools, emission, now = world[Pools], world[SubnetEmission], world[System].number.get()
    last_step = world[Epoch].last_mechanism_step_block[netuid]
    waiting = emission.pending_validator_emission[netuid] + emission.pending_server_emission[netuid]
    return {
        "block": now,
        "tempo": world[Hyperparameters].tempo[netuid],
        "last_step": last_step,
        "blocks_since_last_step": now - last_step,
        "subnet_emission": 0,
        "alpha_in": pools.subnet_alpha_in[netuid],
        "alpha_out": pools.subnet_alpha_out[netuid],
        "tao_in": pools.subnet_tao[netuid],
        "alpha_out_emission": emission.subnet_alpha_out_emission[netuid],
        "alpha_in_emission": emission.subnet_alpha_in_emission[netuid],
        "tao_in_emission": emission.subnet_tao_in_emission[netuid],
        "pending_alpha_emission": waiting,
        "pending_root_emission": 0,
        "subnet_volume": pools.subnet_volume[netuid],
        "moving_price": world[Prices].subnet_moving_price[netuid],
    }


def setting_fields(world: World, netuid: int) -> Fields:
    """Hyperparameters, and the counts and prices that belong to them."""
    settings, neurons = world[Hyperparameters], world[Neurons]
    alpha_low, alpha_high = settings.alpha_values[netuid]
    return {
        "rho": settings.rho[netuid],
        "kappa": settings.kappa[netuid],
        "tempo": settings.tempo[netuid],
        "min_allowed_weights": settings.min_allowed_weights[netuid],
        "max_weights_limit": settings.max_weights_limit[netuid],
        "weights_version": settings.weights_version_key[netuid],
        "weights_rate_limit": settings.weights_set_rate_limit[netuid],
        "activity_cutoff": settings.cutoff(netuid),
        "max_validators": settings.max_allowed_validators[netuid],
        "num_uids": neurons.count(netuid),
        "max_uids": settings.max_allowed_uids[netuid],
        "burn": world[Registration].burn[netuid],
        "difficulty": settings.difficulty[netuid],
        "registration_allowed": settings.network_registration_allowed[netuid],
        "pow_registration_allowed": settings.network_pow_registration_allowed[netuid],
        "immunity_period": settings.immunity_period[netuid],
        "min_difficulty": settings.min_difficulty[netuid],
        "max_difficulty": settings.max_difficulty[netuid],
        "min_burn": settings.min_burn[netuid],
        "max_burn": settings.max_burn[netuid],
        "adjustment_alpha": settings.adjustment_alpha[netuid],
        "adjustment_interval": settings.adjustment_interval[netuid],
        "target_regs_per_interval": settings.target_registrations_per_interval[netuid],
        "max_regs_per_block": settings.max_registrations_per_block[netuid],
        "serving_rate_limit": settings.serving_rate_limit[netuid],
        "commit_reveal_weights_enabled": settings.commit_reveal_weights_enabled[netuid],
        "commit_reveal_period": settings.reveal_period_epochs[netuid],
        "liquid_alpha_enabled": settings.liquid_alpha_on[netuid],
        "alpha_high": alpha_high,
        "alpha_low": alpha_low,
        "bonds_moving_avg": settings.bonds_moving_average[netuid],
    }


def neuron_fields(world: World, netuid: int, mechanism: int = 0) -> Fields:
    """Vectors by uid. Trust, ranks and pruning scores are no longer computed and empty."""
    neurons, index = world[Neurons], storage_index(netuid, mechanism)
    hotkeys = neurons.hotkeys(netuid)
    weights = world[StakeWeights].of_subnet(netuid)
    return {
        "hotkeys": hotkeys,
        "coldkeys": tuple(world[Accounts].owner_of(hotkey) for hotkey in hotkeys),
        "active": neurons.active[netuid],
        "validator_permit": neurons.validator_permit[netuid],
        "pruning_score": (),
        "last_update": neurons.last_update[index],
        "emission": neurons.emission[netuid],
        "dividends": neurons.dividends[netuid],
        "incentives": neurons.incentive[index],
        "consensus": neurons.consensus[netuid],
        "trust": (),
        "rank": (),
        "block_at_registration": neurons.registered_at(netuid),
        "alpha_stake": tuple(weight.alpha for weight in weights),
        "tao_stake": tuple(weight.tao for weight in weights),
        "total_stake": tuple(I64F64.to_u64(weight.total) for weight in weights),
    }


def presence_fields(world: World, netuid: int) -> Fields:
    """Endpoints, identities, dividends and collateral by uid."""
    hotkeys = world[Neurons].hotkeys(netuid)
    identities, accounts, dividends = world[Identities], world[Accounts], world[Payout]
    collateral = world[Collateral]
    positions = tuple(
        collateral.position(netuid, hotkey, accounts.owner_of(hotkey)) or NO_COLLATERAL for hotkey in hotkeys
    )
    return {
        "identities": tuple(identities.identities_v2[accounts.owner_of(hotkey)] for hotkey in hotkeys),
        "axons": tuple(world[Serving].axons[netuid, hotkey] or NO_AXON for hotkey in hotkeys),
        "tao_dividends_per_hotkey": tuple((hotkey, 0) for hotkey in hotkeys),
        "alpha_dividends_per_hotkey": tuple(
            (hotkey, dividends.alpha_dividends_per_subnet[netuid, hotkey]) for hotkey in hotkeys
        ),
        "collateral_locked": tuple(position.locked for position in positions),
        "collateral_min": tuple(position.floor for position in positions),
        "collateral_earned": tuple(position.earned for position in positions),
    }


def only(fields: Fields, cls: type[Any]) -> Fields:
    """The fields that a struct has."""
    return {name: fields[name] for name in cls.__dataclass_fields__}
