"""The CometBFT process beside the node: started, listened to, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import shutil
import signal
import sys
from pathlib import Path

from ganglion.node.errors import CannotStart, NodeError

log = logging.getLogger("cometbft")

PROGRAM = "cometbft"
STOP_TIMEOUT_S = 10.0
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "error": logging.ERROR}


class CometStopped(NodeError):
    """CometBFT ended by itself. Carries its exit `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"CometBFT ended with status {status}; its last lines say why")
        self.status = status


class CometProcess:
    """CometBFT with its home directory. Its log lines become ours."""

    def __init__(self, binary: Path, home: Path) -> None:
        self._binary = binary
        self._home = home
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it. Raises: CannotStart."""
        command = [str(self._binary), "start", "--home", str(self._home)]
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                limit=1 << 20,
            )
        except OSError as error:
            raise CannotStart(f"cannot start {self._binary}: {error.strerror}") from error
        self._reading = asyncio.ensure_future(self._read(self._process))

    async def wait(self) -> None:
        """Wait until it ends by itself. Raises: CometStopped."""
        if self._process is None:
            raise RuntimeError("the process was not started")
        raise CometStopped(await self._process.wait())

    async def stop(self) -> None:
        """End it if it runs: with a signal, after a while by force."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        if self._reading is not None:
            await self._reading

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            raise RuntimeError("the process has no output")
        while line := await _next_line(process.stdout):
            _pass_on(line.decode(errors="replace").rstrip())


async def _next_line(stream: asyncio.StreamReader) -> bytes:
    while True:
        try:
            return await stream.readline()
        except ValueError:  # longer than we read: passed over
            continue


def _pass_on(line: str) -> None:
    """A line of CometBFT's JSON log, or of whatever else it says (a panic), as one of ours."""
    try:
        said = json.loads(line)
        level, message = LEVELS[said.pop("level")], said.pop("_msg")
    except (ValueError, KeyError, AttributeError):
        log.error("%s", line)
        return
    for known in ("ts", "module", "caller"):
        said.pop(known, None)
    log.log(level, "%s %s", message, " ".join(f"{name}={value}" for name, value in said.items()))


def find_binary(named: Path | None) -> Path:
    """CometBFT's program: the one named, the one beside this Python, or the one on the path.

    Raises: CannotStart.
    """
    beside = Path(sys.executable).with_name(PROGRAM)
    for place in (named,) if named is not None else (beside, PROGRAM):
        found = shutil.which(place)
        if found is not None:
            return Path(found)
    where = f"{named} is no program" if named is not None else "CometBFT is not installed"
    raise CannotStart(f"{where}; `make install` gets the pinned release where Go is there")
