"""What Scheduler stores. Source: polkadot-sdk substrate/frame/scheduler/src/lib.rs."""

from __future__ import annotations

from typing import Annotated

from ganglion.frame.primitives import BlockNumber
from ganglion.pallets.origin_caller import OriginCaller
from ganglion.pallets.preimage.types import BoundedCall
from ganglion.scale import Struct
from ganglion.scale.markers import Bounded
from ganglion.scale.types import Bytes32, Vec, u8, u32

MAX_SCHEDULED = 50

TaskAddress = tuple[BlockNumber, u32]
"""A block, and the task's place in its agenda."""

Period = tuple[BlockNumber, u32]
"""Blocks between runs, and how many runs."""


class Task(Struct, path="pallet_scheduler::Scheduled"):
    """A call to be made. The lower the priority, the earlier in its block."""

    maybe_id: Bytes32 | None
    priority: u8
    call: BoundedCall
    maybe_periodic: Period | None
    origin: OriginCaller


class RetryConfig(Struct, path="pallet_scheduler::RetryConfig"):
    """How often a task that fails is run again, how often still, and after how many blocks."""

    total_retries: u8
    remaining: u8
    period: BlockNumber


Agenda = Annotated[Vec[Task | None], Bounded(MAX_SCHEDULED)]
