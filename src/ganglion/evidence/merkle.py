"""The Merkle tree over a segment's records: SHA-256, as in Certificate Transparency.

A leaf is hashed behind a zero byte and a node behind a one, so that no node can pass for a leaf. A tree of n
leaves has on its left side the largest power of two below n. Source: RFC 6962, section 2.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256().digest()
"""The root of no leaves."""


def leaf_hash(record: bytes) -> bytes:
    """The 32 bytes which stand for one record."""
    return hashlib.sha256(b"\x00" + record).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY
    split = _split(len(leaves))
    return _node(root_of(leaves[:split]), root_of(leaves[split:]))


def proof_of(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes which prove that the leaf `index` is in the tree, from the leaf upwards.

    Raises: IndexError.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} among {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*proof_of(leaves[:split], index), root_of(leaves[split:])]
    return [*proof_of(leaves[split:], index - split), root_of(leaves[:split])]


def proven_root(leaf: bytes, index: int, count: int, proof: Sequence[bytes]) -> bytes | None:
    """The root which `proof` leads to from the leaf `index` of `count`; None where it has another length."""
    if count <= 1:
        return leaf if count == 1 and index == 0 and not proof else None
    if not proof or not 0 <= index < count:
        return None
    split = _split(count)
    if index < split:
        left, right = proven_root(leaf, index, split, proof[:-1]), proof[-1]
        return None if left is None else _node(left, right)
    below = proven_root(leaf, index - split, count - split, proof[:-1])
    return None if below is None else _node(proof[-1], below)


def _split(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
