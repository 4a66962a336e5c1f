"""`ganglion chain-spec`: print a chain specification, to be changed and given to `ganglion node --chain`."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ganglion.node.chain_spec import ChainSpec


def chain_spec(
    chain: Annotated[str, typer.Argument(help="dev, localnet, or the path of a chain-spec file")] = "dev",
    *,
    data: Annotated[
        Path | None, typer.Option(help="go on from the newest block in this data directory of a stopped node")
    ] = None,
    block_time: Annotated[
        float | None, typer.Option(help="seconds between blocks, as the node was told", min=0.1, max=60)
    ] = None,
) -> None:
    """Print the specification of a chain as JSON, after checking it; with --data, of one that goes on."""
    # Not at the top: the runtime takes longer to import than `ganglion --help` should.
    from ganglion.node.chain_spec import load  # noqa: PLC0415
    from ganglion.node.errors import NodeError  # noqa: PLC0415
    from ganglion.state.errors import StateError  # noqa: PLC0415

    try:
        spec = load(chain).at_block_time(block_time)
        spec.build_genesis(spec.runtime())
        printed = spec if data is None else _gone_on(spec, data)
    except (NodeError, StateError) as error:
        typer.echo(f"ganglion chain-spec: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(json.dumps(printed.to_json(), indent=2))


def _gone_on(spec: ChainSpec, data: Path) -> ChainSpec:
    """The same chain, going on from the head in a data directory. Raises: StateError."""
    from ganglion.node.chain import Chain  # noqa: PLC0415
    from ganglion.node.continuation import Continuation  # noqa: PLC0415
    from ganglion.state.errors import StoreUnusable  # noqa: PLC0415
    from ganglion.state.lmdb_store import LmdbStore  # noqa: PLC0415

    if not data.is_dir():
        raise StoreUnusable(data, "there is no such directory")
    runtime = spec.runtime()
    genesis = spec.build_genesis(runtime)
    with closing(LmdbStore(data)) as store, closing(Chain.open(runtime, genesis, store)) as chain:
        return replace(spec, continues=Continuation.of(chain))
