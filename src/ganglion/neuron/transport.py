"""Requests to other neurons over HTTP, with one bound on time and one on size.

A peer is hostile until checked: redirects are not followed, proxies of the environment are not used, and
the body is counted as it arrives on the wire, so that a compressed answer cannot unfold.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from types import MappingProxyType

import aiohttp
from yarl import URL

from ganglion.neuron.errors import AnswerTooLarge, PeerTooSlow, PeerUnreachable
from ganglion.neuron.protocols import Endpoint, Incoming, Response


class HttpTransport:
    """`Transport` over aiohttp, whose pool stays quick with hundreds of requests under way. Connections are
    kept and reused.
    """

    def __init__(self, *, max_connections: int = 512) -> None:
        self._max_connections = max_connections
        self._session: aiohttp.ClientSession | None = None

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
        with _named(endpoint, timeout_s):
            async with asyncio.timeout(timeout_s):
                async with self._open(endpoint, path, headers, body) as answer:
                    read = b"".join([chunk async for chunk in _bounded(answer, max_bytes)])
                    headers = {name.lower(): value for name, value in answer.headers.items()}
                    return Response(answer.status, read, MappingProxyType(headers))

    @asynccontextmanager
    async def stream(
        self,
        endpoint: Endpoint,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        timeout_s: float,
        max_bytes: int,
    ) -> AsyncIterator[Incoming]:
        """See `Transport.stream`."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        opened = self._open(endpoint, path, headers, body)
        with _named(endpoint, timeout_s):
            async with asyncio.timeout_at(deadline):
                answer = await opened.__aenter__()
        try:
            yield Incoming(answer.status, _lines(answer, endpoint, timeout_s, deadline, max_bytes))
        finally:
            await opened.__aexit__(None, None, None)

    async def close(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @asynccontextmanager
    async def _open(
        self, endpoint: Endpoint, path: str, headers: Mapping[str, str], body: bytes
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        sent = {"Content-Type": "application/json", "Accept-Encoding": "identity", **headers}
        # The path is signed: it must travel exactly as it is.
        url = URL(endpoint.url + path, encoded=True)
        async with self._http().post(url, data=body, headers=sent, allow_redirects=False) as answer:
            yield answer

    def _http(self) -> aiohttp.ClientSession:
        # Made at first use: it belongs to the loop which runs then.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._max_connections),
                # One bound on the whole exchange replaces bounds per read, which a peer that drips bytes
                # resets.
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


async def _lines(
    answer: aiohttp.ClientResponse, endpoint: Endpoint, timeout_s: float, deadline: float, max_bytes: int
) -> AsyncIterator[bytes]:
    chunks = _bounded(answer, max_bytes)
    rest = bytearray()
    while True:
        with _named(endpoint, timeout_s):
            async with asyncio.timeout_at(deadline):
                chunk = await anext(chunks, None)
        if chunk is None:
            break
        rest += chunk
        if b"\n" in chunk:
            *lines, rest = rest.split(b"\n")
            for line in lines:
                yield bytes(line) + b"\n"
    if rest:
        yield bytes(rest)


async def _bounded(answer: aiohttp.ClientResponse, max_bytes: int) -> AsyncIterator[bytes]:
    seen = 0
    async for chunk in answer.content.iter_any():
        seen += len(chunk)
        if seen > max_bytes:
            raise AnswerTooLarge(max_bytes)
        yield chunk


@contextmanager
def _named(endpoint: Endpoint, timeout_s: float) -> Iterator[None]:
    """The failures of an exchange by our own names."""
    try:
        yield
    except TimeoutError as error:
        raise PeerTooSlow(timeout_s) from error
    except (aiohttp.ClientError, ValueError) as error:
        raise PeerUnreachable(f"{endpoint.url}: {type(error).__name__}: {error}") from error
