"""The command line of `ganglion up`."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ganglion.cli.up.cast import Part


def up(
    *,
    blocks: Annotated[int | None, typer.Option(min=1, help="Stop after so many blocks of work.")] = None,
    until_paid: Annotated[
        bool, typer.Option(help="Stop when a miner of each subnet has earned its first TAO.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Write a JSON report here at the end.")] = None,
    block_time: Annotated[float, typer.Option(min=0.1, max=12, help="Seconds between blocks.")] = 0.5,
    tempo: Annotated[int, typer.Option(min=2, max=360, help="Blocks between epochs.")] = 8,
    subnets: Annotated[str, typer.Option(help="Which subnets, in this order.")] = "vision,text,forecast",
    validators: Annotated[int, typer.Option(min=1, max=16, help="How many validators a subnet has.")] = 2,
    miners: Annotated[
        list[str] | None, typer.Option(help="SUBNET=KIND,KIND,...: its miners; may be repeated.")
    ] = None,
    round_s: Annotated[
        float, typer.Option("--round", min=0.1, max=60, help="Seconds between a validator's rounds.")
    ] = 1.0,
    market: Annotated[bool, typer.Option(help="Open a market in front of the subnets.")] = True,
    market_port: Annotated[
        int, typer.Option(min=0, max=65535, help="The market's port; 0 takes a free one.")
    ] = 8080,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The node's port; 0 takes a free one.")] = 9944,
    seed: Annotated[int, typer.Option(min=0, help="Seed of models and challenges.")] = 1,
    directory: Annotated[
        Path | None, typer.Option(help="Keep chain, wallets and logs here, not in a temporary place.")
    ] = None,
) -> None:
    """Run a whole network: a node, subnets with validators and miners, a market before them, until Ctrl-C."""
    # Not at the top: the official SDK takes longer to import than `ganglion --help` should.
    from ganglion.cli.up.cast import Cast  # noqa: PLC0415
    from ganglion.cli.up.network import Plan  # noqa: PLC0415
    from ganglion.cli.up.run import run_plan  # noqa: PLC0415
    from ganglion.cli.up.settlement import Terms  # noqa: PLC0415

    cast = Cast(_parts(_listed(subnets, "--subnets"), miners or [], validators, seed), has_market=market)
    if directory is not None and (directory / "wallets").exists():
        raise typer.BadParameter(f"{directory} holds an earlier run; name another", param_hint="--directory")
    _check_port(port, "--port")
    if market:
        _check_port(market_port, "--market-port")
    with contextlib.ExitStack() as stack:
        place = directory or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ganglion-")))
        place.mkdir(parents=True, exist_ok=True)
        plan = Plan(
            cast=cast,
            directory=place.absolute(),
            block_time=block_time,
            terms=Terms(tempo=tempo),
            port=port,
            market_port=market_port,
            blocks=blocks,
            until_paid=until_paid,
            round_s=round_s,
        )
        run_plan(plan, report)


def _parts(subnets: tuple[str, ...], miners: list[str], validators: int, seed: int) -> tuple[Part, ...]:
    from ganglion.cli.up.cast import DEFAULT_MINERS, parts_of  # noqa: PLC0415
    from ganglion.subnets.registry import subnet  # noqa: PLC0415

    for name in subnets:
        _known(name, tuple(DEFAULT_MINERS), "--subnets")
    if len(set(subnets)) < len(subnets):
        raise typer.BadParameter("each subnet once", param_hint="--subnets")
    chosen = dict(DEFAULT_MINERS)
    for text in miners:
        name, _, kinds = text.partition("=")
        _known(name, subnets, "--miners")
        chosen[name] = _listed(kinds, "--miners")
    parts: list[Part] = []
    for name in subnets:
        package = subnet(name)
        for kind in chosen[name]:
            _known(kind, package.honest + package.exploiters, "--miners")
        parts += parts_of(package, chosen[name], validators, seed)
    return tuple(parts)


def _check_port(port: int, option: str) -> None:
    from ganglion.cli.up.commands import is_free  # noqa: PLC0415

    if not is_free(port):
        raise typer.BadParameter(f"somebody listens on {port} already; 0 takes a free one", param_hint=option)


def _listed(text: str, option: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise typer.BadParameter("name at least one", param_hint=option)
    return names


def _known(name: str, known: tuple[str, ...], option: str) -> None:
    if name not in known:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(known)}", param_hint=option)
