"""Blocks committed one after another: views, history, rollback, import, refusals."""

import pytest

from ganglion.state.errors import (
    CorruptState,
    InvalidKey,
    OutOfOrder,
    ReservedTable,
    StalePending,
    StateDiscarded,
    StateNotEmpty,
    UnknownBlock,
    WrongFormat,
    WrongGenesis,
)
from ganglion.state.proof import verify_proof
from ganglion.state.state_db import MAX_KEY_SIZE, StateDB
from ganglion.state.trie import trie_root
from ganglion.state.trie_codec import EMPTY_ROOT
from ganglion.state.view import BEFORE_GENESIS, BlockState

GENESIS = bytes([7]) * 32
LONG = b"long" * 20


def block_hash(number):
    return GENESIS if number == 0 else number.to_bytes(32, "big")


def commit(db, changes, **options):
    pending = db.prepare(changes)
    number = pending.parent.number + 1
    return db.commit(pending, number, block_hash(number), **options)


def pairs(db, number=None):
    with db.view(number) as view:
        return dict(view.pairs())


def table(store, name):
    with store.read() as reader:
        return dict(reader.scan(name))


@pytest.fixture
def db(store):
    """Blocks 0 to 4 of an archive: `count` changes in each, `once` and `long` come and go."""
    opened = StateDB.open(store, history_window=None)
    for number, changes in enumerate(
        [
            {b"count": b"0", b"long": LONG},
            {b"count": b"1", b"once": b"1"},
            {b"count": b"2", b"once": None, b"long": None},
            {b"count": b"3", b"long": LONG + b"!"},
            {b"count": b"4"},
        ]
    ):
        assert commit(opened, changes).number == number
    return opened


STATES = [
    {b"count": b"0", b"long": LONG},
    {b"count": b"1", b"long": LONG, b"once": b"1"},
    {b"count": b"2"},
    {b"count": b"3", b"long": LONG + b"!"},
    {b"count": b"4", b"long": LONG + b"!"},
]


def test_an_empty_store_stands_before_genesis(store):
    db = StateDB.open(store)
    assert (db.head, db.genesis_hash) == (BEFORE_GENESIS, None)
    assert (db.head.number, db.head.state_root, pairs(db)) == (-1, EMPTY_ROOT, {})
    db.verify()


def test_preparing_tells_the_root_and_writes_nothing(store):
    db = StateDB.open(store)
    assert db.prepare({b"a": b"1"}).root == trie_root({b"a": b"1"})
    assert db.head == BEFORE_GENESIS
    assert table(store, "state") == table(store, "trie") == {}


def test_every_kept_block_is_viewed_as_it_was(db):
    for number, state in enumerate(STATES):
        with db.view(number) as view:
            assert view.block == BlockState(number, block_hash(number), trie_root(state))
            assert dict(view.pairs()) == state
            assert [view.get(key) for key in (b"count", b"once")] == [state[b"count"], state.get(b"once")]
            assert list(view.keys(b"", b"count", 1)) == sorted(state)[1:2]
    db.verify()


def test_a_view_stays_at_its_block_while_later_ones_are_committed(db):
    with db.view() as view:
        commit(db, {b"count": b"5", b"new": b"5", b"long": None})
        assert dict(view.pairs()) == STATES[4]
        assert verify_proof(view.block.state_root, view.prove([b"new"]), [b"new"]) == {b"new": None}
    assert pairs(db) == {b"count": b"5", b"new": b"5"}


@pytest.mark.parametrize("number", range(5))
def test_reads_are_proved_at_every_kept_block(db, number):
    keys = [b"count", b"long", b"once", b"never"]
    with db.view(number) as view:
        proof = view.prove(keys)
        assert verify_proof(view.block.state_root, proof, keys) == {
            key: STATES[number].get(key) for key in keys
        }


def test_blocks_never_committed_are_unknown(db):
    for number in (-1, 5, 2**64):
        with pytest.raises(UnknownBlock):
            db.view(number)


