"""Requests to other neurons over HTTP, with one bound on time and one on size.

A peer is hostile until checked: redirects are not followed, proxies of the environment are not used, and
the body is counted as it arrives on the wire, so that a compressed answer cannot unfold.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx

from ganglion.neuron.errors import AnswerTooLarge, PeerTooSlow, PeerUnreachable
from ganglion.neuron.protocols import Endpoint, Response


class HttpTransport:
    """`Transport` over httpx. Connections are kept and reused."""

    def __init__(self, *, max_connections: int = 512) -> None:
        limits = httpx.Limits(max_connections=max_connections, max_keepalive_connections=max_connections)
        # One bound on the whole exchange replaces httpx's bounds per read, which a peer that drips bytes
        # resets.
        self._http = httpx.AsyncClient(timeout=None, limits=limits, trust_env=False, follow_redirects=False)

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
        """See `Transport.post`."""
        sent = {"Content-Type": "application/json", "Accept-Encoding": "identity", **headers}
        try:
            async with asyncio.timeout(timeout_s):
                async with self._http.stream(
                    "POST", endpoint.url + path, headers=sent, content=body
                ) as answer:
                    return Response(answer.status_code, await _read(answer, max_bytes))
        except TimeoutError as error:
            raise PeerTooSlow(timeout_s) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PeerUnreachable(f"{endpoint.url}: {type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Close every connection."""
        await self._http.aclose()


async def _read(answer: httpx.Response, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > max_bytes:
            raise AnswerTooLarge(max_bytes)
    return bytes(body)
