"""A subnet whose settings can be changed: its epoch is far away and no rate limit holds."""

from typing import Any

import pytest

from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule


@pytest.fixture
def netuid(chain: Any) -> int:
    """A started subnet of `owner`, outside its freeze window."""
    netuid = chain.subnet()
    chain[EpochSchedule].restart(netuid)
    return int(netuid)


@pytest.fixture
def settings(subtensor_runtime: Any) -> dict[str, Any]:
    """Call name -> declaration of every AdminUtils call."""
    (pallet,) = (each for each in subtensor_runtime.pallets if each.name == "AdminUtils")
    return {entry.function: entry for entry in pallet.calls.by_index.values()}
