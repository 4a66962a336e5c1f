"""A node's JSON-RPC for commands that ask one thing after the other: a WebSocket without callbacks."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

PATIENCE_S = 60.0
"""How long one answer may take."""


class NodeClientError(Exception):
    """Base of what may go wrong in a talk with a node."""


class NodeUnreachable(NodeClientError):
    """There is no node, or it does not answer. Carries its `url`."""

    def __init__(self, url: str, reason: object) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url


class NodeRefused(NodeClientError):
    """The node answered a call with an error. Carries the `method` and the error's `code`."""

    def __init__(self, method: str, code: int, message: str) -> None:
        super().__init__(f"the node refused {method}: {message} ({code})")
        self.method = method
        self.code = code


class NodeClient:
    """One connection, as a context manager. For one thread that runs no event loop itself."""

    def __init__(self, url: str) -> None:
        """`url` begins with ws:// or wss://."""
        self._url = url
        self._runner = asyncio.Runner()
        self._calls = 0

    def __enter__(self) -> Self:
        try:
            self._runner.run(self._connect())
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError) as error:
            self._runner.close()
            raise NodeUnreachable(self._url, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._close())
        self._runner.close()

    def call(self, method: str, *params: Any) -> Any:
        """The result of a call. Raises: NodeUnreachable, NodeRefused."""
        try:
            answer = self._runner.run(self._ask(method, params))
        except (aiohttp.ClientError, OSError, TypeError, ValueError, TimeoutError) as error:
            raise NodeUnreachable(self._url, error or "no answer") from error
        if "error" in answer:
            refusal = answer["error"]
            words = [refusal["message"], refusal.get("data")]
            raise NodeRefused(method, refusal["code"], ": ".join(word for word in words if word))
        return answer["result"]

    async def _connect(self) -> None:
        self._session = aiohttp.ClientSession()
        try:
            async with asyncio.timeout(PATIENCE_S):
                self._socket = await self._session.ws_connect(self._url, max_msg_size=0)
        except BaseException:
            await self._session.close()
            raise

    async def _close(self) -> None:
        await self._socket.close()
        await self._session.close()

    async def _ask(self, method: str, params: tuple[Any, ...]) -> Any:
        self._calls += 1
        request = {"jsonrpc": "2.0", "id": self._calls, "method": method, "params": params}
        async with asyncio.timeout(PATIENCE_S):
            await self._socket.send_str(orjson.dumps(request).decode())
            return await self._socket.receive_json(loads=orjson.loads)
