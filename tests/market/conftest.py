from contextlib import AsyncExitStack

import pytest

from market_on_loopback import Town


@pytest.fixture
async def town(tmp_path):
    async with AsyncExitStack() as ends:
        yield await Town(tmp_path, ends).open()
