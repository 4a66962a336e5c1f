"""Which operations a large epoch is computed with; what comes out is the same.

Loading the compiled ones takes most of a second and a hundred megabytes, so nothing loads them before
the first epoch that is large enough.
"""

import logging
from collections.abc import Sequence
from functools import cache

from ganglion.yuma.epoch import PLAIN
from ganglion.yuma.epoch_input import EpochInput
from ganglion.yuma.row_ops import RowOps

log = logging.getLogger(__name__)

LARGE = 1 << 17
"""Weights and bonds, in entries: 256 validators that score 256 uids. Plain numpy takes 15 to 35 ms for as
many, the compiled operations 5 to 12 ms."""


def ops_for(epochs: Sequence[EpochInput]) -> RowOps:
    """The operations for epochs that run together: compiled ones if they are large and numba is there."""
    entries = sum(epoch.weights.entries + epoch.bonds.entries for epoch in epochs)
    return PLAIN if entries < LARGE else fastest_ops()


@cache
def fastest_ops() -> RowOps:
    """The compiled operations, or the plain ones where numba is not installed."""
    try:
        from ganglion.yuma.compiled import COMPILED  # noqa: PLC0415
    except ImportError:
        log.warning("large epochs are computed without numba, which is not installed (extra `fast`)")
        return PLAIN
    return COMPILED
