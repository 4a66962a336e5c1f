"""The CometBFT process beside the node: started, listened to, stopped."""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import shutil
import signal
import sys
from collections import deque
from pathlib import Path
from typing import NoReturn

from ganglion.node.clock import Clock
from ganglion.node.errors import CannotStart, NodeError

log = logging.getLogger("cometbft")

PROGRAM = "cometbft"
STOP_TIMEOUT_S = 10.0
LONGEST_LINE = 1 << 20
MOST_KILLS, KILLS_WITHIN_S = 5, 60.0
"""So many kills in so short a time, and it is started no more."""

_PR_SET_PDEATHSIG = 1
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "error": logging.ERROR}


class CometStopped(NodeError):
    """CometBFT ended by itself. Carries its exit `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"CometBFT ended with status {status}; its last lines say why")
        self.status = status


class CometProcess:
    """CometBFT with its home directory. Its log lines become ours."""

    def __init__(self, binary: Path, home: Path, clock: Clock) -> None:
        self._binary = binary
        self._home = home
        self._clock = clock
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def run(self) -> NoReturn:
        """Start it, and again whenever something kills it. Raises: CannotStart, CometStopped."""
        kills: deque[float] = deque(maxlen=MOST_KILLS)
        while True:
            status = await self._run_once()
            now_s = self._clock.steady_s()
            kills.append(now_s)
            # What ends by itself has a reason that another start does not take away.
            if status >= 0 or (len(kills) == MOST_KILLS and now_s - kills[0] < KILLS_WITHIN_S):
                raise CometStopped(status)
            log.error("killed by signal %d, started again", -status)

    async def stop(self) -> None:
        """End it if it runs: with a signal, after a while by force."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        if self._reading is not None:
            await self._reading

    async def _run_once(self) -> int:
        try:
            self._process = await asyncio.create_subprocess_exec(
                str(self._binary),
                "start",
                "--home",
                str(self._home),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                limit=LONGEST_LINE,
                start_new_session=True,  # a Ctrl-C at the terminal is ours to pass on
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        except OSError as error:
            raise CannotStart(f"cannot start {self._binary}: {error.strerror}") from error
        self._reading = asyncio.ensure_future(self._read(self._process))
        status = await self._process.wait()
        await self._reading
        return status

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


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


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
