"""From a message to its answer: parsing, batches, calling methods, wording errors."""

from __future__ import annotations

import inspect
import logging
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ganglion.node.rpc.connection import Connection
from ganglion.node.rpc.errors import (
    EXPECTED,
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
from ganglion.node.turn import Turn

log = logging.getLogger(__name__)

TURN_S = 0.002
"""How long one client may keep the server before others get their turn."""


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
        answer = self.begin(message, connection)
        return answer if isinstance(answer, bytes) else await answer

    def begin(self, message: bytes | str, connection: Connection | None) -> bytes | Awaitable[bytes]:
        """As `answer`, but at once where no method called takes long."""
        try:
            request = orjson.loads(message)
        except orjson.JSONDecodeError:
            return _error_answer(None, ParseFailed())
        if isinstance(request, list):
            return self._answer_batch(request, connection)
        return self._begin_one(request, connection)

    async def _answer_batch(self, requests: list[Any], connection: Connection | None) -> bytes:
        if not requests:
            return _error_answer(None, InvalidRequest("the batch is empty"))
        if len(requests) > self.limits.batch_calls:
            too_large = TooLarge(-32010, "The batch request was too large", self.limits.batch_calls)
            return _error_answer(None, too_large)
        answers, size, turn = [], 0, Turn(time.monotonic, TURN_S)
        for request in requests:
            answer = self._begin_one(request, connection)
            if not isinstance(answer, bytes):
                answer = await answer
            size += len(answer)
            if size > self.limits.answer_bytes:
                return _error_answer(None, self._answer_too_large())
            if answer:
                answers.append(answer)
            await turn.pass_on()
        return b"[" + b",".join(answers) + b"]" if answers else b""

    def _begin_one(self, request: Any, connection: Connection | None) -> bytes | Awaitable[bytes]:
        if not _is_request(request):
            return _error_answer(None, InvalidRequest())
        if "id" not in request:
            return b""
        name, request_id = request["method"], request["id"]
        try:
            result = self._method(name).call(request.get("params"), connection)
        except EXPECTED as error:
            return self._failed(name, request_id, error)
        except Exception:
            log.exception("method=%s failed", name)
            return self._failed(name, request_id, InternalError())
        if inspect.iscoroutine(result):
            return self._finish(name, request_id, result)
        return self._answered(name, request_id, result)

    async def _finish(self, name: str, request_id: Any, result: Awaitable[Any]) -> bytes:
        try:
            return self._answered(name, request_id, await result)
        except EXPECTED as error:
            return self._failed(name, request_id, error)
        except Exception:
            log.exception("method=%s failed", name)
            return self._failed(name, request_id, InternalError())

    def _method(self, name: str) -> Method:
        method = self._methods.get(name)
        if method is None:
            raise UnknownMethod
        return method

    def _answered(self, name: str, request_id: Any, result: Any) -> bytes:
        answer = orjson.dumps({"jsonrpc": "2.0", "id": request_id, "result": result})
        if len(answer) > self.limits.answer_bytes:
            return self._failed(name, request_id, self._answer_too_large())
        self._count(name, failed=False)
        return answer

    def _failed(self, name: str, request_id: Any, error: Exception) -> bytes:
        self._count(name, failed=True)
        return _error_answer(request_id, as_rpc_error(error, self._hash_of))

    def _count(self, name: str, *, failed: bool) -> None:
        # Names that clients make up must not become labels without end.
        key = (name if name in self._methods else "unknown", failed)
        self.counts[key] = self.counts.get(key, 0) + 1

    def _answer_too_large(self) -> TooLarge:
        return TooLarge(-32008, "Response is too big", self.limits.answer_bytes)


def _is_request(request: Any) -> bool:
    return (
        isinstance(request, dict)
        and isinstance(request.get("method"), str)
        and isinstance(request.get("id"), (str, int, float, type(None)))
    )


def _error_answer(request_id: Any, error: RpcError) -> bytes:
    return orjson.dumps({"jsonrpc": "2.0", "id": request_id, "error": error.to_json()})
