"""`ganglion audit`: check a validator's evidence, and name each difference.

Status 0: no difference. 1: differences. 2: there is nothing to audit, or it cannot be had.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ganglion.cli import neuron_options as options

if TYPE_CHECKING:
    from rich.console import Console

    from ganglion.evidence.audit import Make
    from ganglion.evidence.chain import Facts, Witness
    from ganglion.evidence.report import Report

_DIFFERENCES, _CANNOT = 1, 2
_PATIENCE_S = 40
_MIB = 2**20


def audit(
    *,
    netuid: options.Netuid,
    validator: Annotated[str, typer.Option(help="The validator's hotkey, an ss58 address.")],
    chain: options.Chain = options.DEFAULT_CHAIN,
    subnet: Annotated[
        str | None,
        typer.Option(help="The package of a subnet which does not come with ganglion: module:object."),
    ] = None,
    directory: Annotated[
        Path | None, typer.Option(help="Keep the log here. Default: it is thrown away.", file_okay=False)
    ] = None,
    max_mb: Annotated[int, typer.Option(min=1, help="Largest log to fetch, in MiB.")] = 2048,
    as_json: Annotated[bool, typer.Option("--json", help="The report as one JSON object.")] = False,
) -> None:
    """Check what a validator asked, heard, graded and set, from its own log and the chain."""
    from rich.console import Console  # noqa: PLC0415

    from ganglion.neuron.errors import NeuronError  # noqa: PLC0415

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    console = Console()
    try:
        with tempfile.TemporaryDirectory() as temporary:
            to = directory or Path(temporary)
            report = asyncio.run(_audited(chain, netuid, validator, to, max_mb * _MIB, _maker(subnet)))
    except (NeuronError, OSError) as error:
        typer.echo(_printable(f"cannot audit: {error}"), err=True)
        raise typer.Exit(_CANNOT) from error
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        _print(report, console)
    if not report.is_clean:
        raise typer.Exit(_DIFFERENCES)


async def _audited(
    chain: str, netuid: int, hotkey: str, directory: Path, max_bytes: int, make: Make
) -> Report:
    from ganglion.evidence.audit import audit as audited  # noqa: PLC0415
    from ganglion.evidence.chain import SdkWitness  # noqa: PLC0415
    from ganglion.evidence.fetch import LogReader  # noqa: PLC0415
    from ganglion.evidence.files import SegmentFiles  # noqa: PLC0415
    from ganglion.evidence.report import CannotAudit  # noqa: PLC0415
    from ganglion.neuron.clock import SystemClock  # noqa: PLC0415

    files = SegmentFiles(directory)
    if files.numbers():
        raise CannotAudit(f"{directory} has a log already")
    async with SdkWitness(chain, netuid) as witness:
        facts = await witness.facts(hotkey)  # before the log: so the log is never behind the chain
        own = facts.metagraph.by_hotkey(hotkey)
        if own is None:
            raise CannotAudit(f"{hotkey} is not registered on subnet {netuid}")
        if own.evidence is None:
            raise CannotAudit(f"uid {own.uid} publishes no evidence (--evidence-port of its validator)")
        await _settled(witness, hotkey, facts)
        await LogReader(own.evidence, SystemClock(), max_bytes=max_bytes).copy(files)
        return await audited(files, hotkey, make, facts, witness)


async def _settled(witness: Witness, hotkey: str, facts: Facts) -> None:
    """Give a validator whose weights have just come on the chain the time to hear of it, and to close its
    segment.
    """
    from ganglion.evidence.replay import SETTLING_BLOCKS  # noqa: PLC0415

    own, newest = facts.metagraph.by_hotkey(hotkey), facts.metagraph.block
    patience = _PATIENCE_S
    while own is not None and newest < own.last_update + SETTLING_BLOCKS and patience > 0:
        await asyncio.sleep(1.0)
        patience -= 1
        newest = (await witness.facts(hotkey)).metagraph.block


def _maker(chosen: str | None) -> Make:
    from ganglion.evidence.records import About  # noqa: PLC0415
    from ganglion.evidence.report import CannotAudit  # noqa: PLC0415
    from ganglion.neuron.package import OptionInvalid  # noqa: PLC0415
    from ganglion.neuron.validator import Validator  # noqa: PLC0415
    from ganglion.subnets.registry import SUBNETS, SubnetUnknown, subnet  # noqa: PLC0415

    def make(about: About) -> Validator[Any, Any]:
        # A stranger's log does not choose which code runs here.
        name = chosen or about.subnet
        if chosen is None and name not in SUBNETS:
            raise CannotAudit(f"the log is of {name!r}: name its package with --subnet, if you trust it")
        sys.path.insert(0, str(Path.cwd()))  # an author's own package lies where the command is given
        try:
            package = subnet(name)
            plain = package.make_validator(0, {})
            if plain.open_draws and about.private is not None:
                return package.make_validator(about.private, about.options)
            # Options may name files, and grading needs none.
            harmless = {key: about.options[key] for key in package.audited if key in about.options}
            return package.make_validator(0, harmless)
        except (SubnetUnknown, OptionInvalid) as error:
            raise CannotAudit(str(error)) from error

    return make


def _print(report: Report, console: Console) -> None:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    def say(text: str, style: str = "") -> None:
        console.print(_printable(text), style=style, markup=False, soft_wrap=True)

    say(
        f"{report.subnet}, subnet {report.netuid}: {report.rounds} rounds in {report.segments} segments, "
        f"blocks {report.first_block} to {report.last_block}\nvalidator {report.validator}"
    )
    table = Table("uid", "hotkey", "asked", "answered", box=None)
    for heard in report.miners:
        hotkey = Text(_printable(heard.hotkey))
        table.add_row(str(heard.uid), hotkey, str(heard.asked), str(heard.answered))
    console.print(table)
    for note in report.notes:
        say(f"note: {note}", "dim")
    for found in report.differences:
        say(str(found), "red")
    for each in report.withheld:
        say(f"withheld: segment {each.segment} until block {each.until_block}", "yellow")
    if report.omitted:
        console.print(f"and {report.omitted} more", style="red")
    if report.is_clean:
        console.print("no difference" + " in what is disclosed" * bool(report.withheld), style="green")
    else:
        console.print(f"{len(report.differences) + report.omitted} differences", style="bold red")


def _printable(text: str) -> str:
    """A stranger's text, which commands no terminal."""
    return "".join(
        each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text
    )
