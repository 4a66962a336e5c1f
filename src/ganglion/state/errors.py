"""What can go wrong with state. Every error carries the values that it speaks of."""

from pathlib import Path


class StateError(Exception):
    """Root of all errors of this package."""


class StoreUnusable(StateError):
    """The directory is no store of ours, is or is damaged. Carries `path` and `reason`."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"cannot use data directory {path}: {reason}")
        self.path = path
        self.reason = reason


class StoreInUse(StoreUnusable):
    """Another process writes to this directory."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "another process is using it")


class StoreFull(StateError):
    """A write did not fit; nothing of it was stored. Carries `path` and `map_size` in bytes."""

    def __init__(self, path: Path, map_size: int) -> None:
        super().__init__(f"store {path} is full: {map_size} bytes are mapped")
        self.path = path
        self.map_size = map_size


class WrongFormat(StateError):
    """The store was written by another format of this software. Carries `found`, `expected` as bytes."""

    def __init__(self, found: bytes, expected: bytes) -> None:
        super().__init__(f"store has format {found!r}, this version reads {expected!r}")
        self.found = found
        self.expected = expected


class WrongGenesis(StateError):
    """The store holds another chain. Carries both genesis hashes."""

    def __init__(self, found: bytes, expected: bytes) -> None:
        super().__init__(f"store holds the chain with genesis 0x{found.hex()}, not 0x{expected.hex()}")
        self.found = found
        self.expected = expected


class InvalidKey(StateError):
    """A storage key is empty or too long to be stored. Carries `key`."""

    def __init__(self, key: bytes) -> None:
        super().__init__(f"storage key of {len(key)} bytes: 0x{key[:64].hex()}")
        self.key = key


class UnknownBlock(StateError):
    """No such block was ever committed here. Carries `number`."""

    def __init__(self, number: int) -> None:
        super().__init__(f"block {number} is unknown")
        self.number = number


class StateDiscarded(StateError):
    """The block's state lies before the history window. Carries `number` and the `oldest` block kept."""

    def __init__(self, number: int, oldest: int) -> None:
        super().__init__(f"state of block {number} is discarded, the oldest kept is {oldest}")
        self.number = number
        self.oldest = oldest


class OutOfOrder(StateError):
    """A commit that does not follow the head. Carries the `number` offered and the one `expected`."""

    def __init__(self, number: int, expected: int) -> None:
        super().__init__(f"block {number} was offered, block {expected} is next")
        self.number = number
        self.expected = expected


class StalePending(StateError):
    """Changes were prepared on a state that is no longer the head. Carries the `root` prepared."""

    def __init__(self, root: bytes) -> None:
        super().__init__(f"changes towards root 0x{root.hex()} were prepared on another state")
        self.root = root


class ReservedTable(StateError):
    """A caller's record was meant for a table of the state database itself. Carries `table`."""

    def __init__(self, table: str) -> None:
        super().__init__(f"table {table!r} belongs to the state database")
        self.table = table


class StateNotEmpty(StateError):
    """An import was asked for into a store that has blocks. Carries the head's `number`."""

    def __init__(self, number: int) -> None:
        super().__init__(f"cannot import: the store is at block {number}")
        self.number = number


class CorruptState(StateError):
    """What is stored contradicts itself: damaged, or written by faulty software."""


class MalformedNode(StateError):
    """Bytes that are no trie node. Carries `data`."""

    def __init__(self, data: bytes) -> None:
        super().__init__(f"not a trie node: 0x{data[:64].hex()} ({len(data)} bytes)")
        self.data = data


class IncompleteProof(StateError):
    """A proof lacks a node or value that reading `key` needs. Carries `key` and the missing `digest`."""

    def __init__(self, key: bytes, digest: bytes) -> None:
        super().__init__(f"proof lacks 0x{digest.hex()}, needed for key 0x{key.hex()}")
        self.key = key
        self.digest = digest


class TransactionMismatch(StateError):
    """A commit or rollback without begin, or a change of base inside an open transaction."""
