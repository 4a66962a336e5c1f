"""Root sets calls for later blocks; they run in order, may repeat, and are retried when they fail."""

from __future__ import annotations

import pytest

from ganglion.frame.address import AddressId
from ganglion.frame.dispatch import BadOrigin, Refused
from ganglion.frame.origin import ROOT
from ganglion.pallets.balances import Balances
from ganglion.pallets.preimage import Preimage
from ganglion.pallets.preimage.types import Lookup
from ganglion.pallets.scheduler import Scheduler
from ganglion.pallets.scheduler.types import RetryConfig
from ganglion.pallets.system import System
from ganglion.scale.containers import Err, Ok

NAME = bytes([7]) * 32
U32_MAX = 2**32 - 1


@pytest.fixture
def ledger(full_ledger):
    return full_ledger


def give(ledger, rao=1_000, source="Alice"):
    source_id, target = AddressId(ledger.key(source)), AddressId(ledger.key("Bob"))
    return ledger.runtime.call(Balances.force_transfer, source_id, target, rao)


def plan(ledger, call, when=3, periodic=None, priority=0):
    ledger.run(Scheduler.schedule, when, periodic, priority, call, origin=ROOT)


def told(ledger, kind):
    return [record.event for record in ledger.world.events if isinstance(record.event, kind)]


def block(ledger):
    ledger.world.events.clear()
    ledger.open_block()


def test_a_call_is_made_when_its_block_opens_and_not_before(ledger):
    plan(ledger, give(ledger))
    before = ledger.free("Bob")
    block(ledger)
    assert ledger.free("Bob") == before
    block(ledger)
    assert ledger.free("Bob") == before + 1_000
    assert told(ledger, Scheduler.Dispatched) == [Scheduler.Dispatched((3, 0), None, Ok(()))]
    assert not list(ledger[Scheduler].agenda.keys())


def test_after_counts_from_the_next_block(ledger):
    ledger.run(Scheduler.schedule_after, 0, None, 0, give(ledger), origin=ROOT)
    ledger.run(Scheduler.schedule_named_after, NAME, 4, None, 0, give(ledger), origin=ROOT)
    assert sorted(ledger[Scheduler].agenda.keys()) == [2, 6]
    assert ledger[Scheduler].lookup[NAME] == (6, 0)


def test_a_periodic_call_is_made_so_many_times(ledger):
    plan(ledger, give(ledger), periodic=(2, 3))
    before = ledger.free("Bob")
    for _ in range(10):
        block(ledger)
    assert ledger.free("Bob") == before + 3_000


def test_what_should_run_after_the_last_block_is_set_for_the_last(ledger):
    plan(ledger, give(ledger), periodic=(U32_MAX, 2))
    ledger.run(Scheduler.schedule_after, U32_MAX, None, 0, give(ledger), origin=ROOT)
    plan(ledger, give(ledger, source="Poor"))
    ledger.run(Scheduler.set_retry, (3, 1), 1, U32_MAX, origin=ROOT)
    for _ in range(2):
        block(ledger)
    assert len(ledger[Scheduler].agenda[U32_MAX]) == 3


def test_tasks_of_a_block_run_by_priority(ledger):
    for priority in (9, 1, 5):
        plan(ledger, ledger.runtime.call(System.remark, b""), priority=priority)
    block(ledger)
    block(ledger)
    assert [event.task[1] for event in told(ledger, Scheduler.Dispatched)] == [1, 2, 0]


def test_a_cancelled_task_is_not_run(ledger):
    plan(ledger, give(ledger))
    ledger.run(Scheduler.schedule_named, NAME, 3, None, 0, give(ledger), origin=ROOT)
    ledger.run(Scheduler.cancel, 3, 0, origin=ROOT)
    ledger.run(Scheduler.cancel_named, NAME, origin=ROOT)
    assert not list(ledger[Scheduler].agenda.keys())
    assert NAME not in ledger[Scheduler].lookup
    with ledger.refuses(Scheduler.NotFound):
        ledger.run(Scheduler.cancel, 3, 0, origin=ROOT)
    with ledger.refuses(Scheduler.NotFound):
        ledger.run(Scheduler.cancel_named, NAME, origin=ROOT)


def test_a_name_is_used_once_at_a_time_and_nothing_is_set_for_the_past(ledger):
    ledger.run(Scheduler.schedule_named, NAME, 3, None, 0, give(ledger), origin=ROOT)
    with ledger.refuses(Scheduler.FailedToSchedule):
        ledger.run(Scheduler.schedule_named, NAME, 4, None, 0, give(ledger), origin=ROOT)
    with ledger.refuses(Scheduler.TargetBlockNumberInPast):
        plan(ledger, give(ledger), when=1)


