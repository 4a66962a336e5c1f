"""A validator's evidence beside it: the log on disk and the server which shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganglion.evidence.blocks import NewestBlock
from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.log import EvidenceLog
from ganglion.evidence.records import About
from ganglion.evidence.seeds import kept_seed
from ganglion.evidence.server import EvidenceServer
from ganglion.neuron.address import published_and_host
from ganglion.neuron.keys import Hotkey
from ganglion.neuron.protocols import Chain, Clock, Endpoint
from ganglion.neuron.validator import Validator


@dataclass(frozen=True, slots=True)
class EvidenceOptions:
    """What the operator chose: the evidence lies beside the validator's `state`; without a `port` there is
    none.
    """

    state: Path
    port: int | None
    keep: int
    external_ip: str | None
    bind: str | None

    @property
    def directory(self) -> Path:
        """Where the log lies."""
        return self.state.with_name(self.state.name + ".evidence")

    def kept_seed(self, seed: int) -> int:
        """The seed to work with: the one the evidence was begun with. Raises: EvidenceInvalid, OSError."""
        return seed if self.port is None else kept_seed(self.directory / "seed", seed)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The log to write, and where it is read; both None without evidence."""

    log: EvidenceLog | None = None
    endpoint: Endpoint | None = None


@asynccontextmanager
async def serving(
    chosen: EvidenceOptions,
    about: About,
    hotkey: Hotkey,
    seed: int,
    clock: Clock,
    *,
    validator: Validator[Any, Any],
    chain: Chain,
) -> AsyncIterator[Evidence]:
    """Keep the evidence, and serve what `validator` discloses by the newest block of `chain`.

    Raises: EvidenceInvalid, OSError, AddressUnavailable.
    """
    if chosen.port is None:
        yield Evidence()
        return
    files = SegmentFiles(chosen.directory)
    evidence = EvidenceLog(
        files, hotkey, about, seed=seed, discloses_at=validator.discloses_at, keep=chosen.keep
    )
    published, host = published_and_host(chosen.external_ip, chosen.bind)
    async with EvidenceServer(
        evidence, NewestBlock(chain.block, clock), clock, host=host, port=chosen.port
    ) as server:
        yield Evidence(evidence, Endpoint(published, server.endpoint.port))
