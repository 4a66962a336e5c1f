from ganglion.neuron.gate import Gate
from ganglion.neuron.metrics import Metrics


async def test_the_page_follows_the_gate_and_counts_by_name():
    gate = Gate(running=1, queued=1)
    metrics = Metrics("echo", gate)
    async with gate.enter(1):
        metrics.answered(0.03)
        metrics.refused("Busy")
        page = metrics.page().decode()
    assert 'ganglion_miner_in_flight{task="echo"} 1.0' in page
    assert 'ganglion_miner_requests_total{outcome="Busy",task="echo"} 1.0' in page
    assert 'ganglion_miner_answer_seconds_bucket{le="0.02",task="echo"} 0.0' in page
    assert 'ganglion_miner_answer_seconds_bucket{le="0.05",task="echo"} 1.0' in page


def test_two_miners_in_one_process_do_not_mix():
    first, second = (Metrics("echo", Gate(running=1, queued=1)) for _ in range(2))
    first.answered(0.1)
    assert 'outcome="ok"' not in second.page().decode()
