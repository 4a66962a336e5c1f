"""Room on the disk. CometBFT that cannot write its log of votes goes on trying and tells nobody.

So the node looks itself, and stops both of them while there is still room to do so well.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NoReturn

from ganglion.node.clock import Clock
from ganglion.node.errors import NodeError

LEAST_BYTES = 32 << 20
"""More than a block and its state are on disk, in both processes."""

LOOK_EVERY_S = 1.0


class NoRoom(NodeError):
    """The disk is nearly full. Carries the `directory` and the bytes `free` there."""

    def __init__(self, directory: Path, free: int) -> None:
        super().__init__(f"only {free >> 20} MiB are left for {directory}: make room, and start again")
        self.directory = directory
        self.free = free


def check_room(directory: Path, least_bytes: int = LEAST_BYTES) -> None:
    """Raises: NoRoom."""
    free = shutil.disk_usage(directory).free
    if free < least_bytes:
        raise NoRoom(directory, free)


async def watch_room(directory: Path, clock: Clock) -> NoReturn:
    """Look again and again. Raises: NoRoom."""
    while True:
        check_room(directory)
        await clock.sleep(LOOK_EVERY_S)
