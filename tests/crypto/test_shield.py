"""Envelopes as the official client seals them, and those that nobody can open."""

import bittensor_core
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.hashing import twox128
from ganglion.crypto.shield import (
    ENCAPSULATION_KEY_SIZE,
    ENCAPSULATION_SIZE,
    SEED_SIZE,
    CannotOpen,
    DecapsulationKey,
    Envelope,
    MalformedEnvelope,
)

KEY = DecapsulationKey(bytes(range(SEED_SIZE)))
OTHER = DecapsulationKey(bytes(SEED_SIZE))


def sealed(plaintext: bytes, key: DecapsulationKey = KEY) -> bytes:
    data = bittensor_core.encrypt_mlkem768(key.encapsulation_key, plaintext, include_key_hash=True)
    return bytes(data)


@given(st.binary(max_size=600))
def test_what_the_client_seals_opens_to_the_same_bytes(plaintext: bytes) -> None:
    envelope = Envelope.parse(sealed(plaintext))
    assert KEY.open(envelope) == plaintext
    assert len(envelope.encapsulation) == ENCAPSULATION_SIZE


def test_the_client_still_uses_the_shared_secret_as_it_is() -> None:
    assert bittensor_core.mlkem_kdf_id() == b"v1"


def test_an_envelope_names_the_key_by_its_twox128() -> None:
    envelope = Envelope.parse(sealed(b"weights"))
    assert envelope.key_hash == KEY.hash == twox128(KEY.encapsulation_key)


def test_a_seed_always_makes_the_same_key() -> None:
    again = DecapsulationKey(bytes(range(SEED_SIZE)))
    assert again.encapsulation_key == KEY.encapsulation_key != OTHER.encapsulation_key
    assert len(KEY.encapsulation_key) == ENCAPSULATION_KEY_SIZE


@pytest.mark.parametrize("size", [0, SEED_SIZE - 1, SEED_SIZE + 1])
def test_a_seed_of_another_length_makes_no_key(size: int) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        DecapsulationKey(bytes(size))


def test_another_key_cannot_open_it() -> None:
    with pytest.raises(CannotOpen):
        OTHER.open(Envelope.parse(sealed(b"weights")))


@given(st.integers(min_value=16), st.integers(1, 255))
def test_an_envelope_changed_anywhere_after_the_key_hash_does_not_open(at: int, change: int) -> None:
    data = bytearray(sealed(b"weights"))
    data[16 + at % (len(data) - 16)] ^= change
    with pytest.raises((CannotOpen, MalformedEnvelope)):
        KEY.open(Envelope.parse(bytes(data)))


@given(st.binary(max_size=1_300))
def test_bytes_from_anywhere_either_parse_into_parts_or_are_malformed(data: bytes) -> None:
    try:
        parsed = Envelope.parse(data)
    except MalformedEnvelope as malformed:
        assert malformed.size == len(data) < malformed.needed
        return
    length = len(parsed.encapsulation).to_bytes(2, "little")
    assert parsed.key_hash + length + parsed.encapsulation + parsed.nonce + parsed.sealed == data
    with pytest.raises(CannotOpen):
        KEY.open(parsed)


@pytest.mark.parametrize("kept", [0, 15, 17, 18 + ENCAPSULATION_SIZE, 18 + ENCAPSULATION_SIZE + 23])
def test_an_envelope_cut_short_is_malformed(kept: int) -> None:
    with pytest.raises(MalformedEnvelope):
        Envelope.parse(sealed(b"weights")[:kept])


@pytest.mark.parametrize("kept", [24, 39])
def test_an_envelope_without_a_whole_tag_does_not_open(kept: int) -> None:
    with pytest.raises(CannotOpen):
        KEY.open(Envelope.parse(sealed(b"weights")[: 18 + ENCAPSULATION_SIZE + kept]))
