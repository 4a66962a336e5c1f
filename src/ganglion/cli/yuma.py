"""`ganglion yuma`: run a case of Yuma consensus, from a file or from a live node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ganglion.cli.yuma_report import Report


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
    html: Annotated[Path | None, typer.Option(help="write the steps to this file, with heat maps")] = None,
) -> None:
    """Run a Yuma consensus case and give its outcome as JSON, exact to the last bit.

    With --from the case itself is given: the epoch that a subnet of a live node ran, from the state that it
    read. Running that case gives what the chain stored.
    """
    # Not at the top: numpy takes longer to import than `ganglion --help` should.
    from ganglion.yuma.errors import InvalidInput  # noqa: PLC0415

    try:
        case = _case(file, source, netuid, block)
        outcome = _solved(case, explain, html)
        text = json.dumps(outcome if source is None else case)
        if output is not None:
            output.write_text(text + "\n")
        elif not explain:
            typer.echo(text)
    except (InvalidInput, OSError) as error:
        raise _failed(error) from error


def _solved(case: dict[str, Any], explain: bool, html: Path | None) -> dict[str, Any]:
    """The outcome; its steps are shown as asked for."""
    # Not at the top: see above.
    from ganglion.cli.yuma_tables import Explanation  # noqa: PLC0415
    from ganglion.yuma.case import solve  # noqa: PLC0415
    from ganglion.yuma.epoch import PLAIN  # noqa: PLC0415

    if explain:
        explanation = Explanation()
        explanation.show_outcome(solve(case, PLAIN, explanation.show))
    if html is not None:
        report = _new_report()
        report.show_outcome(solve(case, PLAIN, report.show))
        html.write_text(report.page())
    return solve(case)


def _new_report() -> Report:
    try:
        from ganglion.cli.yuma_report import Report  # noqa: PLC0415
    except ImportError as error:
        raise _failed(f"{error}; --html needs the extra `plots`") from error
    return Report()


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


def _failed(error: Exception | str) -> typer.Exit:
    typer.echo(f"ganglion yuma: {error}", err=True)
    return typer.Exit(1)
