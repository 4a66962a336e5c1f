"""How long does a block take to reach the disk, and a read to come back?"""

import pytest

from ganglion.state.lmdb_store import LmdbStore
from ganglion.state.memory import MemoryStore
from ganglion.state.state_db import StateDB

HASH = bytes(32)


@pytest.fixture(scope="module", params=["memory", "lmdb"])
def db(request, genesis, tmp_path_factory):
    store = MemoryStore() if request.param == "memory" else LmdbStore(tmp_path_factory.mktemp("data"))
    opened = StateDB.open(store, history_window=4)
    opened.commit(opened.prepare(genesis), 0, HASH)
    yield opened
    store.close()


def test_commit_of_4000_changes_among_100000_keys_with_a_full_window(benchmark, db, block_changes):
    def setup():
        pending = db.prepare(block_changes())
        return (pending, pending.parent.number + 1, HASH), {}

    benchmark.pedantic(db.commit, setup=setup, rounds=10, warmup_rounds=6)


@pytest.mark.parametrize("age", [0, 1], ids=["head", "block before"])
def test_1000_reads_at(benchmark, db, accounts, block_changes, age):
    db.commit(db.prepare(block_changes()), db.head.number + 1, HASH)
    with db.view(db.head.number - age) as view:
        benchmark(lambda: [view.get(key) for key in accounts[:1000]])


def test_proof_of_one_key(benchmark, db, accounts):
    with db.view() as view:
        benchmark(view.prove, [accounts[0]])


def test_opening_a_store_of_100000_keys(benchmark, db):
    benchmark(StateDB.open, db._store)
