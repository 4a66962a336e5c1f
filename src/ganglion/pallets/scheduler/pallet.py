"""Scheduler: calls that root has set for later blocks.

Terms: an *agenda* is what is to be done in a block; a *task* is a call in it, known by block and place or
by name. Tasks run as root when their block opens, in order of priority, while they fit into four fifths of
a block; what does not fit waits for the next. A task may be periodic, and may be retried when it fails.
A task whose call cannot be had, or never fits, is forgotten; the real chain keeps it in its old agenda.
Source: polkadot-sdk substrate/frame/scheduler/src/lib.rs; limits: subtensor runtime/src/lib.rs.
"""

from __future__ import annotations

from dataclasses import replace

from ganglion.crypto.hashing import Blake2_128Concat, Twox64Concat
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import (
    NO_WEIGHT,
    DispatchError,
    Error,
    Exhausted,
    InvariantBroken,
    Refused,
    Weight,
)
from ganglion.frame.event import Event
from ganglion.frame.origin import ROOT, Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.frame.primitives import BlockNumber
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.pallets.origin_caller import ByRoot, SystemOrigin
from ganglion.pallets.preimage import Preimage
from ganglion.pallets.preimage.types import BoundedCall, Lookup
from ganglion.pallets.scheduler.types import (
    MAX_SCHEDULED,
    Agenda,
    Period,
    RetryConfig,
    Task,
    TaskAddress,
)
from ganglion.pallets.system import System
from ganglion.scale.containers import Err, Ok
from ganglion.scale.types import Bytes32, Unit, u8, u32

AS_ROOT = SystemOrigin(ByRoot())
LAST_BLOCK = (1 << 32) - 1
MAXIMUM_WEIGHT = Weight(3_200_000_000_000, 14_757_395_258_967_641_292)


