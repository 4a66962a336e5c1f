"""The names of what can answer in a forecast miner."""

from __future__ import annotations

from enum import StrEnum


class ModelKind(StrEnum):
    """Honest forecasters, best first."""

    ENSEMBLE = "ensemble"
    AUTOREGRESSION = "autoregression"
    SHORT = "short"
    MOMENTUM = "momentum"


class CheatKind(StrEnum):
    """Miners which try to earn without."""

    RANDOM = "random"
    CONSTANT = "constant"
    LAST = "last"
    NAIVE = "naive"
    ECHO = "echo"
    WIDE = "wide"
    LOOKUP = "lookup"
    LATE = "late"
    COPIER = "copier"
    TWIN = "twin"


KINDS = (*ModelKind, *CheatKind)
