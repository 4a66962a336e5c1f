"""A block that is being filled: takes transactions one by one, and knows what became of each."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from ganglion.frame.block import Digest
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.executive import CheckedExtrinsic
from ganglion.frame.validity import InvalidKind, InvalidTransaction, TransactionRefused
from ganglion.node.execution import Execution
from ganglion.node.shield import BlockShield

log = logging.getLogger(__name__)

MISFITS = 16
"""How many transactions may turn out too large for what is left of a block before it counts as full."""

FRAME = 5
"""Bytes around an extrinsic in a protobuf message, for extrinsics of up to 256 MiB."""


@dataclass(frozen=True)
class Refusal:
    """A transaction that was offered for a block and left out, and why."""

    transaction: CheckedExtrinsic
    reason: TransactionRefused


class Proposal:
    """See the module. `deferred` counts carriers that only the author of a later block can include."""

    def __init__(
        self,
        execution: Execution,
        digest: Digest,
        inherents: tuple[bytes, ...],
        shield: BlockShield,
        most_bytes: int | None = None,
    ) -> None:
        """On an execution whose block is open and has its `inherents` applied.

        `most_bytes` bounds the extrinsics, framing included, where the engine sets a bound of its own.
        """
        self.digest = digest
        self.applied: list[CheckedExtrinsic] = []
        self.refusals: list[Refusal] = []
        self.deferred = 0
        self._misfits = 0
        self._execution = execution
        self._inherents = inherents
        self._shield = shield
        self._room = None if most_bytes is None else most_bytes - sum(map(framed_size, inherents))

    @property
    def is_full(self) -> bool:
        """Whether to offer nothing more."""
        return self._misfits >= MISFITS

    @property
    def extrinsics(self) -> tuple[bytes, ...]:
        """The block's extrinsics so far, as they came."""
        return (*self._inherents, *(checked.extrinsic.raw for checked in self.applied))

    def offer(self, checked: CheckedExtrinsic) -> None:
        """Include a transaction, and what is inside of it if it is a carrier, if they fit and can be applied.

        Raises: InvariantBroken.
        """
        if self._shield.defers(checked):
            self.deferred += 1
        elif self._include(checked):
            inner = self._inner_of(checked)
            if inner is not None:
                self._include(inner)

    def _include(self, checked: CheckedExtrinsic) -> bool:
        size = framed_size(checked.extrinsic.raw)
        if self._room is not None and size > self._room:
            self._misfits += 1
            return False
        reason = self._try_apply(checked)
        if reason is None:
            self.applied.append(checked)
            if self._room is not None:
                self._room -= size
        elif _is_too_large(reason):
            self._misfits += 1
        else:
            self.refusals.append(Refusal(checked, reason))
        return reason is None

    def _inner_of(self, carrier: CheckedExtrinsic) -> CheckedExtrinsic | None:
        try:
            return self._shield.inner_of(carrier)
        except Exception:
            # As in `_try_apply`: what came encrypted was never judged before.
            log.exception("passed over the inside of carrier=0x%s", carrier.extrinsic.hash.hex())
            return None

    def _try_apply(self, checked: CheckedExtrinsic) -> TransactionRefused | None:
        try:
            with self._execution.world.transaction():
                self._execution.executive.apply(checked)
        except TransactionRefused as refused:
            return refused
        except InvariantBroken:
            raise
        except Exception:
            # A fault of ours that one transaction can reach must not stop everybody's blocks.
            log.exception("left out transaction=0x%s: the runtime failed on it", checked.extrinsic.hash.hex())
            return InvalidTransaction(InvalidKind.CALL)
        return None


def framed_size(raw: bytes) -> int:
    """Bytes that an extrinsic takes in a message of an engine: its own, a tag and a length."""
    return len(raw) + FRAME


def _is_too_large(reason: TransactionRefused) -> bool:
    return isinstance(reason, InvalidTransaction) and reason.kind is InvalidKind.EXHAUSTS_RESOURCES
