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

    Ids say where a stored trie keeps the children; nodes of a proof have none. `head` is the encoding up to
    the refs, or None until it is needed. Immutable by contract, but for filling in the head.
    """

    __slots__ = ("head", "ids", "partial", "refs", "value")

    def __init__(
        self,
        partial: str,
        value: Value | None,
        refs: References = NO_CHILDREN,
        ids: References = NO_CHILDREN,
        head: bytes | None = None,
    ) -> None:
        self.partial = partial
        self.value = value
        self.refs = refs
        self.ids = ids
        self.head = head


@dataclass(frozen=True, slots=True)
class _Header:
    """What the first byte of an encoding says. `size` is the partial's; more follows if `is_extended`."""

    is_branch: bool
    has_value: bool
    by_hash: bool
    size: int
    is_extended: bool


# Mark and largest size in the first byte, by (is branch, has value, value by hash).
_KINDS = {
    (False, True, False): (0b0100_0000, 63),
    (True, False, False): (0b1000_0000, 63),
    (True, True, False): (0b1100_0000, 63),
    (False, True, True): (0b0010_0000, 31),
    (True, True, True): (0b0001_0000, 15),
}
_SHORT_LEAF = _KINDS[False, True, False]
_HEADERS: list[_Header | None] = [None] * 256
for _kind, (_mark, _largest) in _KINDS.items():
    for _size in range(_largest + 1):
        _HEADERS[_mark | _size] = _Header(*_kind, _size, _size == _largest)


def encode_node(node: Node, state_version: int) -> bytes:
    """The node's bytes; their blake2-256 is what a parent or a header commits to."""
    head = node.head
    if head is None:
        head = node.head = _encode_head(node, state_version)
    refs = node.refs
    return head if refs is NO_CHILDREN else head + b"".join(filter(None, refs))


def reference(encoded: bytes) -> bytes:
    """How a parent names the node with this encoding, length in front."""
    return bytes((len(encoded) << 2,)) + encoded if is_inline(encoded) else HASH_MARK + blake2_256(encoded)


def is_inline(encoded: bytes) -> bool:
    """Whether a parent names the node with this encoding by all of it."""
    return len(encoded) < 32


def is_leaf(encoded: bytes) -> bool:
    """Whether this is the encoding of a leaf that holds its value itself."""
    return encoded[0] & 0b1100_0000 == 0b0100_0000


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


def leaf_head(partial: str) -> bytes:
    """How a leaf that holds its value itself begins, up to the value's length."""
    return _encode_partial(partial, *_SHORT_LEAF)


def _encode_head(node: Node, state_version: int) -> bytes:
    value, is_branch = node.value, node.refs is not NO_CHILDREN
    if value is None and not is_branch:
        return EMPTY_NODE
    if not is_branch and type(value) is bytes and not is_long(value, state_version):  # nearly all nodes
        return leaf_head(node.partial) + _compact(len(value)) + value
    by_hash = isinstance(value, LongValue) or (value is not None and is_long(value, state_version))
    mark, largest = _KINDS[is_branch, value is not None, by_hash]
    head = _encode_partial(node.partial, mark, largest)
    if is_branch:
        bitmap = sum(1 << index for index, ref in enumerate(node.refs) if ref)
        head += bitmap.to_bytes(2, "little")
    return head if value is None else head + _encode_value(value, by_hash)


def _encode_value(value: Value, by_hash: bool) -> bytes:
    if isinstance(value, LongValue):
        return value.digest
    return blake2_256(value) if by_hash else _compact(len(value)) + value


@lru_cache(maxsize=16_384)
def _encode_partial(partial: str, mark: int, largest: int) -> bytes:
    size = len(partial)
    nibbles = bytes.fromhex("0" + partial if size & 1 else partial)
    if size < largest:
        return bytes((mark | size,)) + nibbles
    full, rest = divmod(size - largest, 255)
    return bytes((mark | largest,)) + b"\xff" * full + bytes((rest,)) + nibbles


def _decode(data: bytes) -> tuple[Node, int]:
    header = _HEADERS[data[0]]
    if header is None:
        if data[0] != 0:
            raise ValueError("kind of node")
        return Node("", None, head=EMPTY_NODE), 1
    partial, at = _decode_partial(data, header)
    bitmap = 0
    if header.is_branch:
        bitmap = data[at] | data[at + 1] << 8
        at += 2
    value: Value | None = None
    if header.by_hash:
        value = LongValue(data[at : at + 32])
        at += 32
    elif header.has_value:
        size, at = _decode_compact(data, at)
        value = data[at : at + size]
        at += size
    head = data[:at]
    if not header.is_branch:
        return Node(partial, value, head=head), at
    refs, at = _decode_refs(data, at, set_bits(bitmap))
    return Node(partial, value, refs, head=head), at


def _decode_refs(data: bytes, at: int, indices: tuple[int, ...]) -> tuple[References, int]:
    refs = NO_CHILDREN.copy()
    if data[at : at + 33 * len(indices) : 33] == HASH_MARK * len(indices):
        for index in indices:
            refs[index] = data[at : at + 33]
            at += 33
        return refs, at
    for index in indices:
        mark = data[at]
        if mark & 3 or mark > 128:
            raise ValueError("length of a child")
        end = at + 1 + (mark >> 2)
        refs[index] = data[at:end]
        at = end
    return refs, at


def _decode_partial(data: bytes, header: _Header) -> tuple[str, int]:
    size, at = header.size, 1
    if header.is_extended:
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
        nibbles = nibbles[1:]
    return nibbles, end


@lru_cache(maxsize=4096)
def set_bits(bitmap: int) -> tuple[int, ...]:
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
