"""Reading a stored trie: one key, or its pairs in order."""

from collections.abc import Callable, Iterator, Mapping

from ganglion.crypto.hashing import blake2_256
from ganglion.state.errors import CorruptState
from ganglion.state.store import Reader
from ganglion.state.trie import (
    NO_NODE,
    STATE_VERSION,
    LoadNode,
    NodeId,
    decode_record,
    has_record,
    node_of,
)
from ganglion.state.trie_codec import (
    EMPTY_ROOT,
    HASH_MARK,
    NO_CHILDREN,
    Node,
    Value,
    encode_node,
    reference,
)

TRIE_TABLE = "trie"
"""Records by node id."""

_DIGITS = "0123456789abcdef"


class NodeCache:
    """Decoded nodes: the newest leaves, and at most `limit` branches, the oldest half forgotten when full.

    Leaves are many and mostly met once. Only those that the last block made are kept: what one block changes
    the next one often changes again.
    """

    __slots__ = ("_branches", "_leaves", "_limit")

    def __init__(self, limit: int) -> None:
        self._branches: dict[NodeId, Node] = {}
        self._leaves: Mapping[NodeId, Node] = {}
        self._limit = limit

    def loader(self, reader: Reader) -> LoadNode:
        """Load nodes from here, or else from `reader`."""
        branches = self._branches
        read = uncached_loader(reader)

        def load(node_id: NodeId) -> Node:
            node = branches.get(node_id) or self._leaves.get(node_id)
            if node is None:
                node = read(node_id)
                if node.refs is not NO_CHILDREN:
                    self.add(node_id, node)
            return node

        return load

    def add(self, node_id: NodeId, branch: Node) -> None:
        """Keep one more branch."""
        branches = self._branches
        if len(branches) >= self._limit:
            for old in list(branches)[: self._limit // 2]:
                branches.pop(old, None)
        branches[node_id] = branch

    def keep_leaves(self, leaves: Mapping[NodeId, Node]) -> None:
        """Keep these leaves in place of those kept before."""
        self._leaves = leaves

    def discard(self, node_id: NodeId) -> None:
        """Forget the branch, if it is here."""
        self._branches.pop(node_id, None)


def uncached_loader(reader: Reader) -> LoadNode:
    """Load every node from `reader`. Raises: CorruptState if it is not there, MalformedNode."""

    def load(node_id: NodeId) -> Node:
        record = reader.get(TRIE_TABLE, node_id)
        if record is None:
            raise CorruptState(f"trie node {node_id.hex()} is missing")
        return decode_record(record)

    return load


def trace(load: LoadNode, root_id: NodeId, key: bytes) -> tuple[list[Node], bool]:
    """The nodes on the way to `key`, and whether the last of them stands at it."""
    path = key.hex()
    depth = 0
    nodes: list[Node] = []
    node_id: NodeId | None = root_id if root_id != NO_NODE else None
    while node_id is not None:
        node = node_of(load, node_id)
        nodes.append(node)
        if not path.startswith(node.partial, depth):
            return nodes, False
        depth += len(node.partial)
        if depth == len(path):
            return nodes, True
        node_id = node.ids[int(path[depth], 16)]
        depth += 1
    return nodes, False


def lookup(load: LoadNode, root_id: NodeId, key: bytes) -> Value | None:
    """The value at `key`, or None."""
    nodes, is_reached = trace(load, root_id, key)
    return nodes[-1].value if is_reached else None


def walk(
    load: LoadNode, root_id: NodeId, enter: Callable[[NodeId, str], bool]
) -> Iterator[tuple[NodeId, str, Node]]:
    """Nodes in ascending order of their paths, parents first, as (id, path in hex, node).

    `enter(id, path)` tells whether to load a child, given the path up to its own partial.
    """
    waiting = [(root_id, "")] if root_id != NO_NODE else []
    while waiting:
        node_id, path = waiting.pop()
        node = node_of(load, node_id)
        path += node.partial
        yield node_id, path, node
        if node.refs is not NO_CHILDREN:
            for index in range(15, -1, -1):
                child_id = node.ids[index]
                if child_id is not None and enter(child_id, path + _DIGITS[index]):
                    waiting.append((child_id, path + _DIGITS[index]))


def pairs(
    load: LoadNode, root_id: NodeId, prefix: bytes = b"", start_after: bytes | None = None
) -> Iterator[tuple[bytes, Value]]:
    """Keys that begin with `prefix` and come strictly after `start_after`, ascending, with values."""
    wanted = prefix.hex()
    start = "" if start_after is None else start_after.hex()

    def may_hold(_: NodeId, path: str) -> bool:
        return (path.startswith(wanted) or wanted.startswith(path)) and (
            path > start or start.startswith(path)
        )

    for _, path, node in walk(load, root_id, may_hold):
        if node.value is not None and path.startswith(wanted) and (start_after is None or path > start):
            yield bytes.fromhex(path), node.value


def checked_pairs(
    load: LoadNode, root_id: NodeId, root: bytes, state_version: int = STATE_VERSION
) -> Iterator[tuple[bytes, Value]]:
    """All pairs; all nodes and values are hashed and compared with their names. Raises: CorruptState."""
    if root_id == NO_NODE and root != EMPTY_ROOT:
        raise CorruptState(f"root 0x{root.hex()} has no node")
    expected: dict[NodeId, bytes | None] = {root_id: HASH_MARK + root}
    for node_id, path, node in walk(load, root_id, lambda _id, _path: True):
        if has_record(node_id):  # an inline leaf is part of its parent
            # Not from the stored bytes: the hash of a long value is to be computed too.
            encoded = encode_node(Node(node.partial, node.value, node.refs), state_version)
            name = HASH_MARK + blake2_256(encoded) if node_id == root_id else reference(encoded)
            if name != expected.pop(node_id, None):
                raise CorruptState(f"trie node {node_id.hex()} at path {path} does not hash to what names it")
            expected |= {child: ref for child, ref in zip(node.ids, node.refs, strict=True) if child}
        if node.value is not None:
            yield bytes.fromhex(path), node.value
