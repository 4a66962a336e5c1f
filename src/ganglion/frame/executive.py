"""Executes blocks: opens them, applies extrinsics, closes them.

    open -> apply the inherents -> apply transactions -> close -> the state's root makes the header

The order of a transaction: decode, check the signature, let every extension validate and prepare (nonce,
fee), dispatch, settle, tell. A refused transaction leaves no trace; a failed call leaves its fee, its
nonce and `ExtrinsicFailed`. Source: polkadot-sdk substrate/frame/executive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ganglion.frame.address import is_signed_by, lookup
from ganglion.frame.block import Digest
from ganglion.frame.call import RuntimeCall
from ganglion.frame.dispatch import (
    DispatchClass,
    DispatchFailed,
    DispatchInfo,
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


@dataclass(frozen=True)
class CheckedExtrinsic:
    """An extrinsic whose signature, if any, was found good. `who` is the signer."""

    extrinsic: Extrinsic
    who: bytes | None
    info: DispatchInfo

    @property
    def context(self) -> TransactionContext:
        """What extensions judge by. Only for signed ones."""
        if self.who is None:
            raise TypeError("a bare extrinsic has no signer")
        return TransactionContext(self.who, self.extrinsic.call, self.info, len(self.extrinsic.raw))


@dataclass(frozen=True)
class Outcome:
    """How an applied extrinsic ended: its true cost, and its failure or None."""

    actual: DispatchInfo
    failure: DispatchFailed | None


class Executive:
    """Executes blocks on a world."""

    def __init__(self, world: World, system: SystemPallet, codec: ExtrinsicCodec) -> None:
        self.world = world
        self.codec = codec
        self._system = system
        self._extensions: tuple[TransactionExtension, ...] = tuple(
            world[extension] for extension in world.runtime.extensions
        )
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
        return CheckedExtrinsic(extrinsic, who, info)

    def validate(self, checked: CheckedExtrinsic) -> ValidTransaction:
        """Judge a transaction for the pool. Raises TransactionRefused."""
        if checked.info.class_ is DispatchClass.Mandatory:
            raise InvalidTransaction(InvalidKind.MANDATORY_VALIDATION)
        if checked.extrinsic.signed is None:
            raise UnknownTransaction(UnknownKind.NO_UNSIGNED_VALIDATOR)
        return self._validate(checked)

    def apply(self, checked: CheckedExtrinsic) -> Outcome:
        """Apply an extrinsic to the open block.

        Raises TransactionRefused, the state being as before.
        """
        if checked.extrinsic.signed is None:
            return self._apply_inherent(checked)
        context, extra = checked.context, checked.extrinsic.signed.extra
        with self.world.transaction():
            self._validate(checked)
            self._system.reserve(checked.info, context.length)
            prepared = [
                (extension, extension.prepare(context, extra[at])) for at, extension in self._preparing
            ]
        outcome = self._dispatch(checked.extrinsic.call, checked.info, Origin.of(context.who))
        values = {id(extension): value for extension, value in prepared}
        for _, extension in self._settling:
            extension.settle(context, values.get(id(extension)), outcome.actual, outcome.failure)
        self._end_extrinsic(checked.info, outcome)
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
        with self.world.transaction():
            self._system.reserve(checked.info, len(checked.extrinsic.raw))
            outcome = self._dispatch(checked.extrinsic.call, checked.info, NONE)
            if outcome.failure is not None:
                raise InvalidTransaction(InvalidKind.BAD_MANDATORY) from outcome.failure
        self._end_extrinsic(checked.info, outcome)
        return outcome

    def _dispatch(self, call: RuntimeCall, info: DispatchInfo, origin: Origin) -> Outcome:
        failure: DispatchFailed | None = None
        try:
            post = self.world.dispatch(call, origin)
        except DispatchFailed as raised:
            failure, post = raised, raised.post
        return Outcome(post.apply(info), failure)

    def _validate(self, checked: CheckedExtrinsic) -> ValidTransaction:
        signed = checked.extrinsic.signed
        if signed is None:
            raise UnknownTransaction(UnknownKind.NO_UNSIGNED_VALIDATOR)
        context, validity = checked.context, ValidTransaction()
        for at, extension in self._validating:
            answer = extension.validate(context, signed.extra[at])
            if answer is not None:
                validity = validity.combine(answer)
        return validity

    def _end_extrinsic(self, info: DispatchInfo, outcome: Outcome) -> None:
        self._system.note_applied(info, outcome.actual, outcome.failure)
        self.world.phase = ApplyExtrinsic(self._system.extrinsic_index())

    def _overriding(self, method: str) -> Sequence[tuple[int, TransactionExtension]]:
        # Most extensions do nothing at most steps; asking only those that do halves the cost of a transfer.
        return tuple(
            (at, extension)
            for at, extension in enumerate(self._extensions)
            if getattr(type(extension), method) is not getattr(TransactionExtension, method)
        )
