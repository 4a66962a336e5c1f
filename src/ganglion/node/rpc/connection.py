"""One WebSocket client: its subscriptions, and what waits to be sent to it.

Answers are written by whoever made them, who waits while the client is slow: a slow client slows itself.
News cannot wait for it: they queue up to a limit, at which the client is disconnected.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from ganglion.node.rpc.errors import TooLarge

log = logging.getLogger(__name__)

Cancel = Callable[[], None]


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one client may have."""

    subscriptions: int = 1_024
    waiting_messages: int = 4_096
    waiting_bytes: int = 64 << 20
    requests_in_flight: int = 64


class Subscription:
    """One subscription of a connection."""

    def __init__(self, connection: Connection, method: str) -> None:
        self.id = secrets.token_urlsafe(12)
        self._connection = connection
        head = {"jsonrpc": "2.0", "method": method, "params": {"subscription": self.id, "result": None}}
        # The result is the last value in the message: everything around it is written once.
        self._before, self._after = orjson.dumps(head).rsplit(b"null", 1)

    def push(self, result: bytes) -> None:
        """Send a result, given in JSON."""
        self._connection.push(self._before + result + self._after)


class Connection:
    """See the module."""

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport, limits: ConnectionLimits
    ) -> None:
        self._socket = socket
        self._transport = transport
        self._limits = limits
        self._subscriptions: dict[str, Cancel] = {}
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._some_waiting = asyncio.Event()
        self._after_answer: list[Callable[[], None]] = []
        self._is_dropped = False

    def subscribe(self, method: str, start: Callable[[Subscription], Cancel]) -> str:
        """A new subscription's id. `start` is called once the answer with the id has been sent.

        Raises: TooLarge.
        """
        if len(self._subscriptions) >= self._limits.subscriptions:
            limit = self._limits.subscriptions
            raise TooLarge(-32006, "Too many subscriptions on the connection", limit)
        subscription = Subscription(self, method)
        self._subscriptions[subscription.id] = _nothing
        self._after_answer.append(lambda: self._start(subscription, start))
        return subscription.id

    def unsubscribe(self, subscription_id: str) -> bool:
        """End a subscription; False if there is none of this id."""
        cancel = self._subscriptions.pop(subscription_id, None)
        if cancel is not None:
            cancel()
        return cancel is not None

    def push(self, message: bytes) -> None:
        """Send a message when the client can take it; disconnect a client that falls too far behind."""
        if self._is_dropped:
            return
        self._waiting.append(message)
        self._waiting_bytes += len(message)
        self._some_waiting.set()
        limits = self._limits
        if len(self._waiting) > limits.waiting_messages or self._waiting_bytes > limits.waiting_bytes:
            log.warning("disconnected a slow subscriber waiting=%d", len(self._waiting))
            self._drop()

    async def answer(self, message: bytes) -> None:
        """Send an answer, then begin the subscriptions that it names."""
        begin, self._after_answer = self._after_answer, []
        if message:
            await self._socket.send_frame(message, WSMsgType.TEXT)
        for start in begin:
            start()

    async def send_waiting(self) -> None:
        """Send what waits, for as long as the connection lives."""
        while True:
            await self._some_waiting.wait()
            self._some_waiting.clear()
            while self._waiting:
                message = self._waiting.popleft()
                self._waiting_bytes -= len(message)
                await self._socket.send_frame(message, WSMsgType.TEXT)

    def end_subscriptions(self) -> None:
        """Cancel all subscriptions."""
        for subscription_id in tuple(self._subscriptions):
            self.unsubscribe(subscription_id)

    async def close(self) -> None:
        """Say goodbye."""
        await self._socket.close(code=WSCloseCode.GOING_AWAY, drain=False)

    def _drop(self) -> None:
        """End the connection at once: a client that does not read would not read a goodbye either."""
        self._is_dropped = True
        self._waiting.clear()
        self._transport.abort()

    def _start(self, subscription: Subscription, start: Callable[[Subscription], Cancel]) -> None:
        if subscription.id in self._subscriptions:
            self._subscriptions[subscription.id] = start(subscription)


def _nothing() -> None:
    """Cancels what has not begun."""
