"""The market's HTTP server: the API behind its door, and a status page, health and metrics for everybody."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Self

from aiohttp import web

from ganglion.market.door import MAX_BODY, Door
from ganglion.market.models_api import ModelsApi
from ganglion.market.stalls import Stalls
from ganglion.market.status import page
from ganglion.market.task_api import TaskApi
from ganglion.market.text_api import TextApi
from ganglion.market.visit import Till
from ganglion.neuron.door import Listener
from ganglion.neuron.metrics_page import metrics_response
from ganglion.neuron.protocols import Endpoint

log = logging.getLogger(__name__)


class MarketServer:
    """Serves on (`host`, `port`) while entered; port 0 takes a free one. Leaving it waits up to `drain_s`
    seconds for requests under way.

    `idle_s` bounds how long a connection may be without a complete head of a request; `per_address` is how
    many connections one address may have; `metrics_public` whether anybody may GET /metrics.
    """

    def __init__(
        self,
        stalls: Stalls,
        door: Door,
        till: Till,
        *,
        host: str,
        port: int,
        idle_s: float = 60.0,
        per_address: int = 512,
        metrics_public: bool = True,
        drain_s: float = 4.0,
    ) -> None:
        self._stalls = stalls
        self._till = till
        self._opened = till.clock.monotonic()
        app = self._app(door, metrics_public=metrics_public)
        self._listener = Listener(
            app, host=host, port=port, idle_s=idle_s, per_address=per_address, drain_s=drain_s
        )

    def _app(self, door: Door, *, metrics_public: bool) -> web.Application:
        text, tasks = TextApi(self._stalls), TaskApi(self._stalls)
        models = ModelsApi(self._stalls, self._till.clock.now_ns() // 10**9)
        app = web.Application(client_max_size=MAX_BODY, middlewares=[door.in_openai_shape])
        app.router.add_get("/v1/models", door.before(models.all))
        app.router.add_get("/v1/models/{model:.+}", door.before(models.one))
        app.router.add_post("/v1/chat/completions", door.before(text.chat))
        app.router.add_post("/v1/completions", door.before(text.complete))
        app.router.add_post("/v1/classify", door.before(tasks.classify))
        app.router.add_post("/v1/forecast", door.before(tasks.forecast))
        app.router.add_get("/", self._on_status)
        app.router.add_get("/health", self._on_health)
        if metrics_public:
            app.router.add_get("/metrics", self._on_metrics)
        return app

    @property
    def endpoint(self) -> Endpoint:
        """Where the server listens."""
        return self._listener.endpoint

    async def __aenter__(self) -> Self:
        await self._listener.open()
        log.info("market url=%s", self.endpoint.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._listener.close()

    async def _on_status(self, _request: web.Request) -> web.Response:
        clock = self._till.clock
        html = page(self._stalls, now=clock.monotonic(), uptime_s=clock.monotonic() - self._opened)
        return web.Response(text=html, content_type="text/html")

    async def _on_health(self, _request: web.Request) -> web.Response:
        miners = {broker.offer.model: len(broker.roster.miners) for broker in self._stalls.brokers.values()}
        return web.json_response({"status": "ok" if any(miners.values()) else "waiting", "miners": miners})

    async def _on_metrics(self, _request: web.Request) -> web.Response:
        return metrics_response(self._till.metrics.page())
