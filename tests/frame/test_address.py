"""Only plain account ids name an account; only its own signature over exactly the message is good."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.keys import Keypair, SignatureScheme
from ganglion.frame.address import (
    Address20,
    Address32,
    AddressId,
    AddressIndex,
    AddressRaw,
    Ecdsa,
    Ed25519,
    MultiAddress,
    MultiSignature,
    Sr25519,
    is_signed_by,
    lookup,
)
from ganglion.frame.dispatch import CannotLookup, Refused
from ganglion.scale import Codecs

SR, ED = Keypair("//Alice"), Keypair("//Alice", SignatureScheme.ED25519)


def test_an_account_id_names_its_account() -> None:
    assert lookup(AddressId(b"a" * 32)) == b"a" * 32


@pytest.mark.parametrize(
    "address", [AddressIndex(()), AddressRaw(bytes(32)), Address32(bytes(32)), Address20(bytes(20))]
)
def test_no_other_address_names_one(address: MultiAddress) -> None:
    with pytest.raises(Refused) as refused:
        lookup(address)
    assert refused.value.error == CannotLookup()


def test_an_index_takes_no_bytes() -> None:
    codec = Codecs().of(MultiAddress)
    assert codec.encode(AddressIndex(())) == b"\1"
    assert codec.decode(b"\1") == AddressIndex(())


@pytest.mark.parametrize(("pair", "wrap"), [(SR, Sr25519), (ED, Ed25519)])
def test_a_signature_is_good_for_its_message_and_account_only(
    pair: Keypair, wrap: type[MultiSignature]
) -> None:
    signature = wrap(pair.sign(b"message"))
    assert is_signed_by(signature, b"message", pair.public_key)
    assert not is_signed_by(signature, b"massage", pair.public_key)
    assert not is_signed_by(signature, b"message", Keypair("//Bob", pair.scheme).public_key)


def test_a_signature_over_wrapped_bytes_is_no_signature() -> None:
    assert not is_signed_by(Sr25519(SR.sign(b"<Bytes>x</Bytes>")), b"x", SR.public_key)


def test_a_signature_of_one_scheme_is_none_of_another() -> None:
    signature = SR.sign(b"message")
    assert not is_signed_by(Ed25519(signature), b"message", SR.public_key)
    assert not is_signed_by(Ecdsa(signature + b"\0"), b"message", SR.public_key)


@given(st.binary(min_size=64, max_size=64), st.binary(min_size=32, max_size=32), st.binary(max_size=40))
def test_any_bytes_are_a_bad_signature(signature: bytes, account: bytes, message: bytes) -> None:
    assert not is_signed_by(Sr25519(signature), message, account)
    assert not is_signed_by(Ecdsa(signature + b"\0"), message, account)
    assert not is_signed_by(Ed25519(signature), message, account)


@pytest.mark.parametrize("account", [b"\xff" * 32, b"\1" + bytes(31), bytes(31) + b"\x80"])
def test_accounts_that_are_no_points_sign_nothing(account: bytes) -> None:
    for signature in (bytes(64), b"\xff" * 64, bytes(63) + b"\x80", SR.sign(b"m")):
        assert not is_signed_by(Sr25519(signature), b"m", account)
        assert not is_signed_by(Ed25519(signature), b"m", account)


def test_anybody_can_sign_for_the_zero_account_so_extensions_must_refuse_it() -> None:
    assert is_signed_by(Sr25519(bytes(63) + b"\x80"), b"anything", bytes(32))
