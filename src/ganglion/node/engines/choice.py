"""The engine that a node's settings ask for."""

from __future__ import annotations

import logging
import os

from ganglion.crypto.keys import InvalidKeyUri, Keypair
from ganglion.node.aura import Sealer
from ganglion.node.beacon import LocalBeacon
from ganglion.node.chain import Chain
from ganglion.node.chain_spec import ChainSpec
from ganglion.node.clock import Clock
from ganglion.node.config import CometConfig, NodeConfig
from ganglion.node.engines.comet.engine import CometEngine
from ganglion.node.engines.comet.process import CometProcess, find_binary
from ganglion.node.engines.engine import Engine
from ganglion.node.engines.solo import SoloEngine
from ganglion.node.errors import CannotStart
from ganglion.node.pool import Pool
from ganglion.node.shield import FreshKeys, SharedKeys
from ganglion.pallets.aura import Aura
from ganglion.pallets.drand import Drand
from ganglion.pallets.validator_set import ValidatorSet

log = logging.getLogger(__name__)


def make_engine(config: NodeConfig, chain: Chain, pool: Pool, clock: Clock) -> Engine:
    """The engine, not yet running. Raises: CannotStart."""
    block_time_s = config.spec.at_block_time(config.block_time_s).block_time_ms / 1000
    beacon = _beacon(config, chain)
    if config.comet is not None:
        return _comet(config.spec, config.comet, chain, pool, clock, block_time_s, beacon)
    return SoloEngine(
        chain,
        pool,
        clock,
        _sealer(config, chain),
        sealing=config.sealing,
        block_time_s=block_time_s,
        shield_keys=FreshKeys(os.urandom),
        beacon=beacon,
    )


def _comet(
    spec: ChainSpec,
    config: CometConfig,
    chain: Chain,
    pool: Pool,
    clock: Clock,
    block_time_s: float,
    beacon: LocalBeacon,
) -> CometEngine:
    is_to_continue = spec.continues is not None and not chain.head.number
    if not chain.world[ValidatorSet].all() and not is_to_continue:
        raise CannotStart("nobody votes on this chain: its specification names no validators")
    if not (config.home / "config" / "config.toml").is_file():
        raise CannotStart(
            f"{config.home} is no home of CometBFT; `ganglion testnet init` makes such directories"
        )
    process = None if config.is_attached else CometProcess(find_binary(config.binary), config.home, clock)
    return CometEngine(
        chain,
        pool,
        clock,
        continues=spec.continues,
        home=config.home,
        process=process,
        block_time_s=block_time_s,
        snapshot_every=config.snapshot_every,
        shield_keys=None if config.secret is None else SharedKeys(config.secret),
        beacon=beacon,
    )


def _sealer(config: NodeConfig, chain: Chain) -> Sealer:
    try:
        sealer = Keypair(config.authority)
    except InvalidKeyUri as error:
        raise CannotStart(str(error)) from error
    if chain.world[ValidatorSet].all():
        raise CannotStart("many validators vote on this chain; nobody makes its blocks alone")
    if sealer.public_key not in chain.world[Aura].authorities.get():
        raise CannotStart(f"{sealer.address} is no authority of chain {config.spec.id}")
    return sealer


def _beacon(config: NodeConfig, chain: Chain) -> LocalBeacon:
    beacon = LocalBeacon(config.beacon)
    if not beacon.is_of(chain.world[Drand]):
        log.info("no pulses are made here: the chain listens to another beacon")
    return beacon
