"""Substrate's base-16 Patricia trie: from old nodes and changes to new nodes and the new root.

Nodes never change once made. Each is stored under an id of its own, a rising 8-byte number; a change makes
new nodes on the way from the changed keys to the root, and retires those they replace. So every older root
stays whole until its retired nodes are deleted, equal ids mean equal subtrees, and a cache of nodes is never
wrong. A *record* is what is stored: the encoded node, the ids of its children, and its value if the node has
only the hash of it. An *inline leaf*, one that its parent names by its whole encoding, needs no record: that
encoding is its id. Most values are such, being short and last of a long common prefix.
Source of the shape: polkadot-sdk substrate/primitives/trie; the layout of records is ours.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ganglion.crypto.hashing import blake2_256
from ganglion.state.errors import CorruptState
from ganglion.state.trie_codec import (
    EMPTY_ROOT,
    HASH_MARK,
    NO_CHILDREN,
    LongValue,
    Node,
    References,
    Value,
    decode_node,
    decode_node_prefix,
    encode_node,
    is_inline,
    is_leaf,
    is_long,
    leaf_head,
    reference,
)

STATE_VERSION = 1
"""The version every state of this chain has; version 0 is known for extrinsics roots and foreign proofs."""

ID_SIZE = 8
NO_NODE = bytes(ID_SIZE)
"""Id of the root of the empty trie."""

NodeId = bytes
"""Eight bytes, the first of them 0; or the encoding of an inline leaf, which never begins with 0."""

LoadNode = Callable[[NodeId], Node]

_NIBBLE = {digit: value for value, digit in enumerate("0123456789abcdef")}
_DIGIT = "0123456789abcdef"
_ABOVE_ROOT = "0"
"""Nibble before every path, so that the root is a child like any other."""


@dataclass(frozen=True, slots=True)
class TrieUpdate:
    """Result of a change: the new root, the records to store, the ids that the new trie no longer uses."""

    root: bytes
    root_id: NodeId
    next_id: int
    created: Mapping[NodeId, bytes]
    branches: Mapping[NodeId, Node]
    leaves: Mapping[NodeId, Node]
    retired: tuple[NodeId, ...]


def update_trie(
    load: LoadNode,
    root_id: NodeId,
    root: bytes,
    changes: Iterable[tuple[bytes, Value | None]],
    *,
    next_id: int = 1,
    state_version: int = STATE_VERSION,
) -> TrieUpdate:
    """Apply `changes` (ascending keys; None deletes) to the trie at `root_id`, whose root hash is `root`.

    `next_id` is the first id free for new nodes. Each new node is encoded and hashed once.
    """
    update = _Update(load, root_id, next_id, state_version)
    for key, value in changes:
        update.set(_ABOVE_ROOT + key.hex(), value)
    return update.finish(root, root_id)


def trie_root(pairs: Mapping[bytes, Value], state_version: int = STATE_VERSION) -> bytes:
    """Root of the trie that holds exactly `pairs`."""
    ordered = sorted(pairs.items())
    return update_trie(_nothing_stored, NO_NODE, EMPTY_ROOT, ordered, state_version=state_version).root


def decode_record(record: bytes) -> Node:
    """The node of a stored record. Raises: MalformedNode."""
    node, end = decode_node_prefix(record)
    if node.refs is not NO_CHILDREN:
        ids = NO_CHILDREN.copy()
        for index, ref in enumerate(node.refs):
            if ref and ref[0] < HASH_MARK[0] and is_leaf(ref[1:]):
                ids[index] = ref[1:]
            elif ref:
                ids[index] = record[end : end + ID_SIZE]
                end += ID_SIZE
        node.ids = ids
    if isinstance(node.value, LongValue):
        node.value = record[end:]
    return node


def has_record(node_id: NodeId) -> bool:
    """Whether a node is stored by itself, and not within its parent."""
    return node_id[0] == 0


def node_of(load: LoadNode, node_id: NodeId) -> Node:
    """The node of an id. Raises as `load`."""
    return load(node_id) if node_id[0] == 0 else decode_node(node_id)


def _encode_record(encoded: bytes, node: Node, state_version: int) -> bytes:
    value = node.value
    raw = value if isinstance(value, bytes) and is_long(value, state_version) else b""
    if node.ids is NO_CHILDREN:
        return encoded + raw
    return b"".join([encoded, *[each for each in node.ids if each and not each[0]], raw])


def _nothing_stored(node_id: NodeId) -> Node:
    raise CorruptState(f"trie node {node_id.hex()} is missing")


class _Frame:
    """A node on the way to the current key, open for changes.

    `path` ends with the node's own partial; `fresh` are the children replaced so far, not yet encoded, or
    None where removed; `index` is its place in the parent and `old_id` the record it had there.
    """

    __slots__ = ("fresh", "index", "node", "old_id", "path", "value")

    def __init__(self, node: Node, path: str, index: int, old_id: NodeId | None) -> None:
        self.node = node
        self.value = node.value
        self.fresh: dict[int, Node | None] = {}
        self.path = path
        self.index = index
        self.old_id = old_id


class _Update:
    """One pass over the trie in key order. Open frames lead from above the root to the current key.

    A frame closes when the keys leave its path; only then are its children encoded, so each node is once.
    """

    __slots__ = ("branches", "created", "frames", "leaves", "load", "next_id", "retired", "state_version")

    def __init__(self, load: LoadNode, root_id: NodeId, next_id: int, state_version: int) -> None:
        self.load = load
        self.next_id = next_id
        self.state_version = state_version
        self.created: dict[NodeId, bytes] = {}
        self.branches: dict[NodeId, Node] = {}
        self.leaves: dict[NodeId, Node] = {}
        self.retired: list[NodeId] = []
        ids: References = [None if root_id == NO_NODE else root_id, *NO_CHILDREN[1:]]
        self.frames = [_Frame(Node("", None, NO_CHILDREN, ids), "", 0, None)]

    def set(self, path: str, value: Value | None) -> None:
        """Change one key, which comes after all before it."""
        frame = self.frames[-1]
        while not path.startswith(frame.path):
            self._close()
            frame = self.frames[-1]
        while len(path) > (at := len(frame.path)):
            index = _NIBBLE[path[at]]
            fresh = frame.fresh
            child_id = None
            if index in fresh:
                child = fresh[index]
            else:
                child_id = frame.node.ids[index]
                if child_id and child_id[0] and _sets_leaf(child_id, path[at + 1 :], value, fresh, index):
                    return
                child = None if child_id is None else node_of(self.load, child_id)
            if child is None:
                if value is not None:
                    fresh[index] = Node(path[at + 1 :], value)
                return
            if not path.startswith(child.partial, at + 1):
                if value is None:
                    return
                frame = self._split(child, path, index, child_id)
            elif child.refs is NO_CHILDREN and len(path) == at + 1 + len(child.partial):
                if value != child.value:
                    fresh[index] = None if value is None else Node(child.partial, value)
                    self._retire(child_id)
                return
            else:
                frame = _Frame(child, path[: at + 1 + len(child.partial)], index, child_id)
                self.frames.append(frame)
        frame.value = value

    def finish(self, root: bytes, root_id: NodeId) -> TrieUpdate:
        """Close everything. `root` and `root_id` are the answer if nothing changed."""
        while len(self.frames) > 1:
            self._close()
        fresh = self.frames[0].fresh
        if fresh:
            new = fresh[0]
            root, root_id = EMPTY_ROOT, NO_NODE
            if new is not None:
                encoded = encode_node(new, self.state_version)
                root_id, root = self._store(new, encoded), blake2_256(encoded)
        retired = tuple(self.retired)
        return TrieUpdate(root, root_id, self.next_id, self.created, self.branches, self.leaves, retired)

    def _split(self, child: Node, path: str, index: int, child_id: NodeId | None) -> _Frame:
        """Open a new branch where `path` leaves the partial of `child`, which goes below it."""
        start = len(self.frames[-1].path) + 1
        partial = child.partial
        shared = _shared(partial, path, start)
        frame = _Frame(Node(partial[:shared], None), path[: start + shared], index, child_id)
        frame.fresh[_NIBBLE[partial[shared]]] = Node(
            partial[shared + 1 :], child.value, child.refs, child.ids
        )
        self.frames.append(frame)
        return frame

    def _close(self) -> None:
        """Hand the innermost frame's node, if it changed, to the parent."""
        frame = self.frames.pop()
        if frame.fresh or frame.value != frame.node.value:
            self._retire(frame.old_id)
            self.frames[-1].fresh[frame.index] = self._join(frame)

    def _join(self, frame: _Frame) -> Node | None:
        """The frame's node as it is now: None if nothing is left of it, collapsed if it need not branch."""
        old, value = frame.node, frame.value
        refs, ids = old.refs.copy(), old.ids.copy()
        head = old.head if value is old.value else None
        living = []
        for index, child in frame.fresh.items():
            if child is None or ids[index] is None:
                head = None
            ids[index] = refs[index] = None
            if child is not None:
                living.append((index, child))
        count = 16 - ids.count(None) + len(living)
        if count == 0:
            return None if value is None else Node(old.partial, value)
        if count == 1 and value is None:
            return self._absorb(old.partial, ids, living)
        for index, child in living:
            ids[index], encoded = self._seal(child)
            refs[index] = reference(encoded)
        return Node(old.partial, value, refs, ids, head)

    def _absorb(self, partial: str, ids: References, living: list[tuple[int, Node]]) -> Node:
        """The only child left, with the path of its vanished parent before its own."""
        if living:
            index, child = living[0]
        else:
            index, child_id = next((i, node_id) for i, node_id in enumerate(ids) if node_id is not None)
            child = node_of(self.load, child_id)
            self._retire(child_id)
        return Node(partial + _DIGIT[index] + child.partial, child.value, child.refs, child.ids)

    def _seal(self, node: Node) -> tuple[NodeId, bytes]:
        """Give `node` its id, and its record if it needs one. Returns id and encoding."""
        encoded = encode_node(node, self.state_version)
        is_contained = node.refs is NO_CHILDREN and is_inline(encoded)
        return encoded if is_contained else self._store(node, encoded), encoded

    def _store(self, node: Node, encoded: bytes) -> NodeId:
        node_id = self.next_id.to_bytes(ID_SIZE, "big")
        self.next_id += 1
        self.created[node_id] = _encode_record(encoded, node, self.state_version)
        (self.leaves if node.refs is NO_CHILDREN else self.branches)[node_id] = node
        return node_id

    def _retire(self, node_id: NodeId | None) -> None:
        if node_id is not None and has_record(node_id):
            self.retired.append(node_id)


def _sets_leaf(
    encoded: bytes, partial: str, value: Value | None, fresh: dict[int, Node | None], index: int
) -> bool:
    """Change an inline leaf without decoding it, if it has this partial: the most frequent change."""
    head = leaf_head(partial)
    if not encoded.startswith(head):
        return False
    if value != encoded[len(head) + 1 :]:
        fresh[index] = None if value is None else Node(partial, value)
    return True


def _shared(partial: str, key: str, depth: int) -> int:
    """How many nibbles `partial` and `key` from `depth` on have in common at the front."""
    limit = min(len(partial), len(key) - depth)
    for at in range(limit):
        if partial[at] != key[depth + at]:
            return at
    return limit
