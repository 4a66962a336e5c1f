"""`ganglion economy`: figures of the economy, exact, without a chain."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

economy = typer.Typer(no_args_is_help=True, help="Show what the rules of the economy come to.")


@economy.command()
def halvings(
    count: Annotated[int, typer.Option(help="how many halvings", min=1, max=10)] = 5,
    output: Annotated[Path | None, typer.Option(help="plot them to this SVG file")] = None,
) -> None:
    """Print issuance and block reward from the first block through some halvings, as if all were minted.

    The reward follows issuance, not time: TAO that no subnet takes and TAO that is recycled delay a halving.
    """
    # Not at the top: the mathematics takes longer to import than `ganglion --help` should.
    from ganglion.cli.halvings_plot import draw, tao, years  # noqa: PLC0415
    from ganglion.economy.emission import halving_path  # noqa: PLC0415

    path = list(islice(halving_path(), count + 2))
    typer.echo("halving       after block     years          issuance, TAO   block reward, TAO")
    for number, period in enumerate(path[:-1]):
        typer.echo(
            f"{number:>7}{period.blocks_before:>18,}{years(period.blocks_before):>10.2f}"
            f"{tao(period.issuance_rao):>23}{tao(period.emission_rao):>20}"
        )
    if output is not None:
        try:
            output.write_text(draw(path))
        except OSError as error:
            typer.echo(f"ganglion economy: {error}", err=True)
            raise typer.Exit(1) from error
