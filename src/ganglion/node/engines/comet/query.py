"""CometBFT's `abci_query`: values of the state, with proofs from a storage key up to the block's hash.

/store   data is a storage key; with `prove`, the operations say how to get from the value to the hash:
         ganglion:trie (trie nodes, as a vector of bytes) to the state root, and
         ganglion:header (the encoded header, which has that root) to the block's hash
    /snapshots   the block of the newest snapshot that this node offers, in digits; 0 for none
"""

from __future__ import annotations

from ganglion.frame.block import HEADER
from ganglion.node.chain import Chain
from ganglion.node.engines.comet import abci_pb2 as abci
from ganglion.scale import Codecs
from ganglion.scale.types import Bytes, Vec
from ganglion.state.errors import StateError

STORE = "/store"
SNAPSHOTS = "/snapshots"
CODESPACE = "ganglion"
UNKNOWN_PATH, UNKNOWN_BLOCK = 1, 2
TRIE_OP, HEADER_OP = "ganglion:trie", "ganglion:header"

_NODES = Codecs().of(Vec[Bytes])


def answer_query(chain: Chain, request: abci.RequestQuery) -> abci.ResponseQuery:
    """The answer, at the head or at a height whose state is kept."""
    if request.path != STORE:
        return _refused(UNKNOWN_PATH, f"there is only {STORE}")
    height = request.height or chain.head.number
    block_hash = chain.blocks.hash_of(height) if height >= 0 else None
    if block_hash is None:
        return _refused(UNKNOWN_BLOCK, f"there is no block {height}")
    header = chain.stored_header(block_hash)
    try:
        with chain.view(block_hash) as view:
            value = view.get(request.data)
            nodes = view.prove([request.data]) if request.prove else ()
    except StateError as error:
        return _refused(UNKNOWN_BLOCK, str(error))
    answer = abci.ResponseQuery(key=request.data, value=value or b"", height=height, codespace=CODESPACE)
    if request.prove:
        trie = abci.ProofOp(type=TRIE_OP, key=request.data, data=_NODES.encode(nodes))
        answer.proof_ops.ops.extend([trie, abci.ProofOp(type=HEADER_OP, data=HEADER.encode(header.header))])
    return answer


def _refused(code: int, log: str) -> abci.ResponseQuery:
    return abci.ResponseQuery(code=code, log=log, codespace=CODESPACE)
