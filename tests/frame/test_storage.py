"""Storage items read and write what they declare, in order of storage key, and give the keys back."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.hashing import Twox64Concat, blake2_128, twox64, twox128
from ganglion.frame.storage import KEYS_REMEMBERED, storage
from ganglion.frame.world import World

ALICE, BOB = b"a" * 32, b"b" * 32


def test_a_value_reads_as_its_default_until_it_is_set(world: World, toy: SimpleNamespace) -> None:
    book = world[toy.Book]
    assert (book.count.get(), book.count.exists()) == (0, False)
    book.count.set(0)
    assert (book.count.get(), book.count.exists()) == (0, True)


def test_an_optional_value_is_none_until_it_is_set_and_after_none_is(
    world: World, toy: SimpleNamespace
) -> None:
    title = world[toy.Book].title
    assert title.get() is None
    title.set(b"")
    assert (title.get(), title.exists()) == (b"", True)
    title.set(None)
    assert (title.get(), title.exists()) == (None, False)
    assert world.state.changes() == {}


def test_taking_leaves_nothing(world: World, toy: SimpleNamespace) -> None:
    book = world[toy.Book]
    book.count.set(5)
    book.notes[ALICE] = (1,)
    world[toy.Shelf].places[1, 2] = 3
    assert (book.count.take(), book.notes.take(ALICE), world[toy.Shelf].places.take((1, 2))) == (5, (1,), 3)
    assert (book.count.get(), book.notes[ALICE], world[toy.Shelf].places[1, 2]) == (0, (), 0)


def test_keys_are_those_of_every_substrate_chain(world: World, toy: SimpleNamespace) -> None:
    prefix = twox128(b"Book") + twox128(b"Notes")
    assert world[toy.Book].notes.item.key((ALICE,)) == prefix + blake2_128(ALICE) + ALICE
    prefix = twox128(b"Book") + twox128(b"Places")
    assert world[toy.Shelf].places.item.key((7, 258)) == prefix + b"\7" + twox64(b"\2\1") + b"\2\1"
    prefix = twox128(b"Book") + twox128(b"Deep")
    assert world[toy.Book].deep.item.key((1, 2)) == prefix + b"\1\2\0"


@given(entries=st.dictionaries(st.binary(min_size=32, max_size=32), st.lists(st.integers(0, 255)).map(tuple)))
def test_a_map_is_read_in_order_of_storage_key(
    toy_runtime: Any, make_world: Any, toy: SimpleNamespace, entries: dict[bytes, tuple[int, ...]]
) -> None:
    notes = make_world(toy_runtime)[toy.Book].notes
    for who, note in entries.items():
        notes[who] = note
    in_order = sorted(entries, key=lambda who: notes.item.key((who,)))
    assert list(notes.items()) == [(who, entries[who]) for who in in_order]
    assert list(notes.keys()) == in_order


@given(entries=st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 2**16 - 1)), st.integers(0, 99)))
def test_a_double_map_gives_what_lies_under_a_first_key(
    toy_runtime: Any, make_world: Any, toy: SimpleNamespace, entries: dict[tuple[int, int], int]
) -> None:
    places = make_world(toy_runtime)[toy.Shelf].places
    for keys, weight in entries.items():
        places[keys] = weight
    in_order = sorted(entries, key=places.item.key)
    assert list(places.items()) == [(*keys, entries[keys]) for keys in in_order]
    for first in range(4):
        below = [(second, entries[one, second]) for one, second in in_order if one == first]
        assert list(places.under(first)) == below
        assert list(places.keys_under(first)) == [second for second, _ in below]


def test_a_map_of_three_keys_gives_what_lies_under_some(world: World, toy: SimpleNamespace) -> None:
    deep = world[toy.Book].deep
    for keys in ((1, 2, 3), (1, 2, 4), (1, 3, 3), (2, 2, 3)):
        deep[keys] = sum(keys)
    assert deep[9, 9, 9] == 9
    assert sorted(deep.under(1)) == [((1, 2, 3), 6), ((1, 2, 4), 7), ((1, 3, 3), 7)]
    assert sorted(deep.under(1, 2)) == [((1, 2, 3), 6), ((1, 2, 4), 7)]
    assert deep.clear_under(1, 2) == 2
    assert sorted(deep.items()) == [((1, 3, 3), 7), ((2, 2, 3), 7)]


def test_clearing_stops_at_its_limit(world: World, toy: SimpleNamespace) -> None:
    places = world[toy.Shelf].places
    for place in range(5):
        places[1, place] = place + 1
    places[2, 0] = 1
    assert places.clear_under(1, limit=3) == 3
    assert len(list(places.items())) == 3
    assert places.clear() == 3


def test_an_item_may_change_while_it_is_read(world: World, toy: SimpleNamespace) -> None:
    owner = world[toy.Book].owner
    for key in range(4):
        owner[key] = ALICE
    for key, _ in owner.items():
        del owner[key]
        owner[key + 100] = BOB
    assert {key for key, _ in owner.items()} == {100, 101, 102, 103}


def test_membership_is_about_what_is_stored(world: World, toy: SimpleNamespace) -> None:
    book = world[toy.Book]
    assert ALICE not in book.notes
    book.notes[ALICE] = ()
    assert ALICE in book.notes
    assert (1, 2, 3) not in book.deep
    del book.notes[ALICE]
    assert ALICE not in book.notes


def test_equal_keys_are_one_key_whatever_their_type(world: World, toy: SimpleNamespace) -> None:
    places = world[toy.Shelf].places
    places[1, 2] = 5
    assert places[True, 2] == 5
    places[True, 3] = 6
    assert list(places.under(1)) == list(places.under(True))
    assert {type(key) for key, _, _ in places.items()} == {int}


def test_more_keys_than_an_item_has_are_refused(world: World, toy: SimpleNamespace) -> None:
    with pytest.raises(TypeError, match="has 2 keys, not 3"):
        world[toy.Shelf].places[1, 2, 3]


def test_keys_remembered_are_bounded(world: World, toy: SimpleNamespace) -> None:
    item = world[toy.Book].owner.item
    for key in range(KEYS_REMEMBERED + 10):
        item.key((key,))
    assert len(item.known) <= KEYS_REMEMBERED
    assert item.parts(item.key((5,))) == (5,)


def test_a_declaration_takes_no_other_words() -> None:
    with pytest.raises(TypeError, match="defalut"):
        storage(Twox64Concat, defalut=1)


def test_an_encoded_value_is_the_value(world: World, toy: SimpleNamespace) -> None:
    places = world[toy.Shelf].places
    assert places.get_encoded((1, 2)) is None
    places[1, 2] = 3
    encoded = places.get_encoded((1, 2))
    assert encoded is not None
    places.put_encoded((1, 4), encoded)
    assert (places[1, 4], dict(places.under(1))) == (3, {2: 3, 4: 3})
