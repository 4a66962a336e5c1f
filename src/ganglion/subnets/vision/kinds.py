"""The names of what can answer in a vision miner."""

from __future__ import annotations

from enum import StrEnum


class ModelKind(StrEnum):
    """Honest classifiers, best first."""

    SVM = "svm"
    MLP = "mlp"
    KNN = "knn"
    LOGISTIC = "logistic"


class CheatKind(StrEnum):
    """Miners which try to earn without."""

    GUESS = "guess"
    CONSTANT = "constant"
    LATE = "late"
    COPIER = "copier"
    CACHE = "cache"
    TWIN = "twin"


KINDS = (*ModelKind, *CheatKind)
