"""Figures for Prometheus on a port of their own, which only the operator needs to reach."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from ganglion.neuron.protocols import Endpoint

log = logging.getLogger(__name__)


def metrics_response(page: bytes) -> web.Response:
    """`page`, which is the exposition format's text."""
    return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_LATEST})


@asynccontextmanager
async def metrics_served(place: Endpoint | None, page: Callable[[], bytes]) -> AsyncIterator[None]:
    """Answer GET /metrics at `place`, where there is one, while entered; port 0 takes a free one.

    Raises: OSError.
    """
    if place is None:
        yield
        return

    async def on_metrics(_request: web.Request) -> web.Response:
        return metrics_response(page())

    app = web.Application()
    app.router.add_get("/metrics", on_metrics)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, place.ip, place.port).start()
        host, port = runner.addresses[0][:2]
        log.info("metrics url=%s/metrics", Endpoint(host, port).url)
        yield
    finally:
        await runner.cleanup()
