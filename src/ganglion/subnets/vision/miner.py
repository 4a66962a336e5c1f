"""The vision miner as a process: `python -m ganglion.subnets.vision.miner --help`.

Events on stdout, one JSON object per line: `ready` when it listens (with its kind), `serving` when its axon
is on the chain.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, NoReturn

import numpy as np
import typer

from ganglion.neuron import address, process
from ganglion.neuron.auth import RequestSigner, RequestVerifier
from ganglion.neuron.chain import SdkChain
from ganglion.neuron.client import Client
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.errors import AddressUnavailable
from ganglion.neuron.keys import Hotkey, load_hotkey
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.miner_loop import MinerLoop
from ganglion.neuron.protocols import Chain, Clock, Endpoint, Transport
from ganglion.neuron.report import LineReporter, Ready, Reporter
from ganglion.neuron.server import NeuronServer
from ganglion.neuron.service import Route, Service
from ganglion.neuron.transport import HttpTransport
from ganglion.subnets.vision.cheats import Classifier, Constant, Copier, Guess, Late
from ganglion.subnets.vision.kinds import KINDS, CheatKind, ModelKind
from ganglion.subnets.vision.task import (
    CLASSES,
    MAX_ANSWER,
    MAX_REQUEST,
    PATH,
    ClassifyAnswer,
    ClassifyRequest,
    Images,
    Labels,
)

RAO = 10**9

Answerer = Callable[[Images], Awaitable[Labels]]

_COPIER_PATIENCE_S = 30.0
_LATE_S = 60.0


@dataclass(frozen=True, slots=True)
class MinerSettings:
    """What an operator chooses. `min_stake_rao` in alpha-rao, `interval_s` between metagraph reads."""

    netuid: int
    kind: str
    seed: int
    published_ip: str
    host: str
    port: int
    min_stake_rao: int = RAO
    per_second: float = 20.0
    burst: int = 40
    interval_s: float = 6.0


async def run_miner(
    settings: MinerSettings,
    hotkey: Hotkey,
    *,
    chain: Chain,
    transport: Transport,
    clock: Clock,
    reporter: Reporter,
) -> NoReturn:
    """Train, listen, publish, and answer until cancelled."""
    started = clock.monotonic()
    admission = Admission(min_stake_rao=settings.min_stake_rao)
    loop = MinerLoop(
        netuid=settings.netuid,
        hotkey=hotkey.ss58_address,
        chain=chain,
        clock=clock,
        admission=admission,
        reporter=reporter,
        interval_s=settings.interval_s,
    )
    client = Client(
        RequestSigner(hotkey, clock), transport, clock, timeout_s=_COPIER_PATIENCE_S, max_answer=MAX_ANSWER
    )
    answers = answerer(settings.kind, settings.seed, client=client, loop=loop, clock=clock)
    service = vision_service(
        answers,
        verifier=RequestVerifier(hotkey.ss58_address, clock),
        admission=admission,
        limit=CallerLimit(clock, per_second=settings.per_second, burst=settings.burst),
    )
    health = {"hotkey": hotkey.ss58_address, "task": "vision"}
    try:
        async with NeuronServer(service, host=settings.host, port=settings.port, health=health) as server:
            endpoint = Endpoint(settings.published_ip, server.endpoint.port)
            seconds = clock.monotonic() - started
            reporter.report(Ready("miner", settings.kind, settings.netuid, endpoint.url, seconds))
            await loop.run(endpoint)
    finally:
        await transport.close()
        await chain.close()


def vision_service(
    answers: Answerer, *, verifier: RequestVerifier, admission: Admission, limit: CallerLimit
) -> Service:
    """The service of a vision miner which answers by `answers`."""

    async def classify(request: ClassifyRequest, _caller: str) -> ClassifyAnswer:
        return ClassifyAnswer(labels=(await answers(request.array())).tolist())

    route = Route(PATH, ClassifyRequest, classify)
    return Service((route,), verifier=verifier, admission=admission, limit=limit, max_body=MAX_REQUEST)


def answerer(kind: str, seed: int, *, client: Client, loop: MinerLoop, clock: Clock) -> Answerer:
    """What answers in a miner of `kind`: a model trained now, or a cheat. Raises: ValueError for another
    kind.
    """
    rng = np.random.default_rng(seed)
    if kind == CheatKind.GUESS:
        return Guess(rng).labels
    if kind == CheatKind.CONSTANT:
        return Constant(int(rng.integers(CLASSES))).labels
    if kind == CheatKind.COPIER:
        return Copier(client, loop.others, rng).labels
    if kind == CheatKind.LATE:
        return Late(_trained(ModelKind.SVM, seed), clock, _LATE_S).labels
    model = _trained(ModelKind(kind), seed)

    async def labels(images: Images) -> Labels:
        return model.labels(images)

    return labels


def _trained(kind: ModelKind, seed: int) -> Classifier:
    # Only who trains waits for scikit-learn, two seconds of import.
    from ganglion.subnets.vision.models import make_model  # noqa: PLC0415

    return make_model(kind, seed)


def published_and_host(external_ip: str | None, bind: str | None) -> tuple[str, str]:
    """The address to publish and the address to listen on.

    Published: `external_ip`, else the address which leads to the world. Listened on: `bind`, else the
    published one where it is this machine's, else every address. Raises: AddressUnavailable for one which
    the chain refuses.
    """
    published = external_ip or address.outward_address()
    if not address.is_publishable(published):
        raise AddressUnavailable(f"the chain does not accept {published} as an axon's ip")
    return published, bind or (published if address.is_own(published) else address.ANY)


app = typer.Typer(add_completion=False)


@app.command()
def main(
    *,
    netuid: process.NetuidOption,
    wallet_name: process.WalletNameOption,
    chain: process.ChainOption = process.DEFAULT_CHAIN,
    wallet_path: process.WalletPathOption = process.DEFAULT_WALLETS,
    wallet_hotkey: process.HotkeyOption = "default",
    kind: Annotated[str, typer.Option(help=f"What answers: {', '.join(KINDS)}.")] = ModelKind.SVM,
    seed: process.SeedOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 takes a free one.")] = 8091,
    external_ip: Annotated[
        str | None, typer.Option(help="Address to publish. Default: this machine's.")
    ] = None,
    bind: Annotated[
        str | None, typer.Option(help="Address to listen on. Default: the published one.")
    ] = None,
    min_stake: Annotated[
        float, typer.Option(min=0, help="Stake (alpha) which admits callers without validator permit.")
    ] = 1.0,
    sync_interval: Annotated[float, typer.Option(min=0.1, help="Seconds between metagraph reads.")] = 6.0,
    log_level: process.LogLevelOption = "INFO",
) -> None:
    """Run a miner of the vision subnet."""
    if kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is not one of {', '.join(KINDS)}", param_hint="--kind")

    async def neuron() -> NoReturn:
        hotkey = load_hotkey(wallet_path, wallet_name, wallet_hotkey)
        published_ip, host = published_and_host(external_ip, bind)
        settings = MinerSettings(
            netuid=netuid,
            kind=kind,
            seed=secrets.randbits(63) if seed is None else seed,
            published_ip=published_ip,
            host=host,
            port=port,
            min_stake_rao=round(min_stake * RAO),
            interval_s=sync_interval,
        )
        clock = SystemClock()
        reporter = LineReporter(sys.stdout, hotkey.ss58_address)
        await run_miner(
            settings,
            hotkey,
            chain=SdkChain(chain, hotkey, clock),
            transport=HttpTransport(),
            clock=clock,
            reporter=reporter,
        )

    process.run(neuron(), log_level=log_level)


if __name__ == "__main__":
    app()
