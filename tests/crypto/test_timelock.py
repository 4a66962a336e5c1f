"""What is sealed to a round opens with its signature: ours, and those that the public beacon published."""

import json
from hashlib import sha256
from pathlib import Path

import bittensor_core
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganglion.crypto.beacon import BeaconKey, MalformedPoint
from ganglion.crypto.timelock import CannotOpen, Ciphertext, MalformedCiphertext, open_sealed, seal
from ganglion.scale import Codecs
from ganglion.scale.types import Bytes, u64

RECORDED = json.loads((Path(__file__).parents[1] / "vectors/drand/quicknet.json").read_text())
SIGNATURES = {entry["round"]: bytes.fromhex(entry["signature"]) for entry in RECORDED["pulses"]}
OWN = BeaconKey("//Own")
PORTABLE = Codecs().of(tuple[Bytes, u64])
LENGTHS_AT = {"sigma": 96, "key": 136, "body": 176}


def counted(size: int) -> bytes:
    """Bytes that a test knows, in place of random ones."""
    return bytes(range(size))


def sealed(message: bytes = b"weights", round_number: int = 7) -> bytes:
    return seal(message, OWN.public_key, round_number, counted)


def opened(data: bytes, signature: bytes | None = None) -> bytes:
    return open_sealed(Ciphertext.parse(data), signature or OWN.pulse(7).signature)


def sealed_by_client(message: bytes, round_number: int) -> bytes:
    data, _ = bittensor_core.encrypt_at_round(message, round_number)
    return bytes(bittensor_core.inner_ciphertext(data))


@pytest.mark.parametrize("round_number", sorted(SIGNATURES))
def test_what_the_client_seals_to_the_public_beacon_opens_with_the_public_pulse(round_number: int) -> None:
    message = sha256(str(round_number).encode()).digest()
    assert opened(sealed_by_client(message, round_number), SIGNATURES[round_number]) == message


@given(st.binary(max_size=600))
def test_messages_of_any_size_from_the_client_open(message: bytes) -> None:
    assert opened(sealed_by_client(message, 1_000), SIGNATURES[1_000]) == message


@given(st.binary(min_size=1, max_size=600), st.integers(0, 2**64 - 1))
def test_what_we_seal_to_our_beacon_opens_here_and_in_the_client(message: bytes, round_number: int) -> None:
    data, signature = sealed(message, round_number), OWN.pulse(round_number).signature
    assert opened(data, signature) == message
    portable = PORTABLE.encode((data, round_number))
    assert bittensor_core.decrypt_with_signature(portable, signature.hex()) == message


def test_the_form_is_the_clients_to_the_byte_but_for_what_is_random() -> None:
    ours, theirs = sealed(), sealed_by_client(b"weights", 7)
    assert len(ours) == len(theirs)
    for at in LENGTHS_AT.values():
        assert ours[at : at + 8] == theirs[at : at + 8]
    assert ours[-16:] == theirs[-16:]


def test_the_clients_commit_of_weights_is_of_this_form() -> None:
    schedule = {"last_epoch_block": 0, "pending_epoch_at": 0, "subnet_epoch_index": 0, "tempo": 360}
    schedule |= {"blocks_since_last_step": 0, "current_block": 10, "subnet_reveal_period_epochs": 1}
    commit, _ = bittensor_core.get_encrypted_commit_v2(
        uids=[0, 1], weights=[1, 2], version_key=0, block_time=12.0, hotkey=bytes(32), **schedule
    )
    assert len(Ciphertext.parse(bytes(commit)).body) == 8 + 51 + 16 + 8 + 12


def test_the_signature_of_another_round_or_beacon_does_not_open_it() -> None:
    for signature in (OWN.pulse(8).signature, BeaconKey("//Other").pulse(7).signature, SIGNATURES[1_000]):
        with pytest.raises(CannotOpen, match="not sealed to this signature"):
            opened(sealed(), signature)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_never_opens_to_something_else(position: int, change: int) -> None:
    data = bytearray(sealed())
    data[position % len(data)] ^= change
    try:
        assert opened(bytes(data)) == b"weights"  # the cipher's name, which does not count
        assert position % len(data) >= len(data) - 8
    except (CannotOpen, MalformedCiphertext):
        assert position % len(data) < len(data) - 8


@given(st.binary(max_size=400))
def test_arbitrary_bytes_do_not_open(data: bytes) -> None:
    with pytest.raises((CannotOpen, MalformedCiphertext)):
        opened(data)


@given(st.data())
def test_a_ciphertext_cut_short_is_malformed(data: st.DataObject) -> None:
    whole = sealed()
    with pytest.raises(MalformedCiphertext):
        Ciphertext.parse(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("at", LENGTHS_AT.values(), ids=LENGTHS_AT)
@pytest.mark.parametrize("length", [2**64 - 1, 2**62, 2**40, 10_000])
def test_a_claimed_length_is_believed_only_if_the_bytes_are_there(at: int, length: int) -> None:
    data = sealed()
    with pytest.raises(MalformedCiphertext, match=f"needs {length} bytes"):
        Ciphertext.parse(data[:at] + length.to_bytes(8, "little") + data[at + 8 :])


@pytest.mark.parametrize("size", [0, 31, 33])
def test_an_encrypted_key_of_another_size_does_not_open(size: int) -> None:
    data = sealed()
    resized = size.to_bytes(8, "little") + bytes(size)
    with pytest.raises(CannotOpen, match="has not its size"):
        opened(data[:96] + resized + data[136:])
    with pytest.raises(CannotOpen, match="has not its size"):
        opened(data[:136] + resized + data[176:])


def test_bytes_behind_the_ciphertext_do_not_count() -> None:
    assert opened(sealed() + b"more") == b"weights"


def test_a_body_without_nonce_or_with_a_long_one_does_not_open() -> None:
    parts = Ciphertext.parse(sealed())
    for body, reason in ((b"", "the body"), (parts.body[:-20] + b"\x0d" + bytes(20), "13 bytes")):
        broken = Ciphertext(parts.ephemeral, parts.masked_sigma, parts.masked_key, body)
        with pytest.raises(CannotOpen, match=reason):
            open_sealed(broken, OWN.pulse(7).signature)


def test_nothing_is_sealed_to_a_key_or_opened_with_a_signature_that_is_no_point() -> None:
    with pytest.raises(MalformedPoint):
        seal(b"weights", bytes(96), 7, counted)
    with pytest.raises(MalformedPoint):
        opened(sealed(), bytes(48))
