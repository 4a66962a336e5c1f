"""What do reads and writes of a running block cost? Each benchmark does 1,000 of them."""

from struct import Struct

import pytest

from ganglion.state.memory import MemoryStore
from ganglion.state.overlay import Overlay
from ganglion.state.state_db import StateDB


class AccountCodec:
    """Seven u64, the size of an account info."""

    _struct = Struct("<7Q")

    def encode(self, value):
        return self._struct.pack(*value)

    def decode(self, data):
        return self._struct.unpack(data)


CODEC = AccountCodec()
VALUE = (1, 2, 3, 4, 5, 6, 7)


@pytest.fixture
def overlay(genesis):
    db = StateDB.open(MemoryStore())
    db.commit(db.prepare(dict(list(genesis.items())[:5000])), 0, bytes(32))
    return Overlay(db.view())


@pytest.fixture
def keys(accounts):
    return accounts[:1000]


def test_1000_reads_of_cached_values(benchmark, overlay, keys):
    get = overlay.get
    benchmark(lambda: [get(key, CODEC) for key in keys])


def test_1000_writes_in_a_nested_transaction(benchmark, overlay, keys):
    def write():
        with overlay.transaction(), overlay.transaction():
            for key in keys:
                overlay.put(key, CODEC, VALUE)

    benchmark(write)


def test_1000_writes_rolled_back(benchmark, overlay, keys):
    def write():
        overlay.begin()
        for key in keys:
            overlay.put(key, CODEC, VALUE)
        overlay.rollback()

    benchmark(write)


def test_changes_of_1000_written_values(benchmark, overlay, keys):
    for key in keys:
        overlay.put(key, CODEC, VALUE)
    benchmark(overlay.changes)
