"""Public series, bundled: where they come from is in `data/README.md`.

Questions are made from the whole of each, since the disguise leaves nothing of its course. The first 55 % is
what our models learn from, and the rest is there to measure how good they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from ganglion.subnets.forecast.task import Floats

_LEARNING = 0.55
_NAMES = (
    "sunspots", "elnino", "co2", "equipment",
    "realgdp", "realcons", "realinv", "cpi", "tbilrate", "unemp", "infl",
)  # fmt: skip


def learning_series() -> tuple[Floats, ...]:
    """The older part of every series, which miners learn from."""
    return tuple(values[: _border(values)] for values in public_series().values())


def held_out_series() -> tuple[Floats, ...]:
    """The newer part of every series, by which true quality is measured."""
    return tuple(values[_border(values) :] for values in public_series().values())


@cache
def public_series() -> Mapping[str, Floats]:
    """Every series in full, by name, oldest value first; read-only."""
    folder = files("ganglion.subnets.forecast") / "data"
    return {name: _column((folder / f"{name}.csv").read_text()) for name in _NAMES}


def _column(text: str) -> Floats:
    values = np.array([float(line) for line in text.splitlines()[1:]])
    values.flags.writeable = False
    return values


def _border(values: Floats) -> int:
    return int(len(values) * _LEARNING)
