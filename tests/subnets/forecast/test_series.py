import numpy as np

from ganglion.subnets.forecast.disguise import SPAN, WINDOW, disguised, placement
from ganglion.subnets.forecast.series import held_out_series, learning_series, public_series


def test_the_series_are_the_published_ones():
    series = public_series()
    assert len(series) == 11
    assert (series["sunspots"][0], series["sunspots"][-1], len(series["sunspots"])) == (5.0, 2.9, 309)
    assert (series["realgdp"][0], len(series["realgdp"])) == (2710.349, 203)
    assert (series["elnino"][0], len(series["elnino"])) == (23.11, 61 * 12)


def test_learning_and_private_parts_make_up_the_series_and_are_long_enough_for_a_question():
    for learning, private, whole in zip(
        learning_series(), held_out_series(), public_series().values(), strict=True
    ):
        assert np.array_equal(np.concatenate([learning, private]), whole)
        assert min(len(learning), len(private)) > 1.2 * (SPAN - 1)


def test_no_disguised_window_ever_comes_twice(rng):
    drawn = [disguised(held_out_series(), 32, rng).history for _ in range(30)]
    assert len({row.tobytes() for rows in drawn for row in rows}) == 30 * 32


def test_the_disguise_depends_on_its_generator_alone():
    one, other = (disguised(held_out_series(), 32, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(one.history, other.history)
    assert np.array_equal(one.future, other.future)


def test_windows_fit_the_messages(rng):
    windows = disguised(held_out_series(), 2000, rng)
    assert windows.history.shape == (2000, WINDOW)
    assert np.abs(windows.history).max() < 1e6
    assert np.array_equal(windows.history, np.round(windows.history, 6))


def test_units_differ_from_window_to_window(rng):
    factor, offset = placement(1000, rng)
    assert 0.4 < np.mean(factor > 0) < 0.6
    assert np.abs(factor).max() / np.abs(factor).min() > 1000
    assert len(set(offset)) == 1000
