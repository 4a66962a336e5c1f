"""How extrinsics name and prove their signer.

Source: polkadot-sdk substrate/primitives/runtime/src/multiaddress.rs and lib.rs (MultiSignature).
"""

from __future__ import annotations

from typing import Annotated, Any

from ganglion.crypto.keys import SignatureScheme, verify
from ganglion.frame.dispatch import CannotLookup, Refused
from ganglion.scale import Codec, Enum
from ganglion.scale.description import CompactOf, TypeInfo
from ganglion.scale.primitives import UNIT
from ganglion.scale.types import AccountId, Bytes, Bytes20, Bytes32, Bytes64, Bytes65


class _CompactUnit(Codec):
    """Compact<()>: this chain has no account indices, and the type of none takes no bytes."""

    name = "Compact<()>"

    def write(self, value: Any, out: bytearray) -> None:
        UNIT.write(value, out)

    def read(self, data: bytes, at: int) -> tuple[tuple[()], int]:
        return (), at

    def describe(self) -> TypeInfo:
        return TypeInfo(CompactOf(UNIT))


class MultiAddress(
    Enum,
    path="sp_runtime::multiaddress::MultiAddress",
    params={"AccountId": AccountId, "AccountIndex": tuple[()]},
):
    """A way of naming an account. Only `AddressId` names one on this chain."""


class AddressId(MultiAddress, index=0, name="Id", positional=True):
    account: AccountId


class AddressIndex(MultiAddress, index=1, name="Index", positional=True):
    index: Annotated[tuple[()], _CompactUnit()]


class AddressRaw(MultiAddress, index=2, name="Raw", positional=True):
    data: Bytes


class Address32(MultiAddress, index=3, positional=True):
    data: Bytes32


class Address20(MultiAddress, index=4, positional=True):
    data: Bytes20


def lookup(address: MultiAddress) -> bytes:
    """The account that an address names. Raises Refused (CannotLookup) for all but plain account ids."""
    if not isinstance(address, AddressId):
        raise Refused(CannotLookup())
    return address.account


class MultiSignature(Enum, path="sp_runtime::MultiSignature"):
    """A signature with its scheme."""


class Ed25519(MultiSignature, index=0, positional=True):
    signature: Bytes64


class Sr25519(MultiSignature, index=1, positional=True):
    signature: Bytes64


class Ecdsa(MultiSignature, index=2, positional=True):
    signature: Bytes65


def is_signed_by(signature: MultiSignature, message: bytes, account: bytes) -> bool:
    """Whether `signature` over exactly `message` is the account's."""
    match signature:
        case Ed25519(raw) | Sr25519(raw) | Ecdsa(raw):
            return verify(SignatureScheme(signature.scale_index), raw, message, account)
    return False
