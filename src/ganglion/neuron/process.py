"""Running a neuron as a process: logs on stderr, events on stdout, an orderly end on SIGINT and SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ganglion.neuron.errors import NeuronError

ChainOption = Annotated[str, typer.Option("--chain", help="WebSocket endpoint of a node.")]
NetuidOption = Annotated[int, typer.Option("--netuid", min=1, help="Subnet to work on.")]
WalletPathOption = Annotated[Path, typer.Option("--wallet-path", help="Directory of wallets.")]
WalletNameOption = Annotated[str, typer.Option("--wallet-name", help="Wallet whose hotkey works here.")]
HotkeyOption = Annotated[str, typer.Option("--wallet-hotkey", help="Name of the hotkey in the wallet.")]
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", min=0, help="Seed of all randomness; without it, a secret one is drawn."),
]
LogLevelOption = Annotated[str, typer.Option("--log-level", help="DEBUG, INFO, WARNING or ERROR, to stderr.")]

DEFAULT_CHAIN = "ws://127.0.0.1:9944"
DEFAULT_WALLETS = Path("~/.bittensor/wallets")


def run(neuron: Coroutine[object, object, NoReturn], *, log_level: str) -> None:
    """Run `neuron` until a signal ends it. A failure at its start ends the process with one line and status
    1.
    """
    logging.basicConfig(
        stream=sys.stderr, level=log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    try:
        asyncio.run(_until_signal(neuron))
    except (NeuronError, OSError) as error:
        logging.getLogger(__name__).error("cannot start: %s", error)
        raise typer.Exit(1) from error


async def _until_signal(neuron: Coroutine[object, object, NoReturn]) -> None:
    task = asyncio.ensure_future(neuron)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
