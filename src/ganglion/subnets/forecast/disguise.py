"""What makes a window of a public series one that nobody has seen.

Each window is a mixture of stretches of three series which have the trend and the spectrum of public ones,
and so their seasons and their memory, but took another course (phase-randomised surrogates: Theiler and
others, Physica D 58, 1992). They are read at one random rhythm, so that a year has another number of steps
each time, each perhaps upside down, with fresh autocorrelated noise upon it, then shifted and scaled. What
comes next is written nowhere, while who understands trend, season and memory knows as much as anybody can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ganglion.subnets.forecast.task import MAX_HORIZON, Floats

WINDOW = 64
"""Steps of history in a question."""
SPAN = WINDOW + MAX_HORIZON

_PARTS = 3
_RHYTHM = (0.6, 1.2)  # steps of the public series per step of the window
_NOISE = (0.05, 0.2)  # standard deviations of the mixture
_PERSISTENCE = (0.3, 1.0)  # coefficient of the noise's autoregression
_MAGNITUDE = (-1.0, 3.0)  # power of ten
_OFFSET = 3.0  # standard deviations of the window


@dataclass(frozen=True, slots=True)
class Windows:
    """Histories (n, WINDOW) and what followed them (n, MAX_HORIZON)."""

    history: Floats
    future: Floats


def disguised(series: Sequence[Floats], count: int, rng: np.random.Generator) -> Windows:
    """`count` windows which were never seen before and will not be again."""
    shares = rng.dirichlet(np.ones(_PARTS), count)
    rhythm = rng.uniform(*_RHYTHM, count)
    mixture = np.zeros((count, SPAN))
    for part in range(_PARTS):
        mixture += shares[:, [part]] * _stretches(series, rhythm, rng)
    amount = rng.uniform(*_NOISE, (count, 1))
    return moved(_standard(mixture) + amount * _noise(count, rng), rng)


def moved(spans: Floats, rng: np.random.Generator) -> Windows:
    """Each of `spans` (n, SPAN) shifted, scaled and perhaps turned upside down by its own draw."""
    factor, offset = placement(len(spans), rng)
    placed = np.round(spans * factor[:, None] + offset[:, None], 6)
    return Windows(placed[:, :WINDOW], placed[:, WINDOW:])


def placement(count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Factors and offsets (count,) which put standardised windows into a world of units of their own."""
    factor = 10 ** rng.uniform(*_MAGNITUDE, count)
    return np.asarray(factor * rng.choice([-1.0, 1.0], count)), factor * rng.normal(0.0, _OFFSET, count)


def plain(series: Sequence[Floats], count: int, rng: np.random.Generator) -> Windows:
    """`count` windows of the series as they are: for measuring, not for questions."""
    picked = [series[index] for index in _picked(series, count, rng)]
    starts = [int(rng.integers(0, len(values) - SPAN + 1)) for values in picked]
    spans = np.stack([values[at : at + SPAN] for values, at in zip(picked, starts, strict=True)])
    return Windows(spans[:, :WINDOW], spans[:, WINDOW:])


def _stretches(series: Sequence[Floats], rhythm: Floats, rng: np.random.Generator) -> Floats:
    """(n, SPAN): stretches of random series at `rhythm` (n,), reborn, standardised, either way up."""
    spans = np.empty((len(rhythm), SPAN))
    for row, index in enumerate(_picked(series, len(rhythm), rng)):
        values = _reborn(series[index], rng)
        steps = rhythm[row] * np.arange(SPAN)
        start = rng.uniform(0, len(values) - 1 - steps[-1])
        spans[row] = np.interp(start + steps, np.arange(len(values)), values)
    return np.asarray(_standard(spans) * rng.choice([-1.0, 1.0], (len(rhythm), 1)))


def _reborn(values: Floats, rng: np.random.Generator) -> Floats:
    """A series with the trend and the spectrum of `values`, thus their seasons and their memory, which took
    another course: the phases of its waves are drawn by chance.
    """
    time = np.arange(len(values))
    trend = np.polynomial.Polynomial.fit(time, values, 1)(time)
    waves = np.fft.rfft(values - trend)
    turned = waves * np.exp(2j * np.pi * rng.uniform(size=len(waves)))
    return np.asarray(trend + np.fft.irfft(turned, len(values)))


def _picked(series: Sequence[Floats], count: int, rng: np.random.Generator) -> list[int]:
    """Which series, the longer the more often."""
    lengths = np.array([len(values) for values in series])
    return [int(index) for index in rng.choice(len(series), count, p=lengths / lengths.sum())]


def _noise(count: int, rng: np.random.Generator) -> Floats:
    """(count, SPAN) standardised autoregressions of the first order, each of a persistence of its own."""
    persistence = rng.uniform(*_PERSISTENCE, count)
    shocks = rng.normal(size=(count, SPAN))
    values = np.zeros((count, SPAN))
    for step in range(1, SPAN):
        values[:, step] = persistence * values[:, step - 1] + shocks[:, step]
    return _standard(values)


def _standard(spans: Floats) -> Floats:
    centred = spans - spans.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(centred.std(axis=1, keepdims=True), 1e-9))
