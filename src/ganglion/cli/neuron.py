"""`ganglion neuron`: run a miner or a validator of a subnet.

Events on stdout, one JSON object per line: a miner's `ready` when it listens and `serving` when its axon is
on the chain; a validator's `ready`, `round` after each graded round, and `weights` when its weights are in
a block. Logs go to stderr.
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ganglion.cli import neuron_options as options
from ganglion.cli.neuron_new import new

if TYPE_CHECKING:
    from ganglion.neuron.package import SubnetPackage

neuron = typer.Typer(help="Run a miner or a validator of a subnet.", no_args_is_help=True)
neuron.command("new")(new)


@neuron.command()
def miner(
    *,
    subnet: options.Subnet,
    netuid: options.Netuid,
    wallet_name: options.WalletName,
    kind: Annotated[str | None, typer.Option(help="What answers; by default the subnet's first.")] = None,
    option: options.SubnetOptions = None,
    chain: options.Nodes = options.DEFAULT_CHAIN,
    wallet_path: options.WalletPath = options.DEFAULT_WALLETS,
    wallet_hotkey: options.Hotkey = "default",
    seed: options.Seed = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 takes a free one.")] = 8091,
    external_ip: Annotated[
        str | None, typer.Option(help="Address to publish. Default: this machine's.")
    ] = None,
    external_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port to publish. Default: that listened on.")
    ] = None,
    bind: Annotated[
        str | None, typer.Option(help="Address to listen on. Default: the published one.")
    ] = None,
    min_stake: Annotated[
        float, typer.Option(min=0, help="Stake (alpha) which admits callers without validator permit.")
    ] = 1.0,
    blacklist: Annotated[
        Path | None, typer.Option(help="File of hotkeys which are never served, one per line.")
    ] = None,
    whitelist: Annotated[
        Path | None, typer.Option(help="File of hotkeys which are served whatever they hold.")
    ] = None,
    rate: Annotated[float, typer.Option(min=0.01, help="Requests per second of one caller.")] = 20.0,
    burst: Annotated[int, typer.Option(min=1, help="Requests of one caller at once.")] = 40,
    running: Annotated[int, typer.Option(min=1, help="Requests answered at the same time.")] = 8,
    queue: Annotated[int, typer.Option(min=0, help="Requests which may wait; more stake goes first.")] = 64,
    connections: Annotated[int, typer.Option(min=1, help="Connections of one address at once.")] = 512,
    drain: Annotated[float, typer.Option(min=0, help="Seconds for requests in work at the end.")] = 4.0,
    sync_interval: Annotated[float, typer.Option(min=0.1, help="Seconds between metagraph reads.")] = 6.0,
    metrics_port: options.MetricsPort = None,
    metrics_host: options.MetricsHost = options.LOOPBACK,
    log_level: options.LogLevel = "INFO",
) -> None:
    """Answer validators' questions and be paid for it."""
    # Here and not at the top: the official SDK takes longer to import than `ganglion --help` should.
    from ganglion.neuron import process  # noqa: PLC0415
    from ganglion.neuron.access import AccessLists  # noqa: PLC0415
    from ganglion.neuron.address import published_and_host  # noqa: PLC0415
    from ganglion.neuron.chain import SdkChain  # noqa: PLC0415
    from ganglion.neuron.clock import SystemClock  # noqa: PLC0415
    from ganglion.neuron.host import RAO, MinerSettings, run_miner  # noqa: PLC0415
    from ganglion.neuron.keys import load_hotkey  # noqa: PLC0415
    from ganglion.neuron.report import LineReporter  # noqa: PLC0415
    from ganglion.neuron.transport import HttpTransport  # noqa: PLC0415

    package = _package(subnet)
    chosen = package.kinds[0] if kind is None else kind
    if chosen not in package.kinds:
        known = ", ".join(package.kinds)
        raise typer.BadParameter(f"{chosen!r} is not one of {known}", param_hint="--kind")
    with options.blamed("--option"):
        made = package.make_miner(chosen, _seed(seed), options.parsed(option))

    async def run() -> NoReturn:
        hotkey = load_hotkey(wallet_path, wallet_name, wallet_hotkey)
        published_ip, host = published_and_host(external_ip, bind)
        settings = MinerSettings(
            netuid=netuid,
            published_ip=published_ip,
            host=host,
            port=port,
            published_port=external_port,
            min_stake_rao=round(min_stake * RAO),
            lists=AccessLists(blacklist, whitelist),
            per_second=rate,
            burst=burst,
            running=running,
            queued=queue,
            connections=connections,
            metrics=options.metrics_place(metrics_host, metrics_port),
            interval_s=sync_interval,
            drain_s=drain,
        )
        clock = SystemClock()
        await run_miner(
            made,
            settings,
            hotkey,
            chain=SdkChain(chain, hotkey, clock),
            transport=HttpTransport(),
            clock=clock,
            reporter=LineReporter(sys.stdout, hotkey.ss58_address),
        )

    process.run(run(), log_level=log_level)


