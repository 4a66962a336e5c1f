"""How a node is to run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ganglion.node.chain_spec import ChainSpec
from ganglion.node.engines.solo import Sealing
from ganglion.presets import LOCAL_BEACON

DEFAULT_PORT = 9944
LOCAL_AUTHORITY = "//One"
"""The key of the presets' only authority: known to everybody, and of no value elsewhere."""


@dataclass(frozen=True)
class NodeConfig:
    """Settings of one node.

    `data` is the data directory, or None for one that is removed at the end. `block_time_s` is None for the
    chain spec's. `metrics_port` is None to serve metrics on the RPC port, under /metrics. `authority` is the
    secret uri of the key that seals blocks, `beacon` the secret of the beacon that this node runs: its pulses
    are made if the chain listens to it.
    """

    spec: ChainSpec
    data: Path | None = None
    sealing: Sealing = Sealing.AUTO
    block_time_s: float | None = None
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    metrics_port: int | None = None
    archive: bool = False
    authority: str = LOCAL_AUTHORITY
    beacon: str = LOCAL_BEACON
