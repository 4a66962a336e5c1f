"""An HTTP proxy on a bad day: of the requests on their way to a miner, a share is dropped or delayed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from enum import StrEnum
from typing import Self

import aiohttp
from aiohttp import web
from yarl import URL

from ganglion.neuron.protocols import Endpoint


class Fate(StrEnum):
    """What becomes of a request. Of the dropped, half never reach the miner and half lose their answer."""

    PASSED = "passed"
    REQUEST_LOST = "request lost"
    ANSWER_LOST = "answer lost"
    DELAYED = "delayed"


class FaultyProxy:
    """Listens on `front`, asks `back`. `share` of the requests is faulty; a delay is up to `delay_s` long."""

    def __init__(
        self, front: Endpoint, back: Endpoint, rng: random.Random, *, share: float, delay_s: float
    ) -> None:
        self._front = front
        self._back = back
        self._rng = rng
        self._share = share
        self._delay_s = delay_s
        self.fates: Counter[Fate] = Counter()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._on_request)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, handler_cancellation=True)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(auto_decompress=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._front.ip, self._front.port).start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _on_request(self, request: web.Request) -> web.StreamResponse:
        fate = self._drawn()
        self.fates[fate] += 1
        if fate is Fate.DELAYED:
            await asyncio.sleep(self._rng.uniform(0, self._delay_s))
        if fate is Fate.REQUEST_LOST:
            return _cut(request)
        answer = await self._forwarded(request)
        return _cut(request) if fate is Fate.ANSWER_LOST else answer

    def _drawn(self) -> Fate:
        if self._rng.random() >= self._share:
            return Fate.PASSED
        return self._rng.choice((Fate.REQUEST_LOST, Fate.ANSWER_LOST, Fate.DELAYED, Fate.DELAYED))

    async def _forwarded(self, request: web.Request) -> web.StreamResponse:
        # The signature covers the path and the body: both travel as they came.
        url = URL(self._back.url + request.raw_path, encoded=True)
        headers = {name: value for name, value in request.headers.items() if name != "Content-Length"}
        try:
            body = await request.read()
            async with self._session.request(request.method, url, data=body, headers=headers) as answer:
                kept = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
                return web.Response(status=answer.status, body=await answer.read(), headers=kept)
        except aiohttp.ClientError:
            return _cut(request)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
