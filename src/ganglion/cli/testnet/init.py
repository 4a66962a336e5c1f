"""`ganglion testnet init`: keys, chain specification and configuration of a new chain."""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path
from typing import Annotated

import typer

from ganglion.cli.testnet.layout import MOST_PORT, PORTS_PER_NODE, Layout, planned_nodes

MOST_VALIDATORS = 32
DEFAULT_BLOCK_TIME_S = 1.0


def init(
    *,
    output: Annotated[Path, typer.Option(help="Directory to make.")],
    validators: Annotated[int, typer.Option(min=1, max=MOST_VALIDATORS, help="How many.")] = 4,
    hosts: Annotated[
        str | None, typer.Option(help="Their addresses, separated by commas. Default: this machine's own.")
    ] = None,
    chain: Annotated[
        str, typer.Option(help="dev, localnet, or a chain-spec file to begin with.")
    ] = "localnet",
    block_time: Annotated[
        float | None,
        typer.Option(min=0.2, max=60, help="Seconds between blocks. Default: 1, or as the chain goes on."),
    ] = None,
    first_port: Annotated[
        int, typer.Option(min=1024, max=MOST_PORT, help="Port of the first node; each takes ten.")
    ] = 9944,
) -> None:
    """Make the directory of a chain with several validators, for `ganglion testnet start`."""
    # Not at the top: the runtime takes longer to import than `ganglion --help` should.
    from ganglion.cli.testnet.genesis import write_testnet  # noqa: PLC0415
    from ganglion.node.chain_spec import InvalidChainSpec, load  # noqa: PLC0415

    addresses = tuple(hosts.split(",")) if hosts else ("127.0.0.1",) * validators
    if len(addresses) != validators:
        raise typer.BadParameter(
            f"{len(addresses)} addresses for {validators} validators", param_hint="--hosts"
        )
    if first_port + validators * PORTS_PER_NODE > MOST_PORT:
        raise typer.BadParameter("leaves too few ports", param_hint="--first-port")
    if output.exists() and any(output.iterdir()):
        raise typer.BadParameter(f"{output} is not empty", param_hint="--output")
    try:
        spec = load(chain)
        seconds = block_time or (
            DEFAULT_BLOCK_TIME_S if spec.continues is None else spec.block_time_ms / 1000
        )
        layout = Layout(output, seconds, planned_nodes(addresses, first_port))
        chain_id = write_testnet(layout, spec, secrets.token_bytes, int(time.time()))
    except (InvalidChainSpec, OSError) as error:
        typer.echo(f"ganglion testnet init: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(json.dumps({"chain": chain_id, "nodes": [node.url for node in layout.nodes]}, indent=2))
