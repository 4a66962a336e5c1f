"""How a node is to run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ganglion.node.chain_spec import ChainSpec
from ganglion.node.engines.engine import Sealing
from ganglion.node.genesis import Genesis
from ganglion.presets import LOCAL_BEACON

DEFAULT_PORT = 9944
LOCAL_AUTHORITY = "//One"
"""The key of the presets' only authority: known to everybody, and of no value elsewhere."""


@dataclass(frozen=True)
class CometConfig:
    """That many nodes keep the chain, by CometBFT.

    `home` is CometBFT's directory, whose process `binary` (None: the one on the path) is run beside the
    node, unless the operator does that (`is_attached`). Authorities share `secret` (32 bytes), from which
    follow the keys of encrypted transactions; without it this node includes none. A snapshot for nodes that
    join is taken every `snapshot_every` blocks (0: never).
    """

    home: Path
    binary: Path | None = None
    is_attached: bool = False
    secret: bytes | None = None
    snapshot_every: int = 1_000


@dataclass(frozen=True)
class NodeConfig:
    """Settings of one node.

    `data` is the data directory, or None for one that is removed at the end. `block_time_s` is None for the
    chain spec's. `metrics_port` is None to serve metrics on the RPC port, under /metrics. `authority` is the
    secret uri of the key that seals blocks, `beacon` the secret of the beacon that this node runs: its pulses
    are made if the chain listens to it. With `comet` many nodes keep the chain together, and neither
    `sealing` nor `authority` counts. `genesis` is the first block of `spec` where it was built already.
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
    comet: CometConfig | None = None
    genesis: Genesis | None = None
