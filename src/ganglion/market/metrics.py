"""What Prometheus is told about a market. No label comes from a stranger: models are the market's own."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from ganglion.neuron.client import Fault

_BUCKETS_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """The figures of one market."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter("requests", "Requests by HTTP status, or error code.", "outcome")
        self._asked = self._counter("asked", "Questions to miners; more than answers: hedges.", "model")
        self._faults = self._counter("faults", "Questions which miners failed.", "model", "fault")
        self._units = self._counter("units", "Units sold, by direction.", "model", "direction")
        self._rao = self._counter("earned_rao", "Charged to keys.", "model")
        self._seconds = Histogram(
            "ganglion_market_seconds",
            "From the arrival of a request which a miner served to the end of its answer.",
            ("model",),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._miners = Gauge(
            "ganglion_market_miners", "Miners which can be asked.", ("model",), registry=self._registry
        )

    def answered(self, outcome: str) -> None:
        """Count a request by its outcome."""
        self._requests.labels(outcome).inc()

    def asked(self, model: str) -> None:
        """Count a question to a miner."""
        self._asked.labels(model).inc()

    def failed(self, model: str, fault: Fault) -> None:
        """Count a question which a miner failed."""
        self._faults.labels(model, fault.value).inc()

    def sold(self, model: str, units_in: int, units_out: int, price_rao: int, seconds: float) -> None:
        """Count a sale."""
        self._units.labels(model, "in").inc(units_in)
        self._units.labels(model, "out").inc(units_out)
        self._rao.labels(model).inc(price_rao)
        self._seconds.labels(model).observe(seconds)

    def watch_miners(self, model: str, count: Callable[[], int]) -> None:
        """Show how many miners can be asked for `model`."""
        self._miners.labels(model).set_function(count)

    def page(self) -> bytes:
        """The exposition format's text."""
        return generate_latest(self._registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"ganglion_market_{name}", text, labels, registry=self._registry)
