"""Read proofs: what a root says of some keys, shown without the rest of the state.

A proof is the encodings of the nodes on the way to each key, and the long values at their ends; each is found
by its hash, so their order carries nothing. This is what `state_getReadProof` of a Substrate node answers.
Source: polkadot-sdk substrate/primitives/trie/src/storage_proof.rs.
"""

from collections.abc import Iterable

from ganglion.crypto.hashing import blake2_256
from ganglion.state.errors import IncompleteProof
from ganglion.state.trie import STATE_VERSION, LoadNode, NodeId
from ganglion.state.trie_codec import (
    EMPTY_ROOT,
    HASH_MARK,
    LongValue,
    Node,
    decode_node,
    encode_node,
    is_long,
)
from ganglion.state.trie_reader import trace

Proof = tuple[bytes, ...]
"""Node encodings and long values, ascending, each once."""


def prove(
    load: LoadNode, root_id: NodeId, keys: Iterable[bytes], state_version: int = STATE_VERSION
) -> Proof:
    """A proof of the values, or of the absence, of `keys` under the trie at `root_id`."""
    entries: set[bytes] = set()
    for key in keys:
        nodes, is_reached = trace(load, root_id, key)
        encodings = [encode_node(node, state_version) for node in nodes]
        entries.update(encodings[:1])
        entries.update(encoded for encoded in encodings if len(encoded) >= 32)  # others are inlined
        value = nodes[-1].value if is_reached else None
        if isinstance(value, bytes) and is_long(value, state_version):
            entries.add(value)
    return tuple(sorted(entries))


def verify_proof(root: bytes, proof: Iterable[bytes], keys: Iterable[bytes]) -> dict[bytes, bytes | None]:
    """The value of each of `keys`, or None where the key is absent, as `root` commits to.

    Entries that `root` does not lead to are ignored. Raises: IncompleteProof, MalformedNode.
    """
    entries = {blake2_256(entry): entry for entry in proof}
    return {key: _read(root, entries, key) for key in keys}


def _read(root: bytes, entries: dict[bytes, bytes], key: bytes) -> bytes | None:
    if root == EMPTY_ROOT:
        return None
    path = key.hex()
    depth = 0
    ref: bytes | None = HASH_MARK + root
    while ref is not None:
        node = _resolve(ref, entries, key)
        if not path.startswith(node.partial, depth):
            return None
        depth += len(node.partial)
        if depth == len(path):
            return _value(node, entries, key)
        ref = node.refs[int(path[depth], 16)]
        depth += 1
    return None


def _resolve(ref: bytes, entries: dict[bytes, bytes], key: bytes) -> Node:
    return decode_node(_entry(ref[1:], entries, key) if ref.startswith(HASH_MARK) else ref[1:])


def _value(node: Node, entries: dict[bytes, bytes], key: bytes) -> bytes | None:
    if isinstance(node.value, LongValue):
        return _entry(node.value.digest, entries, key)
    return node.value


def _entry(digest: bytes, entries: dict[bytes, bytes], key: bytes) -> bytes:
    if digest not in entries:
        raise IncompleteProof(key, digest)
    return entries[digest]
