import asyncio

import pytest

from ganglion.neuron.errors import Refusal
from ganglion.neuron.gate import Gate


class Crowd:
    """Requests at a gate, each inside until it is let go."""

    def __init__(self, gate):
        self._gate = gate
        self.entered = []
        self._ends = {}
        self.tasks = {}

    async def come(self, name, priority):
        self._ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._visit(name, priority))
        await asyncio.sleep(0)

    async def go(self, name):
        self._ends[name].set()
        await self.tasks[name]
        await asyncio.sleep(0)

    async def _visit(self, name, priority):
        async with self._gate.enter(priority):
            self.entered.append(name)
            await self._ends[name].wait()


@pytest.fixture
async def crowd():
    crowd = Crowd(Gate(running=1, queued=2))
    yield crowd
    for task in crowd.tasks.values():
        task.cancel()
    await asyncio.gather(*crowd.tasks.values(), return_exceptions=True)


async def refused(crowd, name):
    with pytest.raises(Refusal) as caught:
        await crowd.tasks[name]
    assert (caught.value.status, caught.value.error) == (503, "Busy")


async def test_more_stake_goes_first_and_equal_stake_in_the_order_of_arrival(crowd):
    crowd._gate._queued = 5
    for name, stake in (("first", 1), ("poor", 1), ("rich", 9), ("poor too", 1), ("rich too", 9)):
        await crowd.come(name, stake)
    for name in ("first", "rich", "rich too", "poor"):
        await crowd.go(name)
    assert crowd.entered == ["first", "rich", "rich too", "poor", "poor too"]


async def test_when_the_queue_is_full_an_equal_newcomer_is_refused(crowd):
    for name in ("inside", "a", "b", "late"):
        await crowd.come(name, 5)
    await refused(crowd, "late")


async def test_when_the_queue_is_full_more_stake_takes_the_place_of_the_least(crowd):
    for name, stake in (("inside", 5), ("a", 3), ("b", 3), ("rich", 4)):
        await crowd.come(name, stake)
    await refused(crowd, "b")
    await crowd.go("inside")
    await crowd.go("rich")
    assert crowd.entered == ["inside", "rich", "a"]


async def test_without_a_queue_nobody_waits():
    gate = Gate(running=1, queued=0)
    async with gate.enter(1):
        with pytest.raises(Refusal):
            async with gate.enter(99):
                pass
    async with gate.enter(1):
        assert gate.in_flight == 1


async def test_who_hangs_up_while_waiting_leaves_no_gap(crowd):
    gate = crowd._gate
    for name in ("inside", "gone", "next"):
        await crowd.come(name, 1)
    crowd.tasks["gone"].cancel()
    await asyncio.sleep(0)
    assert (gate.in_flight, gate.waiting) == (1, 1)
    await crowd.go("inside")
    assert crowd.entered == ["inside", "next"]


async def test_who_hangs_up_when_its_turn_has_just_come_hands_it_on(crowd):
    for name in ("inside", "gone", "next"):
        await crowd.come(name, 1)
    crowd._ends["inside"].set()
    await crowd.tasks["inside"]
    crowd.tasks["gone"].cancel()
    for _ in range(3):
        await asyncio.sleep(0)
    assert crowd.entered in (["inside", "next"], ["inside", "gone", "next"])
    assert (crowd._gate.in_flight, crowd._gate.waiting) == (1, 0)


async def test_everybody_gone_leaves_the_gate_empty(crowd):
    for name in ("a", "b", "c"):
        await crowd.come(name, 1)
    for name in ("a", "b", "c"):
        await crowd.go(name)
    assert (crowd._gate.in_flight, crowd._gate.waiting) == (0, 0)
