"""What Scheduler stores. Source: polkadot-sdk substrate/frame/scheduler/src/lib.rs."""

from __future__ import annotations

from typing import Annotated

from ganglion.frame.primitives import BlockNumber
from ganglion.pallets.preimage.types import BoundedCall
from ganglion.scale import Enum, Struct
from ganglion.scale.markers import Bounded
from ganglion.scale.types import AccountId, Bytes32, Vec, u8, u32

MAX_SCHEDULED = 50

TaskAddress = tuple[BlockNumber, u32]
"""A block, and the task's place in its agenda."""

Period = tuple[BlockNumber, u32]
"""Blocks between runs, and how many runs."""


class RawOrigin(Enum, path="frame_support::dispatch::RawOrigin"):
    """Who makes a call."""


class ByRoot(RawOrigin, index=0, name="Root"): ...


class BySigned(RawOrigin, index=1, name="Signed", positional=True):
    account: AccountId


class ByNobody(RawOrigin, index=2, name="None"): ...


class ByAuthorized(RawOrigin, index=3, name="Authorized"): ...


class OriginCaller(Enum, path="node_subtensor_runtime::OriginCaller"):
    """Who makes a call, of all pallets that know makers."""


class SystemOrigin(OriginCaller, index=0, name="system", positional=True):
    origin: RawOrigin


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
