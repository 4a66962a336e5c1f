"""The first block: its state is what pallets write from their genesis values, its header has no author.

The constants that the chain's specification sets stand in its state as well, under a key of their own, so
that chains whose constants differ have different genesis hashes: clients keep metadata by that hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ganglion.frame.block import Block, Digest, Header
from ganglion.frame.genesis import build_genesis
from ganglion.frame.runtime import Runtime
from ganglion.node.block_store import StoredHeader
from ganglion.state.overlay import EmptyBase, Overlay
from ganglion.state.trie import trie_root

CONSTANTS_KEY = b":ganglion:constants"


@dataclass(frozen=True)
class Genesis:
    """Block 0 and its whole state."""

    block: Block
    stored: StoredHeader
    state: Mapping[bytes, bytes]


def first_block(runtime: Runtime, genesis: Mapping[str, Any], constants: Mapping[str, Any]) -> Genesis:
    """Block 0 of a runtime from the JSON of its pallets' genesis. Raises: InvalidGenesis."""
    overlay = Overlay(EmptyBase())
    build_genesis(runtime.on(overlay), genesis)
    overlay.put_raw(CONSTANTS_KEY, orjson.dumps(dict(constants), option=orjson.OPT_SORT_KEYS))
    state = {key: value for key, value in overlay.changes().items() if value is not None}
    header = Header(bytes(32), 0, trie_root(state), trie_root({}), Digest(()))
    return Genesis(Block(header, ()), StoredHeader(header.hash, header), state)
