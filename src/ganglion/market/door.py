"""Who may come in: a key that holds, within its limits, with a body of bounded size and time.

The key is checked before a byte of the body is read, so that a stranger costs a hash and one look into an
index.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import hdrs, web

from ganglion.market.errors import ApiError, too_large, unauthenticated
from ganglion.market.keys import Key, Keys
from ganglion.market.limits import KeyLimits
from ganglion.market.visit import Till, Visit

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
_BEARER = "Bearer "

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Desk: TypeAlias = Callable[[Visit, web.Request, bytes], Awaitable[web.StreamResponse]]
"""Answers one visit, whose body is complete."""


class Door:
    """Lets visits in. `read_timeout_s` bounds the arrival of a body."""

    def __init__(self, keys: Keys, till: Till, *, read_timeout_s: float = 5.0) -> None:
        self._keys = keys
        self._till = till
        self._limits = KeyLimits(till.clock)
        self._read_timeout_s = read_timeout_s
        self._opened = till.clock.now_ns()
        self._numbers = itertools.count(1)

    def before(self, desk: Desk) -> Handler:
        """`desk`, behind this door."""

        async def handle(request: web.Request) -> web.StreamResponse:
            started = self._till.clock.monotonic()
            key = self._key(request)
            with self._limits.enter(key):
                body = await self._body(request)
                number = f"req-{self._opened:x}-{next(self._numbers)}"
                return await desk(Visit(number, key, started, self._till), request, body)

        return handle

    @web.middleware
    async def in_openai_shape(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every failure as OpenAI's clients expect it, logged and counted."""
        try:
            response = await handler(request)
        except ApiError as error:
            refusal = error
        except web.HTTPException as error:
            reason = error.reason.lower()
            refusal = ApiError(error.status, "invalid_request_error", reason.replace(" ", "_"), reason)
        except Exception:
            log.exception("failed method=%s path=%s", request.method, request.path)
            refusal = ApiError(
                500, "server_error", "internal_error", "the market failed; the fault is its own"
            )
        else:
            self._till.metrics.answered(str(response.status))
            return response
        self._till.metrics.answered(refusal.code)
        log.info(
            "refused remote=%s method=%s path=%.80r status=%d code=%s",
            request.remote, request.method, request.path, refusal.status, refusal.code,
        )  # fmt: skip
        return web.json_response(refusal.body(), status=refusal.status, headers=_headers(refusal))

    def _key(self, request: web.Request) -> Key:
        given = request.headers.get(hdrs.AUTHORIZATION)
        if given is None or not given.startswith(_BEARER):
            raise unauthenticated("no API key: send the header 'Authorization: Bearer sk-ganglion-...'")
        key = self._keys.find(given.removeprefix(_BEARER).strip())
        if key is None:
            raise unauthenticated("this API key is unknown or revoked")
        return key

    async def _body(self, request: web.Request) -> bytes:
        if (request.content_length or 0) > MAX_BODY:
            raise too_large(MAX_BODY)
        try:
            async with asyncio.timeout(self._read_timeout_s):
                return await request.read()
        except TimeoutError as error:
            message = f"the body was not complete within {self._read_timeout_s:g} s"
            raise ApiError(408, "invalid_request_error", "request_timeout", message) from error
        except web.HTTPRequestEntityTooLarge as error:
            raise too_large(MAX_BODY) from error


def _headers(refusal: ApiError) -> dict[str, str]:
    if refusal.status == 401:
        return {hdrs.WWW_AUTHENTICATE: "Bearer"}
    if refusal.code == "insufficient_quota":
        return {"x-should-retry": "false"}  # OpenAI's clients heed it: waiting does not fill a purse
    return {}
