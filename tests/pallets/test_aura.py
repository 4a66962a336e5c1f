"""Authorities take turns by the slot in the block's digest."""

from typing import Any

import pytest

from ganglion.frame.block import Digest, OtherDigest, PreRuntime, Seal
from ganglion.frame.genesis import InvalidGenesis
from ganglion.pallets.aura import Aura

KEYS = [bytes((i,)) * 32 for i in range(1, 4)]


@pytest.fixture
def aura(make_ledger: Any) -> Aura:
    aura: Aura = make_ledger({"Aura": {"authorities": [f"0x{key.hex()}" for key in KEYS]}})[Aura]
    return aura


def open_with(aura: Aura, *logs: Any) -> None:
    aura.system.digest.set(Digest(logs))
    aura.on_initialize()


@pytest.mark.parametrize(("slot", "turn"), [(0, 0), (1, 1), (3, 0), (2**64 - 1, 0)])
def test_the_slot_names_the_author(aura: Aura, slot: int, turn: int) -> None:
    open_with(aura, PreRuntime(b"aura", slot.to_bytes(8, "little")))
    assert aura.current_slot.get() == slot
    assert aura.author() == KEYS[turn]


@pytest.mark.parametrize(
    "log",
    [
        PreRuntime(b"babe", bytes(8)),
        PreRuntime(b"aura", b"\xff" * 9),
        PreRuntime(b"aura", b""),
        Seal(b"aura", b"\7" + bytes(7)),
        OtherDigest(bytes(8)),
    ],
    ids=repr,
)
def test_other_digests_name_no_slot(aura: Aura, log: Any) -> None:
    open_with(aura, PreRuntime(b"aura", b"\2" + bytes(7)))
    open_with(aura, log)
    assert aura.current_slot.get() == 2
    assert aura.system.world.state.changes()


def test_without_authorities_there_is_no_author(make_ledger: Any) -> None:
    assert make_ledger({"Aura": {}})[Aura].author() is None


def test_there_are_at_most_32_authorities(make_ledger: Any) -> None:
    many = [f"0x{i:064x}" for i in range(33)]
    with pytest.raises(InvalidGenesis, match="at most 32"):
        make_ledger({"Aura": {"authorities": many}})
    make_ledger({"Aura": {"authorities": many[1:]}}).open_block()
