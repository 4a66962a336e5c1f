"""What a block says of its author: the slot before it is executed, the signature (*seal*) after.

Authorities take turns by slot, and sign the hash of the header without the seal.
Source: polkadot-sdk substrate/client/consensus/aura.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from ganglion.crypto.keys import verify_sr25519
from ganglion.frame.block import Digest, Header, PreRuntime, Seal

ENGINE_ID = b"aura"


class Sealer(Protocol):
    """A key that signs blocks."""

    public_key: bytes

    def sign(self, message: bytes) -> bytes:
        """The 64-byte sr25519 signature."""


def slot_digest(slot: int) -> Digest:
    """The digest of a block before execution: its slot."""
    return Digest((PreRuntime(ENGINE_ID, slot.to_bytes(8, "little")),))


def seal_of(header: Header, sealer: Sealer) -> Seal:
    """The author's signature of a header without seal."""
    return Seal(ENGINE_ID, sealer.sign(header.hash))


def sealed(header: Header, seal: Seal) -> Header:
    """The header with a seal at the end of its digest."""
    return replace(header, digest=Digest((*header.digest.logs, seal)))


def unsealed(header: Header) -> Header:
    """The header as it was signed."""
    return replace(header, digest=Digest(header.digest.logs[:-1]))


def good_seal(header: Header, authorities: Sequence[bytes]) -> Seal | None:
    """The header's seal, if it has a slot and the signature of the authority whose turn the slot is."""
    match header.digest.logs:
        case (PreRuntime(engine=b"aura", data=slot), *_, Seal(engine=b"aura", data=signature) as seal):
            author = authorities[int.from_bytes(slot, "little") % len(authorities)]
            if len(slot) == 8 and verify_sr25519(signature, unsealed(header).hash, author):
                return seal
    return None
