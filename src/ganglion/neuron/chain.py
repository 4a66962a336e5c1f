"""The real chain, through the official SDK, as one hotkey sees it.

Reads are repeated with growing pauses when the connection is lost, a bounded number of times. Extrinsics
are sent once: after a loss their fate is unknown, and the next metagraph tells. Weights are set through the
SDK, which conforms them to the subnet's rules once more and checks the rate limit before it signs; where
commit-reveal is on they are sealed to the beacon that the chain listens to, which need not be the SDK's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import bittensor
from bittensor.intents import Intent, ServeAxon, SetWeights
from bittensor.result import ExtrinsicResult
from bittensor.settings import resolve_endpoint

from ganglion.crypto.beacon import MalformedPoint
from ganglion.neuron.errors import ChainRefused, ChainUnavailable, EndpointInvalid, SubnetNotFound
from ganglion.neuron.keys import Hotkey
from ganglion.neuron.protocols import (
    EVIDENCE,
    HTTP,
    Clock,
    Endpoint,
    Metagraph,
    Neuron,
    WeightRules,
    Weights,
)
from ganglion.neuron.timelock import commit_call

log = logging.getLogger(__name__)

T = TypeVar("T")

_LOST = (bittensor.RpcConnectionError, bittensor.ConnectionNotReady, TimeoutError, OSError)
_CLOSE_TIMEOUT_S = 2.0
_SDK_TASK = "rpc-session"
"""The name of the SDK's task which keeps a connection."""


class SdkChain:
    """`Chain` over a `bittensor.Client`, connected at first use.

    `endpoint` names a node, or several of one chain separated by commas: when one is lost or does not answer,
    the next is asked. `read_timeout_s` bounds one read, `write_timeout_s` one extrinsic up to its inclusion.
    `pause_s` is the first pause before a read is tried again; it doubles each time.

    Raises: EndpointInvalid for one which is neither a WebSocket's nor a network's name.
    """

    def __init__(
        self,
        endpoint: str,
        hotkey: Hotkey,
        clock: Clock,
        *,
        attempts: int = 4,
        pause_s: float = 0.5,
        read_timeout_s: float = 20.0,
        write_timeout_s: float = 90.0,
    ) -> None:
        self._endpoint = endpoint
        try:
            self._nodes = deque(resolve_endpoint(node.strip())[1] for node in endpoint.split(","))
        except ValueError as error:
            raise EndpointInvalid(str(error)) from error
        self._hotkey = hotkey
        self._clock = clock
        self._attempts = attempts
        self._pause_s = pause_s
        self._read_timeout_s = read_timeout_s
        self._write_timeout_s = write_timeout_s
        self._client: bittensor.Client | None = None
        self._connecting = asyncio.Lock()

    async def block(self) -> int:
        """See `Chain.block`."""
        return await self._read("block", lambda client: client.block())

    async def metagraph(self, netuid: int) -> Metagraph:
        """See `Chain.metagraph`. One runtime API call, pinned to one block."""
        graph = await self._read(
            "metagraph", lambda client: client.subnets.metagraph(netuid, commitments=False)
        )
        if graph is None:
            raise SubnetNotFound(netuid)
        return metagraph_of(graph)

    async def prices(self, block: int | None = None) -> dict[int, float]:
        """See `Chain.prices`."""

        async def call(client: bittensor.Client) -> dict[int, float]:
            return await (await client.at(block)).prices.alpha_prices()

        return await self._read("prices", call)

    async def serve_axon(self, netuid: int, endpoint: Endpoint, protocol: int = HTTP) -> None:
        """See `Chain.serve_axon`."""
        await self._execute(ServeAxon(netuid=netuid, ip=endpoint.ip, port=endpoint.port, protocol=protocol))

    async def commit(self, netuid: int, digest: bytes) -> None:
        """See `Chain.commit`."""
        info = {"fields": [[{f"Raw{len(digest)}": "0x" + digest.hex()}]]}
        call = bittensor.calls.Commitments.set_commitment(netuid=netuid, info=info)
        await self._submit(
            "set_commitment",
            lambda client: client.submit_call(
                call, self._hotkey, signer="hotkey", wait_for_finalization=False
            ),
        )

    async def set_weights(self, netuid: int, weights: Weights, version_key: int) -> None:
        """See `Chain.set_weights`."""
        if await self._read("commit_reveal", lambda client: client.subnets.commit_reveal_enabled(netuid)):
            await self._commit_weights(netuid, weights, version_key)
            return
        await self._execute(
            SetWeights(
                netuid=netuid,
                uids=list(weights.uids),
                weights=[float(value) for value in weights.values],
                version_key=version_key,
            )
        )

    async def close(self) -> None:
        """Close the connection. The next call opens another."""
        client, self._client = self._client, None
        if client is not None:
            await _closed(client)

    async def _read(self, operation: str, call: Callable[[bittensor.Client], Awaitable[T]]) -> T:
        for attempt in range(self._attempts):
            if attempt:
                await self._clock.sleep(self._pause_s * 2 ** (attempt - 1))
            try:
                return await self._once(operation, call, self._read_timeout_s)
            except ChainUnavailable as error:
                log.info(
                    "chain endpoint=%s attempt=%d lost: %s", self._endpoint, attempt + 1, error.__cause__
                )
        raise ChainUnavailable(self._endpoint, self._attempts)

    async def _commit_weights(self, netuid: int, weights: Weights, version_key: int) -> None:
        async def commit(client: bittensor.Client) -> ExtrinsicResult:
            try:
                call = await commit_call(client, self._hotkey.public_key, netuid, weights, version_key)
            except MalformedPoint as error:
                raise bittensor.BittensorError(f"the chain's beacon has no key: {error}") from error
            return await client.submit_call(call, self._hotkey, signer="hotkey", wait_for_finalization=False)

        await self._submit("commit_weights", commit)

    async def _execute(self, intent: Intent) -> None:
        await self._submit(
            intent.op,
            lambda client: client.execute(intent, self._hotkey, wait_for_finalization=False, retries=2),
        )

    async def _submit(
        self, operation: str, send: Callable[[bittensor.Client], Awaitable[ExtrinsicResult]]
    ) -> None:
        await self.block()  # repairs a lost connection before anything is signed

        async def included(client: bittensor.Client) -> None:
            (await send(client)).raise_for_failure()

        await self._once(operation, included, self._write_timeout_s)

    async def _once(
        self, operation: str, call: Callable[[bittensor.Client], Awaitable[T]], timeout_s: float
    ) -> T:
        try:
            async with asyncio.timeout(timeout_s):
                return await call(await self._connected())
        except _LOST as error:
            await self.close()
            self._nodes.rotate(-1)
            raise ChainUnavailable(self._endpoint, 1) from error
        except bittensor.ChainError as error:
            raise ChainRefused(operation, error.name or error.code.name, error.message) from error
        except bittensor.BittensorError as error:
            raise ChainRefused(operation, None, str(error)) from error

    async def _connected(self) -> bittensor.Client:
        async with self._connecting:
            if self._client is None:
                first, *others = self._nodes
                client = bittensor.Client(first, fallback_endpoints=others or None)
                async with contextlib.AsyncExitStack() as failed:
                    # A client which could not connect goes on trying until it is closed.
                    failed.push_async_callback(_closed, client)
                    await client.connect()
                    failed.pop_all()
                self._client = client
        return self._client


