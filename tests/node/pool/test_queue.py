"""Order in the pool: nonces of a sender in order, senders by priority and arrival."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.node.pool.queue import Queue
from ganglion.node.pool.transaction import PoolTransaction

ALICE, BOB = b"a" * 32, b"b" * 32
ARRIVALS = iter(range(1, 1 << 40))


def tx(who: bytes, nonce: int, priority: int = 1) -> PoolTransaction:
    arrival = next(ARRIVALS)
    nothing: Any = SimpleNamespace()
    return PoolTransaction(nothing, who, nonce, priority, 1 << 60, arrival, arrival.to_bytes(32, "big"), 100)


def test_a_transaction_behind_a_gap_waits_until_the_gap_is_filled() -> None:
    queue, first, second = Queue(), tx(ALICE, 0), tx(ALICE, 1)
    assert queue.insert(second, 0) == ()
    assert list(queue.in_order()) == []
    assert queue.insert(first, 0) == (first, second)
    assert list(queue.in_order()) == [first, second]


def test_higher_priority_goes_first_but_never_before_its_senders_earlier_nonces() -> None:
    queue = Queue()
    low, high, other = tx(ALICE, 0, priority=1), tx(ALICE, 1, priority=9), tx(BOB, 0, priority=5)
    for transaction in (low, high, other):
        queue.insert(transaction, 0)
    assert list(queue.in_order()) == [other, low, high]


def test_removing_one_makes_those_behind_it_wait() -> None:
    queue = Queue()
    first, second, third = (tx(ALICE, nonce) for nonce in range(3))
    for transaction in (first, second, third):
        queue.insert(transaction, 0)
    queue.remove(second)
    assert list(queue.in_order()) == [first]
    assert (queue.ready_count, queue.future_count) == (1, 1)


@pytest.mark.parametrize(("nonce", "gone", "left"), [(2, 2, 1), (3, 3, 0), (0, 0, 3)])
def test_following_an_account_takes_out_what_is_included(nonce: int, gone: int, left: int) -> None:
    queue = Queue()
    for transaction in (tx(ALICE, at) for at in range(3)):
        queue.insert(transaction, 0)
    outdated, ready = queue.advance(ALICE, nonce)
    assert (len(outdated), ready, queue.ready_count) == (gone, (), left)


def test_an_account_that_moves_past_a_gap_frees_what_waits_behind_it() -> None:
    queue, waiting = Queue(), tx(ALICE, 5)
    queue.insert(waiting, 0)
    assert queue.advance(ALICE, 5) == ((), (waiting,))
    assert list(queue.in_order()) == [waiting]


def test_an_account_that_begins_anew_keeps_its_transactions_waiting() -> None:
    queue, kept = Queue(), tx(ALICE, 7)
    queue.insert(kept, 7)
    assert queue.advance(ALICE, 0) == ((), ())
    assert (queue.ready_count, queue.future_count) == (0, 1)


def test_the_worst_is_the_last_of_the_lowest_priority() -> None:
    queue = Queue()
    transactions = [tx(bytes([at]) * 32, 0, priority) for at, priority in enumerate((3, 1, 1, 2))]
    for transaction in transactions:
        queue.insert(transaction, 0)
    assert queue.worst() is transactions[2]


STEPS = st.lists(
    st.tuples(st.sampled_from(["insert", "remove", "advance"]), st.integers(0, 2), st.integers(0, 6)),
    max_size=40,
)


@given(STEPS)
def test_totals_and_order_hold_whatever_happens(steps: list[tuple[str, int, int]]) -> None:
    queue, on_chain = Queue(), {bytes([sender]) * 32: 0 for sender in range(3)}
    for step, sender, nonce in steps:
        who = bytes([sender]) * 32
        present = queue.holder(who, nonce)
        if step == "insert" and present is None and nonce >= on_chain[who]:
            queue.insert(tx(who, nonce, priority=nonce % 3), on_chain[who])
        elif step == "remove" and present is not None:
            queue.remove(present)
        elif step == "advance":
            on_chain[who] = nonce
            if who in queue.lanes:
                queue.advance(who, nonce)
        _check(queue, on_chain)


def _check(queue: Queue, on_chain: dict[bytes, int]) -> None:
    order = list(queue.in_order())
    assert len(order) == queue.ready_count == queue.ready_bytes // 100
    assert queue.future_bytes == 100 * queue.future_count
    for who, nonce in on_chain.items():
        ready = [one.nonce for one in order if one.who == who]
        assert ready == list(range(nonce, nonce + len(ready)))
        assert queue.holder(who, nonce + len(ready)) is None
