"""Every block is given one time, later than its parent's."""

from typing import Any

import pytest

from ganglion.frame.block import Digest
from ganglion.frame.dispatch import BadOrigin, InvariantBroken, Refused
from ganglion.frame.origin import NONE, ROOT, Origin
from ganglion.frame.pallet import InherentData
from ganglion.frame.validity import InvalidKind
from ganglion.pallets.timestamp import Timestamp


def reopen(ledger: Any) -> None:
    """Close the block and open the next without its inherent."""
    ledger.executive.close_block()
    ledger.number += 1
    ledger.executive.open_block(ledger.number, ledger.hash_of(ledger.number - 1), Digest(()))


def test_the_author_sets_the_time(ledger: Any) -> None:
    assert ledger[Timestamp].now.get() == 12_000
    ledger.open_block()
    assert ledger[Timestamp].now.get() == 24_000


def test_a_second_time_in_a_block_is_refused(ledger: Any) -> None:
    with ledger.refuses(Refused):
        ledger.run(Timestamp.set, 99_000, origin=NONE)


@pytest.mark.parametrize("now", [0, 11_999, 12_000])
def test_time_does_not_stand_or_go_back(ledger: Any, now: int) -> None:
    reopen(ledger)
    with ledger.refuses(Refused):
        ledger.run(Timestamp.set, now, origin=NONE)
    ledger.run(Timestamp.set, 12_001, origin=NONE)


def test_an_author_whose_clock_is_behind_still_makes_a_block(ledger: Any) -> None:
    reopen(ledger)
    call = ledger[Timestamp].inherent(InherentData(5))
    assert call.args == (12_001,)


def test_an_inherent_that_repeats_the_time_breaks_the_block(ledger: Any) -> None:
    raw = ledger.codec.encode_bare(ledger.runtime.call(Timestamp.set, 99_000))
    with ledger.refuses(InvalidKind.BAD_MANDATORY):
        ledger.executive.apply(ledger.executive.check(ledger.codec.decode(raw)))


def test_a_block_without_time_cannot_be_closed(ledger: Any) -> None:
    reopen(ledger)
    with pytest.raises(InvariantBroken, match="time was not set"):
        ledger.executive.close_block()


def test_nobody_who_signs_sets_the_time(ledger: Any) -> None:
    reopen(ledger)
    for origin in (ROOT, Origin.of(ledger.key("Alice"))):
        with ledger.refuses(BadOrigin):
            ledger.run(Timestamp.set, 99_000, origin=origin)


def test_a_signed_time_is_refused_and_leaves_no_trace(ledger: Any) -> None:
    reopen(ledger)
    checked = ledger.extrinsic(ledger.runtime.call(Timestamp.set, 99_000))
    with ledger.refuses(InvalidKind.BAD_MANDATORY):
        ledger.executive.apply(checked)
