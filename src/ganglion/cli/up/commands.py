"""How the processes of the demonstration are started."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

from ganglion.cli.up.cast import HOTKEY, MARKET, Part, Role
from ganglion.neuron.address import machine_local_address

ADMITTED_STAKE = 10
"""Alpha that a caller needs: the validators have it as soon as they are staked on, a cheat that would pass
questions on to other miners never has.
"""


def node_command(directory: Path, port: int, block_time: float) -> tuple[str, ...]:
    """How the node is started."""
    return (
        "ganglion", "node", "--chain", "localnet", "--block-time", str(block_time),
        "--data", str(directory / "chain"), "--port", str(port),
    )  # fmt: skip


def neuron_command(directory: Path, part: Part, netuid: int, chain: str, round_s: float) -> tuple[str, ...]:
    """How a neuron is started. `chain` is the node's URL, `round_s` seconds between rounds."""
    pause, address = str(round_s), machine_local_address()
    command = (
        "ganglion", "neuron", str(part.role), "--subnet", part.subnet, "--netuid", str(netuid),
        *_client(directory, part.name, chain), "--seed", str(part.seed), "--external-ip", address,
    )  # fmt: skip
    if part.role is Role.VALIDATOR:
        return (*command, "--interval", pause, "--evidence-port", "0")
    return (
        *command, "--kind", part.kind, "--port", "0",
        "--min-stake", str(ADMITTED_STAKE), "--sync-interval", pause,
    )  # fmt: skip


def market_command(directory: Path, netuids: Mapping[str, int], chain: str, port: int) -> tuple[str, ...]:
    """How the market is started which sells what the subnets make."""
    sold = [word for name, netuid in netuids.items() for word in ("--sell", f"{name}={netuid}")]
    return (
        "ganglion", "market", "serve", *sold, *_client(directory, MARKET, chain),
        "--port", str(port), "--data", str(market_database(directory)),
    )  # fmt: skip


def market_database(directory: Path) -> Path:
    """Where the market keeps keys and usage."""
    return directory / "market.sqlite"


def _client(directory: Path, wallet: str, chain: str) -> tuple[str, ...]:
    return (
        "--chain", chain, "--wallet-path", str(directory / "wallets"),
        "--wallet-name", wallet, "--wallet-hotkey", HOTKEY,
    )  # fmt: skip


def free_port() -> int:
    """A TCP port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens on this TCP port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
