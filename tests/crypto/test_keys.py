"""Keys of the development accounts, and signatures that count and that do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.keys import InvalidKeyUri, Keypair, SignatureScheme, UnsupportedScheme, verify

SR25519, ED25519 = SignatureScheme.SR25519, SignatureScheme.ED25519
ALICE = {scheme: Keypair("//Alice", scheme) for scheme in (SR25519, ED25519)}
both_schemes = pytest.mark.parametrize("scheme", [SR25519, ED25519])


def test_alice_has_her_well_known_keys():
    assert ALICE[SR25519].address == "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
    assert ALICE[ED25519].address == "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu"


def test_a_known_ed25519_signature_is_accepted_and_reproduced():
    # RFC 8032, section 7.1, test 1: the empty message.
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )
    seed = "0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    assert verify(ED25519, signature, b"", key)
    assert Keypair(seed, ED25519).sign(b"") == signature


@both_schemes
@given(message=st.binary(max_size=300))
def test_a_signature_counts_for_its_message_key_and_scheme_only(scheme, message):
    pair = ALICE[scheme]
    signature = pair.sign(message)
    assert verify(scheme, signature, message, pair.public_key)
    assert not verify(scheme, signature, message + b"\0", pair.public_key)
    assert not verify(scheme, signature, message, Keypair("//Bob", scheme).public_key)
    assert not verify(SignatureScheme(1 - scheme), signature, message, pair.public_key)


@both_schemes
def test_a_signature_over_wrapped_text_does_not_count_for_the_bare_message(scheme):
    wrapped = b"<Bytes>transfer</Bytes>"
    signature = ALICE[scheme].sign(wrapped)
    assert not verify(scheme, signature, b"transfer", ALICE[scheme].public_key)
    assert verify(scheme, signature, wrapped, ALICE[scheme].public_key)


@both_schemes
@given(signature=st.binary(max_size=70), message=st.binary(max_size=10), key=st.binary(max_size=40))
def test_malformed_input_is_an_invalid_signature_and_never_an_exception(scheme, signature, message, key):
    assert not verify(scheme, signature, message, key)
    assert not verify(scheme, signature, message, ALICE[scheme].public_key)


@both_schemes
@given(position=st.integers(0, 511))
def test_any_flipped_bit_spoils_a_signature(scheme, position):
    signature = bytearray(ALICE[scheme].sign(b"message"))
    signature[position // 8] ^= 1 << position % 8
    assert not verify(scheme, bytes(signature), b"message", ALICE[scheme].public_key)


def test_a_small_order_ed25519_key_signs_nothing():
    identity_point = (1).to_bytes(32, "little")
    assert not verify(ED25519, identity_point + bytes(32), b"anything", identity_point)


def test_ecdsa_signatures_never_count_and_have_no_key_pairs():
    assert not verify(SignatureScheme.ECDSA, bytes(65), b"message", bytes(33))
    with pytest.raises(UnsupportedScheme):
        Keypair("//Alice", SignatureScheme.ECDSA)


@pytest.mark.parametrize("uri", ["bad words", "0x1122", "0x" + "33" * 31])
def test_a_bad_uri_is_refused_without_repeating_the_secret(uri):
    with pytest.raises(InvalidKeyUri) as refusal:
        Keypair(uri)
    assert uri not in str(refusal.value)
