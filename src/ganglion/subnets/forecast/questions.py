"""Questions: disguised windows of public series, and every few rounds live prices beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from ganglion.neuron.task import Message
from ganglion.neuron.validator import Challenge, Draw, Truth
from ganglion.subnets.forecast.disguise import WINDOW, disguised, placement
from ganglion.subnets.forecast.prices import PriceHistory, PriceWindows
from ganglion.subnets.forecast.task import MAX_HORIZON, MAX_SERIES, Floats, ForecastRequest

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_LIVE = 8

Future = Annotated[tuple[float, ...], Field(min_length=MAX_HORIZON, max_length=MAX_HORIZON)]


class LivePrice(Message):
    """The price of `netuid` at `blocks`, as the question shows it: times `factor`, plus `offset`."""

    netuid: int
    blocks: tuple[int, ...]
    factor: float
    offset: float

    def future(self, truth: Truth) -> Floats | None:
        """What came, (MAX_HORIZON,); None where the subnet is gone."""
        try:
            prices = np.array([truth.price(self.netuid, block) for block in self.blocks])
        except KeyError:
            return None
        return prices * self.factor + self.offset


class ForecastKey(Message):
    """How the series of a question go on: first the disguised ones, which is known, then live prices."""

    futures: Annotated[tuple[Future, ...], Field(max_length=MAX_SERIES)]
    live: Annotated[tuple[LivePrice, ...], Field(max_length=MOST_LIVE)]


def question(
    public: Sequence[Floats], count: int, prices: PriceHistory | None, draw: Draw
) -> Challenge[ForecastRequest]:
    """`count` windows of `public` in disguise, and live ones if `prices` has enough of them: then the answer
    is due when the last of their steps is on the chain.
    """
    windows = disguised(public, count, draw.rng)
    history, futures = windows.history.tolist(), windows.future.tolist()
    known = tuple(tuple(steps) for steps in futures)
    live = None if prices is None else prices.windows()
    if live is None:
        return Challenge(_request(history), ForecastKey(futures=known, live=()))
    shown, live_prices = _shown(live, draw.rng)
    key = ForecastKey(futures=known, live=live_prices)
    return Challenge(_request(history + shown.tolist()), key, live.blocks[-1], live.blocks)


def _shown(live: PriceWindows, rng: np.random.Generator) -> tuple[Floats, tuple[LivePrice, ...]]:
    """At most MOST_LIVE of the prices, in units of their own: who answers cannot tell which subnet's."""
    picked = rng.permutation(len(live.netuids))[:MOST_LIVE]
    history = live.history[picked]
    scale, shift = placement(len(picked), rng)
    factor = np.abs(scale) / history.std(axis=1)
    offset = shift - history.mean(axis=1) * factor
    shown = history * factor[:, None] + offset[:, None]
    return shown, tuple(
        LivePrice(
            netuid=live.netuids[index],
            blocks=live.blocks,
            factor=float(factor[row]),
            offset=float(offset[row]),
        )
        for row, index in enumerate(picked)
    )


def _request(history: Sequence[Sequence[float]]) -> ForecastRequest:
    series = tuple(tuple(values[-WINDOW:]) for values in history)
    return ForecastRequest(series=series, horizon=MAX_HORIZON, levels=LEVELS)
