import pytest

from ganglion.neuron.report import MinerScore, RoundAsked, RoundScored, WeightsSet
from ganglion.neuron.validator_metrics import ValidatorMetrics


@pytest.fixture
def metrics(events):
    return ValidatorMetrics("echo", events)


def test_rounds_outcomes_and_weights_are_counted(metrics):
    metrics.report(RoundAsked(1, 7, 100, 0.4, {"ok": 3, "late": 1}, waiting=2))
    metrics.report(RoundAsked(1, 8, 101, 1.5, {"ok": 4}, waiting=3))
    metrics.report(RoundScored(1, 7, 100, (MinerScore(0, "a", 1.0, 0.1, 0.5, "ok"),)))
    metrics.report(WeightsSet(1, 102, (0,), (65535,)))
    page = metrics.page().decode()
    for line in (
        'rounds_asked_total{task="echo"} 2.0',
        'rounds_graded_total{task="echo"} 1.0',
        'rounds_waiting{task="echo"} 3.0',
        'answers_total{outcome="ok",task="echo"} 7.0',
        'answers_total{outcome="late",task="echo"} 1.0',
        'round_seconds_sum{task="echo"} 1.9',
        'weights_set_total{task="echo"} 1.0',
        'weights_block{task="echo"} 102.0',
    ):
        assert f"ganglion_validator_{line}\n" in page


def test_every_event_goes_on(metrics, events):
    told = [RoundAsked(1, 7, 100, 0.4, {"ok": 3}, 0), WeightsSet(1, 102, (0,), (65535,))]
    for event in told:
        metrics.report(event)
    assert events.seen == told
