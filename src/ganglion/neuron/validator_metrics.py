"""What Prometheus is told about a validator, taken from the events which it reports."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest

from ganglion.neuron.report import Event, Reporter, RoundAsked, RoundScored, WeightsSet

_BUCKETS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120)


class ValidatorMetrics:
    """A reporter which counts events of a validator of `task` and passes them on to the `following` one."""

    def __init__(self, task: str, following: Reporter) -> None:
        self._following = following
        self._task = task
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._outcomes = self._counter("answers", "Questions asked, by outcome: ok, or the fault.", "outcome")
        self._asked = self._counter("rounds_asked", "Rounds asked.")
        self._graded = self._counter("rounds_graded", "Rounds graded.")
        self._weights = self._counter("weights_set", "Times that weights were set.")
        self._round_s = Histogram(
            "ganglion_validator_round_seconds",
            "From the first question of a round to its last answer.",
            ("task",),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._waiting = self._gauge("rounds_waiting", "Rounds which wait to be graded.")
        self._weights_block = self._gauge("weights_block", "Block at which weights were set last.")

    def report(self, event: Event) -> None:
        """See `Reporter.report`."""
        if isinstance(event, RoundAsked):
            self._asked.labels(self._task).inc()
            self._round_s.labels(self._task).observe(event.seconds)
            self._waiting.labels(self._task).set(event.waiting)
            for outcome, count in event.outcomes.items():
                self._outcomes.labels(self._task, outcome).inc(count)
        elif isinstance(event, RoundScored):
            self._graded.labels(self._task).inc()
        elif isinstance(event, WeightsSet):
            self._weights.labels(self._task).inc()
            self._weights_block.labels(self._task).set(event.block)
        self._following.report(event)

    def page(self) -> bytes:
        """The exposition format's text."""
        return generate_latest(self._registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"ganglion_validator_{name}", meaning, ("task", *labels), registry=self._registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"ganglion_validator_{name}", meaning, ("task",), registry=self._registry)
