"""What Prometheus is told about a miner."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest

from ganglion.neuron.gate import Gate

OK = "ok"
_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """The figures of one miner of `task`. Every miner of a process has its own."""

    def __init__(self, task: str, gate: Gate) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        requests = Counter(
            "ganglion_miner_requests",
            "Requests by outcome: ok, or the name of the refusal.",
            ("task", "outcome"),
            registry=self._registry,
        )
        seconds = Histogram(
            "ganglion_miner_answer_seconds",
            "From the arrival of a request to its answer, of answered ones.",
            ("task",),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        in_flight = Gauge(
            "ganglion_miner_in_flight", "Requests being answered.", ("task",), registry=self._registry
        )
        waiting = Gauge(
            "ganglion_miner_waiting", "Requests waiting for their turn.", ("task",), registry=self._registry
        )
        in_flight.labels(task).set_function(lambda: gate.in_flight)
        waiting.labels(task).set_function(lambda: gate.waiting)
        self._task = task
        self._requests = requests
        self._seconds = seconds.labels(task)

    def answered(self, seconds: float) -> None:
        """Count an answer which took so long."""
        self._requests.labels(self._task, OK).inc()
        self._seconds.observe(seconds)

    def refused(self, error: str) -> None:
        """Count a refusal by its name."""
        self._requests.labels(self._task, error).inc()

    def page(self) -> bytes:
        """The exposition format's text."""
        return generate_latest(self._registry)
