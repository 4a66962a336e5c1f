"""Blocks and their headers.

A block's hash is the blake2-256 of its encoded header. Source: polkadot-sdk
substrate/primitives/runtime/src/generic/{header,digest}.rs.
"""

from __future__ import annotations

from dataclasses import dataclass

from ganglion.crypto.hashing import blake2_256
from ganglion.scale import Codecs, Enum, Struct
from ganglion.scale.types import H256, Bytes, Bytes4, Compact, Vec, u32


class DigestItem(Enum, path="sp_runtime::generic::digest::DigestItem"):
    """Something about a block that is not its state, from the engine that made it."""


class OtherDigest(DigestItem, index=0, name="Other", positional=True):
    data: Bytes


class ConsensusDigest(DigestItem, index=4, name="Consensus", positional=True):
    engine: Bytes4
    data: Bytes


class Seal(DigestItem, index=5, positional=True):
    engine: Bytes4
    data: Bytes


class PreRuntime(DigestItem, index=6, positional=True):
    engine: Bytes4
    data: Bytes


class RuntimeEnvironmentUpdated(DigestItem, index=8): ...


class Digest(Struct, path="sp_runtime::generic::digest::Digest"):
    """The digest items of a block."""

    logs: Vec[DigestItem]


class Header(Struct, path="sp_runtime::generic::header::Header"):
    """What a block's hash covers."""

    parent_hash: H256
    number: Compact[u32]
    state_root: H256
    extrinsics_root: H256
    digest: Digest

    @property
    def hash(self) -> bytes:
        """The block's hash."""
        return blake2_256(HEADER.encode(self))


@dataclass(frozen=True)
class Block:
    """A header and its extrinsics as they came, length prefixes included."""

    header: Header
    extrinsics: tuple[bytes, ...]


_CODECS = Codecs()
HEADER = _CODECS.of(Header)
DIGEST_ITEM = _CODECS.of(DigestItem)
