"""Running a neuron as a process: logs on stderr, events on stdout, an orderly end on SIGINT and SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Coroutine
from typing import NoReturn

import typer

from ganglion.neuron.chain import on_unhandled
from ganglion.neuron.errors import NeuronError


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
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(on_unhandled)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
