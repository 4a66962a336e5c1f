"""A drand beacon of the scheme `bls-unchained-g1-rfc9380`, which is that of drand's public quicknet.

Every period the beacon signs the number of the *round*, and nothing else, with BLS on BLS12-381: signatures
(48 bytes, compressed) are points of G1, public keys (96 bytes) of G2. A *pulse* is a round with its
signature. Nobody can know a signature before its round, and whoever has it can open what was sealed to that
round (`ganglion.crypto.timelock`).
Source: drand's crypto/schemes.go and chain/info.go; RFC 9380; subtensor pallets/drand/src/verifier.rs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256, sha512

from py_arkworks_bls12381 import GT, G1Point, G2Point, Scalar

PUBLIC_KEY_SIZE = 96
SIGNATURE_SIZE = 48
SCHEME = b"bls-unchained-g1-rfc9380"

_DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
_KEY_DOMAIN = b"ganglion beacon key "


class MalformedPoint(ValueError):
    """The bytes are no point of the group that they are said to be of. Carries the `data`."""

    def __init__(self, group: str, data: bytes) -> None:
        super().__init__(f"0x{data.hex()} is no point of {group}")
        self.data = data


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a beacon publishes in a round; nobody has checked it yet."""

    round: int
    signature: bytes

    @property
    def randomness(self) -> bytes:
        """The round's 32 random bytes."""
        return sha256(self.signature).digest()

    def is_signed_by(self, public_key: bytes) -> bool:
        """Whether the beacon of that key signed the round. Raises: MalformedPoint."""
        signature, key = signature_point(self.signature), key_point(public_key)
        # One multi-pairing: e(signature, g2) = e(H(round), key).
        return GT.pairing_check([signature, -point_of_round(self.round)], [G2Point(), key])


@dataclass(frozen=True, slots=True)
class Schedule:
    """When rounds are published: round 1 at `genesis_time`, then one every `period`, both in seconds."""

    genesis_time: int
    period: int

    def latest(self, now_s: int) -> int:
        """The newest round that is out at `now_s` (Unix time); 0 before the first."""
        return max(0, (now_s - self.genesis_time) // self.period + 1)

    def first_from(self, time_s: int) -> int:
        """The first round that is out at `time_s` (Unix time) or later."""
        return max(1, -(-(time_s - self.genesis_time) // self.period) + 1)

    def published_at(self, round_number: int) -> int:
        """Unix time in seconds at which a round is out."""
        return self.genesis_time + (round_number - 1) * self.period


class BeaconKey:
    """The secret key of a beacon that one party runs alone: whoever has it can open everything at once."""

    def __init__(self, secret: str) -> None:
        """The key that a text always makes; a text that can be guessed is no secret."""
        self._scalar = Scalar.from_be_bytes_mod_order(sha512(_KEY_DOMAIN + secret.encode()).digest())
        self.public_key: bytes = (G2Point() * self._scalar).to_compressed_bytes()

    def pulse(self, round_number: int) -> Pulse:
        """The pulse of a round (u64), which is always the same."""
        return Pulse(round_number, (point_of_round(round_number) * self._scalar).to_compressed_bytes())


def point_of_round(round_number: int) -> G1Point:
    """The point of G1 that stands for a round (u64)."""
    return G1Point.hash_to_curve(sha256(round_number.to_bytes(8, "big")).digest(), _DOMAIN)


def signature_point(signature: bytes) -> G1Point:
    """A signature as a point. Raises: MalformedPoint."""
    try:
        return G1Point.from_compressed_bytes(signature)
    except ValueError as error:
        raise MalformedPoint("G1", signature) from error


@lru_cache(maxsize=4)
def key_point(public_key: bytes) -> G2Point:
    """A public key as a point. Raises: MalformedPoint."""
    try:
        return G2Point.from_compressed_bytes(public_key)
    except ValueError as error:
        raise MalformedPoint("G2", public_key) from error


def chain_hash(public_key: bytes, schedule: Schedule, group_hash: bytes, beacon_id: bytes) -> bytes:
    """The 32 bytes by which drand names a beacon: SHA-256 of what defines it."""
    times = schedule.period.to_bytes(4, "big") + schedule.genesis_time.to_bytes(8, "big")
    return sha256(times + public_key + group_hash + beacon_id).digest()
