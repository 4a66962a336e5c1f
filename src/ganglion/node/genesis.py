"""The first block: its state is what pallets write from their genesis values, its header has no author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ganglion.frame.block import Block, Digest, Header
from ganglion.frame.runtime import Runtime
from ganglion.node.block_store import StoredHeader
from ganglion.state.overlay import Overlay
from ganglion.state.trie import trie_root


class _NoState:
    """The base of the first block's state."""

    def get(self, key: bytes) -> bytes | None:
        return None

    def keys(self, prefix: bytes, start_after: bytes | None) -> Iterator[bytes]:
        return iter(())


@dataclass(frozen=True)
class Genesis:
    """Block 0 and its whole state."""

    block: Block
    stored: StoredHeader
    state: Mapping[bytes, bytes]


def build_genesis(runtime: Runtime, values: Mapping[str, Any]) -> Genesis:
    """Block 0 from a genesis value for each pallet that declares one."""
    overlay = Overlay(_NoState())
    world = runtime.on(overlay)
    for assembled in runtime.pallets:
        for section in (assembled.pallet, *assembled.pallet.sections):
            world[section].build_genesis(values.get(assembled.name))
    state = {key: value for key, value in overlay.changes().items() if value is not None}
    header = Header(bytes(32), 0, trie_root(state), trie_root({}), Digest(()))
    return Genesis(Block(header, ()), StoredHeader(header.hash, header), state)
