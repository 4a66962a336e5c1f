"""The pool: takes transactions in, keeps them valid, hands them to the engine in order. For one thread.

Source of the behaviour: polkadot-sdk substrate/client/transaction-pool.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ganglion.crypto.hashing import blake2_256
from ganglion.frame.executive import CheckedExtrinsic
from ganglion.frame.validity import InvalidKind, InvalidTransaction, TransactionRefused
from ganglion.node.chain import Chain, Imported
from ganglion.node.clock import Clock
from ganglion.node.pool.bans import Bans
from ganglion.node.pool.errors import AlreadyImported, Banned, ImmediatelyDropped, PriorityTooLow
from ganglion.node.pool.judge import Judge
from ganglion.node.pool.queue import Queue
from ganglion.node.pool.transaction import Listener, PoolTransaction, Status, StatusKind
from ganglion.node.pool.watchers import Watchers
from ganglion.node.proposal import Refusal

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How much the pool holds."""

    ready_count: int = 16_384
    ready_bytes: int = 32 << 20
    future_count: int = 2_048
    future_bytes: int = 4 << 20
    per_sender: int = 4_096


REVALIDATED_PER_BLOCK = 64
REVALIDATED_AFTER = 8
"""A transaction that waits is judged again every so many blocks."""


class Pool:
    """See the module."""

    def __init__(self, chain: Chain, clock: Clock, limits: PoolLimits | None = None) -> None:
        self.limits = limits or PoolLimits()
        self._judge = Judge(chain)
        self._queue = Queue()
        self._watchers = Watchers()
        self._bans = Bans(clock.steady_s)
        self._judged_for: dict[bytes, int] = {}
        self._on_ready: list[Callable[[], None]] = []
        self._on_taken: list[Callable[[bytes], None]] = []

    @property
    def ready_count(self) -> int:
        """Transactions that can be included next."""
        return self._queue.ready_count

    @property
    def future_count(self) -> int:
        """Transactions that wait for one with an earlier nonce."""
        return self._queue.future_count

    def submit(self, raw: bytes, listener: Listener | None = None) -> bytes:
        """Take a transaction in; its hash. `listener` hears of every step, the first one before this returns.

        Raises: PoolError, TransactionRefused.
        """
        tx_hash = blake2_256(raw)
        if tx_hash in self._queue.by_hash:
            raise AlreadyImported(tx_hash)
        if self._bans.is_banned(tx_hash):
            raise Banned(tx_hash)
        try:
            transaction = self._judge.judge(raw)
        except InvalidTransaction:
            self._bans.ban(tx_hash)
            raise
        self._enter(transaction, listener)
        for callback in self._on_taken:
            callback(raw)
        return tx_hash

    def watch(self, tx_hash: bytes, listener: Listener) -> None:
        """Tell `listener` of the transaction's further steps."""
        self._watchers.add(tx_hash, listener)

    def unwatch(self, tx_hash: bytes, listener: Listener) -> None:
        """Tell it no more."""
        self._watchers.remove(tx_hash, listener)

    def on_ready(self, callback: Callable[[], None]) -> None:
        """Call `callback` whenever transactions have become ready."""
        self._on_ready.append(callback)

    def on_taken(self, callback: Callable[[bytes], None]) -> None:
        """Call `callback` with every transaction that the pool takes in."""
        self._on_taken.append(callback)

    def ready(self) -> tuple[CheckedExtrinsic, ...]:
        """Ready transactions in the order in which a block should take them."""
        return tuple(transaction.checked for transaction in self._queue.in_order())

    def known(self, raws: Iterable[bytes]) -> dict[bytes, CheckedExtrinsic]:
        """Those of `raws` that are in the pool: their signatures were found good."""
        found = ((raw, self._queue.by_hash.get(blake2_256(raw))) for raw in raws)
        return {raw: transaction.checked for raw, transaction in found if transaction is not None}

    def next_nonce(self, account: bytes) -> int:
        """The nonce for the account's next transaction, those in the pool counted."""
        lane = self._queue.lanes.get(account)
        return self._judge.nonce(account) if lane is None else lane.ready_end

    def on_imported(self, imported: Imported) -> None:
        """Follow the chain to a new head."""
        self._judge.advance(imported)
        self._settle_included(imported)
        for refusal in imported.refusals:
            self._settle_refused(refusal)
        self._follow_nonces(imported)
        self._drop_expired()
        self._revalidate()
        if self._queue.ready_count:
            self._call_on_ready()

    def close(self) -> None:
        """Let go of the head's state."""
        self._judge.close()

    def _enter(self, transaction: PoolTransaction, listener: Listener | None) -> None:
        replaced = self._queue.holder(transaction.who, transaction.nonce)
        if replaced is not None and transaction.priority <= replaced.priority:
            raise PriorityTooLow(replaced.priority, transaction.priority)
        lane = self._queue.lanes.get(transaction.who)
        account_nonce = self._judge.nonce(transaction.who) if lane is None else lane.account_nonce
        if replaced is None:
            self._make_room(transaction, account_nonce)
        else:
            self._remove(replaced, Status(StatusKind.USURPED, transaction.hash))
        if listener is not None:
            self._watchers.add(transaction.hash, listener)
        ready = self._queue.insert(transaction, account_nonce)
        self._judged_for[transaction.hash] = self._judge.next_number
        if not self._queue.is_ready(transaction):
            self._watchers.tell(transaction.hash, Status(StatusKind.FUTURE))
        self._tell_ready(ready)

    def _make_room(self, transaction: PoolTransaction, account_nonce: int) -> None:
        queue, limits = self._queue, self.limits
        lane = queue.lanes.get(transaction.who)
        if lane is not None and len(lane.by_nonce) >= limits.per_sender:
            raise ImmediatelyDropped(f"a sender may have {limits.per_sender} transactions")
        if not queue.would_be_ready(transaction, account_nonce):
            if queue.future_count >= limits.future_count or queue.future_bytes >= limits.future_bytes:
                raise ImmediatelyDropped("too many transactions wait for an earlier nonce")
            return
        while queue.ready_count >= limits.ready_count or queue.ready_bytes >= limits.ready_bytes:
            worst = queue.worst()
            if worst is None or worst.priority >= transaction.priority or worst.who == transaction.who:
                raise ImmediatelyDropped("the pool is full")
            for behind in (*queue.behind(worst), worst):
                self._remove(behind, Status(StatusKind.DROPPED))

    def _remove(self, transaction: PoolTransaction, status: Status) -> None:
        self._queue.remove(transaction)
        self._judged_for.pop(transaction.hash, None)
        self._watchers.tell(transaction.hash, status)

    def _tell_ready(self, ready: tuple[PoolTransaction, ...]) -> None:
        for transaction in ready:
            self._watchers.tell(transaction.hash, Status(StatusKind.READY))
        if ready:
            self._call_on_ready()

    def _call_on_ready(self) -> None:
        for callback in self._on_ready:
            callback()

    def _settle_included(self, imported: Imported) -> None:
        block_hash = imported.stored.hash
        for checked in imported.transactions:
            tx_hash = checked.extrinsic.hash
            self._watchers.tell(tx_hash, Status(StatusKind.IN_BLOCK, block_hash))
            self._watchers.tell(tx_hash, Status(StatusKind.FINALIZED, block_hash))

    def _settle_refused(self, refusal: Refusal) -> None:
        transaction = self._queue.by_hash.get(refusal.transaction.extrinsic.hash)
        if transaction is None or _may_become_valid(refusal.reason):
            return
        log.debug("invalid transaction=0x%s reason=%s", transaction.hash.hex(), refusal.reason)
        self._bans.ban(transaction.hash)
        self._remove(transaction, Status(StatusKind.INVALID))

    def _follow_nonces(self, imported: Imported) -> None:
        changed = [who for who in self._queue.lanes if self._judge.account_key(who) in imported.changes]
        for who in changed:
            outdated, ready = self._queue.advance(who, self._judge.nonce(who))
            for transaction in outdated:
                self._judged_for.pop(transaction.hash, None)
                # The included ones were told already, and watch no more.
                self._watchers.tell(transaction.hash, Status(StatusKind.INVALID))
            self._tell_ready(ready)

    def _drop_expired(self) -> None:
        following = self._judge.next_number
        for transaction in [tx for tx in self._queue.by_hash.values() if tx.dies_at <= following]:
            self._bans.ban(transaction.hash)
            self._remove(transaction, Status(StatusKind.INVALID))

    def _revalidate(self) -> None:
        following = self._judge.next_number
        for _ in range(REVALIDATED_PER_BLOCK):
            oldest = next(iter(self._judged_for.items()), None)
            if oldest is None or oldest[1] + REVALIDATED_AFTER > following:
                return
            tx_hash = oldest[0]
            del self._judged_for[tx_hash]
            self._judged_for[tx_hash] = following
            self._judge_again(self._queue.by_hash[tx_hash])

    def _judge_again(self, transaction: PoolTransaction) -> None:
        try:
            self._judge.judge_again(transaction)
        except TransactionRefused as refused:
            log.debug("invalid transaction=0x%s reason=%s", transaction.hash.hex(), refused)
            self._bans.ban(transaction.hash)
            self._remove(transaction, Status(StatusKind.INVALID))


def _may_become_valid(reason: TransactionRefused) -> bool:
    return isinstance(reason, InvalidTransaction) and reason.kind in (
        InvalidKind.FUTURE,
        InvalidKind.EXHAUSTS_RESOURCES,
    )
