"""The three ways in which a neuron reaches the world, and the values which pass through them.

Implementations are chosen by the process which starts the neuron: the real chain, network and clock, or the
laboratory's. Beside the real ones, only the HTTP server and the choice of an
address touch the machine: no other code here reads time, sleeps, draws randomness or opens a socket.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

HTTP = 4
"""The protocol number of an axon which answers questions."""
EVIDENCE = 69
"""The protocol number of an axon which tells a validator's evidence, and is asked nothing else."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a neuron serves: what `serve_axon` publishes. `ip` is IPv4 or IPv6 in text form."""

    ip: str
    port: int

    @property
    def url(self) -> str:
        """The HTTP origin, without a trailing slash."""
        host = f"[{self.ip}]" if ":" in self.ip else self.ip
        return f"http://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Neuron:
    """One row of the metagraph.

    `stake_rao` is the total stake which counts on this subnet, in alpha-rao. `last_update` is the block of
    the last weights (at first: of the registration). `incentive` and `dividends` lie in [0, 1].
    `registered_at` is the block of the registration. Of `axon`, where it answers questions, and `evidence`,
    where it tells what it asked itself, at most one is published, at the block `served_at`.
    """

    uid: int
    hotkey: str
    coldkey: str
    stake_rao: int
    validator_permit: bool
    last_update: int
    incentive: float
    dividends: float
    axon: Endpoint | None
    registered_at: int = 0
    evidence: Endpoint | None = None
    served_at: int = 0


@dataclass(frozen=True, slots=True)
class WeightRules:
    """What the subnet demands of weights. `rate_limit` in blocks, `max_limit` u16-scaled share."""

    rate_limit: int
    version_key: int
    min_allowed: int
    max_limit: int
    commit_reveal: bool


@dataclass(frozen=True, slots=True)
class Metagraph:
    """A subnet at one block. `neurons` in uid order; `tempo` in blocks; `last_step` block of the last
    epoch.
    """

    netuid: int
    block: int
    tempo: int
    last_step: int
    owner_hotkey: str
    rules: WeightRules
    neurons: tuple[Neuron, ...]

    def by_hotkey(self, hotkey: str) -> Neuron | None:
        """The neuron registered under `hotkey`, or None."""
        return next((neuron for neuron in self.neurons if neuron.hotkey == hotkey), None)

    def serving(self) -> tuple[Neuron, ...]:
        """The neurons which publish an endpoint, in uid order."""
        return tuple(neuron for neuron in self.neurons if neuron.axon is not None)


@dataclass(frozen=True, slots=True)
class Weights:
    """A row of the weight matrix as the chain stores it: uids ascending, values u16, the largest 65535."""

    uids: tuple[int, ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer whose body is complete and within the limit. Names of headers in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Incoming:
    """A streamed HTTP answer. `lines` yields each with its line feed, as it arrives; what follows the last
    line feed comes last. Raises: PeerUnreachable, PeerTooSlow, AnswerTooLarge.
    """

    status: int
    lines: AsyncIterator[bytes]


class Clock(Protocol):
    """Time. Wall time only for signatures; everything else measures with `monotonic`."""

    def now_ns(self) -> int:
        """Unix time in nanoseconds."""
        ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary moment, never going back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        ...


class Transport(Protocol):
    """Requests to other neurons."""

    async def post(
        self,
        endpoint: Endpoint,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        timeout_s: float,
        max_bytes: int,
    ) -> Response:
        """Send `body` and read the whole answer.

        `timeout_s` bounds connection, request and answer together; `max_bytes` bounds the answer's body.
        Raises: PeerUnreachable, PeerTooSlow, AnswerTooLarge.
        """
        ...

    def stream(
        self,
        endpoint: Endpoint,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        timeout_s: float,
        max_bytes: int,
    ) -> AbstractAsyncContextManager[Incoming]:
        """Send `body` and read the answer line by line, within the same bounds as `post`."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class Chain(Protocol):
    """The chain as one hotkey sees it. Every method may raise ChainUnavailable or ChainRefused."""

    async def block(self) -> int:
        """Number of the newest block."""
        ...

    async def metagraph(self, netuid: int) -> Metagraph:
        """The subnet at the newest block. Raises: SubnetNotFound."""
        ...

    async def prices(self, block: int | None = None) -> Mapping[int, float]:
        """netuid -> TAO for one alpha of every subnet, at the newest block or at `block`.

        Raises: ChainRefused for a block which is not yet there or whose state the node no longer has.
        """
        ...

    async def serve_axon(self, netuid: int, endpoint: Endpoint, protocol: int = HTTP) -> None:
        """Publish `endpoint` for this hotkey, HTTP or EVIDENCE; returns once the extrinsic is in a block."""
        ...

    async def commit(self, netuid: int, digest: bytes) -> None:
        """Publish 32 bytes as this hotkey's commitment, in place of its last; returns once in a block."""
        ...

    async def set_weights(self, netuid: int, weights: Weights, version_key: int) -> None:
        """Set (or, where the subnet demands it, commit) this hotkey's weights; returns once in a block."""
        ...

    async def close(self) -> None:
        """Release the connection."""
        ...
