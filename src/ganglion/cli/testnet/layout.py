"""The directory of a testnet.

testnet.json     the nodes and their addresses
spec.json        the chain specification, the same for all
shield.secret    what authorities share; for their machines only
node0/comet/     CometBFT's home of the first node, with its keys
node0/chain/     the state of the first node
node0/node.log   what it said
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

PLAN = "testnet.json"
SPEC = "spec.json"
SHIELD_SECRET = "shield.secret"
PORTS_PER_NODE = 10
LEAST_PORT, MOST_PORT = 1024, 65_535


@dataclass(frozen=True, slots=True)
class NodePlan:
    """A node: the address that others reach, its ports for clients, for peers and for CometBFT's RPC."""

    name: str
    host: str
    port: int
    p2p_port: int
    comet_port: int

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"ws://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Layout:
    """A testnet in its directory. `block_time_s` is the time between blocks that is aimed at."""

    directory: Path
    block_time_s: float
    nodes: tuple[NodePlan, ...]

    @property
    def spec(self) -> Path:
        return self.directory / SPEC

    @property
    def shield_secret(self) -> Path:
        return self.directory / SHIELD_SECRET

    def data(self, node: NodePlan) -> Path:
        """The directory of a node."""
        return self.directory / node.name

    def write(self) -> None:
        """Write the plan. Raises: OSError."""
        nodes = [asdict(node) for node in self.nodes]
        content = {"block_time_s": self.block_time_s, "nodes": nodes}
        (self.directory / PLAN).write_text(json.dumps(content, indent=2) + "\n")


def planned_nodes(hosts: tuple[str, ...], first_port: int) -> tuple[NodePlan, ...]:
    """A node on each host, each with ports of its own, so that hosts may be the same."""
    return tuple(
        NodePlan(f"node{at}", host, first_port + at * PORTS_PER_NODE, *_comet_ports(first_port, at))
        for at, host in enumerate(hosts)
    )


def read_layout(directory: Path) -> Layout:
    """The testnet in a directory. Raises: typer.BadParameter."""
    try:
        content = json.loads((directory / PLAN).read_text())
        nodes = tuple(NodePlan(**node) for node in content["nodes"])
        return Layout(directory, float(content["block_time_s"]), nodes)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise typer.BadParameter(f"{directory} holds no testnet: {error}") from error


def _comet_ports(first_port: int, at: int) -> tuple[int, int]:
    own = first_port + at * PORTS_PER_NODE
    return own + 1, own + 2
