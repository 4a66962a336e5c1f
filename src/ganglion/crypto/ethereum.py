"""Ethereum's keys, as far as needed to see that somebody holds one: Keccak, signed messages, recovery.

Terms: an *address* is the last 20 bytes of the Keccak hash of a public key; a *signature* is r, s and a
recovery number of one byte, 0 to 3, which wallets write as 27 to 30. An s in the upper half counts too, as on
the real chain.
Source: EIP-191 (personal messages); polkadot-sdk substrate/primitives/core/src/ecdsa.rs (recover_prehashed).
"""

from __future__ import annotations

from coincurve import PublicKey
from Crypto.Hash import keccak

WALLET_OFFSET = 27


def keccak_256(data: bytes) -> bytes:
    """Keccak with 256 bits, as it was before SHA-3 changed its padding; 32 bytes."""
    return keccak.new(data=data, digest_bits=256).digest()


def personal_hash(message: bytes) -> bytes:
    """What a wallet signs when it signs `message` (EIP-191); 32 bytes."""
    return keccak_256(b"\x19Ethereum Signed Message:\n" + str(len(message)).encode() + message)


def address_of(public_key: PublicKey) -> bytes:
    """The 20-byte address of a public key."""
    return keccak_256(public_key.format(compressed=False)[1:])[12:]


def recover_address(digest: bytes, signature: bytes) -> bytes | None:
    """The address whose 65-byte signature over a 32-byte digest this is; None if it is nobody's."""
    number = signature[64]
    plain = signature[:64] + bytes([number - WALLET_OFFSET if number >= WALLET_OFFSET else number])
    try:
        return address_of(PublicKey.from_signature_and_message(plain, digest, hasher=None))
    except ValueError:
        return None
