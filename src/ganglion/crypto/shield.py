"""The MEV shield's envelopes: who seals bytes to a published key lets only the key's owner read them.

Terms: the *encapsulation key* (1,184 bytes) is public, the *decapsulation key* behind it is secret and
made from a 64-byte seed. Sealing encapsulates a fresh 32-byte secret under ML-KEM-768 (FIPS 203) and
encrypts with it, as it is, under XChaCha20-Poly1305 without associated data. On the wire an envelope is

    key hash (16) ++ length of the encapsulation (u16, little-endian) ++ encapsulation ++ nonce (24) ++ sealed

where the key hash is twox128 of the encapsulation key. Source: subtensor pallets/shield/src/lib.rs, and
stp-shield's shielded_tx.rs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.exceptions import CryptoError

from ganglion.crypto.hashing import twox128

SEED_SIZE = 64
ENCAPSULATION_KEY_SIZE = 1_184
ENCAPSULATION_SIZE = 1_088
KEY_HASH_SIZE = 16
LENGTH_SIZE = 2
NONCE_SIZE = 24
TAG_SIZE = 16


class MalformedEnvelope(ValueError):
    """The bytes end before the envelope does. Carries their `size` and the `needed` size."""

    def __init__(self, size: int, needed: int) -> None:
        super().__init__(f"an envelope of at least {needed} bytes was begun, {size} are there")
        self.size = size
        self.needed = needed


class CannotOpen(ValueError):
    """The envelope was not sealed to this key, or was changed since."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope in its parts, none of which were checked against each other."""

    key_hash: bytes
    encapsulation: bytes
    nonce: bytes
    sealed: bytes

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The parts of an envelope; what was sealed may be empty. Raises: MalformedEnvelope."""
        start = KEY_HASH_SIZE + LENGTH_SIZE
        if len(data) < start:
            raise MalformedEnvelope(len(data), start)
        nonce_at = start + int.from_bytes(data[KEY_HASH_SIZE:start], "little")
        sealed_at = nonce_at + NONCE_SIZE
        if len(data) < sealed_at:
            raise MalformedEnvelope(len(data), sealed_at)
        return cls(data[:KEY_HASH_SIZE], data[start:nonce_at], data[nonce_at:sealed_at], data[sealed_at:])


class DecapsulationKey:
    """A secret key that opens envelopes, with its public half."""

    __slots__ = ("_key", "encapsulation_key")

    def __init__(self, seed: bytes) -> None:
        """The key of 64 random bytes (FIPS 203's d ++ z). Raises: ValueError for another length."""
        self._key = MLKEM768PrivateKey.from_seed_bytes(seed)
        self.encapsulation_key = self._key.public_key().public_bytes_raw()

    @property
    def hash(self) -> bytes:
        """By which envelopes name this key."""
        return key_hash(self.encapsulation_key)

    def open(self, envelope: Envelope) -> bytes:
        """What was sealed. Raises: CannotOpen."""
        if len(envelope.encapsulation) != ENCAPSULATION_SIZE or len(envelope.sealed) < TAG_SIZE:
            raise CannotOpen(
                f"{len(envelope.encapsulation)} bytes of encapsulation and {len(envelope.sealed)} sealed ones"
            )
        secret = self._key.decapsulate(envelope.encapsulation)
        try:
            return crypto_aead_xchacha20poly1305_ietf_decrypt(envelope.sealed, None, envelope.nonce, secret)
        except CryptoError as error:
            raise CannotOpen("the envelope is not sealed to this key") from error


def key_hash(encapsulation_key: bytes) -> bytes:
    """The 16 bytes by which an envelope names the key it is sealed to."""
    return twox128(encapsulation_key)
