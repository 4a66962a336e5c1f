"""The vision validator as a process: `python -m ganglion.subnets.vision.validator --help`.

Events on stdout, one JSON object per line: `ready`, then `round` after each round (accuracy, latency and
moving score of every miner) and `weights` when weights are in a block.
"""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ganglion.neuron import process
from ganglion.neuron.auth import RequestSigner
from ganglion.neuron.chain import SdkChain
from ganglion.neuron.client import Client
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.keys import Hotkey, load_hotkey
from ganglion.neuron.protocols import Chain, Clock, Transport
from ganglion.neuron.report import LineReporter, Ready, Reporter
from ganglion.neuron.transport import HttpTransport
from ganglion.neuron.validator_loop import ValidatorLoop, ValidatorSettings
from ganglion.subnets.vision.data import private_digits
from ganglion.subnets.vision.scorer import DigitTask
from ganglion.subnets.vision.task import MAX_ANSWER, MAX_IMAGES, ClassifyAnswer


@dataclass(frozen=True, slots=True)
class VisionSettings:
    """What an operator chooses. `images` per question, `timeout_s` seconds for an answer."""

    netuid: int
    seed: int
    checkpoint: Path
    images: int = 128
    timeout_s: float = 3.0
    loop: ValidatorSettings = field(default_factory=ValidatorSettings)


async def run_validator(
    settings: VisionSettings,
    hotkey: Hotkey,
    *,
    chain: Chain,
    transport: Transport,
    clock: Clock,
    reporter: Reporter,
) -> NoReturn:
    """Validate until cancelled. Raises: CheckpointInvalid."""
    started = clock.monotonic()
    try:
        loop = vision_validator(
            settings, hotkey, chain=chain, transport=transport, clock=clock, reporter=reporter
        )
        seconds = clock.monotonic() - started
        reporter.report(Ready("validator", "validator", settings.netuid, "", seconds))
        await loop.run()
    finally:
        await transport.close()
        await chain.close()


def vision_validator(
    settings: VisionSettings,
    hotkey: Hotkey,
    *,
    chain: Chain,
    transport: Transport,
    clock: Clock,
    reporter: Reporter,
) -> ValidatorLoop[ClassifyAnswer]:
    """The loop of a vision validator, resumed from its checkpoint. Raises: CheckpointInvalid."""
    client = Client(
        RequestSigner(hotkey, clock), transport, clock, timeout_s=settings.timeout_s, max_answer=MAX_ANSWER
    )
    task = DigitTask(private_digits(settings.seed), settings.images, settings.timeout_s)
    return ValidatorLoop(
        task,
        netuid=settings.netuid,
        hotkey=hotkey.ss58_address,
        chain=chain,
        client=client,
        clock=clock,
        reporter=reporter,
        seed=settings.seed,
        checkpoint=settings.checkpoint,
        settings=settings.loop,
    )


app = typer.Typer(add_completion=False)


@app.command()
def main(
    *,
    netuid: process.NetuidOption,
    wallet_name: process.WalletNameOption,
    chain: process.ChainOption = process.DEFAULT_CHAIN,
    wallet_path: process.WalletPathOption = process.DEFAULT_WALLETS,
    wallet_hotkey: process.HotkeyOption = "default",
    seed: process.SeedOption = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="State file. Default: beside the wallet, one per subnet.")
    ] = None,
    interval: Annotated[float, typer.Option(min=0.1, help="Seconds between rounds.")] = 5.0,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds a miner has to answer.")] = 3.0,
    images: Annotated[int, typer.Option(min=1, max=MAX_IMAGES, help="Images per question.")] = 128,
    alpha: Annotated[float, typer.Option(min=0.001, max=1, help="Weight of a new score.")] = 0.1,
    log_level: process.LogLevelOption = "INFO",
) -> None:
    """Run a validator of the vision subnet."""

    async def neuron() -> NoReturn:
        hotkey = load_hotkey(wallet_path, wallet_name, wallet_hotkey)
        beside_wallet = wallet_path.expanduser() / wallet_name / f"{wallet_hotkey}-vision-{netuid}.json"
        settings = VisionSettings(
            netuid=netuid,
            seed=secrets.randbits(63) if seed is None else seed,
            checkpoint=checkpoint or beside_wallet,
            images=images,
            timeout_s=timeout,
            loop=ValidatorSettings(interval_s=interval, alpha=alpha),
        )
        clock = SystemClock()
        reporter = LineReporter(sys.stdout, hotkey.ss58_address)
        await run_validator(
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
