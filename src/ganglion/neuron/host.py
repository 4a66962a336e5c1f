"""A subnet's miner or validator, put together with everything it lives on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from ganglion.neuron.access import AccessLists
from ganglion.neuron.auth import RequestSigner, RequestVerifier
from ganglion.neuron.client import Client
from ganglion.neuron.gate import Gate
from ganglion.neuron.keys import Hotkey
from ganglion.neuron.limits import Admission, CallerLimit
from ganglion.neuron.metrics_page import metrics_served
from ganglion.neuron.miner import Miner, Surroundings
from ganglion.neuron.miner_loop import MinerLoop
from ganglion.neuron.protocols import Chain, Clock, Endpoint, Transport
from ganglion.neuron.report import Ready, Reporter
from ganglion.neuron.rounds import RoundLog
from ganglion.neuron.server import NeuronServer
from ganglion.neuron.service import Service
from ganglion.neuron.validator import Validator
from ganglion.neuron.validator_loop import ValidatorLoop, ValidatorSettings
from ganglion.neuron.validator_metrics import ValidatorMetrics

RAO = 10**9


@dataclass(frozen=True)
class MinerSettings:
    """What a miner's operator chooses.

    `published_ip` and `published_port` (None: the same as listened on) go on the chain, `host` and `port` are
    listened on. `min_stake_rao` (alpha-rao) admits callers without permit. Each caller may send `burst`
    requests at once and `per_second` for long; `running` are answered at once and `queued` wait; one address
    may have `connections`. `metrics`: where figures are told, instead of at the published endpoint.
    `interval_s` lies between metagraph reads, `drain_s` is the patience with requests in work at the end.
    """

    netuid: int
    published_ip: str
    host: str
    port: int
    published_port: int | None = None
    min_stake_rao: int = RAO
    lists: AccessLists = field(default_factory=AccessLists)
    per_second: float = 20.0
    burst: int = 40
    running: int = 8
    queued: int = 64
    connections: int = 512
    metrics: Endpoint | None = None
    interval_s: float = 6.0
    drain_s: float = 4.0


async def run_miner(
    miner: Miner[Any, Any],
    settings: MinerSettings,
    hotkey: Hotkey,
    *,
    chain: Chain,
    transport: Transport,
    clock: Clock,
    reporter: Reporter,
) -> NoReturn:
    """Start `miner`, listen, publish, and answer until cancelled; then finish what is in work."""
    started = clock.monotonic()
    admission = Admission(min_stake_rao=settings.min_stake_rao, lists=settings.lists)
    loop = MinerLoop(
        netuid=settings.netuid,
        hotkey=hotkey.ss58_address,
        chain=chain,
        clock=clock,
        admission=admission,
        reporter=reporter,
        interval_s=settings.interval_s,
    )
    client = Client(RequestSigner(hotkey, clock), transport, clock)
    about = {"hotkey": hotkey.ss58_address, "task": miner.task.name, "kind": miner.kind}
    try:
        await miner.start(Surroundings(clock, client, loop.others))
        service = Service(
            miner,
            hotkey=hotkey,
            verifier=RequestVerifier(hotkey.ss58_address, clock),
            admission=admission,
            limit=CallerLimit(clock, per_second=settings.per_second, burst=settings.burst),
            gate=Gate(running=settings.running, queued=settings.queued),
        )
        server = NeuronServer(
            service,
            clock,
            host=settings.host,
            port=settings.port,
            about=about,
            per_address=settings.connections,
            metrics_public=settings.metrics is None,
            drain_s=settings.drain_s,
        )
        async with server, metrics_served(settings.metrics, server.metrics.page):
            port = settings.published_port or server.endpoint.port
            endpoint = Endpoint(settings.published_ip, port)
            seconds = clock.monotonic() - started
            reporter.report(Ready("miner", miner.kind, settings.netuid, endpoint.url, seconds))
            await loop.run(endpoint)
    finally:
        await miner.close()
        await transport.close()
        await chain.close()


async def run_validator(
    validator: Validator[Any, Any],
    settings: ValidatorSettings,
    hotkey: Hotkey,
    *,
    netuid: int,
    seed: int,
    checkpoint: Path,
    chain: Chain,
    transport: Transport,
    clock: Clock,
    reporter: Reporter,
    round_log: RoundLog | None = None,
    evidence: Endpoint | None = None,
    metrics: Endpoint | None = None,
) -> NoReturn:
    """Start `validator` and validate until cancelled; for `evidence` see `ValidatorLoop`; `metrics` is where
    figures are told.

    Raises: CheckpointInvalid, OSError.
    """
    started = clock.monotonic()
    figures = ValidatorMetrics(validator.task.name, reporter)
    try:
        loop = ValidatorLoop(
            validator,
            netuid=netuid,
            hotkey=hotkey.ss58_address,
            chain=chain,
            client=Client(RequestSigner(hotkey, clock), transport, clock),
            clock=clock,
            reporter=figures,
            seed=seed,
            checkpoint=checkpoint,
            settings=settings,
            round_log=round_log,
            evidence=evidence,
        )
        async with metrics_served(metrics, figures.page):
            await validator.start()
            reporter.report(Ready("validator", "validator", netuid, "", clock.monotonic() - started))
            await loop.run()
    finally:
        await transport.close()
        await chain.close()
