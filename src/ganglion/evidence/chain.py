"""What the chain says of a validator, to be compared with its log. Read through the official SDK."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import bittensor
from bittensor import storage

from ganglion.neuron.chain import metagraph_of
from ganglion.neuron.errors import ChainRefused, ChainUnavailable, SubnetNotFound
from ganglion.neuron.protocols import Metagraph, Weights

T = TypeVar("T")

_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Facts:
    """A validator at one block. `weights` is its row, None where it has none; `pending` the blocks of its
    commits which are still sealed, ascending; `commitment` the 32 bytes it committed last, else None.
    """

    metagraph: Metagraph
    weights: Weights | None
    pending: tuple[int, ...]
    commitment: bytes | None


class Witness(Protocol):
    """The chain as an auditor sees it."""

    async def facts(self, hotkey: str, block: int | None = None) -> Facts:
        """At the newest block, or at `block`. Raises: ChainRefused where its state is gone, ChainUnavailable,
        SubnetNotFound.
        """
        ...

    async def prices(self, block: int) -> Mapping[int, float]:
        """netuid -> TAO for one alpha at `block`. Raises as `facts`."""
        ...


class SdkWitness:
    """`Witness` of one subnet over a node. Use as an async context manager."""

    def __init__(self, endpoint: str, netuid: int) -> None:
        self._endpoint = endpoint
        self._netuid = netuid
        self._client = bittensor.Client(endpoint)

    async def __aenter__(self) -> SdkWitness:
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                await self._client.connect()
        except (bittensor.BittensorError, OSError) as error:
            raise ChainUnavailable(self._endpoint, 1) from error
        return self

    async def __aexit__(self, *exception: object) -> None:
        # The SDK's close can wait forever for a read in flight.
        with contextlib.suppress(bittensor.BittensorError, OSError, TimeoutError):
            async with asyncio.timeout(2.0):
                await self._client.close()

    async def facts(self, hotkey: str, block: int | None = None) -> Facts:
        """See `Witness.facts`."""
        return await self._read(self._facts(hotkey, block))

    async def prices(self, block: int) -> Mapping[int, float]:
        """See `Witness.prices`."""

        async def read() -> Mapping[int, float]:
            return await (await self._client.at(block)).prices.alpha_prices()

        return await self._read(read())

    async def _facts(self, hotkey: str, block: int | None) -> Facts:
        view = await self._client.at(block)
        graph = await view.subnets.metagraph(self._netuid, commitments=False)
        if graph is None:
            raise SubnetNotFound(self._netuid)
        metagraph = metagraph_of(graph)
        own = metagraph.by_hotkey(hotkey)
        row = (
            [] if own is None else await view.query(storage.SubtensorModule.Weights, [self._netuid, own.uid])
        )
        sealed = await view.query_map(storage.SubtensorModule.TimelockedWeightCommits, [self._netuid])
        committed = await view.query(storage.Commitments.CommitmentOf, [self._netuid, hotkey])
        return Facts(
            metagraph=metagraph,
            weights=_row(row or []),
            pending=tuple(
                sorted(int(at) for _, queue in sealed for who, at, *_ in queue or [] if str(who) == hotkey)
            ),
            commitment=_digest(committed),
        )

    async def _read(self, reading: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                return await reading
        except (bittensor.RpcConnectionError, bittensor.ConnectionNotReady, TimeoutError, OSError) as error:
            raise ChainUnavailable(self._endpoint, 1) from error
        except bittensor.BittensorError as error:
            raise ChainRefused("read", None, str(error)) from error


def _row(pairs: list[Any]) -> Weights | None:
    if not pairs:
        return None
    ordered = sorted((int(uid), int(value)) for uid, value in pairs)
    return Weights(tuple(uid for uid, _ in ordered), tuple(value for _, value in ordered))


def _digest(committed: Any) -> bytes | None:
    fields = ((committed or {}).get("info") or {}).get("fields") or []
    for field in fields:
        for variant in field if isinstance(field, (list, tuple)) else [field]:
            content = variant.get("Raw32") if isinstance(variant, dict) else None
            if isinstance(content, str):
                return bytes.fromhex(content.removeprefix("0x"))
    return None