def test_states_before_the_window_are_discarded_with_their_nodes(store):
    db = StateDB.open(store, history_window=2)
    for number in range(50):
        commit(db, {b"count": bytes([number]), b"key%d" % (number % 7): LONG + bytes([number])})
    assert db.oldest == 47
    with pytest.raises(StateDiscarded) as refusal:
        db.view(46)
    assert (refusal.value.number, refusal.value.oldest) == (46, 47)
    assert [pairs(db, number)[b"count"][0] for number in (47, 48, 49)] == [47, 48, 49]
    assert (len(table(store, "history")), len(table(store, "retired"))) == (3, 2)
    assert len(table(store, "trie")) < 40


def test_a_window_of_nothing_keeps_the_head_alone(store):
    db = StateDB.open(store, history_window=0)
    for number in range(5):
        commit(db, {b"count": bytes([number])})
    assert (db.oldest, len(table(store, "trie"))) == (4, 1)
    db.verify()


def test_an_archive_opened_with_a_window_is_shortened_step_by_step(db, store):
    for number in range(5, 30):
        commit(db, {b"count": bytes([number])})
    shortened = StateDB.open(store, history_window=1)
    oldest = []
    while not oldest or oldest[-1] < shortened.head.number - 1:
        commit(shortened, {b"count": bytes([len(oldest)])})
        oldest.append(shortened.oldest)
    assert all(0 < after - before <= 4 for before, after in zip([0, *oldest], oldest, strict=False))
    assert len(table(store, "history")) == 2


def test_records_are_written_with_the_block_and_only_then(store):
    db = StateDB.open(store)
    pending = db.prepare({b"a": b"1"})
    with pytest.raises(OutOfOrder):
        db.commit(pending, 1, GENESIS, {("headers", b"0"): b"header"})
    assert table(store, "headers") == {}
    db.commit(pending, 0, GENESIS, {("headers", b"0"): b"header", ("bodies", b"0"): b"body"})
    commit(db, {}, records={("bodies", b"0"): None})
    assert (table(store, "headers"), table(store, "bodies")) == ({b"0": b"header"}, {})


def test_records_for_the_own_tables_of_the_database_are_refused(db):
    for name in ("state", "trie", "history", "retired", "meta"):
        with pytest.raises(ReservedTable):
            commit(db, {}, records={(name, b"key"): b"value"})
    assert db.head.number == 4


def test_changes_prepared_on_another_head_are_refused(db):
    first, second = db.prepare({b"a": b"1"}), db.prepare({b"b": b"2"})
    db.commit(first, 5, block_hash(5))
    with pytest.raises(StalePending):
        db.commit(second, 5, block_hash(5))
    db.rollback_to(4)
    with pytest.raises(StalePending):
        db.commit(second, 5, block_hash(5))
    assert pairs(db) == STATES[4]


@pytest.mark.parametrize("key", [b"", b"k" * (MAX_KEY_SIZE + 1)])
def test_keys_that_cannot_be_stored_are_refused(db, key):
    with pytest.raises(InvalidKey):
        db.prepare({key: b"value"})


def test_keys_nested_as_deep_as_they_can_be_are_stored(store):
    db = StateDB.open(store)
    ends = (b"", b"\x12", b"\x21")
    nested = {b"\x11" * size + end: b"v" for size in range(1, MAX_KEY_SIZE) for end in ends}
    commit(db, nested)
    commit(db, {b"\x11" * MAX_KEY_SIZE: b"deepest"})
    db.verify()
    commit(db, dict.fromkeys([*nested, b"\x11" * MAX_KEY_SIZE]))
    assert db.head.state_root == EMPTY_ROOT


@pytest.mark.parametrize("number", range(5))
def test_rolling_back_restores_the_block_and_new_blocks_follow_it(db, number, store):
    records = {("headers", b"gone"): None, ("headers", b"kept"): b"1"}
    assert db.rollback_to(number, records) == db.head
    assert (db.head.number, pairs(db), table(store, "headers")) == (number, STATES[number], {b"kept": b"1"})
    db.verify()
    commit(db, {b"other": LONG})
    assert pairs(db) == STATES[number] | {b"other": LONG}
    assert [pairs(db, earlier) for earlier in range(number + 1)] == STATES[: number + 1]
    db.verify()


