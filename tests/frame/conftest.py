"""A runtime of two toy pallets, on an empty state."""

from __future__ import annotations

import types
from collections.abc import Callable

import pytest

from ganglion.crypto.hashing import Blake2_128Concat, Identity, Twox64Concat
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import DispatchClass, Error, Pays, PostInfo, Weight
from ganglion.frame.event import Event
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet, Section, constant
from ganglion.frame.runtime import CallWeight, Runtime
from ganglion.frame.storage import StorageDoubleMap, StorageMap, StorageNMap, StorageValue, storage
from ganglion.frame.version import RuntimeVersion
from ganglion.frame.world import World
from ganglion.scale.types import AccountId, Bytes, Compact, Vec, u8, u16, u32, u64
from ganglion.state.overlay import EmptyBase, Overlay

VERSION = RuntimeVersion("toy", "toy", 1, 7, 1, (), 3, 1)


class Shelf(Section):
    """A section of Book; the two use each other."""

    book: Book

    # shelf, place -> weight.
    places: StorageDoubleMap[u8, u16, u32] = storage(Identity, Twox64Concat, default=0)

    @call(index=10)
    def shelve(self, origin: Origin, shelf: u8, place: u16, weight: u32) -> None:
        """Put something on a shelf."""
        self.places[shelf, place] = weight


class Book(Pallet, crate="pallet_book", sections=(Shelf,)):
    """Notes by author."""

    shelf: Shelf

    count: StorageValue[u32] = storage(default=0)
    title: StorageValue[Bytes | None] = storage()
    notes: StorageMap[AccountId, Vec[u8]] = storage(Blake2_128Concat, default=())
    owner: StorageMap[u64, AccountId | None] = storage(Twox64Concat)
    deep: StorageNMap[tuple[u8, u16, u32], u64] = storage(Identity, Identity, Twox64Concat, default=9)

    longest: u32 = constant(3)

    class Written(Event, index=2):
        """A note was written."""

        by: AccountId
        note: Vec[u8]

    class TooLong(Error, index=5):
        """The note is too long."""

    @call(index=0)
    def write(self, origin: Origin, note: Vec[u8]) -> None:
        """Write a note. Raises: TooLong, after all is written."""
        who = origin.signed()
        self.notes[who] = note
        self.count.set(self.count.get() + 1)
        self.emit(self.Written(who, note))
        if len(note) > self.longest:
            raise self.TooLong(len(note))

    @call(index=1)
    def cheap(self, origin: Origin, ref_time: Compact[u64], free: bool) -> PostInfo:
        """Report another weight than expected."""
        return PostInfo(Weight(ref_time, 0), Pays.No if free else None)

    @call(index=2)
    def nest(self, origin: Origin, inner: RuntimeCall) -> None:
        """Run another call."""
        self.world.dispatch(inner, origin)

    @call(index=3)
    def tick(self, origin: Origin, works: bool) -> None:
        """An inherent."""
        origin.none()
        if not works:
            raise self.TooLong(0)


class Other(Pallet, crate="pallet_other"):
    """Has nothing but a section of another pallet's."""

    book: Book


WEIGHTS = {
    "Book.write": CallWeight(1_000, proof_size=10),
    "Book.cheap": CallWeight(5_000),
    "Book.tick": CallWeight(1, DispatchClass.Mandatory),
}


@pytest.fixture(scope="session")
def toy() -> types.SimpleNamespace:
    """The toy classes."""
    return types.SimpleNamespace(
        Book=Book, Shelf=Shelf, Other=Other, VERSION=VERSION, WEIGHTS=WEIGHTS, EmptyBase=EmptyBase
    )


@pytest.fixture(scope="session")
def toy_runtime() -> Runtime:
    return Runtime(VERSION, {3: Book, 1: Other}, crate="toy_runtime", weights=WEIGHTS)


@pytest.fixture(scope="session")
def make_world() -> Callable[[Runtime], World]:
    return lambda runtime: runtime.on(Overlay(EmptyBase()))


@pytest.fixture
def world(toy_runtime: Runtime, make_world: Callable[[Runtime], World]) -> World:
    return make_world(toy_runtime)
