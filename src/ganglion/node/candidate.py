"""A block on its way: how it is opened, and what it is once executed and not yet committed."""

from __future__ import annotations

from dataclasses import dataclass

from ganglion.frame.block import Digest, Header, Seal
from ganglion.frame.executive import CheckedExtrinsic
from ganglion.node.aura import sealed
from ganglion.node.proposal import Refusal
from ganglion.state.history import Pending


@dataclass(frozen=True, slots=True)
class Opening:
    """What a block is opened with: its time (Unix milliseconds), and its digest up to the seal."""

    time_ms: int
    digest: Digest


@dataclass(frozen=True)
class Candidate:
    """A block executed on top of the head. `header` has no seal yet; `extrinsics` as they came.

    `transactions` are the signed ones among them; `refusals` and `deferred` are the author's, see `Proposal`.
    """

    header: Header
    extrinsics: tuple[bytes, ...]
    pending: Pending
    transactions: tuple[CheckedExtrinsic, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    deferred: int = 0

    def hash_under(self, seal: Seal) -> bytes:
        """The hash of the block once it has this seal."""
        return sealed(self.header, seal).hash
