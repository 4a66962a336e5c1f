import numpy as np
import pytest

from ganglion.subnets.forecast.disguise import WINDOW
from ganglion.subnets.forecast.prices import PriceHistory
from ganglion.subnets.forecast.task import MAX_HORIZON


def observed(blocks, price=lambda block: 0.02 + 0.001 * np.sin(block), **others):
    history = PriceHistory()
    for block in blocks:
        history.observe(block, {0: 1.0, 1: float(price(block))} | others)
    return history


def test_a_validator_which_just_started_cannot_ask():
    assert observed(range(WINDOW - 1)).windows() is None
    assert observed([5] * WINDOW).windows() is None


def test_prices_that_moved_are_windows_which_end_now():
    windows = observed(range(100, 100 + 3 * WINDOW, 3)).windows()
    last = 100 + 3 * (WINDOW - 1)
    assert windows.netuids == (1,)
    assert windows.history.shape == (1, WINDOW)
    assert windows.history[0, -1] == pytest.approx(0.02 + 0.001 * np.sin(last))
    assert windows.blocks == tuple(last + 3 * k for k in range(1, MAX_HORIZON + 1))


def test_prices_between_rounds_are_read_off_between_them(rng):
    blocks = np.cumsum(rng.integers(1, 4, WINDOW)).tolist()
    windows = observed(blocks, price=lambda block: 1.0 + block).windows()
    steps = np.diff(windows.history[0])
    assert steps == pytest.approx(np.full(WINDOW - 1, windows.blocks[1] - windows.blocks[0]))
    assert windows.history[0, -1] == 1.0 + blocks[-1]


def test_only_the_newest_rounds_count():
    long = observed(range(500)).windows()
    assert np.array_equal(long.history, observed(range(500 - WINDOW, 500)).windows().history)


def test_a_subnet_that_came_later_waits_until_its_window_is_full():
    history = observed(range(WINDOW))
    history.observe(WINDOW, {1: 0.5, 7: 0.3})
    assert history.windows().netuids == (1,)


def test_prices_that_stand_still_are_not_asked_about():
    assert observed(range(WINDOW), price=lambda _: 0.02).windows() is None
    assert observed(range(WINDOW), price=lambda block: 1 + 1e-16 * block).windows() is None


def test_rounds_too_far_apart_for_the_nodes_memory_are_not_asked_about():
    assert observed(range(0, 17 * WINDOW, 17)).windows() is None
    assert observed(range(0, 16 * WINDOW, 16)).windows().blocks[-1] - 16 * (WINDOW - 1) <= 256


def test_another_chain_starts_over():
    history = observed(range(1000, 1000 + WINDOW))
    history.observe(3, {1: 0.5})
    assert history.windows() is None
