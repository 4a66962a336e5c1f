"""chain_*: blocks and headers. An unknown block is null, not an error."""

from __future__ import annotations

from ganglion.node.block_store import StoredHeader
from ganglion.node.errors import BlockNotFound
from ganglion.node.rpc.backend import Backend
from ganglion.node.rpc.method import Family, Json, method
from ganglion.node.rpc.params import BlockHash, NumberOrList
from ganglion.node.rpc.wire import block_json, header_json, to_hex


class ChainMethods(Family):
    """Reads of blocks."""

    def __init__(self, backend: Backend) -> None:
        self._chain = backend.chain

    @method("chain_getBlock")
    def block(self, block_hash: BlockHash | None = None) -> Json:
        """A block with its extrinsics; by default the head."""
        stored = self._find(block_hash)
        body = None if stored is None else self._chain.blocks.body(stored.number)
        return None if stored is None or body is None else block_json(stored.header, body)

    @method("chain_getHeader")
    def header(self, block_hash: BlockHash | None = None) -> Json:
        """A header; by default the head's."""
        stored = self._find(block_hash)
        return None if stored is None else header_json(stored.header)

    @method("chain_getBlockHash", "chain_getHead")
    def block_hash(self, number: NumberOrList | None = None) -> Json:
        """The hash of a block by number, those of several, or the head's."""
        if number is None:
            return to_hex(self._chain.head.hash)
        if isinstance(number, list):
            return [self._hash(item) for item in number]
        return self._hash(number)

    @method("chain_getFinalizedHead", "chain_getFinalisedHead")
    def finalized_head(self) -> Json:
        """The hash of the newest final block, which is the head."""
        return to_hex(self._chain.head.hash)

    def _hash(self, number: int) -> str | None:
        found = self._chain.blocks.hash_of(number)
        return None if found is None else to_hex(found)

    def _find(self, block_hash: bytes | None) -> StoredHeader | None:
        try:
            return self._chain.stored_header(block_hash)
        except BlockNotFound:
            return None
