"""`ganglion node join`: a new node of a running chain, from a peer's state instead of all its blocks."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
from pathlib import Path
from typing import Annotated

import typer

from ganglion.cli.node import CHAIN, COMET_HOME, parsed_secret, serve, stopping_on_errors


def join(
    *,
    chain: Annotated[str, typer.Option(help="The chain's specification: spec.json of its operators.")],
    peer: Annotated[list[str], typer.Option(help="CometBFT's RPC of a node: http://HOST:PORT. Repeatable.")],
    data: Annotated[Path, typer.Option(help="Data directory of the new node.")],
    trust: Annotated[
        str | None, typer.Option(help="HEIGHT:HASH of a block to trust. Default: what the peers agree on.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address of this node, for clients and peers.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port for clients.")] = 9944,
    p2p_port: Annotated[int, typer.Option(min=1, max=65535, help="Port for peers.")] = 26656,
    comet_port: Annotated[int, typer.Option(min=1, max=65535, help="Port of CometBFT's RPC.")] = 26657,
    cometbft: Annotated[
        Path | None, typer.Option(envvar="GANGLION_COMETBFT", help="CometBFT's program, if not installed.")
    ] = None,
    shield_secret: Annotated[
        str | None,
        typer.Option(envvar="GANGLION_SHIELD_SECRET", help="What authorities share, if this is one."),
    ] = None,
    snapshot_every: Annotated[int, typer.Option(min=0, help="Blocks between snapshots; 0: none.")] = 1_000,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Forget the chain that DATA holds; keep keys and votes.")
    ] = False,
) -> None:
    """Join a chain: make keys, take the state from a peer, and run. It votes once root admits its key."""
    # Not at the top: the runtime takes longer to import than `ganglion --help` should.
    from ganglion.cli.comet_peers import PeerUnusable, survey  # noqa: PLC0415
    from ganglion.node import chain_spec  # noqa: PLC0415
    from ganglion.node.config import CometConfig, NodeConfig  # noqa: PLC0415
    from ganglion.node.engines.comet.home import (  # noqa: PLC0415
        CometSettings,
        forget_chain,
        keys_of,
        write_joining_home,
    )
    from ganglion.node.engines.comet.keys import SEED_SIZE, CometKey  # noqa: PLC0415

    home = data / COMET_HOME
    if home.exists() and not afresh:
        words = "`ganglion node --engine comet` goes on, --afresh takes the state from the peers again"
        typer.echo(f"ganglion node join: {home} exists; {words}", err=True)
        raise typer.Exit(1)
    with stopping_on_errors():
        spec = chain_spec.load(chain)
        first = spec.build_genesis(spec.runtime())
        beginning = spec.beginning(first)
        try:
            found = asyncio.run(survey(peer, beginning.hash, trust))
        except PeerUnusable as error:
            typer.echo(f"ganglion node join: {error}", err=True)
            raise typer.Exit(1) from error
        settings = CometSettings(
            moniker=data.name,
            block_time_s=spec.block_time_ms / 1000,
            p2p=f"{host}:{p2p_port}",
            rpc=f"{host}:{comet_port}",
            peers=found.peers,
            state_sync=found.state_sync,
            external_address=f"{host}:{p2p_port}",
        )
        if home.exists():
            voting, naming = keys_of(home)
            forget_chain(home)
            shutil.rmtree(data / CHAIN, ignore_errors=True)
        else:
            voting, naming = (CometKey(secrets.token_bytes(SEED_SIZE)) for _ in range(2))
        write_joining_home(home, settings, found.genesis, voting, naming)
        typer.echo(json.dumps({"voting_key": f"0x{voting.public_key.hex()}", "peers": list(found.peers)}))
        comet = CometConfig(home, cometbft, False, parsed_secret(shield_secret), snapshot_every)
        config = NodeConfig(spec=spec, data=data / CHAIN, host=host, port=port, comet=comet, genesis=first)
        serve(config, "INFO")
