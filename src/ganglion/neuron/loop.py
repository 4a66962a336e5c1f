"""A loop which outlives every failure of a single pass."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import NoReturn

from ganglion.neuron.errors import NeuronError
from ganglion.neuron.protocols import Clock

log = logging.getLogger(__name__)

_LONGEST_PAUSE_S = 60.0


async def forever(
    step: Callable[[], Awaitable[None]], clock: Clock, *, name: str, interval_s: float
) -> NoReturn:
    """Run `step` again and again, `interval_s` apart. Ends by cancellation only.

    Failures are logged, expected ones in a line, ours with their trace; while they go on the pause doubles,
    up to a minute.
    """
    pause_s = interval_s
    while True:
        try:
            await step()
            pause_s = interval_s
        except NeuronError as error:
            pause_s = _longer(pause_s)
            log.warning("%s failed retry_s=%g: %s", name, pause_s, error)
        except Exception:
            pause_s = _longer(pause_s)
            log.exception("%s failed retry_s=%g", name, pause_s)
        await clock.sleep(pause_s)


def _longer(pause_s: float) -> float:
    return max(pause_s, min(max(pause_s, 0.5) * 2, _LONGEST_PAUSE_S))
