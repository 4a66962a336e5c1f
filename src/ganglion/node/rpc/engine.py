"""engine_*: blocks on demand, where the node does not make them by the clock."""

from __future__ import annotations

from ganglion.node.rpc.backend import Backend
from ganglion.node.rpc.errors import RpcError
from ganglion.node.rpc.method import Family, Json, method
from ganglion.node.rpc.params import BlockHash, Flag
from ganglion.node.rpc.wire import to_hex


class EngineMethods(Family):
    """Sealing by hand, as in Substrate's manual seal."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @method("engine_createBlock")
    async def create_block(
        self, create_empty: Flag, finalize: Flag, parent_hash: BlockHash | None = None
    ) -> Json:
        """Make a block of what is ready. It is final whether asked or not, as every block here."""
        if parent_hash not in (None, self._backend.chain.head.hash):
            raise RpcError(15_001, "only the head can be built on")
        if not create_empty and not self._backend.pool.ready_count:
            raise RpcError(15_002, "there is no transaction to include, and empty blocks were not asked for")
        imported = await self._backend.engine.seal()
        aux = {
            "header_only": False,
            "clear_justification_requests": False,
            "needs_justification": False,
            "bad_justification": False,
            "is_new_best": True,
        }
        return {"hash": to_hex(imported.stored.hash), "aux": aux}

    @method("engine_finalizeBlock")
    def finalize_block(self, block_hash: BlockHash) -> Json:
        """Every block is final already."""
        self._backend.chain.stored_header(block_hash)
        return True
