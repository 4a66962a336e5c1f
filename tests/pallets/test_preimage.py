"""Data is put on chain for a deposit, or free where it is requested, and found by its hash."""

from __future__ import annotations

import pytest

from ganglion.crypto.hashing import blake2_256
from ganglion.frame.dispatch import BadOrigin, Pays, TokenError
from ganglion.frame.origin import NONE
from ganglion.pallets.balances import Balances
from ganglion.pallets.preimage import Preimage
from ganglion.pallets.preimage.types import Inline, Legacy, Lookup, Requested, Unrequested
from ganglion.pallets.system import System

TAO = 10**9
DATA = bytes(1_000)
HASH = blake2_256(DATA)
DEPOSIT = 104_000_000 + 1_000 * 1_000_000


@pytest.fixture
def notes(chain):
    """A chain where alice and bob have 10 TAO each."""
    chain.fund("alice", 10)
    chain.fund("bob", 10)
    return chain


def note(chain, by):
    chain.call(Preimage.note_preimage, DATA, by=by)


def reserved(chain, name):
    return chain[System].account[chain.who(name)].data.reserved


def test_noting_takes_a_deposit_by_length_and_unnoting_gives_it_back(notes):
    note(notes, "alice")
    assert reserved(notes, "alice") == DEPOSIT
    assert notes[Preimage].preimage_for[HASH, 1_000] == DATA
    notes.advance()
    notes.call(Preimage.unnote_preimage, HASH, by="alice")
    assert (reserved(notes, "alice"), notes.balance("alice")) == (0, 10 * TAO)
    assert notes[Preimage].preimage_for[HASH, 1_000] is None
    assert notes.events(Preimage.Cleared) == [Preimage.Cleared(HASH)]


def test_what_is_noted_is_not_noted_again_nor_removed_by_others(notes, root):
    note(notes, "alice")
    with notes.refuses(Preimage.AlreadyNoted):
        note(notes, "bob")
    with notes.refuses(Preimage.NotAuthorized):
        notes.call(Preimage.unnote_preimage, HASH, by="bob")
    notes.call(Preimage.unnote_preimage, HASH, by=root)
    assert reserved(notes, "alice") == 0


def test_a_deposit_must_leave_the_account_alive(notes):
    notes[Balances].withdraw(notes.who("alice"), 10 * TAO - DEPOSIT - 499, keep_alive=True)
    with notes.refuses(TokenError):
        note(notes, "alice")


def test_what_is_requested_is_noted_free_and_stays(notes, root):
    notes.call(Preimage.request_preimage, HASH, by=root)
    call = notes.runtime.call(Preimage.note_preimage, DATA)
    assert notes.world.dispatch(call, notes.signed("alice")).pays is Pays.No
    assert reserved(notes, "alice") == 0
    with notes.refuses(Preimage.NotAuthorized):
        notes.call(Preimage.unnote_preimage, HASH, by="alice")
    notes.call(Preimage.unrequest_preimage, HASH, by=root)
    assert HASH not in notes[Preimage].request_status_for


def test_the_owner_of_requested_data_gets_the_deposit_back_and_the_data_stays(notes, root):
    note(notes, "alice")
    notes.call(Preimage.request_preimage, HASH, by=root)
    notes.call(Preimage.unnote_preimage, HASH, by="alice")
    assert reserved(notes, "alice") == 0
    assert notes[Preimage].request_status_for[HASH] == Requested(None, 1, 1_000)
    assert notes[Preimage].preimage_for[HASH, 1_000] == DATA


def test_data_with_an_owner_outlives_its_requests(notes, root):
    note(notes, "alice")
    for _ in range(2):
        notes.call(Preimage.request_preimage, HASH, by=root)
    notes.call(Preimage.unrequest_preimage, HASH, by=root)
    notes.call(Preimage.unrequest_preimage, HASH, by=root)
    owner = (notes.who("alice"), DEPOSIT)
    assert notes[Preimage].request_status_for[HASH] == Unrequested(owner, 1_000)
    with notes.refuses(Preimage.NotRequested):
        notes.call(Preimage.unrequest_preimage, HASH, by=root)


def test_what_is_not_there_is_not_removed(notes):
    with notes.refuses(Preimage.NotNoted):
        notes.call(Preimage.unnote_preimage, HASH, by="alice")


def test_too_much_data_is_refused(notes):
    with notes.refuses(Preimage.TooBig):
        notes.call(Preimage.note_preimage, bytes(4 * 1024 * 1024 + 1), by="alice")


def test_only_root_requests(notes, stranger):
    for function in (Preimage.request_preimage, Preimage.unrequest_preimage):
        with notes.refuses(BadOrigin):
            notes.call(function, HASH, by=stranger)
    with notes.refuses(BadOrigin):
        note(notes, NONE)


def test_there_is_nothing_old_to_update(notes):
    with notes.refuses(Preimage.TooFew):
        notes.call(Preimage.ensure_updated, (), by="alice")
    with notes.refuses(Preimage.TooMany):
        notes.call(Preimage.ensure_updated, (HASH,) * 1_025, by="alice")
    notes.call(Preimage.ensure_updated, (HASH,), by="alice")


def test_short_calls_are_kept_inline_and_long_ones_by_hash(notes):
    pallet, call = notes[Preimage], notes.runtime.call
    short, long = call(System.remark, bytes(9)), call(System.remark, bytes(200))
    assert isinstance(pallet.bound(short), Inline)
    kept = pallet.bound(long)
    assert isinstance(kept, Lookup)
    assert pallet.peek(kept) == pallet.peek(Legacy(kept.hash)) == long
    pallet.drop(kept)
    assert pallet.peek(kept) is None
    assert pallet.peek(Inline(b"\xff\xff")) is None
