"""The pallet in docs/architecture.md works as it is printed there."""

import sys
import types
from pathlib import Path

import pytest

from ganglion.frame.dispatch import DispatchFailed
from ganglion.frame.origin import NONE, Origin
from ganglion.frame.runtime import Runtime
from ganglion.frame.version import RuntimeVersion
from ganglion.frame.world import World
from ganglion.state.memory import MemoryStore
from ganglion.state.overlay import Overlay
from ganglion.state.state_db import StateDB

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
ALICE = bytes(32)


@pytest.fixture
def guestbook() -> types.ModuleType:
    code = PAGE.read_text().split("```python\n")[1].split("```")[0]
    module = types.ModuleType("guestbook")
    sys.modules["guestbook"] = module
    exec(code, vars(module))
    return module


@pytest.fixture
def world(guestbook: types.ModuleType) -> World:
    version = RuntimeVersion("guests", "guests", 1, 1, 1, (), 1, 1)
    runtime = Runtime(version, {0: guestbook.Guestbook}, crate="guest_runtime")
    return runtime.on(Overlay(StateDB.open(MemoryStore(), 16).view(None)))


def test_the_example_is_no_longer_than_promised(guestbook: types.ModuleType) -> None:
    code = PAGE.read_text().split("```python\n")[1].split("```")[0]
    body = code[code.index("class Guestbook") :]
    assert len(body.strip().splitlines()) <= 30


def test_signing_writes_the_line_and_tells(world: World, guestbook: types.ModuleType) -> None:
    call = world.runtime.call(guestbook.Guestbook.sign, b"I was here")
    world.dispatch(call, Origin.of(ALICE))
    assert world[guestbook.Guestbook].lines[ALICE] == b"I was here"
    assert world.events[-1].event == guestbook.Guestbook.Signed(ALICE)


def test_a_line_too_long_is_refused_and_changes_nothing(world: World, guestbook: types.ModuleType) -> None:
    call = world.runtime.call(guestbook.Guestbook.sign, b"x" * 81)
    with pytest.raises(guestbook.Guestbook.LineTooLong):
        world.dispatch(call, Origin.of(ALICE))
    assert world[guestbook.Guestbook].lines[ALICE] is None
    assert world.events == []


def test_nobody_cannot_sign(world: World, guestbook: types.ModuleType) -> None:
    with pytest.raises(DispatchFailed):
        world.dispatch(world.runtime.call(guestbook.Guestbook.sign, b"?"), NONE)
