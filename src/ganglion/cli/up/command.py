"""The command line of `ganglion up`."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from ganglion.cli.up.cast import vision_cast
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
    # Not at the top: the official SDK takes longer to import than `ganglion --help` should.
    from ganglion.cli.up.network import Plan  # noqa: PLC0415
    from ganglion.cli.up.run import run_plan  # noqa: PLC0415
    from ganglion.cli.up.settlement import Terms  # noqa: PLC0415

    kinds = tuple(kind.strip() for kind in miners.split(",") if kind.strip())
    for kind in kinds:
        if kind not in KINDS:
            raise typer.BadParameter(f"{kind!r} is not one of {', '.join(KINDS)}", param_hint="--miners")
    if not kinds:
        raise typer.BadParameter("name at least one kind", param_hint="--miners")
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
        run_plan(plan, report)