class Scheduler(Pallet, crate="pallet_scheduler"):
    """Agendas of later blocks."""

    preimages: Preimage
    system: System

    # The first block whose agenda is not done, if some are not.
    incomplete_since: StorageValue[BlockNumber | None] = storage()
    # block -> its tasks. Places of tasks that were cancelled or done are empty.
    agenda: StorageMap[BlockNumber, Agenda] = storage(Twox64Concat, default=())
    # task -> how it is retried.
    retries: StorageMap[TaskAddress, RetryConfig | None] = storage(Blake2_128Concat)
    # name -> task.
    lookup: StorageMap[Bytes32, TaskAddress | None] = storage(Twox64Concat)

    maximum_weight: Weight = constant(MAXIMUM_WEIGHT)
    max_scheduled_per_block: u32 = constant(MAX_SCHEDULED)

    class Scheduled(Event, index=0):
        """A task was set."""

        when: BlockNumber
        index: u32

    class Canceled(Event, index=1):
        """A task was cancelled."""

        when: BlockNumber
        index: u32

    class Dispatched(Event, index=2):
        """A task was run and ended so."""

        task: TaskAddress
        id: Bytes32 | None
        result: Ok[Unit] | Err[DispatchError]

    class RetrySet(Event, index=3):
        """A task will be retried if it fails."""

        task: TaskAddress
        id: Bytes32 | None
        period: BlockNumber
        retries: u8

    class RetryCancelled(Event, index=4):
        """A task will not be retried."""

        task: TaskAddress
        id: Bytes32 | None

    class CallUnavailable(Event, index=5):
        """A task's call was not to be had."""

        task: TaskAddress
        id: Bytes32 | None

    class PeriodicFailed(Event, index=6):
        """A task could not be set for its next period: that agenda is full."""

        task: TaskAddress
        id: Bytes32 | None

    class RetryFailed(Event, index=7):
        """A task could not be set for a retry: that agenda is full."""

        task: TaskAddress
        id: Bytes32 | None

    class PermanentlyOverweight(Event, index=8):
        """A task is too heavy for any block."""

        task: TaskAddress
        id: Bytes32 | None

    class AgendaIncomplete(Event, index=9):
        """The agendas from this block on are not done."""

        when: BlockNumber

    class FailedToSchedule(Error, index=0):
        """There is a task of that name."""

    class NotFound(Error, index=1):
        """There is no such task."""

    class TargetBlockNumberInPast(Error, index=2):
        """The block has passed."""

    @call(index=0)
    def schedule(
        self,
        origin: Origin,
        when: BlockNumber,
        maybe_periodic: Period | None,
        priority: u8,
        call: RuntimeCall,
    ) -> None:
        """Root: set a call for a block. Raises: TargetBlockNumberInPast, Exhausted. Emits: Scheduled."""
        self._schedule(origin, when, Task(None, priority, self._keep(origin, call), maybe_periodic, AS_ROOT))

    @call(index=1)
    def cancel(self, origin: Origin, when: BlockNumber, index: u32) -> None:
        """Root: cancel a task. Raises: NotFound. Emits: Canceled."""
        origin.root()
        self._cancel((when, index))

    @call(index=2)
    def schedule_named(
        self,
        origin: Origin,
        id: Bytes32,
        when: BlockNumber,
        maybe_periodic: Period | None,
        priority: u8,
        call: RuntimeCall,
    ) -> None:
        """Root: as `schedule`, under a name. Raises also: FailedToSchedule. Emits: Scheduled."""
        self._schedule(origin, when, Task(id, priority, self._keep(origin, call), maybe_periodic, AS_ROOT))

    @call(index=3)
    def cancel_named(self, origin: Origin, id: Bytes32) -> None:
        """Root: cancel a task by name. Raises: NotFound. Emits: Canceled."""
        origin.root()
        self._cancel(self._named(id))

    @call(index=4)
    def schedule_after(
        self,
        origin: Origin,
        after: BlockNumber,
        maybe_periodic: Period | None,
        priority: u8,
        call: RuntimeCall,
    ) -> None:
        """Root: set a call for so many blocks after the next. Raises: Exhausted. Emits: Scheduled."""
        task = Task(None, priority, self._keep(origin, call), maybe_periodic, AS_ROOT)
        self._schedule(origin, self.system.number.get() + after + 1, task)

    @call(index=5)
    def schedule_named_after(
        self,
        origin: Origin,
        id: Bytes32,
        after: BlockNumber,
        maybe_periodic: Period | None,
        priority: u8,
        call: RuntimeCall,
    ) -> None:
        """Root: as `schedule_after`, under a name. Raises: FailedToSchedule, Exhausted. Emits: Scheduled."""
        task = Task(id, priority, self._keep(origin, call), maybe_periodic, AS_ROOT)
        self._schedule(origin, self.system.number.get() + after + 1, task)

    @call(index=6)
    def set_retry(self, origin: Origin, task: TaskAddress, retries: u8, period: BlockNumber) -> None:
        """Root: run a task again if it fails. Raises: NotFound. Emits: RetrySet."""
        origin.root()
        self._set_retry(task, None, retries, period)

    @call(index=7)
    def set_retry_named(self, origin: Origin, id: Bytes32, retries: u8, period: BlockNumber) -> None:
        """Root: run a task again if it fails. Raises: NotFound. Emits: RetrySet."""
        origin.root()
        self._set_retry(self._named(id), id, retries, period)

    @call(index=8)
    def cancel_retry(self, origin: Origin, task: TaskAddress) -> None:
        """Root: do not run a task again. Raises: NotFound. Emits: RetryCancelled."""
        origin.root()
        self._cancel_retry(task, None)

    @call(index=9)
    def cancel_retry_named(self, origin: Origin, id: Bytes32) -> None:
        """Root: do not run a task again. Raises: NotFound. Emits: RetryCancelled."""
        origin.root()
        self._cancel_retry(self._named(id), id)

    def on_initialize(self) -> None:
        """Do the agendas up to this block. Emits as `_run`, AgendaIncomplete."""
        now = self.system.number.get()
        first = self.incomplete_since.take()
        used, left = NO_WEIGHT, None
        for when in range(now if first is None else first, now + 1):
            used, is_done = self._do(when, used)
            if not is_done and left is None:
                left = when
        if left is not None:
            self.incomplete_since.set(left)
            self.emit(self.AgendaIncomplete(left))

    def try_state(self) -> None:
        """Names lead to the tasks that bear them."""
        for name, address in self.lookup.items():
            task = None if address is None else self._task(address)
            if task is None or task.maybe_id != name:
                raise InvariantBroken(f"the name {name.hex()} is of no task")

    def _do(self, when: int, used: Weight) -> tuple[Weight, bool]:
        """Do one agenda; the weight used then, and whether nothing of it is left."""
        tasks = self.agenda[when]
        order = sorted((task.priority, index) for index, task in enumerate(tasks) if task is not None)
        is_done = True
        for _, index in order:
            task = self._task((when, index))
            if task is None:  # a task before it has cancelled it
                continue
            after = self._run((when, index), task, used)
            if after is None:
                is_done = False
                break
            used = after
        return used, is_done

    def _run(self, address: tuple[int, int], task: Task, used: Weight) -> Weight | None:
        """Run a task; the weight used then, or None if it does not fit any more.

        Emits: Dispatched, CallUnavailable, PermanentlyOverweight, PeriodicFailed, RetryFailed.
        """
        found = self.preimages.peek(task.call)
        if found is None:
            return self._give_up(address, task, used, self.CallUnavailable(address, task.maybe_id))
        after = used + self.world.runtime.info(found).weight
        if not after.fits(self.maximum_weight):
            if used != NO_WEIGHT:
                return None
            return self._give_up(address, task, used, self.PermanentlyOverweight(address, task.maybe_id))
        if task.maybe_id is not None:
            del self.lookup[task.maybe_id]
        self._vacate(address)  # before the call, which may be about this agenda
        outcome = self.world.attempt(found, ROOT)
        failure = outcome.failure
        result = Ok(()) if failure is None else Err(self.world.runtime.dispatch_error(failure))
        retry = self.retries.take(address)
        self.emit(self.Dispatched(address, task.maybe_id, result))
        if failure is not None and retry is not None and retry.remaining:
            self._retry(address, task, retry)
        self._repeat(address, task, retry)
        return used + outcome.actual.weight

    def _give_up(self, address: tuple[int, int], task: Task, used: Weight, told: Event) -> Weight:
        if task.maybe_id is not None:
            del self.lookup[task.maybe_id]
        del self.retries[address]
        self.preimages.drop(task.call)
        self._vacate(address)
        self.emit(told)
        return used

    def _retry(self, address: tuple[int, int], task: Task, retry: RetryConfig) -> None:
        again = replace(task, maybe_id=None, maybe_periodic=None)
        try:
            with self.world.transaction():
                if isinstance(task.call, Lookup):  # the retry needs the call besides the task
                    self.preimages.request(task.call.hash)
                new = self._place(self.system.number.get() + max(retry.period, 1), again)
        except Refused:
            self.emit(self.RetryFailed(address, task.maybe_id))
            return
        self.retries[new] = replace(retry, remaining=retry.remaining - 1)

    def _repeat(self, address: tuple[int, int], task: Task, retry: RetryConfig | None) -> None:
        """Set a periodic task for its next run; need the call of another no more."""
        if task.maybe_periodic is None:
            self.preimages.drop(task.call)
            return
        period, count = task.maybe_periodic
        again = replace(task, maybe_periodic=(period, count - 1) if count > 1 else None)
        try:
            with self.world.transaction():
                new = self._place(self.system.number.get() + period, again)
        except Refused:
            self.preimages.drop(task.call)
            self.emit(self.PeriodicFailed(address, task.maybe_id))
            return
        self.retries[new] = retry

    def _keep(self, origin: Origin, call: RuntimeCall) -> BoundedCall:
        origin.root()
        return self.preimages.bound(call)

    def _schedule(self, origin: Origin, when: int, task: Task) -> None:
        origin.root()
        if when <= self.system.number.get():
            raise self.TargetBlockNumberInPast(when)
        if task.maybe_id is not None and task.maybe_id in self.lookup:
            raise self.FailedToSchedule(task.maybe_id)
        match task.maybe_periodic:
            case (period, count) if period and count > 1:
                self._place(when, replace(task, maybe_periodic=(period, count - 1)))
            case _:
                self._place(when, replace(task, maybe_periodic=None))

    def _place(self, when: int, task: Task) -> tuple[int, int]:
        """Put a task into an agenda, the last there can be for what lies beyond it.

        Raises Refused (Exhausted) if it is full. Emits: Scheduled.
        """
        when = min(when, LAST_BLOCK)
        tasks = self.agenda[when]
        empty = [index for index, other in enumerate(tasks) if other is None]
        if len(tasks) < self.max_scheduled_per_block:
            index = len(tasks)
        elif empty:
            index = empty[0]
        else:
            raise Refused(Exhausted())
        self.agenda[when] = (*tasks[:index], task, *tasks[index + 1 :])
        if task.maybe_id is not None:
            self.lookup[task.maybe_id] = when, index
        self.emit(self.Scheduled(when, index))
        return when, index

    def _cancel(self, address: tuple[int, int]) -> None:
        task = self._task(address)
        if task is None:
            raise self.NotFound(address)
        if task.maybe_id is not None:
            del self.lookup[task.maybe_id]
        del self.retries[address]
        self.preimages.drop(task.call)
        self._vacate(address)
        self.emit(self.Canceled(*address))

    def _vacate(self, address: tuple[int, int]) -> None:
        """Empty a place; an agenda ends with a task."""
        when, index = address
        tasks = list(self.agenda[when])
        tasks[index] = None
        while tasks and tasks[-1] is None:
            tasks.pop()
        if tasks:
            self.agenda[when] = tuple(tasks)
        else:
            del self.agenda[when]

    def _task(self, address: tuple[int, int]) -> Task | None:
        when, index = address
        tasks = self.agenda[when]
        return tasks[index] if index < len(tasks) else None

    def _named(self, name: bytes) -> tuple[int, int]:
        address = self.lookup[name]
        if address is None:
            raise self.NotFound(name)
        return address

    def _set_retry(self, address: tuple[int, int], name: bytes | None, retries: int, period: int) -> None:
        if self._task(address) is None:
            raise self.NotFound(address)
        self.retries[address] = RetryConfig(retries, retries, period)
        self.emit(self.RetrySet(address, name, period, retries))

    def _cancel_retry(self, address: tuple[int, int], name: bytes | None) -> None:
        if self._task(address) is None:
            raise self.NotFound(address)
        del self.retries[address]
        self.emit(self.RetryCancelled(address, name))
