import asyncio

import pytest

from ganglion.neuron.errors import ChainUnavailable
from ganglion.neuron.loop import forever


class Pauses:
    """A clock which notes how long it was asked to sleep and ends the loop after `limit` sleeps."""

    def __init__(self, limit):
        self.slept = []
        self._limit = limit

    async def sleep(self, seconds):
        self.slept.append(seconds)
        if len(self.slept) == self._limit:
            raise asyncio.CancelledError


async def run(step, *, passes, interval_s=1.0):
    clock = Pauses(passes)
    with pytest.raises(asyncio.CancelledError):
        await forever(step, clock, name="test", interval_s=interval_s)
    return clock.slept


async def test_passes_are_an_interval_apart():
    async def step():
        return None

    assert await run(step, passes=3) == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("error", [ChainUnavailable("ws://x", 4), ZeroDivisionError()])
async def test_failures_lengthen_the_pause_up_to_a_minute_and_end_nothing(error):
    async def step():
        raise error

    assert await run(step, passes=8) == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


async def test_a_success_brings_the_interval_back():
    outcomes = iter([ChainUnavailable("ws://x", 4), None])

    async def step():
        error = next(outcomes)
        if error is not None:
            raise error

    assert await run(step, passes=2) == [2.0, 1.0]


async def test_an_interval_above_the_longest_pause_is_kept():
    async def step():
        raise ChainUnavailable("ws://x", 4)

    assert await run(step, passes=2, interval_s=300.0) == [300.0, 300.0]


async def test_a_failure_of_our_own_is_logged_with_its_trace(caplog):
    async def step():
        raise ZeroDivisionError

    await run(step, passes=1)
    assert "Traceback" in caplog.text
