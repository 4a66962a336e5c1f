"""When the solo engine makes blocks, and how it stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from ganglion.crypto.keys import Keypair
from ganglion.node.chain import Chain, Imported
from ganglion.node.engines.engine import Sealing
from ganglion.node.engines.solo import SoloEngine
from ganglion.node.pool import Pool
from ganglion.state.errors import StoreFull
from ganglion.state.memory import MemoryStore
from ganglion.state.store import Batch

WAIT_S = 20
Make = Callable[..., SoloEngine]


class SmallStore(MemoryStore):
    """A store that can run full."""

    is_full = False

    def write(self, batch: Batch) -> None:
        if self.is_full:
            raise StoreFull(Path("data"), 4096)
        super().write(batch)


@pytest.fixture
async def make(chain: Chain, pool: Pool, clock: Any, authority: Keypair) -> AsyncIterator[Make]:
    """Makes engines on the chain, and ends their threads."""
    engines = []

    def engine(sealing: Sealing, block_time_s: float = 1.0) -> SoloEngine:
        made = SoloEngine(chain, pool, clock, authority, sealing=sealing, block_time_s=block_time_s)
        engines.append(made)
        return made

    yield engine
    for made in engines:
        made.close()


async def run_until(engine: SoloEngine, is_enough: Callable[[Imported], bool]) -> list[Imported]:
    """Run the engine until a block is enough; all blocks."""
    blocks: list[Imported] = []

    def hear(imported: Imported, took_s: float) -> None:
        blocks.append(imported)
        if is_enough(imported):
            engine.stop()

    engine.on_imported(hear)
    await asyncio.wait_for(engine.run(), WAIT_S)
    return blocks


async def test_blocks_come_at_the_pace_of_the_clock(make: Make, clock: Any) -> None:
    began = clock.ms
    blocks = await run_until(make(Sealing.AUTO, 2.5), lambda block: block.stored.number == 4)
    assert [block.stored.number for block in blocks] == [1, 2, 3, 4]
    assert clock.ms - began >= 3 * 2500


async def test_each_block_is_logged_in_the_words_that_others_wait_for(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await run_until(make(Sealing.AUTO), lambda block: block.stored.number == 2)
    lines = [record.getMessage() for record in caplog.records]
    assert [line.split(" hash=")[0] for line in lines] == ["Imported #1", "Imported #2"]


async def test_instant_sealing_makes_a_block_for_what_arrives_and_none_else(
    *, make: Make, pool: Pool, signer: Any, alice: Keypair, bob: Keypair, chain: Chain
) -> None:
    engine = make(Sealing.INSTANT)
    running = asyncio.create_task(run_until(engine, lambda block: block.stored.number == 2))
    for nonce in range(2):
        await asyncio.sleep(0.05)
        assert chain.head.number == nonce
        pool.submit(signer.transfer(alice, nonce, bob))
        while chain.head.number == nonce:
            await asyncio.sleep(0.01)
    blocks = await running
    assert [len(block.transactions) for block in blocks] == [1, 1]


async def test_instant_sealing_leaves_alone_what_waits_for_a_nonce(
    *, make: Make, pool: Pool, signer: Any, alice: Keypair, bob: Keypair, chain: Chain
) -> None:
    engine = make(Sealing.INSTANT)
    running = asyncio.create_task(engine.run())
    pool.submit(signer.transfer(alice, 1, bob))
    await asyncio.sleep(0.05)
    assert chain.head.number == 0
    engine.stop()
    await running


async def test_manual_sealing_makes_blocks_on_demand_only(make: Make, chain: Chain) -> None:
    engine = make(Sealing.MANUAL)
    running = asyncio.create_task(engine.run())
    await asyncio.gather(engine.seal(), engine.seal())
    assert chain.head.number == 2
    engine.stop()
    await asyncio.wait_for(running, WAIT_S)


async def test_what_does_not_fit_into_the_time_stays_for_the_next_block(
    *, make: Make, pool: Pool, signer: Any, alice: Keypair, bob: Keypair, clock: Any
) -> None:
    for nonce in range(6):
        pool.submit(signer.transfer(alice, nonce, bob))
    clock.steady_s = _ticking(0.1)
    blocks = await run_until(make(Sealing.AUTO, 1.0), lambda block: not pool.ready_count)
    assert len(blocks) > 1
    assert sum(len(block.transactions) for block in blocks) == 6
    assert all(block.transactions for block in blocks)


async def test_a_full_disk_ends_the_run_and_leaves_the_chain_fit_to_go_on(
    new_chain: Any, clock: Any, authority: Keypair
) -> None:
    store = SmallStore()
    chain = new_chain(store)
    pool = Pool(chain, clock)
    engine = SoloEngine(chain, pool, clock, authority, block_time_s=1.0)
    await engine.seal()
    store.is_full = True
    with pytest.raises(StoreFull):
        await asyncio.wait_for(engine.run(), WAIT_S)
    store.is_full = False
    assert chain.head.number == 1
    clock.ms += 1000
    assert (await engine.seal()).stored.number == 2
    engine.close()
    pool.close()


def _ticking(step_s: float) -> Callable[[], float]:
    """A clock on which time passes with every look at it."""
    now = [0.0]

    def steady_s() -> float:
        now[0] += step_s
        return now[0]

    return steady_s
