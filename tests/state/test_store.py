"""What every store promises: order, pinned readers, all-or-nothing writes."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganglion.state.lmdb_store import LmdbStore
from ganglion.state.memory import MemoryStore
from ganglion.state.store import MAX_STORE_KEY_SIZE

FRUIT = {b"apple": b"1", b"apricot": b"2", b"banana": b"", b"\xff\xff": b"4"}


@pytest.fixture
def stocked(store):
    store.write({"fruit": FRUIT, "other": {b"apple": b"another"}})
    return store


def test_a_table_never_written_is_empty(store):
    with store.read() as reader:
        assert reader.get("nowhere", b"key") is None
        assert list(reader.scan("nowhere")) == list(reader.keys("nowhere")) == []


def test_values_are_read_back_by_table_and_key(stocked):
    with stocked.read() as reader:
        assert {key: reader.get("fruit", key) for key in FRUIT} == FRUIT
        assert reader.get("other", b"apple") == b"another"
        assert reader.get("fruit", b"apples") is None


@pytest.mark.parametrize(
    ("prefix", "start_after", "found"),
    [
        (b"", None, list(FRUIT)),
        (b"ap", None, [b"apple", b"apricot"]),
        (b"ap", b"ap", [b"apple", b"apricot"]),
        (b"ap", b"apple", [b"apricot"]),
        (b"ap", b"apple\0", [b"apricot"]),
        (b"ap", b"a", [b"apple", b"apricot"]),
        (b"ap", b"b", []),
        (b"\xff", b"\xff", [b"\xff\xff"]),
        (b"\xff\xff", b"\xff\xff", []),
    ],
)
def test_scans_page_through_a_prefix_in_order(stocked, prefix, start_after, found):
    with stocked.read() as reader:
        assert list(reader.keys("fruit", prefix, start_after)) == found
        assert list(reader.scan("fruit", prefix, start_after)) == [(key, FRUIT[key]) for key in found]


def test_none_deletes_and_deleting_nothing_is_no_error(stocked):
    stocked.write({"fruit": {b"apple": None, b"cherry": None, b"banana": b"3"}})
    with stocked.read() as reader:
        assert dict(reader.scan("fruit")) == {b"apricot": b"2", b"banana": b"3", b"\xff\xff": b"4"}


def test_a_reader_keeps_its_moment_even_halfway_through_a_scan(stocked):
    with stocked.read() as reader:
        scan = reader.scan("fruit")
        first = next(scan)
        stocked.write({"fruit": {b"apple": None, b"apricot": b"new", b"aaa": b"new", b"zzz": b"new"}})
        stocked.write({"fruit": {b"banana": None, b"aaa": None, b"apple": b"newer"}})
        assert dict([first, *scan]) == dict(reader.scan("fruit")) == FRUIT
        assert (reader.get("fruit", b"apricot"), reader.get("fruit", b"zzz")) == (b"2", None)
    with stocked.read() as reader:
        assert list(reader.keys("fruit")) == [b"apple", b"apricot", b"zzz", b"\xff\xff"]


def test_the_longest_key_is_stored(store):
    key = b"k" * MAX_STORE_KEY_SIZE
    store.write({"table": {key: b"value"}})
    with store.read() as reader:
        assert list(reader.scan("table")) == [(key, b"value")]


KEYS = st.binary(min_size=1, max_size=3)
BATCHES = st.lists(st.dictionaries(KEYS, st.none() | st.binary(max_size=4), max_size=6), max_size=6)


@settings(max_examples=60)
@given(batches=BATCHES, prefix=st.binary(max_size=2), start_after=st.none() | KEYS)
def test_both_stores_agree_with_a_dict_at_every_moment(batches, prefix, start_after):
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stores = [MemoryStore(), LmdbStore(directory, durable=False, map_size=1 << 24)]
        for opened in stores:
            stack.callback(opened.close)
        model, moments = {}, []
        for batch in batches:
            for opened in stores:
                opened.write({"table": batch})
            model = {key: value for key, value in (model | batch).items() if value is not None}
            moments += [(stack.enter_context(opened.read()), model) for opened in stores]
        for reader, then in moments:
            expected = sorted(
                (key, value)
                for key, value in then.items()
                if key.startswith(prefix) and (start_after is None or key > start_after)
            )
            assert list(reader.scan("table", prefix, start_after)) == expected
            assert all(reader.get("table", key) == then.get(key) for key in model)
