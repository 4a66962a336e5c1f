import pytest

from ganglion.neuron.errors import ChainUnavailable
from ganglion.neuron.limits import Admission
from ganglion.neuron.miner_loop import MinerLoop
from ganglion.neuron.protocols import Endpoint
from ganglion.neuron.report import Serving

HERE = Endpoint("10.0.0.1", 8091)


@pytest.fixture
def admission():
    return Admission(min_stake_rao=5)


@pytest.fixture
def loop(chain_of, clock, admission, events):
    return MinerLoop(
        netuid=1,
        hotkey="me",
        chain=chain_of("me"),
        clock=clock,
        admission=admission,
        reporter=events,
        interval_s=1.0,
    )


async def test_a_registered_miner_publishes_itself_once_and_says_so(loop, ledger, events):
    uid = ledger.register("me")
    for _ in range(3):
        await loop.step(HERE)
    assert ledger.neurons[uid].axon == HERE
    assert events.seen == [Serving(1, uid, HERE.url)]


async def test_an_unregistered_miner_waits_for_its_registration(loop, ledger):
    await loop.step(HERE)
    ledger.register("me")
    await loop.step(HERE)
    assert ledger.neurons[0].axon == HERE


async def test_a_changed_axon_is_published_again(loop, ledger):
    ledger.register("me", axon=Endpoint("10.0.0.9", 1))
    await loop.step(HERE)
    assert ledger.neurons[0].axon == HERE


async def test_a_refused_axon_is_tried_again_at_the_next_pass(loop, ledger):
    ledger.register("me")
    ledger.refusal = "ServingRateLimitExceeded"
    await loop.step(HERE)
    assert ledger.neurons[0].axon is None
    ledger.refusal = None
    await loop.step(HERE)
    assert ledger.neurons[0].axon == HERE


async def test_callers_stay_admitted_while_the_chain_is_away(loop, ledger, admission):
    ledger.register("validator", stake_rao=5)
    await loop.step(HERE)
    ledger.down = True
    with pytest.raises(ChainUnavailable):
        await loop.step(HERE)
    assert admission.caller("validator")


async def test_a_miner_knows_the_other_serving_neurons(loop, ledger):
    assert loop.others() == ()
    ledger.register("me", axon=HERE)
    ledger.register("other", axon=Endpoint("10.0.0.2", 1))
    ledger.register("silent")
    await loop.step(HERE)
    assert [neuron.hotkey for neuron in loop.others()] == ["other"]
