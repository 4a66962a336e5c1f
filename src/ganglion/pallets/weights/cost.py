"""A call's weight from its measured parts."""

from __future__ import annotations

from ganglion.frame.dispatch import DispatchClass, Pays
from ganglion.frame.runtime import CallWeight
from ganglion.pallets.system.limits import DB_WEIGHT


def cost(
    ref_time: int, proof_size: int, reads: int, writes: int, *, free: bool = False, operational: bool = False
) -> CallWeight:
    """The weight of a call that computes for `ref_time` picoseconds and touches the database so often."""
    return CallWeight(
        ref_time + reads * DB_WEIGHT.read + writes * DB_WEIGHT.write,
        DispatchClass.Operational if operational else DispatchClass.Normal,
        Pays.No if free else Pays.Yes,
        proof_size,
    )
