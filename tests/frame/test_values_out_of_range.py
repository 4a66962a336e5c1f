"""A value that does not fit its type fails the call that would store or tell it, and nothing else."""

from __future__ import annotations

import pytest

from ganglion.crypto.hashing import Identity
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import Arithmetic, ArithmeticErrorKind, ArithmeticFailed
from ganglion.frame.event import Event
from ganglion.frame.origin import ROOT, Origin
from ganglion.frame.pallet import Pallet
from ganglion.frame.primitives import NetUid
from ganglion.frame.runtime import Runtime
from ganglion.frame.storage import StorageMap, StorageValue, storage
from ganglion.frame.version import RuntimeVersion
from ganglion.frame.world import World
from ganglion.scale.types import Vec, i32, u8, u16
from ganglion.state.overlay import EmptyBase, Overlay


class Gauge(Pallet, crate="pallet_gauge"):
    """Stores and tells whatever it is asked to."""

    level: StorageValue[u8] = storage(default=0)
    levels: StorageMap[NetUid, Vec[u16]] = storage(Identity, default=())

    class Told(Event, index=0):
        level: u8

    @call(index=0)
    def store(self, origin: Origin, level: i32) -> None:
        self.level.set(level)

    @call(index=1)
    def store_in_list(self, origin: Origin, level: i32) -> None:
        self.levels[1] = (1, level)

    @call(index=2)
    def store_under(self, origin: Origin, netuid: i32) -> None:
        self.levels[netuid] = ()

    @call(index=3)
    def tell(self, origin: Origin, level: i32) -> None:
        self.level.set(1)
        self.emit(self.Told(level))


@pytest.fixture
def world() -> World:
    runtime = Runtime(RuntimeVersion("t", "t", 1, 1, 1, (), 1, 1), {0: Gauge}, crate="t")
    return runtime.on(Overlay(EmptyBase()))


@pytest.mark.parametrize("function", ["store", "store_in_list", "store_under", "tell"])
@pytest.mark.parametrize("value", [-1, 65_536])
def test_the_call_fails_with_overflow_and_leaves_no_trace(world: World, function: str, value: int) -> None:
    with pytest.raises(ArithmeticFailed) as failed:
        world.dispatch(RuntimeCall("Gauge", function, (value,)), ROOT)
    assert failed.value.error == Arithmetic(ArithmeticErrorKind.Overflow)
    assert world.state.changes() == {}
    assert world.events == []


def test_values_that_fit_are_stored_and_told(world: World) -> None:
    for function in ("store", "store_in_list", "store_under", "tell"):
        world.dispatch(RuntimeCall("Gauge", function, (255,)), ROOT)
    assert world[Gauge].levels[1] == (1, 255)
    assert [record.event for record in world.events] == [Gauge.Told(255)]
