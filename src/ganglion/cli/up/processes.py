"""Child processes: started, listened to, and stopped for certain.

Each runs in a process group of its own, logs to a file, and may write JSON lines to its standard output,
which are handed on. If this process dies without saying goodbye, the kernel ends the children (Linux).
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import logging
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

EventHandler = Callable[[str, dict[str, Any]], None]

_PR_SET_PDEATHSIG = 1
_LONGEST_LINE = 1 << 20


class ProcessFailed(RuntimeError):
    """A child ended that should run. `tail` are the last lines of its log."""

    def __init__(self, name: str, status: int, tail: str) -> None:
        super().__init__(f"{name} ended with status {status}:\n{tail}")
        self.name = name
        self.status = status


@dataclass
class Processes:
    """The children of a demonstration. Use as an async context manager: leaving it stops them all."""

    logs: Path
    on_event: EventHandler
    grace_s: float = 5.0
    _running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    _readers: list[asyncio.Task[None]] = field(default_factory=list)

    async def __aenter__(self) -> Processes:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.stop()

    async def start(self, name: str, *command: str) -> None:
        """Start `python -m COMMAND...` under `name`; its JSON lines go to `on_event`."""
        with self.log_of(name).open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                limit=_LONGEST_LINE,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self._running[name] = process
        self._readers.append(asyncio.create_task(self._read(name, process)))

    def check(self) -> None:
        """Raises ProcessFailed if a child has ended."""
        for name, process in self._running.items():
            if process.returncode is not None:
                raise ProcessFailed(name, process.returncode, self._tail(name))

    async def stop(self) -> None:
        """Ask every child to end; after the grace period, make it."""
        for process in self._running.values():
            _signal(process, signal.SIGTERM)
        waits = [asyncio.create_task(process.wait()) for process in self._running.values()]
        if waits:
            await asyncio.wait(waits, timeout=self.grace_s)
        for process in self._running.values():
            _signal(process, signal.SIGKILL)
        await asyncio.gather(*waits, *self._readers, return_exceptions=True)
        self._running.clear()
        self._readers.clear()

    def log_of(self, name: str) -> Path:
        """Where a child's log lines go."""
        return self.logs / f"{name}.log"

    def _tail(self, name: str) -> str:
        lines = self.log_of(name).read_text(errors="replace").splitlines()
        return "\n".join(lines[-8:])

    async def _read(self, name: str, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        with self.log_of(name).with_suffix(".out").open("wb") as out:
            while line := await process.stdout.readline():
                out.write(line)
                with contextlib.suppress(json.JSONDecodeError):
                    event = json.loads(line)
                    if isinstance(event, dict):
                        self.on_event(name, event)


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
