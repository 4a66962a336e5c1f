"""The store on disk: reopening, other processes, and directories that are not ours."""

import subprocess
import sys

import lmdb
import pytest

from ganglion.state.errors import StoreFull, StoreInUse, StoreUnusable
from ganglion.state.lmdb_store import LmdbStore


def contents(path, table="table"):
    store = LmdbStore(path, read_only=True)
    with store.read() as reader:
        pairs = dict(reader.scan(table))
    store.close()
    return pairs


def test_what_was_written_is_there_after_reopening(tmp_path):
    for value in (b"1", b"2"):
        store = LmdbStore(tmp_path)
        store.write({"table": {value: value}})
        store.close()
    assert contents(tmp_path) == {b"1": b"1", b"2": b"2"}


def test_a_second_writer_is_refused_while_the_first_is_open(tmp_path):
    first = LmdbStore(tmp_path)
    with pytest.raises(StoreInUse, match="another process is using it"):
        LmdbStore(tmp_path)
    first.close()
    LmdbStore(tmp_path).close()


READ_WHAT_APPEARS = """
import sys
from pathlib import Path
from ganglion.state.lmdb_store import LmdbStore
store = LmdbStore(Path(sys.argv[1]), read_only=True)
for line in sys.stdin:
    with store.read() as reader:
        print(reader.get("late", b"key"), flush=True)
"""


def test_another_process_reads_what_is_written_after_it_opened(tmp_path):
    store = LmdbStore(tmp_path)
    command = [sys.executable, "-c", READ_WHAT_APPEARS, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:

        def ask():
            other.stdin.write("\n")
            other.stdin.flush()
            return other.stdout.readline().strip()

        assert ask() == "None"
        store.write({"late": {b"key": b"first"}})
        assert ask() == "b'first'"
        store.write({"late": {b"key": b"second"}})
        assert ask() == "b'second'"
    store.close()


def test_a_full_map_refuses_the_whole_write_and_keeps_the_store_usable(tmp_path):
    store = LmdbStore(tmp_path, map_size=1 << 17)
    store.write({"table": {b"before": b"1"}})
    with pytest.raises(StoreFull) as refusal:
        store.write({"table": {b"small": b"2", b"large": bytes(1 << 18)}})
    assert (refusal.value.path, refusal.value.map_size) == (tmp_path, 1 << 17)
    store.write({"table": {b"after": b"3"}})
    store.close()
    assert contents(tmp_path) == {b"before": b"1", b"after": b"3"}


def test_the_file_grows_far_beyond_its_first_size(tmp_path):
    store = LmdbStore(tmp_path, durable=False)
    for number in range(8):
        store.write({"table": {bytes([number]): bytes(1 << 20)}})
    store.close()
    assert sum(map(len, contents(tmp_path).values())) == 8 << 20


def unusable(path):
    with pytest.raises(StoreUnusable) as refusal:
        LmdbStore(path)
    assert str(path) in str(refusal.value) and "\n" not in str(refusal.value)
    return refusal.value.reason


def test_a_file_in_place_of_the_directory_is_refused(tmp_path):
    (tmp_path / "file").write_text("text")
    assert unusable(tmp_path / "file") == "not a directory"


def test_a_directory_of_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("text")
    assert unusable(tmp_path) == "it holds other files and no database"
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_database_of_another_program_is_refused(tmp_path):
    with lmdb.open(str(tmp_path)) as other, other.begin(write=True) as transaction:
        transaction.put(b"key", b"value")
    assert unusable(tmp_path) == "an LMDB database of another program"


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "data.mdb").write_bytes(b"garbage" * 10_000)
    assert "not an LMDB file" in unusable(tmp_path)


def test_a_database_cut_short_is_refused(tmp_path):
    store = LmdbStore(tmp_path)
    store.write({"table": {bytes([n]): bytes(5000) for n in range(20)}})
    store.close()
    data = tmp_path / "data.mdb"
    data.write_bytes(data.read_bytes()[:20_000])
    assert unusable(tmp_path).startswith("damaged: the file has 20000 bytes of")


def test_a_missing_store_is_not_made_for_a_reader(tmp_path):
    with pytest.raises(StoreUnusable):
        LmdbStore(tmp_path / "missing", read_only=True)
    assert not (tmp_path / "missing").exists()


WRITE_WITH_FEW_ADDRESSES = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
from ganglion.state.lmdb_store import LmdbStore
store = LmdbStore(Path(sys.argv[1]))
store.write({"table": {b"key": b"value"}})
store.close()
"""


def test_a_system_that_gives_few_addresses_gets_a_smaller_map(tmp_path):
    subprocess.run([sys.executable, "-c", WRITE_WITH_FEW_ADDRESSES, str(tmp_path)], check=True)
    assert contents(tmp_path) == {b"key": b"value"}


READ_ALL = """
import sys
from pathlib import Path
from ganglion.state.errors import StoreUnusable
from ganglion.state.lmdb_store import LmdbStore
try:
    store = LmdbStore(Path(sys.argv[1]))
    with store.read() as reader:
        for key, value in list(reader.scan("table")):
            assert reader.get("table", key) == value
    store.write({"table": {b"new": b"value"}})
except StoreUnusable as unusable:
    print(unusable)
"""


def test_damaged_pages_are_told_and_never_a_traceback(tmp_path):
    """In a process of its own, since LMDB keeps no checksums and trusts a page that looks like one."""
    store = LmdbStore(tmp_path)
    store.write({"table": {number.to_bytes(4, "big"): bytes(100) for number in range(2_000)}})
    store.close()
    with (tmp_path / "data.mdb").open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(2 * 4096)  # behind LMDB's own two pages
        file.write(b"\xa5" * (size - 2 * 4096))
    command = [sys.executable, "-c", READ_ALL, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "damaged: mdb_" in done.stdout
