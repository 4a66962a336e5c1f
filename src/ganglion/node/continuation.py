"""A chain that goes on from a block of another data directory: its header and its whole state.

In a chain specification it stands beside the genesis, which stays what it was: clients know a chain by the
hash of block 0, so for them nothing changes. The blocks before are not part of it.

    "continues": {"header": "0x..", "state": {"0x..": "0x.."}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ganglion.frame.block import HEADER, Digest, Header
from ganglion.frame.genesis import parse_genesis
from ganglion.frame.runtime import Runtime
from ganglion.node.chain import Chain, Imported
from ganglion.pallets.system import System
from ganglion.pallets.validator_set import ValidatorSet
from ganglion.scale import ScaleError
from ganglion.state.overlay import EmptyBase, Overlay
from ganglion.state.trie import trie_root


@dataclass(frozen=True)
class Continuation:
    """See the module. That the state is the header's is found out when a chain goes on from it."""

    header: Header
    state: Mapping[bytes, bytes]

    @classmethod
    def of(cls, chain: Chain) -> Self:
        """The head of a chain."""
        with chain.view() as view:
            return cls(chain.head.header, dict(view.pairs()))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` gives. Raises: ValueError."""
        try:
            header = HEADER.decode(_bytes(data["header"]))
            return cls(header, {_bytes(key): _bytes(value) for key, value in data["state"].items()})
        except (ScaleError, KeyError, AttributeError, TypeError) as error:
            raise ValueError(f"must hold an encoded header and a state: {error!r}") from error

    def to_json(self) -> dict[str, Any]:
        """The content of the specification's field."""
        state = {_hex(key): _hex(value) for key, value in sorted(self.state.items())}
        return {"header": _hex(HEADER.encode(self.header)), "state": state}

    def handed_to(self, runtime: Runtime, validators: Any) -> Continuation:
        """The next block, which does nothing but put these validators in the place of who decided so far.

        `validators` is the JSON of the pallet's genesis. Raises: InvalidGenesis.
        """
        overlay = Overlay(EmptyBase())
        for key, value in self.state.items():
            overlay.put_raw(key, value)
        world = runtime.on(overlay)
        world[System].open_block(self.header.number + 1, self.header.hash, Digest(()))
        for account in world[ValidatorSet].all():
            del world[ValidatorSet].validators[account]
        world[ValidatorSet].build_genesis(
            parse_genesis(runtime, {ValidatorSet.name: validators})["ValidatorSet"]
        )
        state = {key: value for key, value in overlay.changes().items() if value is not None}
        header = Header(self.header.hash, self.header.number + 1, trie_root(state), trie_root({}), Digest(()))
        return Continuation(header, state)


def continue_from(chain: Chain, continuation: Continuation) -> Imported | None:
    """Put a new chain behind the block it goes on from; None if it is there, or farther, already.

    Raises: InvalidBlock if the state is not that of the header.
    """
    if chain.head.number:
        return None
    return chain.restore(continuation.header, continuation.state)


def _hex(data: bytes) -> str:
    return f"0x{data.hex()}"


def _bytes(text: str) -> bytes:
    if not text.startswith("0x"):
        raise ValueError(f"must begin with 0x: {text[:20]!r}")
    return bytes.fromhex(text[2:])
