"""What CometBFT says of a block, and how the chain writes it down.

The digest of a block has its slot and, under an engine id of our own, CometBFT's height, time and proposer;
its seal is the hash of CometBFT's own header, which the votes sign. All nodes learn the same, so that a block
has one hash everywhere; CometBFT keeps that hash as the application's.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Self

from ganglion.frame.block import Digest, PreRuntime, Seal
from ganglion.frame.equivocation import DuplicateVote, Equivocation, LightClientAttack
from ganglion.frame.world import World
from ganglion.node.aura import slot_digest
from ganglion.node.candidate import Opening
from ganglion.node.engines.comet.abci_pb2 import (
    Misbehavior,
    RequestFinalizeBlock,
    RequestPrepareProposal,
    RequestProcessProposal,
)
from ganglion.pallets.aura import Aura
from ganglion.pallets.validator_set import ValidatorSet

ENGINE_ID = b"CMBT"
_PLACE = struct.Struct("<QQ")
_NS_PER_MS = 10**6

OFFENCES = {
    Misbehavior.Kind.DUPLICATE_VOTE: DuplicateVote(),
    Misbehavior.Kind.LIGHT_CLIENT_ATTACK: LightClientAttack(),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: what CometBFT says of it besides its transactions.

    `time_ns` is Unix time, `proposer` the 20 bytes of an address.
    """

    height: int
    time_ns: int
    proposer: bytes
    equivocations: tuple[Equivocation, ...]

    @classmethod
    def of(cls, request: RequestPrepareProposal | RequestProcessProposal | RequestFinalizeBlock) -> Self:
        """The place that a request names."""
        time_ns = request.time.ToNanoseconds()
        offences = tuple(_equivocation(one) for one in request.misbehavior)
        return cls(request.height, time_ns, request.proposer_address, offences)

    @property
    def time_ms(self) -> int:
        """Unix time in milliseconds."""
        return self.time_ns // _NS_PER_MS

    def opening(self, world: World) -> Opening:
        """How the block is opened on the head's state.

        Its slot is the first one, at or after its time, that is the proposer's turn: so that its author
        is who proposed it.
        """
        authorities = world[Aura].authorities.get()
        slot = self.time_ms // world[Aura].slot_duration
        author = _account_of(self.proposer, world)
        if author in authorities:
            slot += (authorities.index(author) - slot) % len(authorities)
        said = PreRuntime(ENGINE_ID, _PLACE.pack(self.height, self.time_ns) + self.proposer)
        return Opening(self.time_ms, Digest((*slot_digest(slot).logs, said)))


def seal(comet_hash: bytes) -> Seal:
    """The end of a digest: the hash of CometBFT's header of the block."""
    return Seal(ENGINE_ID, comet_hash)


def _account_of(address: bytes, world: World) -> bytes | None:
    validators = world[ValidatorSet].all().items()
    return next((account for account, validator in validators if validator.address == address), None)


def _equivocation(said: Misbehavior) -> Equivocation:
    time_ms = said.time.ToNanoseconds() // _NS_PER_MS
    address = said.validator.address
    return Equivocation(address, OFFENCES[said.type], said.height, time_ms, said.validator.power)
