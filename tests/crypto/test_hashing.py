"""Known vectors of every hash, and what a storage hasher promises."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.hashing import (
    STORAGE_HASHERS,
    Blake2_128Concat,
    Identity,
    Twox64Concat,
    blake2_128,
    blake2_256,
    twox64,
    twox128,
    twox256,
)

ALICE = bytes.fromhex("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d")


def test_twox_hashes_match_known_vectors():
    assert twox64(b"").hex() == "99e9d85137db46ef"
    assert twox128(b"System").hex() == "26aa394eea5630e07c48ae0c9558cef7"
    assert twox128(b"Account").hex() == "b99d880ec681799c0cf30e8886371da9"
    assert twox256(b"")[:16].hex() == "99e9d85137db46ef4bbea33613baafd5"


def test_blake2_hashes_match_known_vectors():
    assert blake2_256(b"\0").hex() == "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314"
    assert blake2_128(ALICE).hex() == "de1e86a9a8c739864cf3cc5ec2bea59f"


def test_concat_hashers_put_alice_where_the_real_chain_does():
    assert Blake2_128Concat.hash(ALICE) == bytes.fromhex("de1e86a9a8c739864cf3cc5ec2bea59f") + ALICE
    assert Twox64Concat.hash(b"\x01\x00") == twox64(b"\x01\x00") + b"\x01\x00"
    assert Identity.hash(b"\x01\x00") == b"\x01\x00"


@pytest.mark.parametrize("hasher", STORAGE_HASHERS.values(), ids=STORAGE_HASHERS)
@given(key=st.binary(max_size=80))
def test_a_hasher_gives_its_digest_and_then_the_key_if_reversible(hasher, key):
    suffix = key if hasher.is_reversible else b""
    hashed = hasher.hash(key)
    assert len(hashed) == hasher.digest_size + len(suffix)
    assert hashed[hasher.digest_size :] == suffix


@given(st.binary(max_size=200))
def test_twox_forms_share_their_prefix_and_blake2_sizes_do_not(data):
    assert twox256(data)[:16] == twox128(data)
    assert twox128(data)[:8] == twox64(data)
    assert blake2_128(data) == hashlib.blake2b(data, digest_size=16).digest() != blake2_256(data)[:16]
