"""The chain's own prices as series: collected round by round, asked about before anybody knows the answer.

A chain tells prices of now, so that a validator which starts needs WINDOW rounds until it can ask. Rounds do
not come in equal steps of blocks; windows are read off between them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from ganglion.neuron.validator import Prices
from ganglion.subnets.forecast.disguise import WINDOW
from ganglion.subnets.forecast.task import MAX_HORIZON, Floats

_LONGEST_STEP = 16
"""Blocks. Nodes keep the state of about 256 blocks, and a round is graded after MAX_HORIZON steps."""
_STILL = 1e-9
"""Prices which move by a smaller share than that stand still: below are the digits of a float."""


@dataclass(frozen=True, slots=True)
class PriceWindows:
    """Histories (n, WINDOW) of `netuids` (n,) in TAO per alpha, which end at a block; `blocks` are those of
    the MAX_HORIZON steps to come.
    """

    netuids: tuple[int, ...]
    history: Floats
    blocks: tuple[int, ...]


class PriceHistory:
    """The newest WINDOW observations."""

    def __init__(self) -> None:
        self._seen: deque[tuple[int, Prices]] = deque(maxlen=WINDOW)

    def observe(self, block: int, prices: Prices) -> None:
        """Note the prices at `block`. A block before the last one starts over: it is another chain."""
        if self._seen and block < self._seen[-1][0]:
            self._seen.clear()
        if not self._seen or block > self._seen[-1][0]:
            self._seen.append((block, dict(prices)))

    def windows(self) -> PriceWindows | None:
        """The prices which moved, of subnets there all the time; None without, or where rounds are too few
        or too far apart.
        """
        if len(self._seen) < WINDOW:
            return None
        blocks = np.array([block for block, _ in self._seen])
        step = int(blocks[-1] - blocks[0]) // (WINDOW - 1)
        if step > _LONGEST_STEP:
            return None
        at = blocks[-1] - step * np.arange(WINDOW - 1, -1, -1)
        always = sorted(set.intersection(*(set(prices) for _, prices in self._seen)))
        rows = {
            netuid: np.interp(at, blocks, [prices[netuid] for _, prices in self._seen]) for netuid in always
        }
        moving = tuple(netuid for netuid, row in rows.items() if np.ptp(row) > _STILL * np.abs(row).max())
        if not moving:
            return None
        ahead = tuple(int(blocks[-1]) + step * k for k in range(1, MAX_HORIZON + 1))
        return PriceWindows(moving, np.stack([rows[netuid] for netuid in moving]), ahead)
