"""Ethereum's hashes, addresses and signatures, against values that everybody publishes and a real wallet."""

import pytest
from coincurve import PrivateKey
from eth_account import Account
from eth_account.messages import encode_defunct
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.ethereum import address_of, keccak_256, personal_hash, recover_address

ONE = PrivateKey((1).to_bytes(32, "big"))
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def test_the_hash_is_keccak_as_it_was_before_sha3() -> None:
    empty = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak_256(b"").hex() == empty


def test_a_message_is_hashed_as_wallets_do() -> None:
    hello = "d9eba16ed0ecae432b71fe008c98cc872bb4cc214d3220a36f365326cf807d68"
    assert personal_hash(b"hello world").hex() == hello


def test_the_address_of_the_key_one_is_known() -> None:
    assert address_of(ONE.public_key).hex() == "7e5f4552091a69125d5dfcb7b8c2659029395bdf"


@given(secret=st.integers(1, ORDER - 1), message=st.binary(max_size=80))
def test_the_address_of_a_wallet_s_signature_is_found_again(secret: int, message: bytes) -> None:
    account = Account.from_key(secret.to_bytes(32, "big"))
    signature = bytes(account.sign_message(encode_defunct(primitive=message)).signature)
    found = recover_address(personal_hash(message), signature)
    assert found == bytes.fromhex(account.address[2:])
    plain = signature[:64] + bytes([signature[64] - 27])
    assert recover_address(personal_hash(message), plain) == found


def test_the_mirrored_signature_with_a_high_s_counts_too() -> None:
    digest = personal_hash(b"m")
    signature = ONE.sign_recoverable(digest, hasher=None)
    mirrored = (ORDER - int.from_bytes(signature[32:64], "big")).to_bytes(32, "big")
    other = signature[:32] + mirrored + bytes([signature[64] ^ 1])
    assert recover_address(digest, other) == address_of(ONE.public_key)


@pytest.mark.parametrize("signature", [bytes(65), b"\xff" * 65, b"\1" * 64 + b"\4", b"\1" * 64 + b"\x1f"])
def test_what_is_no_signature_is_nobody_s(signature: bytes) -> None:
    assert recover_address(personal_hash(b"m"), signature) is None
