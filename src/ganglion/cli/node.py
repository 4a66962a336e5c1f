"""`ganglion node`: run a chain node."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ganglion.node.config import NodeConfig

SECRET_SIZE = 32
COMET_HOME, CHAIN = "comet", "chain"
"""Under the engine comet the data directory has both."""

LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"


class EngineName(StrEnum):
    """Who decides on blocks: this node alone, or many by CometBFT."""

    solo = "solo"
    comet = "comet"


class Seal(StrEnum):
    """When blocks are made: by the clock, when there are transactions, or by the RPC `engine_createBlock`."""

    auto = "auto"
    instant = "instant"
    manual = "manual"


def node(
    context: typer.Context,
    *,
    chain: Annotated[str, typer.Option(help="dev, localnet, or the path of a chain-spec file")] = "dev",
    block_time: Annotated[
        float | None,
        typer.Option(help="seconds between blocks, from 0.1; by default the chain's own", min=0.1, max=60),
    ] = None,
    seal: Annotated[Seal, typer.Option(help="when blocks are made")] = Seal.auto,
    data: Annotated[Path | None, typer.Option(help="data directory; without it nothing is kept")] = None,
    port: Annotated[
        int, typer.Option(help="port of the RPC, WebSocket and HTTP; 0: any", min=0, max=65535)
    ] = 9944,
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    archive: Annotated[bool, typer.Option("--archive", help="keep the state of every block")] = False,
    metrics_port: Annotated[
        int | None, typer.Option(help="port of /metrics; by default the RPC's", min=0, max=65535)
    ] = None,
    authority: Annotated[
        str, typer.Option(envvar="GANGLION_AUTHORITY", help="secret uri of the key that seals blocks")
    ] = "//One",
    beacon: Annotated[
        str, typer.Option(envvar="GANGLION_BEACON", help="secret of the beacon whose pulses this node makes")
    ] = "//Beacon",
    engine: Annotated[EngineName, typer.Option(help="who decides on blocks")] = EngineName.solo,
    cometbft: Annotated[
        Path | None, typer.Option(envvar="GANGLION_COMETBFT", help="CometBFT's program, if not on the path")
    ] = None,
    attach: Annotated[
        bool, typer.Option("--attach", help="CometBFT is started by somebody else, on DATA/comet")
    ] = False,
    shield_secret: Annotated[
        str | None,
        typer.Option(
            envvar="GANGLION_SHIELD_SECRET", help="64 hex digits that all authorities share (engine comet)"
        ),
    ] = None,
    snapshot_every: Annotated[
        int, typer.Option(min=0, help="blocks between snapshots for nodes that join; 0: none")
    ] = 1_000,
    log_level: Annotated[str, typer.Option(help="DEBUG, INFO, WARNING or ERROR")] = "INFO",
) -> None:
    """Run a node that serves Substrate's JSON-RPC, and makes blocks alone or with others."""
    if context.invoked_subcommand is not None:
        return
    # Not at the top: the node's packages take longer to import than `ganglion --help` should.
    from ganglion.node import chain_spec  # noqa: PLC0415
    from ganglion.node.config import CometConfig, NodeConfig  # noqa: PLC0415
    from ganglion.node.engines.engine import Sealing  # noqa: PLC0415

    comet = None
    if engine is EngineName.comet:
        if data is None:
            raise typer.BadParameter("the engine comet needs a data directory", param_hint="--data")
        comet = CometConfig(data / COMET_HOME, cometbft, attach, parsed_secret(shield_secret), snapshot_every)
        data /= CHAIN
    with stopping_on_errors():
        config = NodeConfig(
            spec=chain_spec.load(chain),
            data=data,
            sealing=Sealing(seal.value),
            block_time_s=block_time,
            host=host,
            port=port,
            metrics_port=metrics_port,
            archive=archive,
            authority=authority,
            beacon=beacon,
            comet=comet,
        )
        serve(config, log_level)


def serve(config: NodeConfig, log_level: str) -> None:
    """Run a node until it is told to stop, logging to standard output."""
    from ganglion.node.service import run_node  # noqa: PLC0415

    logging.basicConfig(stream=sys.stdout, level=log_level.upper(), format=LOG_FORMAT)
    run_node(config)


@contextlib.contextmanager
def stopping_on_errors() -> Iterator[None]:
    """What goes wrong inside ends the command with one line and status 1."""
    from ganglion.node.errors import NodeError  # noqa: PLC0415
    from ganglion.state.errors import StateError  # noqa: PLC0415

    try:
        yield
    except (NodeError, StateError) as error:
        typer.echo(f"ganglion node: {error}", err=True)
        raise typer.Exit(1) from error


def parsed_secret(digits: str | None) -> bytes | None:
    """The secret that authorities share, from hex digits. Raises: typer.BadParameter."""
    if digits is None:
        return None
    try:
        secret = bytes.fromhex(digits)
    except ValueError:
        secret = b""
    if len(secret) != SECRET_SIZE:
        raise typer.BadParameter("must be 64 hex digits", param_hint="--shield-secret")
    return secret
