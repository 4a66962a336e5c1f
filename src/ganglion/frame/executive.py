"""Executes blocks: opens them, applies extrinsics, closes them.

    open -> apply the inherents -> apply transactions -> close -> the state's root makes the header

The order of a transaction: decode, check the signature, let every extension validate and prepare (nonce,
fee), dispatch, settle, tell. A refused transaction leaves no trace; a failed call leaves its fee, its
nonce and `ExtrinsicFailed`. Source: polkadot-sdk substrate/frame/executive.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

from ganglion.frame.address import is_signed_by, lookup
from ganglion.frame.block import Digest
from ganglion.frame.dispatch import (
    DispatchClass,
    DispatchFailed,
    DispatchInfo,
    Outcome,
    Refused,
)
from ganglion.frame.event import ApplyExtrinsic, Finalization, Initialization
from ganglion.frame.extension import TransactionContext, TransactionExtension
from ganglion.frame.extrinsic import Extrinsic, ExtrinsicCodec
from ganglion.frame.origin import NONE, Origin
from ganglion.frame.pallet import InherentData
from ganglion.frame.validity import (
    InvalidKind,
    InvalidTransaction,
    UnknownKind,
    UnknownTransaction,
    ValidTransaction,
)
from ganglion.frame.world import World
from ganglion.scale.record import record


class SystemPallet(Protocol):
    """What the executive needs of the pallet that keeps the block's own records."""

    def open_block(self, number: int, parent_hash: bytes, digest: Digest) -> None:
        """Set the block's number and parent, forget the last block's events."""

    def reserve(self, info: DispatchInfo, length: int) -> None:
        """Take a call's weight and length (bytes) out of the block's limits.

        Raises InvalidTransaction (EXHAUSTS_RESOURCES).
        """

    def note_applied(self, info: DispatchInfo, actual: DispatchInfo, failure: DispatchFailed | None) -> None:
        """Give unused weight back; tell how the extrinsic ended; move to the next."""

    def close_block(self) -> None:
        """Write the block's events and clear what lives only inside a block."""

    def extrinsic_index(self) -> int:
        """The index of the extrinsic that is to be applied next."""


@record
class CheckedExtrinsic:
    """An extrinsic whose signature, if any, was found good.

    `who` is the signer, `implicit` what the state implied when the signature was checked.
    """

    extrinsic: Extrinsic
    who: bytes | None
    info: DispatchInfo
    implicit: tuple[Any, ...] = ()

    @cached_property
    def context(self) -> TransactionContext:
        """What extensions judge by. Only for signed ones."""
        if self.who is None:
            raise TypeError("a bare extrinsic has no signer")
        return TransactionContext(self.who, self.extrinsic.call, self.info, len(self.extrinsic.raw))


