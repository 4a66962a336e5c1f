"""Key pairs, and the check of a signature exactly as a Substrate runtime makes it.

The raw rule: a signature counts for the bytes given and for nothing else. bittensor-core's `verify` also
accepts a signature over `<Bytes>message</Bytes>`, the form in which wallets sign arbitrary text; an
extrinsic signed so is invalid on the real chain. A check never raises: a malformed key or signature is an
invalid one.
Source: polkadot-sdk substrate/primitives/runtime/src/traits.rs (Verify).
"""

from enum import IntEnum

import bittensor_core
import sr25519

from ganglion.crypto import ss58


class SignatureScheme(IntEnum):
    """Variant of `MultiSignature` on the wire."""

    ED25519 = 0
    SR25519 = 1
    ECDSA = 2


class InvalidKeyUri(ValueError):
    """The secret uri does not name a key. The uri is a secret, so the message does not repeat it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"invalid key uri: {reason}")


class UnsupportedScheme(ValueError):
    """No key pair can be made for this signature scheme. Carries `scheme`."""

    def __init__(self, scheme: SignatureScheme) -> None:
        super().__init__(f"no key pairs of scheme {scheme.name}")
        self.scheme = scheme


class Keypair:
    """A secret key with its 32-byte public key, which is also its account id."""

    __slots__ = ("_pair", "public_key", "scheme")

    def __init__(self, uri: str, scheme: SignatureScheme = SignatureScheme.SR25519) -> None:
        """Derive from `//Alice`, a mnemonic or a 0x seed, each with optional `//hard/soft///password`.

        Raises: InvalidKeyUri, UnsupportedScheme.
        """
        if scheme is SignatureScheme.ECDSA:
            raise UnsupportedScheme(scheme)
        try:
            self._pair = bittensor_core.Keypair.create_from_uri(uri, int(scheme))
        except ValueError as error:
            raise InvalidKeyUri(str(error)) from error
        self.public_key: bytes = self._pair.public_key
        self.scheme = scheme

    @property
    def address(self) -> str:
        """SS58 address in the network's format."""
        return ss58.encode(self.public_key)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over `message` as it is. sr25519 signatures differ from call to call."""
        signature: bytes = self._pair.sign(message)
        return signature

    def __repr__(self) -> str:
        return f"Keypair({self.address}, {self.scheme.name})"


def verify(scheme: SignatureScheme, signature: bytes, message: bytes, public_key: bytes) -> bool:
    """Whether `signature` is the key's over exactly `message`. Every ECDSA signature is answered False."""
    match scheme:
        case SignatureScheme.SR25519:
            return verify_sr25519(signature, message, public_key)
        case SignatureScheme.ED25519:
            return verify_ed25519(signature, message, public_key)
        case SignatureScheme.ECDSA:
            return False


def verify_sr25519(signature: bytes, message: bytes, public_key: bytes) -> bool:
    """Raw sr25519 check: 64-byte signature, 32-byte key, signing context `substrate`."""
    try:
        valid: bool = sr25519.verify(signature, message, public_key)
    except ValueError:
        return False
    return valid


def verify_ed25519(signature: bytes, message: bytes, public_key: bytes) -> bool:
    """Raw ed25519 check: 64-byte signature, 32-byte key.

    bittensor-core answers for the message or its wrapped form. A signature of the wrapped form alone is
    told by its also passing for the wrapped message. A key of small order signs everything at once, and is
    refused by this rule.
    """
    try:
        pair = bittensor_core.Keypair(public_key=public_key, crypto_type=bittensor_core.CRYPTO_ED25519)
        valid: bool = pair.verify(message, signature) and not pair.verify(
            b"<Bytes>" + message + b"</Bytes>", signature
        )
    except ValueError:
        return False
    return valid
