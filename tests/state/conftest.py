"""The same tests over both stores."""

import pytest

from ganglion.state.lmdb_store import LmdbStore
from ganglion.state.memory import MemoryStore


def open_store(kind, path):
    return MemoryStore() if kind == "memory" else LmdbStore(path, durable=False)


@pytest.fixture(params=["memory", "lmdb"])
def store(request, tmp_path):
    opened = open_store(request.param, tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture(params=["memory", "lmdb"])
def other_store(request, tmp_path):
    opened = open_store(request.param, tmp_path / "other")
    yield opened
    opened.close()
