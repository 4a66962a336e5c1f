"""The hashes of a Substrate chain, and the hashers that place storage keys.

Terms: *twox* is xxHash64 repeated with the seeds 0, 1, 2, ..., each in little-endian order: fast, and
open to chosen collisions, so only for keys that no user chooses. *Concat* hashers append the encoded key
to its hash, which lets a reader recover the key from storage; they and `Identity` are *reversible*.
Source: polkadot-sdk substrate/primitives/crypto/hashing and substrate/frame/support/src/hash.rs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from xxhash import xxh64_digest


def twox64(data: bytes) -> bytes:
    """xxHash64 with seed 0; 8 bytes, little-endian."""
    return bytes(xxh64_digest(data, 0)[::-1])


def twox128(data: bytes) -> bytes:
    """xxHash64 with seeds 0 and 1; 16 bytes."""
    return bytes(xxh64_digest(data, 0)[::-1] + xxh64_digest(data, 1)[::-1])


def twox256(data: bytes) -> bytes:
    """xxHash64 with seeds 0 to 3; 32 bytes."""
    return b"".join(xxh64_digest(data, seed)[::-1] for seed in range(4))


def blake2_128(data: bytes) -> bytes:
    """Blake2b with a 16-byte digest (not a truncated longer one)."""
    return blake2b(data, digest_size=16).digest()


def blake2_256(data: bytes) -> bytes:
    """Blake2b with a 32-byte digest: block, extrinsic and trie node hashes."""
    return blake2b(data, digest_size=32).digest()


def _identity(data: bytes) -> bytes:
    return data


def _twox64_concat(data: bytes) -> bytes:
    return bytes(xxh64_digest(data, 0)[::-1] + data)


def _blake2_128_concat(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest() + data


@dataclass(frozen=True, slots=True)
class StorageHasher:
    """How one key of a storage map enters the storage key.

    `name` is the name in metadata; `digest_size` the bytes of digest at the front; `is_reversible` whether
    the SCALE-encoded key stands unchanged after them; `hash` gives digest and, if reversible, key.
    """

    name: str
    digest_size: int
    is_reversible: bool
    hash: Callable[[bytes], bytes]


Identity = StorageHasher("Identity", 0, True, _identity)
Twox64Concat = StorageHasher("Twox64Concat", 8, True, _twox64_concat)
Blake2_128Concat = StorageHasher("Blake2_128Concat", 16, True, _blake2_128_concat)
Twox128 = StorageHasher("Twox128", 16, False, twox128)
Twox256 = StorageHasher("Twox256", 32, False, twox256)
Blake2_128 = StorageHasher("Blake2_128", 16, False, blake2_128)
Blake2_256 = StorageHasher("Blake2_256", 32, False, blake2_256)

STORAGE_HASHERS = {
    hasher.name: hasher
    for hasher in (Identity, Twox64Concat, Blake2_128Concat, Twox128, Twox256, Blake2_128, Blake2_256)
}
"""Every hasher by its name in metadata."""
