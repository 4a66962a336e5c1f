"""What a miner does with a request, without any socket: check, decode, answer.

Order matters: whatever a stranger can cause comes before whatever costs much. A request whose claimed
sender is not admitted is refused before its body is read; the signature is checked before the body is
parsed; the limit counts only requests which the caller really signed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from ganglion.neuron.auth import HOTKEY_HEADER, RequestVerifier
from ganglion.neuron.errors import NotAuthenticated
from ganglion.neuron.limits import Admission, CallerLimit

log = logging.getLogger(__name__)

Q = TypeVar("Q", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Route(Generic[Q]):
    """One POST endpoint: requests of model `request`, answered by `answer(request, caller_hotkey)`."""

    path: str
    request: type[Q]
    answer: Callable[[Q, str], Awaitable[BaseModel]]


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and JSON body of an HTTP answer."""

    status: int
    body: bytes


def refusal(status: int, error: str, detail: str) -> Reply:
    """The reply which says why a request was not served."""
    return Reply(status, json.dumps({"error": error, "detail": detail}).encode())


class Service:
    """The routes of one neuron behind authentication, admission and limits. `max_body` in bytes."""

    def __init__(
        self,
        routes: tuple[Route[Q], ...],
        *,
        verifier: RequestVerifier,
        admission: Admission,
        limit: CallerLimit,
        max_body: int,
    ) -> None:
        self._routes = {route.path: route for route in routes}
        self._verifier = verifier
        self._admission = admission
        self._limit = limit
        self.max_body = max_body

    def refuse_unread(self, *, path: str, headers: Mapping[str, str], length: int | None) -> Reply | None:
        """Refuse by head alone, before the body is read; None to go on. `length` is the announced size in
        bytes.
        """
        if path not in self._routes:
            return refusal(404, "NotFound", "no such path")
        if length is not None and length > self.max_body:
            return refusal(413, "TooLarge", f"body exceeds {self.max_body} bytes")
        claimed = headers.get(HOTKEY_HEADER)
        if claimed is None:
            return refusal(401, "MalformedAuth", f"missing {HOTKEY_HEADER}")
        if not self._admission.admits(claimed):
            return refusal(403, "NotAdmitted", "caller is not a permitted or staked neuron of this subnet")
        return None

    async def answer(self, *, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Serve a POST whose body is complete."""
        refused = self.refuse_unread(path=path, headers=headers, length=len(body))
        if refused is not None:
            return refused
        try:
            caller = self._verifier.sender(headers, method="POST", path=path, body=body)
        except NotAuthenticated as error:
            return refusal(401, error.reason, str(error))
        if not self._limit.allows(caller):
            return refusal(429, "TooManyRequests", "caller exceeds its rate")
        return await self._dispatch(self._routes[path], caller, body)

    async def _dispatch(self, route: Route[Q], caller: str, body: bytes) -> Reply:
        try:
            request = route.request.model_validate_json(body)
        except ValidationError as error:
            return refusal(422, "InvalidRequest", f"{error.error_count()} fields do not fit the model")
        try:
            answer = await route.answer(request, caller)
        except Exception:
            log.exception("handler failed path=%s caller=%s", route.path, caller)
            return refusal(500, "HandlerFailed", "the miner could not answer")
        return Reply(200, answer.model_dump_json().encode())
