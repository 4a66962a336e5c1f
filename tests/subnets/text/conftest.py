import numpy as np
import pytest

from ganglion.subnets.text.challenge import Questioner
from ganglion.subnets.text.kinds import ModelKind
from ganglion.subnets.text.models import LanguageModel
from text_cases import model_of


@pytest.fixture(scope="session")
def blend() -> LanguageModel:
    return model_of(ModelKind.BLEND)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.fixture
def challenge():
    """A question of the validator with secret 7."""
    return Questioner(7, period=360).challenge(1000, np.random.default_rng(5))
