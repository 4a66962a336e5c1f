"""Running the demonstration in front of a person."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from pathlib import Path

import typer
from rich.console import Console

from ganglion.cli.up.display import display, headline, table, verdict
from ganglion.cli.up.network import Network, NetworkSilent, Plan
from ganglion.cli.up.processes import ProcessFailed
from ganglion.cli.up.ranking import rankings
from ganglion.cli.up.report import write_report
from ganglion.cli.up.settlement import SetupFailed

PIPE_WIDTH = 120
"""Columns where there is no terminal to ask."""


def run_plan(plan: Plan, report: Path | None) -> None:
    """Run the network of `plan` and tell how it ends; the report goes to a file. Raises: typer.Exit."""
    console = Console()
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    try:
        with display(console) as shown:
            network = Network(plan, shown)
            asyncio.run(_until_interrupted(network))
    except (NetworkSilent, SetupFailed, ProcessFailed) as error:
        console.print(f"[red]{type(error).__name__}[/red]: {error}", soft_wrap=True)
        raise typer.Exit(1) from error
    if network.standing is None:
        console.print("stopped before the first subnet stood")
        return
    ranked = rankings(network.standing)
    console.print(headline(network.standing))
    console.print(table(tuple(neuron for ranking in ranked for neuron in ranking.neurons)))
    for ranking in ranked:
        console.print(verdict(ranking), soft_wrap=True)
    for subnet, seconds in network.seconds_to_first_tao.items():
        console.print(f"first TAO earned by a miner of {subnet} after {seconds:g} s")
    if report is not None:
        write_report(report, network.standing, network.seconds_to_first_tao)


async def _until_interrupted(network: Network) -> None:
    task = asyncio.ensure_future(network.run())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