def test_an_agenda_has_an_end(ledger):
    for _ in range(50):
        plan(ledger, give(ledger))
    with ledger.refuses(Refused):
        plan(ledger, give(ledger))


def test_what_fails_is_retried_until_it_succeeds_or_retries_are_used_up(ledger):
    plan(ledger, give(ledger, source="Poor"))
    ledger.run(Scheduler.set_retry, (3, 0), 2, 1, origin=ROOT)
    for _ in range(2):
        block(ledger)
    assert isinstance(told(ledger, Scheduler.Dispatched)[0].result, Err)
    assert ledger[Scheduler].retries[4, 0] == RetryConfig(2, 1, 1)
    for _ in range(3):
        block(ledger)
    assert not list(ledger[Scheduler].agenda.keys())
    assert not list(ledger[Scheduler].retries.keys())


def test_retries_are_cancelled_by_place_and_by_name(ledger):
    plan(ledger, give(ledger))
    ledger.run(Scheduler.schedule_named, NAME, 3, None, 0, give(ledger), origin=ROOT)
    ledger.run(Scheduler.set_retry, (3, 0), 2, 1, origin=ROOT)
    ledger.run(Scheduler.set_retry_named, NAME, 2, 1, origin=ROOT)
    ledger.run(Scheduler.cancel_retry, (3, 0), origin=ROOT)
    ledger.run(Scheduler.cancel_retry_named, NAME, origin=ROOT)
    assert not list(ledger[Scheduler].retries.keys())
    for function, args in ((Scheduler.set_retry, ((9, 9), 1, 1)), (Scheduler.cancel_retry, ((9, 9),))):
        with ledger.refuses(Scheduler.NotFound):
            ledger.run(function, *args, origin=ROOT)


def test_a_long_call_lies_among_the_preimages_until_it_is_made(ledger):
    plan(ledger, ledger.runtime.call(System.remark, bytes(500)))
    (kept,) = [task.call for task in ledger[Scheduler].agenda[3]]
    assert isinstance(kept, Lookup)
    block(ledger)
    block(ledger)
    assert isinstance(told(ledger, Scheduler.Dispatched)[0].result, Ok)
    assert kept.hash not in ledger[Preimage].request_status_for


def test_a_call_that_is_gone_is_told_and_forgotten(ledger):
    plan(ledger, ledger.runtime.call(System.remark, bytes(500)))
    ledger[Preimage].drop(ledger[Scheduler].agenda[3][0].call)
    block(ledger)
    block(ledger)
    assert told(ledger, Scheduler.CallUnavailable) == [Scheduler.CallUnavailable((3, 0), None)]
    assert not list(ledger[Scheduler].agenda.keys())


def test_only_root_plans(ledger, stranger):
    call = give(ledger)
    for function, args in (
        (Scheduler.schedule, (3, None, 0, call)),
        (Scheduler.cancel, (3, 0)),
        (Scheduler.schedule_named, (NAME, 3, None, 0, call)),
        (Scheduler.cancel_named, (NAME,)),
        (Scheduler.schedule_after, (3, None, 0, call)),
        (Scheduler.schedule_named_after, (NAME, 3, None, 0, call)),
        (Scheduler.set_retry, ((3, 0), 1, 1)),
        (Scheduler.set_retry_named, (NAME, 1, 1)),
        (Scheduler.cancel_retry, ((3, 0),)),
        (Scheduler.cancel_retry_named, (NAME,)),
    ):
        with ledger.refuses(BadOrigin):
            ledger.run(function, *args, origin=stranger)


def test_what_does_not_fit_waits_for_the_next_block(ledger):
    plan(ledger, give(ledger))
    plan(ledger, give(ledger))
    ledger[Scheduler].maximum_weight = ledger.runtime.info(give(ledger)).weight
    block(ledger)
    block(ledger)
    assert told(ledger, Scheduler.AgendaIncomplete) == [Scheduler.AgendaIncomplete(3)]
    block(ledger)
    assert len(told(ledger, Scheduler.Dispatched)) == 1
    assert ledger[Scheduler].incomplete_since.get() is None


def test_a_task_may_cancel_itself_and_those_after_it(ledger):
    plan(ledger, ledger.runtime.call(Scheduler.cancel, 3, 1))
    plan(ledger, give(ledger))
    plan(ledger, ledger.runtime.call(Scheduler.cancel, 3, 2))
    before = ledger.free("Bob")
    block(ledger)
    block(ledger)
    assert ledger.free("Bob") == before
    assert not list(ledger[Scheduler].agenda.keys())