@neuron.command()
def validator(
    *,
    subnet: options.Subnet,
    netuid: options.Netuid,
    wallet_name: options.WalletName,
    option: options.SubnetOptions = None,
    chain: options.Nodes = options.DEFAULT_CHAIN,
    wallet_path: options.WalletPath = options.DEFAULT_WALLETS,
    wallet_hotkey: options.Hotkey = "default",
    seed: options.Seed = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="State file. Default: beside the wallet, one per subnet.")
    ] = None,
    interval: Annotated[float, typer.Option(min=0.1, help="Seconds between rounds.")] = 5.0,
    evidence_port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Keep evidence, and serve it on this TCP port (0: a free one)."),
    ] = None,
    evidence_keep: Annotated[
        int, typer.Option(min=1, help="Segments of evidence to keep; one for each setting of weights.")
    ] = 64,
    external_ip: Annotated[
        str | None, typer.Option(help="Address to publish for evidence. Default: this machine's.")
    ] = None,
    bind: Annotated[
        str | None, typer.Option(help="Address to serve evidence on. Default: the published one.")
    ] = None,
    alpha: Annotated[float, typer.Option(min=0.001, max=1, help="Weight of a new score.")] = 0.1,
    metrics_port: options.MetricsPort = None,
    metrics_host: options.MetricsHost = options.LOOPBACK,
    log_level: options.LogLevel = "INFO",
) -> None:
    """Ask miners, grade their answers, and set weights."""
    from ganglion.cli.neuron_evidence import EvidenceOptions, serving  # noqa: PLC0415
    from ganglion.evidence.records import About  # noqa: PLC0415
    from ganglion.evidence.seeds import stock_seed  # noqa: PLC0415
    from ganglion.neuron import process  # noqa: PLC0415
    from ganglion.neuron.chain import SdkChain  # noqa: PLC0415
    from ganglion.neuron.clock import SystemClock  # noqa: PLC0415
    from ganglion.neuron.host import run_validator  # noqa: PLC0415
    from ganglion.neuron.keys import load_hotkey  # noqa: PLC0415
    from ganglion.neuron.report import LineReporter  # noqa: PLC0415
    from ganglion.neuron.transport import HttpTransport  # noqa: PLC0415
    from ganglion.neuron.validator_loop import ValidatorSettings  # noqa: PLC0415

    package = _package(subnet)
    state = checkpoint or options.state_file(wallet_path, wallet_name, wallet_hotkey, package.name, netuid)
    wanted = EvidenceOptions(state, evidence_port, evidence_keep, external_ip, bind)
    drawn = wanted.kept_seed(_seed(seed))
    stock, chosen = stock_seed(drawn), options.parsed(option)
    with options.blamed("--option"):
        made = package.make_validator(stock, chosen)

    async def run() -> NoReturn:
        hotkey = load_hotkey(wallet_path, wallet_name, wallet_hotkey)
        clock, settings = SystemClock(), ValidatorSettings(interval_s=interval, alpha=alpha)
        about = About(
            hotkey=hotkey.ss58_address,
            netuid=netuid,
            subnet=subnet,
            options=dict(chosen),
            alpha=settings.alpha,
            least_score=settings.least_score,
            private=stock if made.open_draws else None,
        )
        node = SdkChain(chain, hotkey, clock)
        async with serving(wanted, about, hotkey, drawn, clock, validator=made, chain=node) as evidence:
            await run_validator(
                made,
                settings,
                hotkey,
                netuid=netuid,
                seed=drawn,
                checkpoint=state,
                chain=node,
                transport=HttpTransport(),
                clock=clock,
                reporter=LineReporter(sys.stdout, hotkey.ss58_address),
                round_log=evidence.log,
                evidence=evidence.endpoint,
                metrics=options.metrics_place(metrics_host, metrics_port),
            )

    process.run(run(), log_level=log_level)


def _package(name: str) -> SubnetPackage:
    from ganglion.subnets.registry import SubnetUnknown, subnet  # noqa: PLC0415

    sys.path.insert(0, str(Path.cwd()))  # an author's own package lies where the command is given
    try:
        return subnet(name)
    except SubnetUnknown as error:
        raise typer.BadParameter(str(error), param_hint="--subnet") from error


def _seed(chosen: int | None) -> int:
    return secrets.randbits(63) if chosen is None else chosen
