"""CometBFT's home directory, written from our settings.

config/config.toml                what differs from CometBFT's own defaults
config/genesis.json               which chain: ours is named by the hash of the block it begins behind
config/priv_validator_key.json    the key that votes
config/node_key.json              the key that names the node to peers
data/priv_validator_state.json    what was voted for last; never set back
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ganglion.frame.block import Header
from ganglion.node.engines.comet.keys import CometKey, read_key

SOCKET = "abci.sock"
_VOTING_KEY, _NODE_KEY, _LAST_VOTE = "priv_validator_key.json", "node_key.json", "priv_validator_state.json"
BLOCK_BYTES = 8 << 20
"""Bytes of a block that CometBFT carries: more than the runtime lets into one."""

PACING_SHARE = 0.8
"""The part of the block time that CometBFT waits after a block; proposing and voting take about the rest."""


@dataclass(frozen=True, slots=True)
class StateSync:
    """From where a new node takes its state: RPC addresses of at least two nodes, and a block it trusts."""

    rpc_servers: tuple[str, ...]
    trust_height: int
    trust_hash: str


@dataclass(frozen=True, slots=True)
class CometSettings:
    """What a home is written from. Addresses are `host:port`; `peers` are `id@host:port`.

    `block_time_s` is the time from block to block that is aimed at.
    """

    moniker: str
    block_time_s: float
    p2p: str
    rpc: str
    peers: tuple[str, ...] = ()
    state_sync: StateSync | None = None
    external_address: str = ""
    extra: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CometGenesis:
    """The chain: its id, when it begins (Unix seconds), the header behind which its blocks are made."""

    chain_id: str
    time_s: int
    beginning: Header

    def to_json(self) -> dict[str, Any]:
        """The content of `genesis.json`. Validators come from the state of the first block."""
        return {
            "genesis_time": datetime.fromtimestamp(self.time_s, UTC).isoformat().replace("+00:00", "Z"),
            "chain_id": self.chain_id,
            "initial_height": str(self.beginning.number + 1),
            "consensus_params": {
                "block": {"max_bytes": str(BLOCK_BYTES), "max_gas": "-1"},
                "evidence": {
                    "max_age_num_blocks": "100000",
                    "max_age_duration": "172800000000000",
                    "max_bytes": "1048576",
                },
                "validator": {"pub_key_types": ["ed25519"]},
                "version": {"app": "0"},
                "abci": {"vote_extensions_enable_height": "0"},
            },
            "app_hash": "",
            "app_state": f"0x{self.beginning.hash.hex()}",
        }


def write_home(
    home: Path, settings: CometSettings, genesis: CometGenesis, voting: CometKey, node: CometKey
) -> None:
    """Write a home; files that a running CometBFT changes are left as they are. Raises: OSError."""
    write_joining_home(home, settings, genesis.to_json(), voting, node)


def write_joining_home(
    home: Path, settings: CometSettings, genesis: Mapping[str, Any], voting: CometKey, node: CometKey
) -> None:
    """As `write_home`, with the genesis file of a chain that is there already. Raises: OSError."""
    config, data = home / "config", home / "data"
    config.mkdir(parents=True, exist_ok=True)
    data.mkdir(exist_ok=True)
    write_config(home, settings)
    _write_json(config / "genesis.json", genesis)
    _write_secret(config / _VOTING_KEY, voting.voting_json())
    _write_secret(config / _NODE_KEY, node.node_json())
    state = data / _LAST_VOTE
    if not state.exists():
        _write_json(state, {"height": "0", "round": 0, "step": 0})


def keys_of(home: Path) -> tuple[CometKey, CometKey]:
    """The key that votes and the key that names the node. Raises: CannotStart."""
    return read_key(home / "config" / _VOTING_KEY), read_key(home / "config" / _NODE_KEY)


def forget_chain(home: Path) -> None:
    """Remove blocks, state and peers that CometBFT keeps in a home, but not what it voted for last."""
    for entry in (home / "data").iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != _LAST_VOTE:
            entry.unlink()


def write_config(home: Path, settings: CometSettings) -> None:
    """Write `config.toml` alone: ports and peers may change while the chain goes on."""
    (home / "config" / "config.toml").write_text(_toml(_config(home, settings)))


def socket_of(home: Path) -> Path:
    """Where the application listens for the CometBFT of this home."""
    return home.absolute() / SOCKET


def _config(home: Path, settings: CometSettings) -> dict[str, dict[str, Any]]:
    block_ms = round(settings.block_time_s * 1000)
    least_ms = max(block_ms, 500)
    sections: dict[str, dict[str, Any]] = {
        "": {
            "proxy_app": f"unix://{socket_of(home)}",
            "abci": "socket",
            "moniker": settings.moniker,
            "log_format": "json",
            "log_level": "error",
        },
        "rpc": {"laddr": f"tcp://{settings.rpc}"},
        "p2p": {
            "laddr": f"tcp://{settings.p2p}",
            "external_address": settings.external_address,
            "persistent_peers": ",".join(settings.peers),
            "persistent_peers_max_dial_period": "5s",
            "addr_book_strict": False,
            "allow_duplicate_ip": True,
        },
        "mempool": {"type": "app", "reap_interval": "50ms", "max_tx_bytes": 4 << 20},
        "consensus": {
            "timeout_commit": f"{round(block_ms * PACING_SHARE)}ms",
            "timeout_propose": f"{least_ms + 500}ms",
            "timeout_prevote": f"{least_ms}ms",
            "timeout_precommit": f"{least_ms}ms",
            "peer_gossip_sleep_duration": "10ms",
        },
        "tx_index": {"indexer": "null"},
        "storage": {"discard_abci_responses": True},
    }
    if settings.state_sync is not None:
        sync = settings.state_sync
        sections["statesync"] = {
            "enable": True,
            "rpc_servers": ",".join(sync.rpc_servers),
            "trust_height": sync.trust_height,
            "trust_hash": sync.trust_hash,
            "discovery_time": "5s",
        }
    for section, values in settings.extra.items():
        sections.setdefault(section, {}).update(values)
    return sections


def _toml(sections: Mapping[str, Mapping[str, Any]]) -> str:
    """Sections of strings, numbers and truth values, which JSON writes as TOML does."""
    lines = []
    for section, values in sections.items():
        if section:
            lines.append(f"\n[{section}]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    return "\n".join(lines) + "\n"


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n")


def _write_secret(path: Path, content: Mapping[str, Any]) -> None:
    path.touch(mode=0o600)
    _write_json(path, content)
