"""Seals: one good signature of the slot's authority, at the end of the digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ganglion.crypto.keys import Keypair
from ganglion.frame.block import Digest, Header, OtherDigest
from ganglion.node.aura import good_seal, seal_of, sealed, slot_digest, unsealed

ONE, TWO = Keypair("//One"), Keypair("//Two")
AUTHORITIES = (ONE.public_key, TWO.public_key)


def header(slot: int) -> Header:
    return Header(bytes(32), 7, b"\x01" * 32, b"\x02" * 32, slot_digest(slot))


def signed(plain: Header, author: Keypair) -> Header:
    return sealed(plain, seal_of(plain, author))


@pytest.mark.parametrize(("slot", "author"), [(4, ONE), (5, TWO)])
def test_the_slots_authority_seals(slot: int, author: Keypair) -> None:
    plain = header(slot)
    assert good_seal(signed(plain, author), AUTHORITIES)
    assert unsealed(signed(plain, author)) == plain


def test_another_authority_or_a_changed_header_does_not() -> None:
    assert not good_seal(signed(header(4), TWO), AUTHORITIES)
    changed = replace(signed(header(4), ONE), number=8)
    assert not good_seal(changed, AUTHORITIES)


def test_a_header_without_slot_or_seal_is_not_sealed() -> None:
    plain = header(4)
    assert not good_seal(plain, AUTHORITIES)
    assert not good_seal(replace(plain, digest=Digest(())), AUTHORITIES)
    other = replace(plain, digest=Digest((OtherDigest(b"x"),)))
    assert not good_seal(signed(other, ONE), AUTHORITIES)
