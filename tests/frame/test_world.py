"""Calls change the state and tell of it, or leave no trace."""

from types import SimpleNamespace

import pytest

from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import BadOrigin, DispatchInfo, Pays, Weight
from ganglion.frame.origin import NONE, Origin
from ganglion.frame.world import World

ALICE = Origin.of(b"a" * 32)


def write(world: World, toy: SimpleNamespace, note: tuple[int, ...]) -> RuntimeCall:
    return world.runtime.call(toy.Book.write, note)


def test_a_call_changes_the_state_and_tells(world: World, toy: SimpleNamespace) -> None:
    world.dispatch(write(world, toy, (1, 2)), ALICE)
    assert world[toy.Book].notes[b"a" * 32] == (1, 2)
    assert [record.event for record in world.events] == [toy.Book.Written(b"a" * 32, (1, 2))]


@pytest.mark.parametrize(("origin", "note"), [(ALICE, (1, 2, 3, 4)), (NONE, (1,))])
def test_a_call_that_fails_leaves_no_trace(
    world: World, toy: SimpleNamespace, origin: Origin, note: tuple[int, ...]
) -> None:
    with pytest.raises((toy.Book.TooLong, BadOrigin)):
        world.dispatch(write(world, toy, note), origin)
    assert world.state.changes() == {}
    assert world.events == []


def test_a_call_inside_a_call_is_undone_with_it(world: World, toy: SimpleNamespace) -> None:
    inner = write(world, toy, (1, 2, 3, 4))
    call = world.runtime.call(toy.Book.nest, world.runtime.call(toy.Book.nest, inner))
    assert isinstance(world.try_dispatch(call, ALICE), toy.Book.TooLong)
    assert world.state.changes() == {}


def test_what_a_failed_call_inside_undoes_is_only_its_own(world: World, toy: SimpleNamespace) -> None:
    with world.transaction():
        world.dispatch(write(world, toy, (1,)), ALICE)
        world.try_dispatch(write(world, toy, (1, 2, 3, 4)), ALICE)
    assert world[toy.Book].count.get() == 1
    assert len(world.events) == 1


def test_a_transaction_that_raises_is_undone_with_its_events(world: World, toy: SimpleNamespace) -> None:
    world.dispatch(write(world, toy, (1,)), ALICE)
    with pytest.raises(KeyError), world.transaction():
        world.dispatch(write(world, toy, (2,)), ALICE)
        raise KeyError
    assert world[toy.Book].notes[b"a" * 32] == (1,)
    assert len(world.events) == 1


def test_an_attempt_tells_cost_and_failure(world: World, toy: SimpleNamespace) -> None:
    outcome = world.attempt(write(world, toy, (1, 2, 3, 4)), ALICE)
    assert isinstance(outcome.failure, toy.Book.TooLong)
    assert outcome.actual.weight == Weight(1_000, 10)
    cheap = world.attempt(world.runtime.call(toy.Book.cheap, 7, True), ALICE)
    assert (cheap.failure, cheap.actual.weight, cheap.actual.pays_fee) == (None, Weight(7, 0), Pays.No)


def test_a_call_cannot_cost_more_than_was_expected(world: World, toy: SimpleNamespace) -> None:
    outcome = world.attempt(world.runtime.call(toy.Book.cheap, 10**12, False), ALICE)
    assert outcome.actual == DispatchInfo(Weight(5_000, 0), outcome.actual.class_, Pays.Yes)


def test_sections_that_name_each_other_are_given_each_other(world: World, toy: SimpleNamespace) -> None:
    assert world[toy.Book].shelf is world[toy.Shelf]
    assert world[toy.Shelf].book is world[toy.Book]
    assert world[toy.Other].book is world[toy.Book]


def test_worlds_of_one_runtime_do_not_see_each_other(world: World, make_world, toy: SimpleNamespace) -> None:
    other = make_world(world.runtime)
    world.dispatch(write(world, toy, (1,)), ALICE)
    assert other[toy.Book].count.get() == 0
    assert other.events == []


def test_sections_come_in_order_of_pallet_index_and_declaration(world: World, toy: SimpleNamespace) -> None:
    assert [type(section) for section in world.sections] == [toy.Other, toy.Book, toy.Shelf]
