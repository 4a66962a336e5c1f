"""Transactions in order: *ready* ones can be included next, *future* ones wait for a nonce before theirs.

Each sender has a lane: its transactions by nonce, of which those from the account's own nonce up to the first
gap are ready. Only one transaction has a sender and nonce.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from ganglion.node.pool.transaction import PoolTransaction


@dataclass(slots=True)
class Lane:
    """A sender's transactions. Nonces from `account_nonce` up to before `ready_end` are ready."""

    account_nonce: int
    ready_end: int
    by_nonce: dict[int, PoolTransaction] = field(default_factory=dict)

    def extend(self) -> None:
        """Move the end of the ready run to the first gap."""
        while self.ready_end in self.by_nonce:
            self.ready_end += 1

    @property
    def ready_count(self) -> int:
        return self.ready_end - self.account_nonce


class Queue:
    """All lanes, with totals."""

    def __init__(self) -> None:
        self.lanes: dict[bytes, Lane] = {}
        self.by_hash: dict[bytes, PoolTransaction] = {}
        self.ready_count = 0
        self.ready_bytes = 0
        self.future_bytes = 0
        self._by_priority: dict[int, dict[bytes, PoolTransaction]] = {}

    @property
    def future_count(self) -> int:
        """How many wait for an earlier nonce."""
        return len(self.by_hash) - self.ready_count

    def holder(self, who: bytes, nonce: int) -> PoolTransaction | None:
        """The transaction that has this sender and nonce."""
        lane = self.lanes.get(who)
        return None if lane is None else lane.by_nonce.get(nonce)

    def is_ready(self, transaction: PoolTransaction) -> bool:
        """Whether it can be included next."""
        return transaction.nonce < self.lanes[transaction.who].ready_end

    def would_be_ready(self, transaction: PoolTransaction, account_nonce: int) -> bool:
        """Whether it could be included next once it is in."""
        lane = self.lanes.get(transaction.who)
        return transaction.nonce <= (account_nonce if lane is None else lane.ready_end)

    def insert(self, transaction: PoolTransaction, account_nonce: int) -> tuple[PoolTransaction, ...]:
        """Add it to its lane, whose place is free. The transactions that are ready now and were not."""
        lane = self.lanes.get(transaction.who)
        if lane is None:
            lane = self.lanes[transaction.who] = Lane(account_nonce, account_nonce)
        lane.by_nonce[transaction.nonce] = transaction
        self.by_hash[transaction.hash] = transaction
        self._by_priority.setdefault(transaction.priority, {})[transaction.hash] = transaction
        self.future_bytes += transaction.size
        return self._settle(lane, lane.ready_end)

    def remove(self, transaction: PoolTransaction) -> None:
        """Take it out; ready ones behind it wait again."""
        lane = self.lanes[transaction.who]
        if transaction.nonce < lane.ready_end:
            for nonce in range(transaction.nonce, lane.ready_end):
                self._count_ready(lane.by_nonce[nonce], -1)
            lane.ready_end = transaction.nonce
        self._forget(lane, transaction)

    def advance(
        self, who: bytes, account_nonce: int
    ) -> tuple[tuple[PoolTransaction, ...], tuple[PoolTransaction, ...]]:
        """The account's nonce on chain has changed. What is taken out as outdated, and what became ready."""
        lane = self.lanes[who]
        if not lane.account_nonce <= account_nonce <= lane.ready_end:
            return self._start_over(lane, account_nonce)
        outdated = tuple(lane.by_nonce[nonce] for nonce in range(lane.account_nonce, account_nonce))
        lane.account_nonce = account_nonce
        for transaction in outdated:
            self._count_ready(transaction, -1)
            self._forget(lane, transaction)
        return outdated, ()

    def worst(self) -> PoolTransaction | None:
        """Of the lowest priority the one that came last."""
        if not self._by_priority:
            return None
        lowest = self._by_priority[min(self._by_priority)]
        return next(reversed(lowest.values()))

    def behind(self, transaction: PoolTransaction) -> tuple[PoolTransaction, ...]:
        """The sender's transactions with later nonces, the last first."""
        lane = self.lanes[transaction.who]
        return tuple(lane.by_nonce[n] for n in sorted(lane.by_nonce, reverse=True) if n > transaction.nonce)

    def in_order(self) -> Iterator[PoolTransaction]:
        """Ready transactions, higher priority and then earlier arrival first, nonces of a sender in order.

        The queue must not change meanwhile.
        """
        firsts = (lane.by_nonce[lane.account_nonce] for lane in self.lanes.values() if lane.ready_count)
        heap = [(-tx.priority, tx.arrival, tx) for tx in firsts]
        heapify(heap)
        while heap:
            _, _, transaction = heappop(heap)
            yield transaction
            lane = self.lanes[transaction.who]
            if transaction.nonce + 1 < lane.ready_end:
                following = lane.by_nonce[transaction.nonce + 1]
                heappush(heap, (-following.priority, following.arrival, following))

    def _start_over(
        self, lane: Lane, account_nonce: int
    ) -> tuple[tuple[PoolTransaction, ...], tuple[PoolTransaction, ...]]:
        """`advance` where the nonce has left the ready run: it went past a gap, or the account began anew."""
        were_ready = {lane.by_nonce[nonce].hash for nonce in range(lane.account_nonce, lane.ready_end)}
        for nonce in range(lane.account_nonce, lane.ready_end):
            self._count_ready(lane.by_nonce[nonce], -1)
        outdated = tuple(tx for nonce, tx in sorted(lane.by_nonce.items()) if nonce < account_nonce)
        lane.account_nonce = lane.ready_end = account_nonce
        for transaction in outdated:
            self._forget(lane, transaction)
        ready = self._settle(lane, account_nonce)
        return outdated, tuple(tx for tx in ready if tx.hash not in were_ready)

    def _settle(self, lane: Lane, since: int) -> tuple[PoolTransaction, ...]:
        lane.extend()
        ready = tuple(lane.by_nonce[nonce] for nonce in range(since, lane.ready_end))
        for transaction in ready:
            self._count_ready(transaction, 1)
        return ready

    def _count_ready(self, transaction: PoolTransaction, sign: int) -> None:
        self.ready_count += sign
        self.ready_bytes += sign * transaction.size
        self.future_bytes -= sign * transaction.size

    def _forget(self, lane: Lane, transaction: PoolTransaction) -> None:
        del lane.by_nonce[transaction.nonce]
        del self.by_hash[transaction.hash]
        self.future_bytes -= transaction.size
        peers = self._by_priority[transaction.priority]
        del peers[transaction.hash]
        if not peers:
            del self._by_priority[transaction.priority]
        if not lane.by_nonce:
            self.lanes.pop(transaction.who, None)
