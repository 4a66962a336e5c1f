"""The application of a CometBFT chain: answers each of its requests from the chain and the pool.

Requests of the consensus connection change the chain, one after the other, in the worker thread; those about
transactions are answered at once, whatever the worker does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from ganglion.frame.validity import TransactionRefused
from ganglion.node.chain import Chain, Imported
from ganglion.node.clock import Clock
from ganglion.node.continuation import Continuation, continue_from
from ganglion.node.engines.comet import abci_pb2 as abci
from ganglion.node.engines.comet.decided import Place
from ganglion.node.engines.comet.gossip import Gossip
from ganglion.node.engines.comet.maker import BlockMaker
from ganglion.node.engines.comet.query import SNAPSHOTS, answer_query
from ganglion.node.engines.comet.snapshots import Snapshots
from ganglion.node.engines.comet.validators import updates_of
from ganglion.node.errors import CannotStart
from ganglion.node.pool import Pool
from ganglion.node.pool.errors import AlreadyImported, ImmediatelyDropped, PoolError

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

OK = 0
REFUSED = 1
RETRY = 32_000
"""From this code on CometBFT lets peers offer a transaction again."""


class CometApplication:
    """See the module.

    `on_imported` hears of every block, `on_restored` of one that the chain went to without those between;
    both in the thread of the event loop.
    """

    def __init__(
        self,
        chain: Chain,
        pool: Pool,
        maker: BlockMaker,
        snapshots: Snapshots,
        clock: Clock,
        *,
        continues: Continuation | None,
        filling_s: float,
        on_imported: Callable[[Imported, float], None],
        on_restored: Callable[[Imported], None],
    ) -> None:
        self._chain = chain
        self._pool = pool
        self._maker = maker
        self._snapshots = snapshots
        self._clock = clock
        self._continues = continues
        self._filling_s = filling_s
        self._on_imported = on_imported
        self._on_restored = on_restored
        self._gossip = Gossip()
        self._worker = ThreadPoolExecutor(1, "blocks")
        self._began_s = 0.0
        pool.on_taken(self._gossip.take)

    def close(self) -> None:
        """End the worker thread."""
        self._worker.shutdown()

    async def answer(self, kind: str, request: Any) -> Any:
        """See `abci_server.Application`."""
        handler: Callable[[Any], Awaitable[Any]] = getattr(self, f"_{kind}")
        return await handler(request)

    async def _info(self, _request: abci.RequestInfo) -> abci.ResponseInfo:
        head = self._chain.head
        first = 0 if self._continues is None else self._continues.header.number
        is_begun = head.number > first
        return abci.ResponseInfo(
            data="ganglion",
            version=str(self._chain.runtime.version.spec_version),
            last_block_height=head.number if is_begun else 0,
            last_block_app_hash=head.hash if is_begun else b"",
        )

    async def _init_chain(self, request: abci.RequestInitChain) -> abci.ResponseInitChain:
        ours = self._chain.genesis_hash if self._continues is None else self._continues.header.hash
        if request.app_state_bytes.decode(errors="replace").strip('"') != f"0x{ours.hex()}":
            raise CannotStart("CometBFT's genesis file belongs to another chain")
        if self._continues is not None:
            restored = await self._aside(continue_from, self._chain, self._continues)
            if restored is not None:
                self._on_restored(restored)
        powers = await self._aside(lambda: self._maker.powers)
        if not powers:
            raise CannotStart("the chain specification names no validators")
        return abci.ResponseInitChain(validators=updates_of(powers), app_hash=ours)

    async def _query(self, request: abci.RequestQuery) -> abci.ResponseQuery:
        if request.path == SNAPSHOTS:
            newest = max((snapshot.height for snapshot in self._snapshots.offered()), default=0)
            return abci.ResponseQuery(value=str(newest).encode())
        return await asyncio.get_running_loop().run_in_executor(None, answer_query, self._chain, request)

    async def _check_tx(self, request: abci.RequestCheckTx) -> abci.ResponseCheckTx:
        code, reason = self._take(request.tx)
        return abci.ResponseCheckTx(code=code, log=reason)

    async def _insert_tx(self, request: abci.RequestInsertTx) -> abci.ResponseInsertTx:
        code, _ = self._take(request.tx)
        return abci.ResponseInsertTx(code=code)

    async def _reap_txs(self, request: abci.RequestReapTxs) -> abci.ResponseReapTxs:
        return abci.ResponseReapTxs(txs=self._gossip.give(request.max_bytes))

    async def _prepare_proposal(self, request: abci.RequestPrepareProposal) -> abci.ResponsePrepareProposal:
        place = Place.of(request)
        until_s = self._clock.steady_s() + self._filling_s
        transactions = self._pool.ready()
        made = await self._aside(
            self._maker.propose,
            place,
            transactions,
            request.max_tx_bytes,
            lambda: self._clock.steady_s() >= until_s,
        )
        return abci.ResponsePrepareProposal(txs=made)

    async def _process_proposal(self, request: abci.RequestProcessProposal) -> abci.ResponseProcessProposal:
        place, extrinsics = Place.of(request), tuple(request.txs)
        against = await self._aside(self._maker.judge, place, extrinsics, self._pool.known(extrinsics))
        if against is not None:
            proposer = place.proposer.hex()
            log.warning("voted against height=%d proposer=%s: %s", place.height, proposer, against)
            return abci.ResponseProcessProposal(status=abci.ResponseProcessProposal.REJECT)
        return abci.ResponseProcessProposal(status=abci.ResponseProcessProposal.ACCEPT)

    async def _finalize_block(self, request: abci.RequestFinalizeBlock) -> abci.ResponseFinalizeBlock:
        self._began_s = self._clock.steady_s()
        place, extrinsics = Place.of(request), tuple(request.txs)
        known = self._pool.known(extrinsics)
        decided = await self._aside(self._maker.decide, place, request.hash, extrinsics, known)
        return abci.ResponseFinalizeBlock(
            tx_results=[abci.ExecTxResult(code=OK) for _ in extrinsics],
            validator_updates=updates_of(decided.updates),
            app_hash=decided.hash,
        )

    async def _commit(self, _request: abci.RequestCommit) -> abci.ResponseCommit:
        imported = await self._aside(self._maker.commit)
        self._on_imported(imported, self._clock.steady_s() - self._began_s)
        self._gossip.repeat(imported.stored.number, self._pool.ready)
        self._snapshots.on_committed(imported.stored)
        return abci.ResponseCommit()

    async def _list_snapshots(self, _request: abci.RequestListSnapshots) -> abci.ResponseListSnapshots:
        return abci.ResponseListSnapshots(snapshots=self._snapshots.offered())

    async def _load_snapshot_chunk(
        self, request: abci.RequestLoadSnapshotChunk
    ) -> abci.ResponseLoadSnapshotChunk:
        return abci.ResponseLoadSnapshotChunk(chunk=self._snapshots.chunk(request.height, request.chunk))

    async def _offer_snapshot(self, request: abci.RequestOfferSnapshot) -> abci.ResponseOfferSnapshot:
        return abci.ResponseOfferSnapshot(result=self._snapshots.begin(request.snapshot, request.app_hash))

    async def _apply_snapshot_chunk(
        self, request: abci.RequestApplySnapshotChunk
    ) -> abci.ResponseApplySnapshotChunk:
        return await self._snapshots.apply(request)

    async def _extend_vote(self, _request: abci.RequestExtendVote) -> abci.ResponseExtendVote:
        return abci.ResponseExtendVote()

    async def _verify_vote_extension(
        self, _request: abci.RequestVerifyVoteExtension
    ) -> abci.ResponseVerifyVoteExtension:
        return abci.ResponseVerifyVoteExtension(status=1)

    def _take(self, raw: bytes) -> tuple[int, str]:
        """Give the pool a transaction that a peer or CometBFT's own RPC brought: code and reason."""
        try:
            self._pool.submit(raw)
        except AlreadyImported:
            return OK, ""
        except ImmediatelyDropped as full:
            return RETRY, str(full)
        except (PoolError, TransactionRefused) as refused:
            return REFUSED, str(refused)
        return OK, ""

    async def _aside(self, function: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, lambda: function(*args, **named))
