"""A vision subnet on loopback."""

from contextlib import AsyncExitStack

import numpy as np
import pytest

from ganglion.subnets.vision.package import PACKAGE
from subnet_on_loopback import Subnet


@pytest.fixture
async def subnet(tmp_path):
    async with AsyncExitStack() as ends:
        yield Subnet(PACKAGE, tmp_path / "wallets", ends)


@pytest.fixture
def rng():
    return np.random.default_rng(3)