def test_rolling_back_leaves_no_node_behind(db, store):
    before = table(store, "trie")
    for number in range(5, 9):
        commit(db, {b"count": bytes([number]), b"more": LONG})
    db.rollback_to(4)
    assert table(store, "trie") == before


def test_rolling_back_where_the_state_is_not_kept_is_refused(store):
    db = StateDB.open(store, history_window=1)
    for number in range(4):
        commit(db, {b"count": bytes([number])})
    with pytest.raises(StateDiscarded):
        db.rollback_to(1)
    with pytest.raises(UnknownBlock):
        db.rollback_to(4)
    assert db.head.number == 3


def test_exported_pairs_are_imported_elsewhere_at_the_same_block(db, other_store):
    twin = StateDB.open(other_store)
    with db.view() as view:
        twin.import_pairs(view.pairs(), view.block, GENESIS, {("headers", b"4"): b"header"})
    assert (twin.head, twin.oldest, twin.genesis_hash) == (db.head, 4, GENESIS)
    assert table(other_store, "headers") == {b"4": b"header"}
    twin.verify()
    with pytest.raises(StateDiscarded):
        twin.view(3)
    assert commit(twin, {b"count": b"5"}) == commit(db, {b"count": b"5"})


def test_pairs_of_another_root_are_not_imported(db, other_store):
    twin = StateDB.open(other_store)
    with db.view() as view, pytest.raises(CorruptState):
        twin.import_pairs([*view.pairs(), (b"extra", b"1")], view.block, GENESIS)
    assert twin.head == BEFORE_GENESIS


def test_nothing_is_imported_over_blocks(db):
    with pytest.raises(StateNotEmpty):
        db.import_pairs([], BEFORE_GENESIS, GENESIS)


def test_a_store_of_another_chain_is_refused(db, store):
    assert StateDB.open(store, genesis_hash=GENESIS).head == db.head
    with pytest.raises(WrongGenesis) as refusal:
        StateDB.open(store, genesis_hash=bytes(32))
    assert (refusal.value.found, refusal.value.expected) == (GENESIS, bytes(32))


def test_a_genesis_other_than_the_expected_one_is_not_committed(store):
    db = StateDB.open(store, genesis_hash=bytes(32))
    with pytest.raises(WrongGenesis):
        commit(db, {b"a": b"1"})
    assert db.head == BEFORE_GENESIS


def test_a_store_of_another_format_is_refused(db, store):
    store.write({"meta": {b"format": b"ganglion state 0"}})
    with pytest.raises(WrongFormat):
        StateDB.open(store)


def test_damage_is_found_by_verifying(db, store):
    store.write({"state": {b"count": b"5"}})
    with pytest.raises(CorruptState, match="636f756e74"):
        db.verify()


def in_record(value):
    """How a record has a value: after its length, in a leaf or an inline leaf; a long one stands alone."""
    return value if len(value) > 32 else bytes([len(value) << 2]) + value


@pytest.mark.parametrize(("key", "value"), [(b"count", b"5"), (b"long", LONG + b"?")])
def test_a_value_forged_in_both_flat_state_and_trie_is_found_by_its_hash(db, store, key, value):
    true = in_record(STATES[4][key])
    records = table(store, "trie").items()
    forged = {node_id: each.replace(true, in_record(value)) for node_id, each in records if true in each}
    store.write({"state": {key: value}, "trie": forged})
    with pytest.raises(CorruptState, match="does not hash"):
        db.verify()


def test_a_store_without_its_newest_root_is_not_opened(db, store):
    store.write({"trie": dict.fromkeys(table(store, "trie"))})
    with pytest.raises(CorruptState, match="is missing"):
        StateDB.open(store)
