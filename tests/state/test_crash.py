"""A process that commits without pause is killed at random moments, and every time the store is whole."""

import random
import signal
import subprocess
import sys

from ganglion.state.lmdb_store import LmdbStore
from ganglion.state.state_db import StateDB

KILLS = 10

COMMIT_FOREVER = """
import random, sys
from pathlib import Path
from ganglion.state.lmdb_store import LmdbStore
from ganglion.state.state_db import StateDB

db = StateDB.open(LmdbStore(Path(sys.argv[1])), history_window=5)
dice = random.Random(db.head.number)
while True:
    number = db.head.number + 1
    keys = [dice.randbytes(2) for _ in range(100)]
    changes = {key: dice.choice([None, dice.randbytes(dice.randrange(60))]) for key in keys}
    changes[b"number"] = number.to_bytes(8, "big")
    block_hash = number.to_bytes(32, "big")
    db.commit(db.prepare(changes), number, block_hash, {("headers", block_hash): b"header"})
    print(number, flush=True)
"""


def commit_until_killed(path, delay_s):
    """Run the committing process and kill it. Returns the last block it said was committed."""
    command = [sys.executable, "-c", COMMIT_FOREVER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        first = process.stdout.readline()
        try:
            process.wait(timeout=delay_s)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
    assert process.returncode == -signal.SIGKILL
    return int((first + rest).rstrip("\n").splitlines()[-1])


def test_the_store_survives_being_killed_at_any_moment(tmp_path):
    dice = random.Random(2024)
    for _ in range(KILLS):
        said = commit_until_killed(tmp_path, dice.uniform(0, 0.15))
        store = LmdbStore(tmp_path)
        db = StateDB.open(store, history_window=5)
        db.verify()
        assert db.head.number in (said, said + 1)
        for number in range(db.oldest, db.head.number + 1):
            with db.view(number) as view:
                assert view.get(b"number") == number.to_bytes(8, "big")
        with store.read() as reader:
            headers = list(reader.keys("headers"))
        assert headers == [number.to_bytes(32, "big") for number in range(db.head.number + 1)]
        store.close()
