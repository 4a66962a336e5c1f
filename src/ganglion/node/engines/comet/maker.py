"""Blocks under CometBFT: proposed, judged, decided, committed. For the one thread that changes the chain.

A block is executed when it is proposed or judged, and what came out is kept until CometBFT decides: the
decided block is nearly always the one executed last, and needs only to be written then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from ganglion.frame.block import Seal
from ganglion.frame.executive import CheckedExtrinsic
from ganglion.node.beacon import LocalBeacon
from ganglion.node.candidate import Candidate
from ganglion.node.chain import Chain, Imported
from ganglion.node.engines.comet.decided import Place, seal
from ganglion.node.engines.comet.inherents import check_inherents
from ganglion.node.engines.comet.validators import Powers, powers
from ganglion.node.errors import InvalidBlock
from ganglion.node.shield import ShieldKeys

log = logging.getLogger(__name__)

Known: TypeAlias = Mapping[bytes, CheckedExtrinsic]
NONE_KNOWN: Known = MappingProxyType({})


@dataclass(frozen=True)
class Executed:
    """A block that was executed on top of the head and is not committed. `powers` are those after it."""

    place: Place
    candidate: Candidate
    powers: Powers


@dataclass(frozen=True)
class Decided:
    """The block to commit next: its hash, and the changes in voting power that it brings."""

    hash: bytes
    updates: Powers


class BlockMaker:
    """See the module."""

    def __init__(self, chain: Chain, *, shield_keys: ShieldKeys | None, beacon: LocalBeacon | None) -> None:
        self._chain = chain
        self._shield_keys = shield_keys
        self._beacon = beacon
        self._powers = powers(chain.world)
        self._executed: Executed | None = None
        self._sealed: tuple[Candidate, Seal] | None = None

    @property
    def powers(self) -> Powers:
        """Voting power by consensus key, at the head."""
        return self._powers

    def follow(self) -> None:
        """The chain went to another head by itself: know its powers."""
        self._executed = self._sealed = None
        self._powers = powers(self._chain.world)

    def propose(
        self,
        place: Place,
        transactions: Iterable[CheckedExtrinsic],
        most_bytes: int,
        is_late: Callable[[], bool],
    ) -> tuple[bytes, ...]:
        """The extrinsics of a block of our own: as many transactions as fit, until it `is_late`.

        Raises: InvariantBroken.
        """
        self._forget()
        proposal = self._chain.begin(
            place.opening(self._chain.world),
            self._shield_keys,
            self._beacon,
            place.equivocations,
            most_bytes,
        )
        try:
            for transaction in transactions:
                proposal.offer(transaction)
                if proposal.is_full or is_late():
                    break
        except BaseException:
            self._chain.abandon()
            raise
        return self._keep(place, self._chain.finish(proposal)).candidate.extrinsics

    def judge(self, place: Place, extrinsics: tuple[bytes, ...], known: Known = NONE_KNOWN) -> str | None:
        """Why a proposed block must not be voted for; None if nothing speaks against it.

        `known` are the extrinsics among them that our own pool has, see `Chain.execute`.
        """
        if self._is_executed(place, extrinsics):
            return None
        self._forget()
        try:
            check_inherents(self._chain, place, extrinsics, known)
            self._execute(place, extrinsics, known)
        except InvalidBlock as invalid:
            return str(invalid)
        except Exception as error:
            # A fault of ours that a proposal can reach must not stop the node: a vote against it is enough.
            log.exception("could not execute the proposal of height=%d", place.height)
            self._chain.abandon()
            return f"executing it failed: {error}"
        return None

    def decide(
        self, place: Place, comet_hash: bytes, extrinsics: tuple[bytes, ...], known: Known = NONE_KNOWN
    ) -> Decided:
        """Take the block that was agreed on; `commit` writes it. Raises: InvalidBlock."""
        executed = self._executed
        if executed is None or not self._is_executed(place, extrinsics):
            self._forget()
            executed = self._execute(place, extrinsics, known)
        self._sealed = executed.candidate, seal(comet_hash)
        updates = dict.fromkeys(self._powers.keys() - executed.powers.keys(), 0)
        for key, power in executed.powers.items():
            if self._powers.get(key) != power:
                updates[key] = power
        return Decided(executed.candidate.hash_under(seal(comet_hash)), dict(sorted(updates.items())))

    def commit(self) -> Imported:
        """Write the block that was decided. Raises: StoreFull."""
        if self._sealed is None or self._executed is None:
            raise RuntimeError("no block was decided")
        candidate, sealed_by = self._sealed
        after = self._executed.powers
        self._sealed = self._executed = None
        imported = self._chain.commit(candidate, sealed_by)
        self._powers = after
        return imported

    def _execute(self, place: Place, extrinsics: tuple[bytes, ...], known: Known) -> Executed:
        opening = place.opening(self._chain.world)
        return self._keep(place, self._chain.execute(extrinsics, opening.digest, known))

    def _keep(self, place: Place, candidate: Candidate) -> Executed:
        self._executed = Executed(place, candidate, powers(self._chain.world))
        return self._executed

    def _is_executed(self, place: Place, extrinsics: tuple[bytes, ...]) -> bool:
        executed = self._executed
        return (
            executed is not None and executed.place == place and executed.candidate.extrinsics == extrinsics
        )

    def _forget(self) -> None:
        if self._executed is not None:
            self._executed = None
            self._chain.abandon()
