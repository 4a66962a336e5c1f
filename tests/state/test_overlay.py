"""The overlay against a plain dict with nested transactions, and what it promises beyond that."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ganglion.state.errors import TransactionMismatch
from ganglion.state.overlay import ABSENT, Overlay

ITEM_A, ITEM_B = b"A" * 32, b"B" * 32


class DictBase:
    """A base over a dict, which counts its reads."""

    def __init__(self, values=()):
        self.values, self.reads = dict(values), 0

    def get(self, key):
        self.reads += 1
        return self.values.get(key)

    def keys(self, prefix, start_after):
        return iter(
            sorted(
                k for k in self.values if k.startswith(prefix) and (start_after is None or k > start_after)
            )
        )


class Number:
    """Codec of integers as decimal text, which counts its work."""

    def __init__(self):
        self.decoded = self.encoded = 0

    def encode(self, value):
        self.encoded += 1
        return b"%d" % value

    def decode(self, data):
        self.decoded += 1
        return int(data)


@pytest.fixture
def codec():
    return Number()


@pytest.fixture
def base():
    return DictBase({b"one": b"1", b"two": b"2", ITEM_A + b"1": b"10", ITEM_A + b"3": b"30"})


@pytest.fixture
def overlay(base):
    return Overlay(base)


def test_a_value_is_decoded_once_and_encoded_only_for_the_changes(overlay, base, codec):
    for _ in range(3):
        overlay.put(b"one", codec, overlay.get(b"one", codec) + 1)
    assert (overlay.get(b"one", codec), overlay.get(b"none", codec), overlay.get(b"none", codec)) == (
        4,
        ABSENT,
        ABSENT,
    )
    assert (codec.decoded, codec.encoded, base.reads) == (1, 0, 2)
    assert overlay.changes() == {b"one": b"4"}
    assert codec.encoded == 1


def test_changes_are_ascending_and_only_what_differs_from_the_base(overlay, codec):
    overlay.put(b"two", codec, 5)
    overlay.put(b"one", codec, 1)
    overlay.delete(b"nothing")
    overlay.delete(ITEM_A + b"1")
    overlay.put(b"new", codec, 0)
    assert list(overlay.changes().items()) == [(ITEM_A + b"1", None), (b"new", b"0"), (b"two", b"5")]


def test_inner_rollback_keeps_the_outer_writes(overlay, codec):
    with overlay.transaction():
        overlay.put(b"one", codec, 11)
        with pytest.raises(LookupError), overlay.transaction():
            overlay.put(b"one", codec, 12)
            overlay.delete(b"two")
            overlay.put(b"new", codec, 1)
            raise LookupError
        assert overlay.depth == 1
        assert [overlay.get(key, codec) for key in (b"one", b"two", b"new")] == [11, 2, ABSENT]
    assert overlay.changes() == {b"one": b"11"}


def test_outer_rollback_undoes_what_inner_transactions_committed(overlay, codec):
    overlay.put(b"before", codec, 0)
    overlay.begin()
    with overlay.transaction():
        overlay.put(b"one", codec, 11)
    overlay.put(b"before", codec, 1)
    overlay.rollback()
    assert overlay.changes() == {b"before": b"0"}


def test_closing_what_was_never_opened_is_an_error(overlay):
    for close in (overlay.commit, overlay.rollback):
        with pytest.raises(TransactionMismatch):
            close()


def test_raw_and_decoded_access_see_each_other(overlay, codec):
    overlay.put(b"one", codec, 7)
    assert overlay.get_raw(b"one") == b"7"
    overlay.put_raw(b"one", b"0008")
    assert (overlay.get(b"one", codec), overlay.get_raw(b"one")) == (8, b"0008")
    assert overlay.changes() == {b"one": b"0008"}
    overlay.delete(b"one")
    assert (overlay.get_raw(b"one"), overlay.exists(b"one"), overlay.get_raw(b"two")) == (None, False, b"2")


def test_a_raw_write_is_rolled_back_to_the_decoded_value(overlay, codec):
    overlay.put(b"one", codec, 7)
    overlay.begin()
    overlay.put_raw(b"one", b"8")
    assert overlay.get(b"one", codec) == 8
    overlay.rollback()
    assert (overlay.get(b"one", codec), overlay.changes()) == (7, {b"one": b"7"})


def test_existence_is_told_without_decoding(overlay, codec):
    overlay.put(b"new", codec, 1)
    overlay.put_raw(b"raw", b"?")
    overlay.delete(b"two")
    assert [overlay.exists(key) for key in (b"one", b"two", b"new", b"raw", b"none")] == [
        True,
        False,
        True,
        True,
        False,
    ]
    assert codec.decoded == 0


def test_keys_merge_pending_and_base_in_order(overlay, codec):
    for suffix in (b"0", b"2", b"4"):
        overlay.put(ITEM_A + suffix, codec, 1)
    overlay.put(ITEM_B + b"9", codec, 1)
    overlay.delete(ITEM_A + b"3")
    found = [ITEM_A + suffix for suffix in (b"0", b"1", b"2", b"4")]
    assert list(overlay.keys(ITEM_A)) == found
    assert list(overlay.keys(ITEM_A, start_after=ITEM_A + b"1")) == found[2:]
    assert list(overlay.keys(b"")) == [*found, ITEM_B + b"9", b"one", b"two"]
    assert list(overlay.keys(ITEM_A + b"2")) == [ITEM_A + b"2"]


def test_writes_made_while_iterating_do_not_show(overlay, codec):
    overlay.put(ITEM_A + b"2", codec, 1)
    seen = []
    for key in overlay.keys(ITEM_A):
        seen.append(key[32:])
        overlay.delete(key)
        overlay.put(key + b"!", codec, 1)
    assert seen == [b"1", b"2", b"3"]
    assert [key[32:] for key in overlay.keys(ITEM_A)] == [b"1!", b"2!", b"3!"]


def test_iterating_one_item_does_not_look_at_the_keys_of_another(overlay, codec):
    class Watched(bytes):
        def startswith(self, *_):
            raise AssertionError(f"{self[32:]!r} was looked at")

    overlay.put(Watched(ITEM_B + b"1"), codec, 1)
    assert len(list(overlay.keys(ITEM_A))) == 2


def test_delete_prefix_stops_at_its_limit(overlay, codec):
    overlay.put(ITEM_A + b"2", codec, 1)
    assert overlay.delete_prefix(ITEM_A, limit=2) == 2
    assert list(overlay.keys(ITEM_A)) == [ITEM_A + b"3"]
    assert (overlay.delete_prefix(ITEM_A), overlay.delete_prefix(ITEM_A)) == (1, 0)


def test_rebasing_keeps_decoded_values_except_those_that_others_changed(overlay, base, codec):
    overlay.put(b"one", codec, overlay.get(b"one", codec) + overlay.get(b"two", codec))
    after = DictBase(base.values | overlay.changes() | {b"two": b"22"})
    overlay.rebase(after, changed=[b"two"])
    assert (overlay.changes(), overlay.get(b"one", codec), after.reads) == ({}, 3, 0)
    assert (overlay.get(b"two", codec), after.reads) == (22, 1)


def test_rebasing_inside_a_transaction_is_an_error(overlay, base):
    with overlay.transaction(), pytest.raises(TransactionMismatch):
        overlay.rebase(base)


def test_the_cache_is_bounded_and_never_loses_a_pending_value(codec):
    overlay = Overlay(DictBase({b"%d" % n: b"%d" % n for n in range(100)}), cached_values=10)
    for n in range(50, 70):
        overlay.put(b"%d" % n, codec, -n)
    assert [overlay.get(b"%d" % n, codec) for n in range(50)] == list(range(50))
    assert len(overlay.values) <= 30
    assert overlay.changes() == {b"%d" % n: b"-%d" % n for n in range(50, 70)}
    overlay.rebase(DictBase(overlay.changes()))
    assert len(overlay.values) <= 10


KEYS = st.sampled_from([b"", b":code", ITEM_A, ITEM_A + b"\0", ITEM_A + b"x", ITEM_A + b"xy", ITEM_B + b"x"])
PREFIXES = st.sampled_from([b"", b":", b"A", ITEM_A, ITEM_A + b"x", ITEM_B])
NUMBERS = st.integers(0, 3)
NUMBER = Number()


class OverlayMachine(RuleBasedStateMachine):
    """Random operations on an overlay and on a stack of whole dicts, which must always agree."""

    def __init__(self):
        super().__init__()
        self.base = DictBase()
        self.overlay = Overlay(self.base, cached_values=3)
        self.stack = [{}]

    @property
    def model(self):
        return self.stack[-1]

    @rule(key=KEYS, number=NUMBERS)
    def put(self, key, number):
        self.overlay.put(key, NUMBER, number)
        self.model[key] = number

    @rule(key=KEYS, number=NUMBERS)
    def put_raw(self, key, number):
        self.overlay.put_raw(key, b"%d" % number)
        self.model[key] = number

    @rule(key=KEYS)
    def delete(self, key):
        self.overlay.delete(key)
        self.model.pop(key, None)

    @rule(key=KEYS)
    def read(self, key):
        assert self.overlay.exists(key) == (key in self.model)
        assert self.overlay.get_raw(key) == (b"%d" % self.model[key] if key in self.model else None)
        assert self.overlay.get(key, NUMBER) == self.model.get(key, ABSENT)

    @rule(prefix=PREFIXES, limit=st.none() | NUMBERS)
    def delete_prefix(self, prefix, limit):
        doomed = sorted(key for key in self.model if key.startswith(prefix))[:limit]
        assert self.overlay.delete_prefix(prefix, limit) == len(doomed)
        for key in doomed:
            del self.model[key]

    @rule(prefix=PREFIXES, start_after=st.none() | KEYS)
    def iterate(self, prefix, start_after):
        assert list(self.overlay.keys(prefix, start_after)) == sorted(
            key for key in self.model if key.startswith(prefix) and (start_after is None or key > start_after)
        )

    @rule()
    def begin(self):
        self.overlay.begin()
        self.stack.append(self.model.copy())

    @precondition(lambda self: len(self.stack) > 1)
    @rule()
    def commit(self):
        self.overlay.commit()
        self.stack[-2:] = [self.model]

    @precondition(lambda self: len(self.stack) > 1)
    @rule()
    def rollback(self):
        self.overlay.rollback()
        self.stack.pop()

    @precondition(lambda self: len(self.stack) == 1)
    @rule()
    def rebase(self):
        self.base = DictBase({key: b"%d" % number for key, number in self.model.items()})
        self.overlay.rebase(self.base)

    @invariant()
    def changes_lead_from_the_base_to_the_model(self):
        changes = self.overlay.changes()
        assert list(changes) == sorted(changes)
        assert all(self.base.values.get(key) != data for key, data in changes.items())
        after = self.base.values | changes
        assert {k: int(v) for k, v in after.items() if v is not None} == self.model


TestOverlayAgainstModel = OverlayMachine.TestCase
TestOverlayAgainstModel.settings = settings(max_examples=150, stateful_step_count=40)
