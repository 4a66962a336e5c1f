"""`ganglion testnet status`: where each node stands, and whether all agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ganglion.cli.node_client import NodeClient, NodeClientError
from ganglion.cli.testnet.layout import NodePlan, read_layout


def status(directory: Annotated[Path, typer.Argument(help="What `ganglion testnet init` made.")]) -> None:
    """Ask every node of a testnet for its newest block. Status 1 if one is away or two disagree."""
    layout = read_layout(directory)
    heads = {node.name: _head(node) for node in layout.nodes}
    common = min((head for head in heads.values() if head is not None), default=0)
    hashes = {node.name: _hash_at(node, common) for node in layout.nodes}
    table = Table("node", "rpc", "block", f"hash of block {common}", header_style="bold")
    for node in layout.nodes:
        head = heads[node.name]
        table.add_row(node.name, node.url, "away" if head is None else str(head), hashes[node.name][:18])
    Console().print(table)
    if None in heads.values() or len(set(hashes.values())) != 1:
        raise typer.Exit(1)


def _head(node: NodePlan) -> int | None:
    header = _call(node, "chain_getHeader")
    return None if header is None else int(header["number"], 16)


def _hash_at(node: NodePlan, number: int) -> str:
    return str(_call(node, "chain_getBlockHash", number) or "")


def _call(node: NodePlan, method: str, *params: Any) -> Any:
    try:
        with NodeClient(node.url) as client:
            return client.call(method, *params)
    except NodeClientError:
        return None
