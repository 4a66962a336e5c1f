import sqlite3

import pytest

from ganglion.market.database import DatabaseInvalid, open_database
from ganglion.market.keys import KeyNameTaken, Keys, KeyUnknown
from ganglion.market.ledger import Ledger, Use


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "market.sqlite"


@pytest.fixture
def database(path):
    database = open_database(path)
    yield database
    database.close()


def made(database, name="bob", **limits):
    limits = {"per_minute": 60, "parallel": 2, **limits}
    return Keys(database).new(name, "s3cret-" + name, now_ns=5, **limits)


def use(key_id, price_rao, *, model="ganglion/text", outcome="ok", at_ns=1):
    return Use(at_ns, key_id, "req-1", model, 1, 7, "5F", outcome, 10, 20, price_rao, 0.5)


def test_a_key_is_found_by_its_text_and_by_nothing_else(database):
    text = made(database)
    key = Keys(database).find(text)
    assert (key.name, key.per_minute, key.parallel, key.spent_rao) == ("bob", 60, 2, 0)
    for other in (text + "x", text[:-1], text.removeprefix("sk-"), "", "sk-ganglion-", "x" * 10**6):
        assert Keys(database).find(other) is None


def test_the_file_does_not_contain_the_secret(database, path):
    made(database)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"bob" in path.read_bytes()
    assert b"s3cret-bob" not in path.read_bytes()


def test_a_name_is_given_once(database):
    made(database)
    with pytest.raises(KeyNameTaken):
        made(database)
    assert len(Keys(database).all()) == 1


def test_a_revoked_key_is_not_found_but_stays_in_the_list(database):
    text = made(database)
    Keys(database).revoke("bob", now_ns=9)
    Keys(database).revoke("bob", now_ns=10)
    assert Keys(database).find(text) is None
    assert [key.revoked_ns for key in Keys(database).all()] == [9]
    with pytest.raises(KeyUnknown):
        Keys(database).revoke("nobody", now_ns=9)


def test_each_use_is_charged_to_its_key_until_the_budget_is_spent(database):
    text, ledger = made(database, budget_rao=100), Ledger(database)
    ledger.record(use(1, 60))
    assert not Keys(database).find(text).is_spent
    ledger.record(use(1, 40))
    assert (Keys(database).find(text).is_spent, Keys(database).find(text).spent_rao) == (True, 100)


def test_a_use_of_a_key_which_is_not_there_changes_nothing(database):
    with pytest.raises(sqlite3.IntegrityError):
        Ledger(database).record(use(9, 60))
    assert Ledger(database).uses(limit=9) == []
    assert not database.in_transaction


def test_totals_are_by_key_and_model_since_a_time(database):
    made(database)
    made(database, "eve")
    ledger = Ledger(database)
    uses = [
        use(1, 5),
        use(1, 6),
        use(1, 0, outcome="broken"),
        use(1, 7, model="ganglion/vision", at_ns=50),
        use(2, 8, outcome="left"),
    ]
    for each in uses:
        ledger.record(each)
    totals = [(t.key, t.model, t.calls, t.failed, t.price_rao) for t in ledger.totals()]
    assert totals == [
        ("bob", "ganglion/text", 3, 1, 11),
        ("bob", "ganglion/vision", 1, 0, 7),
        ("eve", "ganglion/text", 1, 0, 8),
    ]
    assert [total.model for total in ledger.totals(since_ns=50)] == ["ganglion/vision"]


def test_a_database_outlives_its_process_and_may_be_open_twice(database, path):
    text = made(database)
    Ledger(database).record(use(1, 5))
    other = open_database(path)
    assert Keys(other).find(text).spent_rao == 5
    Keys(other).revoke("bob", now_ns=1)
    other.close()
    assert Keys(database).find(text) is None


def test_files_which_are_no_database_of_ours_are_left_as_they_are(tmp_path):
    text = tmp_path / "text"
    text.write_text("no database " * 100)
    newer = tmp_path / "newer.sqlite"
    made_by_another = sqlite3.connect(newer)
    made_by_another.execute("PRAGMA user_version = 2")
    made_by_another.close()
    for path in (text, newer):
        before = path.read_bytes()
        with pytest.raises(DatabaseInvalid):
            open_database(path)
        if path is text:
            assert path.read_bytes() == before
