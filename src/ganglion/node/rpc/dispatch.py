"""From a message to its answer: parsing, batches, calling methods, wording errors."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ganglion.node.rpc.connection import Connection
from ganglion.node.rpc.errors import (
    HashOf,
    InternalError,
    InvalidRequest,
    ParseFailed,
    RpcError,
    TooLarge,
    UnknownMethod,
    as_rpc_error,
)
from ganglion.node.rpc.method import Method

log = logging.getLogger(__name__)

BATCH_SLICE_S = 0.002
"""How long a batch may run before others get a turn."""


@dataclass(frozen=True, slots=True)
class MessageLimits:
    """How large messages may be, in bytes and calls."""

    request_bytes: int = 15 << 20
    answer_bytes: int = 64 << 20
    batch_calls: int = 2_000


class Dispatcher:
    """Answers messages by a table of methods."""

    def __init__(self, methods: Mapping[str, Method], limits: MessageLimits, hash_of: HashOf) -> None:
        self.limits = limits
        self.counts: dict[tuple[str, bool], int] = {}
        self._methods = methods
        self._hash_of = hash_of

    async def answer(self, message: bytes | str, connection: Connection | None) -> bytes:
        """The answer to a message; empty if it asks for none. Raises nothing."""
        try:
            request = orjson.loads(message)
        except orjson.JSONDecodeError:
            return _error_answer(None, ParseFailed())
        if isinstance(request, list):
            return await self._answer_batch(request, connection)
        return await self._answer_one(request, connection)

    async def _answer_batch(self, requests: list[Any], connection: Connection | None) -> bytes:
        if not requests:
            return _error_answer(None, InvalidRequest("the batch is empty"))
        if len(requests) > self.limits.batch_calls:
            too_large = TooLarge(-32010, "The batch request was too large", self.limits.batch_calls)
            return _error_answer(None, too_large)
        answers, size = [], 0
        turn_ends = time.monotonic() + BATCH_SLICE_S
        for request in requests:
            answer = await self._answer_one(request, connection)
            size += len(answer)
            if size > self.limits.answer_bytes:
                return _error_answer(None, self._answer_too_large())
            if answer:
                answers.append(answer)
            if time.monotonic() > turn_ends:
                await asyncio.sleep(0)
                turn_ends = time.monotonic() + BATCH_SLICE_S
        return b"[" + b",".join(answers) + b"]" if answers else b""

    async def _answer_one(self, request: Any, connection: Connection | None) -> bytes:
        if not isinstance(request, dict):
            return _error_answer(None, InvalidRequest())
        request_id, name = request.get("id"), request.get("method")
        if not isinstance(name, str) or not isinstance(request_id, (str, int, float, type(None))):
            return _error_answer(None, InvalidRequest())
        if "id" not in request:
            return b""
        try:
            result = await self._call(name, request.get("params"), connection)
            answer = orjson.dumps({"jsonrpc": "2.0", "id": request_id, "result": result})
            if len(answer) > self.limits.answer_bytes:
                raise self._answer_too_large()
        except RpcError as error:
            self._count(name, failed=True)
            return _error_answer(request_id, error)
        self._count(name, failed=False)
        return answer

    async def _call(self, name: str, params: Any, connection: Connection | None) -> Any:
        method = self._methods.get(name)
        if method is None:
            raise UnknownMethod
        try:
            result = method.call(params, connection)
            return await result if inspect.isawaitable(result) else result
        except Exception as error:
            known = as_rpc_error(error, self._hash_of)
            if known is None:
                log.exception("method=%s failed", name)
                raise InternalError from error
            raise known from error

    def _count(self, name: str, *, failed: bool) -> None:
        # Names that clients make up must not become labels without end.
        key = (name if name in self._methods else "unknown", failed)
        self.counts[key] = self.counts.get(key, 0) + 1

    def _answer_too_large(self) -> TooLarge:
        return TooLarge(-32008, "Response is too big", self.limits.answer_bytes)


def _error_answer(request_id: Any, error: RpcError) -> bytes:
    return orjson.dumps({"jsonrpc": "2.0", "id": request_id, "error": error.to_json()})
