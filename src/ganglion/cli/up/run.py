"""Running the demonstration in front of a person."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from pathlib import Path

import typer
from rich.console import Console

from ganglion.cli.up.display import display, headline, table
from ganglion.cli.up.network import Network, NetworkSilent, Plan
from ganglion.cli.up.processes import ProcessFailed
from ganglion.cli.up.report import write_report
from ganglion.cli.up.settlement import SetupFailed


def run_plan(plan: Plan, report: Path | None) -> None:
    """Run the network of `plan` and tell how it ends; the report goes to a file. Raises: typer.Exit."""
    console = Console()
    try:
        with display(console) as shown:
            network = Network(plan, shown)
            asyncio.run(_until_interrupted(network))
    except (NetworkSilent, SetupFailed, ProcessFailed) as error:
        console.print(f"[red]{type(error).__name__}[/red]: {error}", soft_wrap=True)
        raise typer.Exit(1) from error
    if network.standing is None:
        console.print("stopped before the network stood")
        return
    console.print(headline(network.standing), table(network.standing.ranking))
    if network.seconds_to_first_tao is not None:
        console.print(f"first TAO earned by a miner after {network.seconds_to_first_tao:g} s")
    if report is not None:
        write_report(report, network.standing, network.seconds_to_first_tao)


async def _until_interrupted(network: Network) -> None:
    task = asyncio.ensure_future(network.run())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
