"""What the node asks of an engine, whichever it is."""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from ganglion.node.chain import Imported

log = logging.getLogger(__name__)

Listener: TypeAlias = Callable[[Imported, float], None]
"""Gets a new block and the seconds it took."""


class Sealing(enum.StrEnum):
    """When blocks are made."""

    AUTO = "auto"
    INSTANT = "instant"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another node: its id, and the number of its newest block."""

    id: str
    number: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a node knows of others: its peers; whether blocks of theirs are missing here; whether it has a
    part in deciding on blocks; whether there should be peers.
    """

    peers: tuple[Peer, ...]
    is_syncing: bool
    is_voting: bool
    has_company: bool = True


ALONE = Surroundings((), is_syncing=False, is_voting=True, has_company=False)
"""The network is this node."""


class Engine(Protocol):
    """Decides when a block is made and of what."""

    sealing: Sealing

    def on_imported(self, listener: Listener) -> None:
        """Call `listener` with every new block, after the pool has followed."""

    async def run(self) -> None:
        """Work until `stop`. Raises what keeps it from working."""

    def stop(self) -> None:
        """Let `run` return soon, with nothing half done."""

    def close(self) -> None:
        """End what `run` left behind."""

    async def surroundings(self) -> Surroundings:
        """What is known of other nodes now."""

    async def seal(self) -> Imported:
        """Make one block now, where blocks are made by hand."""


def log_imported(imported: Imported, took_s: float) -> None:
    """The line that tells of a block."""
    stored = imported.stored
    log.info(
        "Imported #%d hash=0x%s extrinsics=%d root=0x%s took_ms=%d",
        stored.number,
        stored.hash.hex(),
        len(imported.block.extrinsics),
        stored.header.state_root.hex(),
        took_s * 1000,
    )
