"""Each transaction is given out once, and again only when it has waited long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ganglion.node.engines.comet.gossip import MOST_WAITING, REPEATED_EVERY, Gossip


@dataclass
class Ready:
    """As much of a checked extrinsic as gossip looks at."""

    raw: bytes

    @property
    def extrinsic(self) -> Any:
        return self


def test_what_was_taken_in_is_given_out_once_in_order() -> None:
    gossip = Gossip()
    for raw in (b"a", b"b"):
        gossip.take(raw)
    assert gossip.give(0) == [b"a", b"b"]
    assert gossip.give(0) == []


def test_no_more_is_given_than_asked_for() -> None:
    gossip = Gossip()
    for raw in (b"aaa", b"bbb", b"ccc"):
        gossip.take(raw)
    assert gossip.give(7) == [b"aaa", b"bbb"]
    assert gossip.give(2) == []
    assert gossip.give(3) == [b"ccc"]


def test_what_waits_for_a_block_is_given_out_again_from_time_to_time() -> None:
    gossip = Gossip()

    def waiting() -> Any:
        return (Ready(b"a"),)

    for number in range(1, REPEATED_EVERY):
        gossip.repeat(number, waiting)
        assert gossip.give(0) == []
    gossip.repeat(REPEATED_EVERY, waiting)
    assert gossip.give(0) == [b"a"]


def test_memory_is_bounded() -> None:
    gossip = Gossip()
    for _ in range(MOST_WAITING + 10):
        gossip.take(b"a")
    assert len(gossip.give(1 << 30)) == MOST_WAITING