class Executive:
    """Executes blocks on a world."""

    def __init__(self, world: World, system: SystemPallet, codec: ExtrinsicCodec) -> None:
        self.world = world
        self.codec = codec
        self._system = system
        self._extensions: tuple[TransactionExtension, ...] = tuple(
            world[extension] for extension in world.runtime.extensions
        )
        self._implying = self._overriding("implied")
        self._validating = self._overriding("validate")
        self._preparing = self._overriding("prepare")
        self._settling = self._overriding("settle")

    def open_block(self, number: int, parent_hash: bytes, digest: Digest) -> None:
        """Begin block `number` on the world's state."""
        self.world.phase = Initialization()
        self.world.events.clear()
        self._system.open_block(number, parent_hash, digest)
        for section in self.world.sections:
            section.on_initialize()
        self.world.phase = ApplyExtrinsic(0)

    def open_for_validation(self, number: int, parent_hash: bytes) -> None:
        """Put the world at the start of block `number`, hooks left out: the state by which the pool judges.

        The era's birth block and the genesis hash are looked up in the block's own records, which know the
        parent only from here on.
        """
        self._system.open_block(number, parent_hash, Digest(()))

    def inherents(self, data: InherentData) -> tuple[bytes, ...]:
        """The extrinsics that the author must put first."""
        calls = (section.inherent(data) for section in self.world.sections)
        return tuple(self.codec.encode_bare(call) for call in calls if call is not None)

    def check(self, extrinsic: Extrinsic) -> CheckedExtrinsic:
        """Check the signature against what the present state says was to be signed.

        Raises: InvalidTransaction (BAD_PROOF, and what `implied` raises), UnknownTransaction.
        """
        info = self.world.runtime.info(extrinsic.call)
        signed = extrinsic.signed
        if signed is None:
            return CheckedExtrinsic(extrinsic, None, info)
        try:
            who = lookup(signed.address)
        except Refused as failure:
            raise UnknownTransaction(UnknownKind.CANNOT_LOOKUP) from failure
        implicit = tuple(
            extension.implied(extra) for extension, extra in zip(self._extensions, signed.extra, strict=True)
        )
        payload = self.codec.payload(extrinsic.signable, implicit)
        if not is_signed_by(signed.signature, payload, who):
            raise InvalidTransaction(InvalidKind.BAD_PROOF)
        return CheckedExtrinsic(extrinsic, who, info, implicit)

    def validate(self, checked: CheckedExtrinsic) -> ValidTransaction:
        """Judge a transaction for the pool. Raises TransactionRefused.

        BAD_PROOF also if its era ended since its signature was checked.
        """
        if checked.info.class_ is DispatchClass.Mandatory:
            raise InvalidTransaction(InvalidKind.MANDATORY_VALIDATION)
        signed = checked.extrinsic.signed
        if signed is None:
            raise UnknownTransaction(UnknownKind.NO_UNSIGNED_VALIDATOR)
        self._check_implicit(checked, signed.extra)
        validity = ValidTransaction()
        for at, extension in self._validating:
            answer = extension.validate(checked.context, signed.extra[at])
            if answer is not None:
                validity = validity.combine(answer)
        return validity

    def apply(self, checked: CheckedExtrinsic) -> Outcome:
        """Apply an extrinsic to the open block.

        Raises TransactionRefused, the state being as before.
        """
        signed = checked.extrinsic.signed
        with self.world.transaction():
            if signed is None:
                outcome = self._apply_inherent(checked)
            else:
                outcome = self._apply_signed(checked, signed.extra)
            if outcome.failure is not None and checked.info.class_ is DispatchClass.Mandatory:
                raise InvalidTransaction(InvalidKind.BAD_MANDATORY) from outcome.failure
            self._system.note_applied(checked.info, outcome.actual, outcome.failure)
        self.world.phase = ApplyExtrinsic(self._system.extrinsic_index())
        return outcome

    def close_block(self) -> None:
        """Run the closing hooks and write the block's records. What follows is the state's root."""
        self.world.phase = Finalization()
        for section in self.world.sections:
            section.on_finalize()
        self._system.close_block()

    def _apply_inherent(self, checked: CheckedExtrinsic) -> Outcome:
        if checked.info.class_ is not DispatchClass.Mandatory:
            raise UnknownTransaction(UnknownKind.NO_UNSIGNED_VALIDATOR)
        self._system.reserve(checked.info, len(checked.extrinsic.raw))
        return self.world.attempt(checked.extrinsic.call, NONE, checked.info)

    def _apply_signed(self, checked: CheckedExtrinsic, extra: tuple[Any, ...]) -> Outcome:
        context = checked.context
        self._check_implicit(checked, extra)
        for at, extension in self._validating:
            extension.validate(context, extra[at])
        prepared = {at: extension.prepare(context, extra[at]) for at, extension in self._preparing}
        self._system.reserve(checked.info, context.length)
        outcome = self.world.attempt(checked.extrinsic.call, Origin.of(context.who), checked.info)
        for at, extension in self._settling:
            extension.settle(context, prepared.get(at), outcome.actual, outcome.failure)
        return outcome

    def _check_implicit(self, checked: CheckedExtrinsic, extra: tuple[Any, ...]) -> None:
        # Blocks later, another era may begin where the one that was signed has ended.
        for at, extension in self._implying:
            if extension.implied(extra[at]) != checked.implicit[at]:
                raise InvalidTransaction(InvalidKind.BAD_PROOF)

    def _overriding(self, method: str) -> Sequence[tuple[int, TransactionExtension]]:
        # Most extensions do nothing at most steps; asking only those that do halves the cost of a transfer.
        return tuple(
            (at, extension)
            for at, extension in enumerate(self._extensions)
            if getattr(type(extension), method) is not getattr(TransactionExtension, method)
        )
