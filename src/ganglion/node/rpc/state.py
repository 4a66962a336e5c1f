"""state_*: storage, metadata, versions and runtime calls at a block; by default the head."""

from __future__ import annotations

from ganglion.crypto.hashing import blake2_256
from ganglion.node.rpc.backend import Backend
from ganglion.node.rpc.errors import RpcError
from ganglion.node.rpc.method import Family, Json, method
from ganglion.node.rpc.params import BlockHash, Hex, Keys, Text, UInt
from ganglion.node.rpc.wire import to_hex, version_json
from ganglion.scale.primitives import BYTES

LARGEST_PAGE = 1_000
MOST_PAIRS = 10_000
"""Keys or pairs in one answer of the methods without paging."""


class StateMethods(Family):
    """Reads of state."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._chain = backend.chain

    @method("state_getStorage", "state_getStorageAt")
    def storage(self, key: Hex, at: BlockHash | None = None) -> Json:
        """The value at a key, or null."""
        value = self._value(key, at)
        return None if value is None else to_hex(value)

    @method("state_getStorageHash", "state_getStorageHashAt")
    def storage_hash(self, key: Hex, at: BlockHash | None = None) -> Json:
        """The blake2-256 hash of the value at a key, or null."""
        value = self._value(key, at)
        return None if value is None else to_hex(blake2_256(value))

    @method("state_getStorageSize", "state_getStorageSizeAt")
    def storage_size(self, key: Hex, at: BlockHash | None = None) -> Json:
        """The bytes of the value at a key, or null."""
        value = self._value(key, at)
        return None if value is None else len(value)

    @method("state_getKeysPaged", "state_getKeysPagedAt")
    async def keys_paged(
        self, prefix: Hex, count: UInt, start: Hex | None = None, at: BlockHash | None = None
    ) -> Json:
        """At most `count` keys with the prefix, strictly after `start`, in order."""
        if count > LARGEST_PAGE:
            raise RpcError(4002, f"count exceeds maximum value. value: {count}, max: {LARGEST_PAGE}")
        return await self._backend.aside(self._keys, prefix, start or None, count, at)

    @method("state_getKeys")
    async def keys(self, prefix: Hex, at: BlockHash | None = None) -> Json:
        """All keys with the prefix. Refused if there are too many: page instead."""
        found = await self._backend.aside(self._keys, prefix, None, MOST_PAIRS + 1, at)
        _refuse_too_many(len(found))
        return found

    @method("state_getPairs")
    async def pairs(self, prefix: Hex, at: BlockHash | None = None) -> Json:
        """All keys with the prefix and their values. Refused if there are too many: page instead."""
        found = await self._backend.aside(self._pairs, prefix, at)
        _refuse_too_many(len(found))
        return found

    @method("state_getReadProof")
    async def read_proof(self, keys: Keys, at: BlockHash | None = None) -> Json:
        """A proof of the values at some keys."""
        return await self._backend.aside(self._prove, keys, at)

    @method("state_call", "state_callAt")
    async def call(self, function: Text, data: Hex, at: BlockHash | None = None) -> Json:
        """Call a runtime API."""
        return to_hex(await self._backend.aside(self._backend.calls.call, function, data, at))

    @method("state_getMetadata")
    async def metadata(self, at: BlockHash | None = None) -> Json:
        """Metadata in version 14."""
        data = await self._backend.aside(self._backend.calls.call, "Metadata_metadata", b"", at)
        return to_hex(BYTES.decode(data))

    @method("state_getRuntimeVersion", "chain_getRuntimeVersion")
    def runtime_version(self, at: BlockHash | None = None) -> Json:
        """The runtime's version."""
        self._chain.stored_header(at)
        return version_json(self._chain.runtime.version)

    def _value(self, key: bytes, at: bytes | None) -> bytes | None:
        with self._chain.view(at) as view:
            return view.get(key) if key else None

    def _keys(self, prefix: bytes, start: bytes | None, count: int, at: bytes | None) -> list[str]:
        with self._chain.view(at) as view:
            return [to_hex(key) for key in view.keys(prefix, start, count)]

    def _pairs(self, prefix: bytes, at: bytes | None) -> list[tuple[str, str]]:
        with self._chain.view(at) as view:
            return [(to_hex(key), to_hex(value)) for key, value in view.pairs(prefix, None, MOST_PAIRS + 1)]

    def _prove(self, keys: tuple[bytes, ...], at: bytes | None) -> Json:
        with self._chain.view(at) as view:
            proof = view.prove(key for key in keys if key)
            return {"at": to_hex(view.block.block_hash), "proof": [to_hex(entry) for entry in proof]}


def _refuse_too_many(count: int) -> None:
    if count > MOST_PAIRS:
        raise RpcError(4002, f"more than {MOST_PAIRS} keys: use state_getKeysPaged")
