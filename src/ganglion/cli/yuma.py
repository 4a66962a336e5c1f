"""`ganglion yuma`: run one case file of Yuma consensus and print what comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def yuma(
    file: Annotated[Path, typer.Argument(help="case file: one epoch, or the mechanisms of a subnet")],
    output: Annotated[Path | None, typer.Option(help="write the outcome to this file")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="show the matrices step by step")] = False,
) -> None:
    """Run a Yuma consensus case and give its outcome as JSON, exact to the last bit."""
    # Not at the top: numpy takes longer to import than `ganglion --help` should.
    from ganglion.cli.yuma_tables import Explanation  # noqa: PLC0415
    from ganglion.yuma.case import read_case, solve  # noqa: PLC0415
    from ganglion.yuma.epoch import PLAIN, unobserved  # noqa: PLC0415
    from ganglion.yuma.errors import InvalidInput  # noqa: PLC0415

    explanation = Explanation() if explain else None
    try:
        outcome = solve(read_case(file), PLAIN, explanation.show if explanation else unobserved)
        text = json.dumps(outcome)
        if output is not None:
            output.write_text(text + "\n")
    except (InvalidInput, OSError) as error:
        typer.echo(f"ganglion yuma: {error}", err=True)
        raise typer.Exit(1) from error
    if explanation is not None:
        explanation.show_outcome(outcome)
    elif output is None:
        typer.echo(text)
