"""Timelock encryption: bytes that anybody can open when a beacon's round is out, and nobody before.

A fresh 32-byte key encrypts the message under AES-256-GCM, and is itself encrypted by the identity-based
scheme of Boneh and Franklin (FullIdent) whose identities are rounds, so that the round's signature decrypts
it. On the wire a ciphertext is, with lengths as u64, little-endian,

    U (96: r * g2) ++ 32 ++ V (32) ++ 32 ++ W (32) ++ length ++ body ++ 8 ++ "AES_GCM_"
    body = length ++ sealed message with tag (16) ++ 12 ++ nonce

where r = H3(sigma, key), V = sigma ^ H2(e(H(round), public key)^r), W = key ^ H4(sigma). What follows the
ciphertext, or the nonce inside of the body, does not count; nor does the name of the cipher. Lengths are
checked against what is there before anything is reserved for them.
Source: ideal-lab5/timelock at subtensor's revision: tlock.rs, ibe/{fullident,utils}.rs, stream_ciphers.rs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from py_arkworks_bls12381 import GT, G1Point, G2Point, Scalar

from ganglion.crypto.beacon import PUBLIC_KEY_SIZE, key_point, point_of_round, signature_point

CIPHER_SUITE = b"AES_GCM_"
KEY_SIZE = 32
NONCE_SIZE = 12
LENGTH_SIZE = 8


class MalformedCiphertext(ValueError):
    """The bytes are no ciphertext of this form."""


class CannotOpen(ValueError):
    """The ciphertext was not sealed to this round of this beacon, or was changed since."""


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """A ciphertext in its parts; `ephemeral` is U. Only its form was checked."""

    ephemeral: G2Point
    masked_sigma: bytes
    masked_key: bytes
    body: bytes

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The parts of a ciphertext. Raises: MalformedCiphertext."""
        compressed, at = _take(data, 0, PUBLIC_KEY_SIZE)
        try:
            ephemeral = G2Point.from_compressed_bytes(compressed)
        except ValueError as error:
            raise MalformedCiphertext(f"0x{compressed.hex()} is no point of G2") from error
        masked_sigma, at = _take_vector(data, at)
        masked_key, at = _take_vector(data, at)
        body, at = _take_vector(data, at)
        _take_vector(data, at)
        return cls(ephemeral, masked_sigma, masked_key, body)


def seal(message: bytes, public_key: bytes, round_number: int, random_bytes: Callable[[int], bytes]) -> bytes:
    """The ciphertext of `message` for a round of the beacon with that key.

    `random_bytes(n)` must give n bytes that nobody can guess. Raises: MalformedPoint.
    """
    key, sigma, nonce = random_bytes(KEY_SIZE), random_bytes(KEY_SIZE), random_bytes(NONCE_SIZE)
    r = _exponent(sigma, key)
    shared = GT.pairing(point_of_round(round_number), key_point(public_key) * r)
    body = _vector(AESGCM(key).encrypt(nonce, message, None)) + _vector(nonce)
    return b"".join(
        (
            (G2Point() * r).to_compressed_bytes(),
            _vector(_xor(sigma, _mask(shared))),
            _vector(_xor(key, sha256(sigma).digest())),
            _vector(body),
            _vector(CIPHER_SUITE),
        )
    )


def open_sealed(ciphertext: Ciphertext, signature: bytes) -> bytes:
    """What was sealed to the round of this signature. Raises: CannotOpen, MalformedPoint."""
    key = _recover_key(ciphertext, signature_point(signature))
    try:
        sealed, at = _take_vector(ciphertext.body, 0)
        nonce, _ = _take_vector(ciphertext.body, at)
    except MalformedCiphertext as error:
        raise CannotOpen(f"the body: {error}") from error
    if len(nonce) != NONCE_SIZE:
        raise CannotOpen(f"the nonce has {len(nonce)} bytes, not {NONCE_SIZE}")
    try:
        return AESGCM(key).decrypt(nonce, sealed, None)
    except InvalidTag as error:
        raise CannotOpen("the message was changed") from error


def _recover_key(ciphertext: Ciphertext, signature: G1Point) -> bytes:
    if len(ciphertext.masked_sigma) != KEY_SIZE or len(ciphertext.masked_key) != KEY_SIZE:
        raise CannotOpen("the encrypted key has not its size")
    sigma = _xor(ciphertext.masked_sigma, _mask(GT.pairing(signature, ciphertext.ephemeral)))
    key = _xor(ciphertext.masked_key, sha256(sigma).digest())
    if G2Point() * _exponent(sigma, key) != ciphertext.ephemeral:
        raise CannotOpen("it was not sealed to this signature")
    return key


def _exponent(sigma: bytes, key: bytes) -> Scalar:
    return Scalar.from_be_bytes_mod_order(sha256(sigma + key).digest())


def _mask(shared: GT) -> bytes:
    # The text of an element is the hexadecimal form of its 576 bytes.
    return sha256(bytes.fromhex(str(shared))).digest()


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _vector(data: bytes) -> bytes:
    return len(data).to_bytes(LENGTH_SIZE, "little") + data


def _take_vector(data: bytes, at: int) -> tuple[bytes, int]:
    length, at = _take(data, at, LENGTH_SIZE)
    return _take(data, at, int.from_bytes(length, "little"))


def _take(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    if size > len(data) - at:
        raise MalformedCiphertext(f"needs {size} bytes at {at}, {len(data) - at} are left")
    return data[at : at + size], at + size
