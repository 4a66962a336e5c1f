"""`ganglion chain-spec`: print a chain specification, to be changed and given to `ganglion node --chain`."""

from __future__ import annotations

import json
from typing import Annotated

import typer


def chain_spec(
    chain: Annotated[str, typer.Argument(help="dev, localnet, or the path of a chain-spec file")] = "dev",
) -> None:
    """Print the specification of a chain as JSON, after checking it."""
    # Not at the top: the runtime takes longer to import than `ganglion --help` should.
    from ganglion.node.chain_spec import InvalidChainSpec, load  # noqa: PLC0415

    try:
        spec = load(chain)
        spec.build_genesis(spec.runtime())
    except InvalidChainSpec as error:
        typer.echo(f"ganglion chain-spec: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(json.dumps(spec.to_json(), indent=2))
