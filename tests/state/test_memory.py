"""What only the memory store does."""

from ganglion.state.memory import MemoryStore


def test_a_copy_goes_its_own_way():
    store = MemoryStore()
    store.write({"table": {b"a": b"1", b"b": b"2"}})
    twin = store.copy()
    twin.write({"table": {b"a": None, b"c": b"3"}})
    store.write({"table": {b"b": b"4"}})
    with store.read() as reader, twin.read() as twin_reader:
        assert dict(reader.scan("table")) == {b"a": b"1", b"b": b"4"}
        assert dict(twin_reader.scan("table")) == {b"b": b"2", b"c": b"3"}


def test_a_closed_reader_costs_later_writes_nothing():
    store = MemoryStore()
    store.read().close()
    with store.read() as reader:
        assert len(store._readers) == 1
        reader.close()
        reader.close()
    assert not store._readers


def test_a_forgotten_reader_costs_later_writes_nothing():
    store = MemoryStore()
    store.read()
    assert not store._readers


def test_keys_of_several_storage_items_come_in_one_order():
    first, second = b"\1" * 32, b"\2" * 32
    store = MemoryStore()
    store.write({"table": dict.fromkeys((second + b"a", first + b"b", first + b"a", b"\1", second), b"")})
    with store.read() as reader:
        assert list(reader.keys("table")) == [b"\1", first + b"a", first + b"b", second, second + b"a"]
    store.write({"table": {first + b"a": None, first + b"c": b"", second + b"a": None, second: None}})
    with store.read() as reader:
        assert list(reader.keys("table")) == [b"\1", first + b"b", first + b"c"]
        assert list(reader.keys("table", first)) == [first + b"b", first + b"c"]
        assert list(reader.keys("table", second)) == []
