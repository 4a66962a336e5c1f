"""The command line of `ganglion up`."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ganglion.cli.up.cast import vision_cast
from ganglion.cli.up.display import display, headline, table
from ganglion.cli.up.network import Network, NetworkSilent, Plan
from ganglion.cli.up.processes import ProcessFailed
from ganglion.cli.up.report import write_report
from ganglion.cli.up.settlement import SetupFailed, Terms
from ganglion.subnets.vision.kinds import KINDS

DEFAULT_MINERS = "svm,knn,logistic,guess,copier"


def up(
    *,
    blocks: Annotated[int | None, typer.Option(min=1, help="Stop after so many blocks of work.")] = None,
    until_paid: Annotated[bool, typer.Option(help="Stop when a miner has earned its first TAO.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write a JSON report here at the end.")] = None,
    block_time: Annotated[float, typer.Option(min=0.1, max=12, help="Seconds between blocks.")] = 0.5,
    tempo: Annotated[int, typer.Option(min=2, max=360, help="Blocks between epochs.")] = 8,
    validators: Annotated[int, typer.Option(min=1, max=16, help="How many validators.")] = 2,
    miners: Annotated[str, typer.Option(help=f"Kinds of miners, from {', '.join(KINDS)}.")] = DEFAULT_MINERS,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The node's port; 0 takes a free one.")] = 9944,
    seed: Annotated[int, typer.Option(min=0, help="Seed of models and challenges.")] = 1,
    directory: Annotated[
        Path | None, typer.Option(help="Keep chain, wallets and logs here instead of a temporary place.")
    ] = None,
) -> None:
    """Run a whole network: a node, validators and miners of the vision subnet, until Ctrl-C."""
    kinds = tuple(kind.strip() for kind in miners.split(",") if kind.strip())
    for kind in kinds:
        if kind not in KINDS:
            raise typer.BadParameter(f"{kind!r} is not one of {', '.join(KINDS)}", param_hint="--miners")
    if not kinds:
        raise typer.BadParameter("name at least one kind", param_hint="--miners")
    console = Console()
    with contextlib.ExitStack() as stack:
        place = directory or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ganglion-")))
        place.mkdir(parents=True, exist_ok=True)
        plan = Plan(
            cast=vision_cast(validators, kinds, seed),
            directory=place.absolute(),
            block_time=block_time,
            terms=Terms(tempo=tempo),
            port=port,
            blocks=blocks,
            until_paid=until_paid,
        )
        _run(plan, console, report)


def _run(plan: Plan, console: Console, report: Path | None) -> None:
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
