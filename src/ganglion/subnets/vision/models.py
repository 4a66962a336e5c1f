"""Honest classifiers of four kinds, trained at start within seconds, of visibly different quality.

All learn from the public digits under the validators' distortion; how many distorted copies each sees is
part of what makes it better or worse.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from ganglion.subnets.vision.data import Digits, learning_digits
from ganglion.subnets.vision.kinds import ModelKind
from ganglion.subnets.vision.task import CLASSES, WHITE, Images, Labels

_MLP_EPOCHS = 20


class TrainedModel:
    """A fitted scikit-learn classifier over grey levels scaled to [0, 1].

    It computes in one thread: several neurons share a machine, and one thread each is faster for all than all
    cores for each.
    """

    def __init__(self, fitted: Any, threads: ThreadpoolController) -> None:
        self._fitted = fitted
        self._threads = threads

    def labels(self, images: Images) -> Labels:
        """One digit per image: (n, 64) -> (n,)."""
        with self._threads.limit(limits=1):
            return np.asarray(self._fitted.predict(_scaled(images)), dtype=np.int64)


def make_model(kind: ModelKind, seed: int) -> TrainedModel:
    """Train a model of `kind`. The same seed gives the same model."""
    trainers = {ModelKind.SVM: _svm, ModelKind.MLP: _mlp, ModelKind.KNN: _knn, ModelKind.LOGISTIC: _logistic}
    threads = ThreadpoolController()
    with threads.limit(limits=1):
        return TrainedModel(trainers[kind](learning_digits(), np.random.default_rng(seed)), threads)


def _svm(digits: Digits, rng: np.random.Generator) -> SVC:
    return _fitted(SVC(C=5.0), digits.augmented(6, rng))


def _knn(digits: Digits, rng: np.random.Generator) -> KNeighborsClassifier:
    return _fitted(KNeighborsClassifier(n_neighbors=3), digits.augmented(1, rng))


def _logistic(digits: Digits, rng: np.random.Generator) -> LogisticRegression:
    return _fitted(LogisticRegression(C=0.1, max_iter=1000), digits.augmented(2, rng))


def _mlp(digits: Digits, rng: np.random.Generator) -> MLPClassifier:
    model = MLPClassifier(
        hidden_layer_sizes=(96,),
        batch_size=128,
        learning_rate_init=3e-3,
        random_state=int(rng.integers(2**31)),
    )
    seen = digits.augmented(8, rng)
    for _ in range(_MLP_EPOCHS):
        model.partial_fit(_scaled(seen.images), seen.labels, classes=np.arange(CLASSES))
    return model


def _fitted(model: Any, digits: Digits) -> Any:
    return model.fit(_scaled(digits.images), digits.labels)


def _scaled(images: Images) -> np.typing.NDArray[np.float64]:
    return images / np.float64(WHITE)
