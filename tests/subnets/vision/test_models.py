from itertools import pairwise

import numpy as np
import pytest

from ganglion.subnets.vision.data import private_digits
from ganglion.subnets.vision.kinds import ModelKind
from ganglion.subnets.vision.models import make_model


@pytest.fixture(scope="module")
def accuracies():
    test = private_digits(1).drawn(4000, np.random.default_rng(2))
    return [float(np.mean(make_model(kind, 1).labels(test.images) == test.labels)) for kind in ModelKind]


def test_kinds_differ_visibly_in_quality_and_are_listed_best_first(accuracies):
    for better, worse in pairwise(accuracies):
        assert better > worse + 0.02


def test_every_kind_is_far_better_than_chance(accuracies):
    assert min(accuracies) > 0.5


@pytest.mark.parametrize("kind", [ModelKind.MLP, ModelKind.KNN])
def test_the_same_seed_gives_the_same_model(kind):
    images = private_digits(1).drawn(500, np.random.default_rng(2)).images
    assert np.array_equal(make_model(kind, 7).labels(images), make_model(kind, 7).labels(images))
