"""`ganglion testnet start`: run the nodes of a testnet on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import Annotated

import typer

from ganglion.cli.testnet.layout import Layout, NodePlan, read_layout


def start(
    directory: Annotated[Path, typer.Argument(help="What `ganglion testnet init` made.")],
    *,
    nodes: Annotated[
        str | None, typer.Option(help="Which to run, by name, separated by commas. Default: all.")
    ] = None,
    cometbft: Annotated[
        Path | None, typer.Option(envvar="GANGLION_COMETBFT", help="CometBFT's program, if not on the path.")
    ] = None,
    snapshot_every: Annotated[int, typer.Option(min=0, help="Blocks between snapshots.")] = 100,
) -> None:
    """Run nodes of a testnet until Ctrl-C; each logs to its directory."""
    from ganglion.cli.up.processes import ProcessFailed  # noqa: PLC0415

    layout = read_layout(directory)
    chosen = _chosen(layout, nodes)
    options: tuple[str, ...] = ("--snapshot-every", str(snapshot_every))
    if cometbft is not None:
        options = (*options, "--cometbft", str(cometbft.absolute()))
    os.environ["GANGLION_SHIELD_SECRET"] = layout.shield_secret.read_text().strip()
    try:
        asyncio.run(_run(layout, chosen, options))
    except ProcessFailed as error:
        typer.echo(f"ganglion testnet start: {error}", err=True)
        raise typer.Exit(1) from error


def node_command(layout: Layout, node: NodePlan) -> tuple[str, ...]:
    """How a node of a testnet is started."""
    return (
        "ganglion", "node", "--engine", "comet", "--chain", str(layout.spec),
        "--data", str(layout.data(node)), "--host", node.host, "--port", str(node.port),
    )  # fmt: skip


async def _run(layout: Layout, nodes: tuple[NodePlan, ...], options: tuple[str, ...]) -> None:
    from ganglion.cli.up.processes import Processes  # noqa: PLC0415

    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with Processes(layout.directory, lambda _name, _event: None) as processes:
        for node in nodes:
            await processes.start(node.name, *node_command(layout, node), *options)
            typer.echo(f"{node.name}  {node.url}  log: {processes.log_of(node.name).with_suffix('.out')}")
        while not stopping.is_set():
            processes.check()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await stopping.wait()


def _chosen(layout: Layout, names: str | None) -> tuple[NodePlan, ...]:
    if names is None:
        return layout.nodes
    by_name = {node.name: node for node in layout.nodes}
    try:
        return tuple(by_name[name.strip()] for name in names.split(","))
    except KeyError as error:
        raise typer.BadParameter(f"there is no node {error}", param_hint="--nodes") from error
