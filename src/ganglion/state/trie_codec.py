"""Encoding of the nodes of Substrate's base-16 Patricia trie.

Terms: a *partial* is the run of key nibbles that a node skips, held here as lower-case hex text (one
character a nibble: comparing, slicing and packing are then single C calls). A *reference* is how a parent
names a child, with its length in front: the child's blake2-256, or its whole encoding if that is shorter than
32 bytes. Under state version 1 a value longer than 32 bytes stands in the node by its hash (a *long value*).
Source: polkadot-sdk substrate/primitives/trie/src/node_codec.rs and node_header.rs.
"""

from dataclasses import dataclass
from functools import lru_cache

from ganglion.crypto.hashing import blake2_256
from ganglion.state.errors import MalformedNode

EMPTY_NODE = b"\x00"
EMPTY_ROOT = blake2_256(EMPTY_NODE)
HASH_MARK = b"\x80"
"""Compact-encoded length 32: the front of every reference by hash."""

_LONGEST_INLINE_VALUE = 32

_LEAF, _BRANCH, _BRANCH_WITH_VALUE = 0b0100_0000, 0b1000_0000, 0b1100_0000
_LONG_VALUE_LEAF, _LONG_VALUE_BRANCH = 0b0010_0000, 0b0001_0000


@dataclass(frozen=True, slots=True)
class LongValue:
    """A value of which only the blake2-256 is known: enough for a version-1 root."""

    digest: bytes


Value = bytes | LongValue
References = list[bytes | None]

NO_CHILDREN: References = [None] * 16
"""Shared by all leaves. Lists of references are copied before a change, never changed in place."""


class Node:
    """One trie node: `partial`, `value`, the 16 `refs` to children, and the 16 `ids` of their records.

    Ids say where a stored trie keeps the children; nodes of a proof have none. Immutable by contract.
    """

    __slots__ = ("ids", "partial", "refs", "value")

    def __init__(
        self, partial: str, value: Value | None, refs: References = NO_CHILDREN, ids: References = NO_CHILDREN
    ) -> None:
        self.partial = partial
        self.value = value
        self.refs = refs
        self.ids = ids


def encode_node(node: Node, state_version: int) -> bytes:
    """The node's bytes; their blake2-256 is what a parent or a header commits to."""
    value, refs = node.value, node.refs
    by_hash = False
    body = b""
    if value is not None:
        by_hash, body = _encode_value(value, state_version)
    if refs is NO_CHILDREN:
        if value is None:
            return EMPTY_NODE
        kind, largest = (_LONG_VALUE_LEAF, 31) if by_hash else (_LEAF, 63)
        return _encode_partial(node.partial, kind, largest) + body
    if by_hash:
        kind, largest = _LONG_VALUE_BRANCH, 15
    else:
        kind, largest = (_BRANCH if value is None else _BRANCH_WITH_VALUE), 63
    bitmap = 0
    bit = 1
    parts = [_encode_partial(node.partial, kind, largest), b"", body]
    for ref in refs:
        if ref is not None:
            bitmap |= bit
            parts.append(ref)
        bit += bit
    parts[1] = bitmap.to_bytes(2, "little")
    return b"".join(parts)


def reference(encoded: bytes) -> bytes:
    """How a parent names the node with this encoding, length in front."""
    size = len(encoded)
    return HASH_MARK + blake2_256(encoded) if size >= 32 else bytes((size << 2,)) + encoded


def decode_node(data: bytes) -> Node:
    """The node whose encoding is exactly `data`. Raises: MalformedNode."""
    node, end = decode_node_prefix(data)
    if end != len(data):
        raise MalformedNode(data)
    return node


def decode_node_prefix(data: bytes) -> tuple[Node, int]:
    """The node at the front of `data`, and where it ends. Raises: MalformedNode."""
    try:
        node, end = _decode(data)
    except (IndexError, ValueError) as error:
        raise MalformedNode(data) from error
    if end > len(data):
        raise MalformedNode(data)
    return node, end


def is_long(value: bytes, state_version: int) -> bool:
    """Whether nodes hold this value by its hash."""
    return state_version >= 1 and len(value) > _LONGEST_INLINE_VALUE


def _encode_value(value: Value, state_version: int) -> tuple[bool, bytes]:
    if isinstance(value, LongValue):
        return True, value.digest
    if is_long(value, state_version):
        return True, blake2_256(value)
    return False, _compact(len(value)) + value


def _encode_partial(partial: str, kind: int, largest: int) -> bytes:
    size = len(partial)
    nibbles = bytes.fromhex("0" + partial if size & 1 else partial)
    if size < largest:
        return bytes((kind | size,)) + nibbles
    full, rest = divmod(size - largest, 255)
    return bytes((kind | largest,)) + b"\xff" * full + bytes((rest,)) + nibbles


def _decode(data: bytes) -> tuple[Node, int]:
    first = data[0]
    if first == 0:
        return Node("", None), 1
    is_branch, has_value, by_hash, largest = _kind(first)
    partial, at = _decode_partial(data, first & largest, largest)
    bitmap = 0
    if is_branch:
        bitmap = data[at] | data[at + 1] << 8
        at += 2
    value: Value | None = None
    if by_hash:
        value = LongValue(data[at : at + 32])
        at += 32
    elif has_value:
        size, at = _decode_compact(data, at)
        value = data[at : at + size]
        at += size
    if not is_branch:
        return Node(partial, value), at
    refs = NO_CHILDREN.copy()
    for index in child_indices(bitmap):
        mark = data[at]
        if mark & 3 or mark > 128:
            raise ValueError("length of a child")
        end = at + 1 + (mark >> 2)
        refs[index] = data[at:end]
        at = end
    return Node(partial, value, refs), at


def _kind(first: int) -> tuple[bool, bool, bool, int]:
    """Whether branch, whether with value, whether that is long; and the largest size the first byte holds."""
    if first >= _BRANCH:
        return True, first >= _BRANCH_WITH_VALUE, False, 63
    if first >= _LEAF:
        return False, True, False, 63
    if first >= _LONG_VALUE_LEAF:
        return False, True, True, 31
    if first >= _LONG_VALUE_BRANCH:
        return True, True, True, 15
    raise ValueError("kind of node")


def _decode_partial(data: bytes, size: int, largest: int) -> tuple[str, int]:
    at = 1
    if size == largest:
        while data[at] == 255:
            size += 255
            at += 1
        size += data[at]
        at += 1
    end = at + (size + 1 >> 1)
    nibbles = data[at:end].hex()
    if size & 1:
        if nibbles[0] != "0":
            raise ValueError("padding of a partial")
        return nibbles[1:], end
    return nibbles, end


@lru_cache(maxsize=4096)
def child_indices(bitmap: int) -> tuple[int, ...]:
    """The positions of the set bits, ascending."""
    return tuple(index for index in range(16) if bitmap >> index & 1)


def _compact(number: int) -> bytes:
    if number < 1 << 6:
        return bytes((number << 2,))
    if number < 1 << 14:
        return (number << 2 | 1).to_bytes(2, "little")
    return (number << 2 | 2).to_bytes(4, "little")


def _decode_compact(data: bytes, at: int) -> tuple[int, int]:
    mode = data[at] & 3
    if mode == 3:
        raise ValueError("value longer than a node may hold")
    size = 1 << mode
    return int.from_bytes(data[at : at + size], "little") >> 2, at + size
