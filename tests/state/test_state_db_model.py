"""The state database against plain dicts, one per block, under random commits, views and rollbacks."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ganglion.state.lmdb_store import LmdbStore
from ganglion.state.memory import MemoryStore
from ganglion.state.proof import verify_proof
from ganglion.state.state_db import StateDB
from ganglion.state.trie import trie_root

KEYS = st.lists(st.sampled_from([0x00, 0x01, 0x10, 0xFF]), min_size=1, max_size=4).map(bytes)
CHANGES = st.dictionaries(KEYS, st.none() | st.binary(max_size=3) | st.just(b"long" * 10), max_size=8)


class StateMachine(RuleBasedStateMachine):
    """A window of three blocks, so that all but the last four states are discarded."""

    def make_store(self):
        return MemoryStore()

    @initialize(genesis=CHANGES)
    def open(self, genesis):
        self.store = self.make_store()
        self.db = StateDB.open(self.store, history_window=3)
        self.states, self.pinned = [], []
        self.oldest = 0
        self.commit(genesis)

    @rule(changes=CHANGES)
    def commit(self, changes):
        number = len(self.states)
        before = self.states[-1] if self.states else {}
        state = {key: value for key, value in (before | changes).items() if value is not None}
        self.db.commit(self.db.prepare(changes), number, number.to_bytes(32, "big"))
        self.states.append(state)
        self.oldest = max(self.oldest, number - 3)

    @rule(data=st.data())
    def roll_back(self, data):
        number = data.draw(st.integers(self.oldest, len(self.states) - 1))
        self.db.rollback_to(number)
        del self.states[number + 1 :]

    @rule()
    def reopen(self):
        self.db = StateDB.open(self.store, history_window=3)

    @precondition(lambda self: len(self.pinned) < 3)
    @rule(data=st.data())
    def pin(self, data):
        number = data.draw(st.integers(self.oldest, len(self.states) - 1))
        self.pinned.append((self.db.view(number), self.states[number]))

    @precondition(lambda self: self.pinned)
    @rule()
    def unpin(self):
        self.pinned.pop(0)[0].close()

    @rule(prefix=KEYS, start_after=st.none() | KEYS, key=KEYS, data=st.data())
    def read(self, prefix, start_after, key, data):
        number = data.draw(st.integers(self.oldest, len(self.states) - 1))
        with self.db.view(number) as view:
            self.compare(view, self.states[number], prefix, start_after, key)
        for view, state in self.pinned:
            self.compare(view, state, prefix, start_after, key)

    def compare(self, view, state, prefix, start_after, key):
        assert view.block.state_root == trie_root(state)
        assert view.get(key) == state.get(key)
        assert dict(view.pairs()) == state
        assert (
            list(view.keys(prefix, start_after, 2))
            == sorted(k for k in state if k.startswith(prefix) and (start_after is None or k > start_after))[
                :2
            ]
        )
        assert verify_proof(view.block.state_root, view.prove([key]), [key]) == {key: state.get(key)}

    @invariant()
    def head_and_window_are_as_expected(self):
        if hasattr(self, "db"):
            assert (self.db.head.number, self.db.oldest) == (len(self.states) - 1, self.oldest)
            self.db.verify()

    @invariant()
    def only_reachable_nodes_are_stored(self):
        if hasattr(self, "db"):
            with self.store.read() as reader:
                kept = sum(1 for _ in reader.keys("history"))
                assert kept == len(self.states) - self.oldest
                if not any(self.states[self.oldest :]):
                    assert list(reader.keys("trie")) == []

    def teardown(self):
        for view, _ in getattr(self, "pinned", []):
            view.close()
        if hasattr(self, "store"):
            self.store.close()


class LmdbStateMachine(StateMachine):
    """The same on disk."""

    def make_store(self):
        self.directory = tempfile.mkdtemp()
        return LmdbStore(Path(self.directory), durable=False, map_size=1 << 26)

    def teardown(self):
        super().teardown()
        if hasattr(self, "directory"):
            shutil.rmtree(self.directory)


TestStateInMemory = StateMachine.TestCase
TestStateInMemory.settings = settings(max_examples=60, stateful_step_count=25)
TestStateInLmdb = LmdbStateMachine.TestCase
TestStateInLmdb.settings = settings(max_examples=25, stateful_step_count=25)
