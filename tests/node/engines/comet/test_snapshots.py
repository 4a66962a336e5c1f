"""A joining node takes over exactly the state that a header proves, and nothing else."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ganglion.node.engines.comet import abci_pb2 as abci
from ganglion.node.engines.comet.snapshots import Snapshots
from ganglion.node.pool import Pool
from ganglion.state.lmdb_store import LmdbStore

Offer, Apply = abci.ResponseOfferSnapshot, abci.ResponseApplySnapshotChunk


@pytest.fixture
def snapshots_of(tmp_path: Path) -> Iterator[Callable[..., Snapshots]]:
    opened: list[Snapshots] = []

    def make(chain: Any, name: str, every: int = 2, on_restored: Any = lambda _: None) -> Snapshots:
        opened.append(Snapshots(chain, tmp_path / name, every=every, on_restored=on_restored))
        return opened[-1]

    yield make
    for snapshots in opened:
        snapshots.close()


@pytest.fixture
def offered(*, new_maker: Any, at: Any, step: Any, snapshots_of: Any) -> Any:
    """A chain of five blocks, and its snapshots."""
    chain, maker = new_maker()
    snapshots = snapshots_of(chain, "giver")
    for height in range(1, 6):
        (block,) = step([maker], at(height))
        snapshots.on_committed(block.stored)
    snapshots.close()
    return chain, snapshots


def apply_request(index: int, chunk: bytes) -> abci.RequestApplySnapshotChunk:
    return abci.RequestApplySnapshotChunk(index=index, chunk=chunk, sender="peer")


async def restore(taker: Snapshots, giver: Snapshots, snapshot: abci.Snapshot, app_hash: bytes) -> list[int]:
    assert taker.begin(snapshot, app_hash) == Offer.ACCEPT
    chunks = [giver.chunk(snapshot.height, index) for index in range(snapshot.chunks)]
    return [(await taker.apply(apply_request(index, chunk))).result for index, chunk in enumerate(chunks)]


def test_a_snapshot_is_taken_every_so_many_blocks(offered: Any) -> None:
    _, snapshots = offered
    assert [snapshot.height for snapshot in snapshots.offered()] == [2, 4]


async def test_a_new_node_goes_on_from_the_snapshots_block(
    *, offered: Any, new_maker: Any, snapshots_of: Any, tmp_path: Path, at: Any, step: Any
) -> None:
    giver_chain, giver = offered
    store = LmdbStore(tmp_path / "taker-chain")
    chain, maker = new_maker(store)
    taker = snapshots_of(chain, "taker", on_restored=lambda _: maker.follow())
    newest = giver.offered()[-1]
    header = giver_chain.stored_header(newest.metadata and giver_chain.blocks.hash_of(4))
    assert set(await restore(taker, giver, newest, header.hash)) == {Apply.ACCEPT}
    assert chain.head.hash == header.hash
    with chain.view() as ours, giver_chain.view(header.hash) as theirs:
        assert dict(ours.pairs()) == dict(theirs.pairs())
    step([maker], at(5))
    assert chain.head.number == 5
    chain.close()
    reopened, _ = new_maker(store)
    assert reopened.head.number == 5
    reopened.close()
    store.close()


async def test_the_pool_judges_on_the_restored_state(
    *, offered: Any, new_maker: Any, snapshots_of: Any, clock: Any
) -> None:
    giver_chain, giver = offered
    chain, _ = new_maker()
    pool = Pool(chain, clock)
    taker = snapshots_of(chain, "taker", on_restored=pool.on_imported)
    snapshot = giver.offered()[0]
    await restore(taker, giver, snapshot, giver_chain.blocks.hash_of(2))
    assert pool._judge.next_number == 3
    pool.close()


def test_a_description_that_is_not_the_proven_block_is_rejected(
    offered: Any, new_maker: Any, snapshots_of: Any
) -> None:
    giver_chain, giver = offered
    taker = snapshots_of(new_maker()[0], "taker")
    snapshot, app_hash = giver.offered()[-1], giver_chain.blocks.hash_of(4)
    assert taker.begin(snapshot, bytes(32)) == Offer.REJECT
    for field, value in (("height", 5), ("chunks", 7), ("metadata", b"nonsense")):
        changed = abci.Snapshot()
        changed.CopyFrom(snapshot)
        setattr(changed, field, value)
        assert taker.begin(changed, app_hash) == Offer.REJECT
    snapshot.format = 2
    assert taker.begin(snapshot, app_hash) == Offer.REJECT_FORMAT


def test_a_node_with_blocks_takes_no_snapshot(offered: Any) -> None:
    giver_chain, giver = offered
    assert giver.begin(giver.offered()[-1], giver_chain.blocks.hash_of(4)) == Offer.ABORT


@pytest.mark.parametrize("chunk", [b"", b"garbage", zlib.compress(b"other"), zlib.compress(bytes(1 << 25))])
async def test_a_wrong_chunk_is_fetched_from_another_peer(
    offered: Any, new_maker: Any, snapshots_of: Any, chunk: bytes
) -> None:
    giver_chain, giver = offered
    taker = snapshots_of(new_maker()[0], "taker")
    snapshot = giver.offered()[-1]
    assert taker.begin(snapshot, giver_chain.blocks.hash_of(4)) == Offer.ACCEPT
    answer = await taker.apply(apply_request(0, chunk))
    assert (answer.result, list(answer.reject_senders)) == (Apply.RETRY, ["peer"])
    answer = await taker.apply(apply_request(0, giver.chunk(4, 0)))
    assert answer.result == Apply.ACCEPT


async def test_a_snapshot_of_more_than_a_state_may_have_is_rejected(
    *, offered: Any, new_maker: Any, snapshots_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    giver_chain, giver = offered
    chain, _ = new_maker()
    monkeypatch.setattr("ganglion.node.engines.comet.snapshots.MOST_STATE_BYTES", 100)
    taker = snapshots_of(chain, "taker")
    results = await restore(taker, giver, giver.offered()[-1], giver_chain.blocks.hash_of(4))
    assert results == [Apply.REJECT_SNAPSHOT]
    assert chain.head.number == 0
    assert taker._pairs == {}


async def test_pairs_that_are_not_the_headers_state_change_nothing(
    offered: Any, new_maker: Any, snapshots_of: Any
) -> None:
    from ganglion.node.engines.comet.snapshots import _DESCRIPTIONS

    _, giver = offered
    chain, _ = new_maker()
    taker = snapshots_of(chain, "taker")
    snapshot = giver.offered()[-1]
    other = _DESCRIPTIONS.decode(snapshot.metadata)
    header = replace(other.header, state_root=bytes(32))
    snapshot.metadata = _DESCRIPTIONS.encode(replace(other, header=header))
    results = await restore(taker, giver, snapshot, header.hash)
    assert results[-1] == Apply.REJECT_SNAPSHOT
    assert chain.head.number == 0


def test_a_chunk_that_is_not_there_is_empty(offered: Any) -> None:
    _, snapshots = offered
    assert snapshots.chunk(4, 99) == snapshots.chunk(77, 0) == b""


def test_only_the_newest_snapshots_are_kept(
    *, new_maker: Any, at: Any, step: Any, snapshots_of: Any, tmp_path: Path
) -> None:
    chain, maker = new_maker()
    snapshots = snapshots_of(chain, "giver", every=1)
    for height in range(1, 5):
        (block,) = step([maker], at(height))
        snapshots.on_committed(block.stored)
    snapshots.close()
    assert [snapshot.height for snapshot in snapshots.offered()] == [3, 4]
