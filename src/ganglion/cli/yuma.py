"""`ganglion yuma`: run a case of Yuma consensus, from a file or from a live node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def yuma(
    file: Annotated[
        Path | None, typer.Argument(help="case file: one epoch, or the mechanisms of a subnet")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--from", help="take the case from the node at this ws:// address")
    ] = None,
    netuid: Annotated[int | None, typer.Option(help="with --from: the subnet", min=0, max=65535)] = None,
    block: Annotated[
        int | None,
        typer.Option(
            help="with --from: its newest epoch at or before this block; by default the last", min=0
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="write what would be printed to this file")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="show the matrices step by step")] = False,
) -> None:
    """Run a Yuma consensus case and give its outcome as JSON, exact to the last bit.

    With --from the case itself is given: the epoch that a subnet of a live node ran, from the state that it
    read. Running that case gives what the chain stored.
    """
    # Not at the top: numpy takes longer to import than `ganglion --help` should.
    from ganglion.cli.yuma_tables import Explanation  # noqa: PLC0415
    from ganglion.yuma.case import solve  # noqa: PLC0415
    from ganglion.yuma.epoch import PLAIN, unobserved  # noqa: PLC0415
    from ganglion.yuma.errors import InvalidInput  # noqa: PLC0415

    explanation = Explanation() if explain else None
    try:
        case = _case(file, source, netuid, block)
        outcome = solve(case, PLAIN, explanation.show if explanation else unobserved)
        text = json.dumps(outcome if source is None else case)
        if output is not None:
            output.write_text(text + "\n")
    except (InvalidInput, OSError) as error:
        raise _failed(error) from error
    if explanation is not None:
        explanation.show_outcome(outcome)
    elif output is None:
        typer.echo(text)


def _case(file: Path | None, source: str | None, netuid: int | None, block: int | None) -> dict[str, Any]:
    # Not at the top: see above.
    from ganglion.yuma.case import read_case  # noqa: PLC0415

    match file, source, netuid:
        case Path(), None, None:
            return read_case(file)
        case None, str(), int():
            return _export(source, netuid, block)
    raise typer.BadParameter("give a case file, or --from with --netuid")


def _export(url: str, netuid: int, block: int | None) -> dict[str, Any]:
    # Not at the top: see above.
    from ganglion.cli.node_client import NodeClientError  # noqa: PLC0415
    from ganglion.cli.yuma_export import NoSuchEpoch, export_epoch  # noqa: PLC0415
    from ganglion.scale import ScaleError  # noqa: PLC0415

    try:
        return export_epoch(url, netuid, block)
    except (NodeClientError, NoSuchEpoch, ScaleError) as error:
        raise _failed(error) from error


def _failed(error: Exception) -> typer.Exit:
    typer.echo(f"ganglion yuma: {error}", err=True)
    return typer.Exit(1)