async def _closed(client: bittensor.Client) -> None:
    # The SDK's close can wait forever for a read in flight.
    with contextlib.suppress(bittensor.BittensorError, OSError, TimeoutError):
        async with asyncio.timeout(_CLOSE_TIMEOUT_S):
            await client.close()


def on_unhandled(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """An event loop's exception handler for whoever uses the SDK for long: when a connection breaks, the SDK
    leaves its task behind with the failure. What was asked over it fails by itself, so a line will do.
    """
    task = context.get("future")
    if isinstance(task, asyncio.Task) and task.get_name() == _SDK_TASK:
        log.info("chain connection lost: %s", context.get("exception"))
    else:
        loop.default_exception_handler(context)


def metagraph_of(graph: bittensor.Metagraph) -> Metagraph:
    """The SDK's metagraph in our form."""
    raw = graph.raw
    rules = WeightRules(
        rate_limit=int(raw["weights_rate_limit"]),
        version_key=int(raw["weights_version"]),
        min_allowed=int(raw["min_allowed_weights"]),
        max_limit=int(raw["max_weights_limit"]),
        commit_reveal=bool(raw["commit_reveal_weights_enabled"]),
    )
    return Metagraph(
        netuid=graph.netuid,
        block=graph.block,
        tempo=graph.tempo,
        last_step=graph.last_step,
        owner_hotkey=graph.owner_hotkey,
        rules=rules,
        neurons=tuple(_neuron(neuron, raw["axons"][neuron.uid]) for neuron in graph.neurons),
    )


def _neuron(neuron: bittensor.MetagraphNeuron, axon: Mapping[str, Any]) -> Neuron:
    endpoint, is_evidence = _endpoint(neuron.axon), int(axon["protocol"]) == EVIDENCE
    return Neuron(
        uid=neuron.uid,
        hotkey=neuron.hotkey,
        coldkey=neuron.coldkey,
        stake_rao=int(neuron.total_stake.rao),
        validator_permit=neuron.validator_permit,
        last_update=neuron.last_update,
        incentive=neuron.incentive,
        dividends=neuron.dividends,
        axon=None if is_evidence else endpoint,
        registered_at=neuron.block_at_registration,
        evidence=endpoint if is_evidence else None,
        served_at=int(axon["block"]),
    )


def _endpoint(axon: str | None) -> Endpoint | None:
    if axon is None:
        return None
    host, _, port = axon.rpartition(":")
    return Endpoint(host.strip("[]"), int(port))
