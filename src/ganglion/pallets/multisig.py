"""Multisig: an account of several, which acts when enough of them agree.

The account is derived from its members and the threshold, so it needs no setting up. The first to approve
a call, by its hash, leaves a deposit; the one whose approval suffices must give the call itself. An operation
is known by its *timepoint*, the block and extrinsic of the first approval.
Source: polkadot-sdk substrate/frame/multisig/src/lib.rs; deposits: subtensor runtime/src/lib.rs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from ganglion.crypto.hashing import Blake2_128Concat, Twox64Concat, blake2_256
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import DispatchError, Error, InvariantBroken, Pays, PostInfo, Weight
from ganglion.frame.event import Event
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.frame.primitives import BlockNumber, TaoBalance
from ganglion.frame.storage import StorageDoubleMap, storage
from ganglion.pallets.balances import Balances
from ganglion.pallets.system import System
from ganglion.pallets.weights import multisig as weights
from ganglion.scale import Struct
from ganglion.scale.containers import Err, Ok
from ganglion.scale.markers import Bounded
from ganglion.scale.primitives import U32, CompactCodec
from ganglion.scale.types import AccountId, Bytes32, Unit, Vec, u16, u32

MAX_SIGNATORIES = 100
Result = Ok[Unit] | Err[DispatchError]
COUNT = CompactCodec(U32, U32.maximum)


class Timepoint(Struct, path="pallet_multisig::Timepoint"):
    """A block and the index of an extrinsic in it."""

    height: BlockNumber
    index: u32


class MultisigOperation(Struct, path="pallet_multisig::Multisig"):
    """A call that some have approved, in ascending order; the deposit in rao."""

    when: Timepoint
    deposit: TaoBalance
    depositor: AccountId
    approvals: Annotated[Vec[AccountId], Bounded(MAX_SIGNATORIES)]


@dataclass(frozen=True, slots=True)
class Party:
    """Who acts, as which account, with how many others of how many that must agree."""

    who: bytes
    account: bytes
    others: int
    threshold: int


class Multisig(Pallet, crate="pallet_multisig"):
    """Accounts of several."""

    balances: Balances
    system: System

    # account of several, hash of a call -> who has approved it. Removed when it is made or cancelled.
    multisigs: StorageDoubleMap[AccountId, Bytes32, MultisigOperation | None] = storage(
        Twox64Concat, Blake2_128Concat
    )

    deposit_base: TaoBalance = constant(132_000_000)
    deposit_factor: TaoBalance = constant(32_000_000)
    max_signatories: u32 = constant(MAX_SIGNATORIES)

    class NewMultisig(Event, index=0):
        """Somebody was the first to approve a call."""

        approving: AccountId
        multisig: AccountId
        call_hash: Bytes32

    class MultisigApproval(Event, index=1):
        """Somebody approved a call."""

        approving: AccountId
        timepoint: Timepoint
        multisig: AccountId
        call_hash: Bytes32

    class MultisigExecuted(Event, index=2):
        """Enough had approved a call; it was made and ended so."""

        approving: AccountId
        timepoint: Timepoint
        multisig: AccountId
        call_hash: Bytes32
        result: Result

    class MultisigCancelled(Event, index=3):
        """A call will not be made."""

        cancelling: AccountId
        timepoint: Timepoint
        multisig: AccountId
        call_hash: Bytes32

    class DepositPoked(Event, index=4):
        """A deposit was brought to what it must be now. Amounts in rao."""

        who: AccountId
        call_hash: Bytes32
        old_deposit: TaoBalance
        new_deposit: TaoBalance

    class MinimumThreshold(Error, index=0):
        """At least two must agree."""

    class AlreadyApproved(Error, index=1):
        """The signer has approved the call before."""

    class NoApprovalsNeeded(Error, index=2):
        """The call needs no more approvals."""

    class TooFewSignatories(Error, index=3):
        """There are no others."""

    class TooManySignatories(Error, index=4):
        """There are more members than there may be."""

    class SignatoriesOutOfOrder(Error, index=5):
        """The others are not given in ascending order, each once."""

    class SenderInSignatories(Error, index=6):
        """The signer is given among the others."""

    class NotFound(Error, index=7):
        """Nobody has approved the call."""

    class NotOwner(Error, index=8):
        """Only who left the deposit may do this."""

    class NoTimepoint(Error, index=9):
        """The call is approved already: its timepoint must be given."""

    class WrongTimepoint(Error, index=10):
        """The call was first approved at another time."""

    class UnexpectedTimepoint(Error, index=11):
        """Nobody has approved the call, so it has no timepoint."""

    class MaxWeightTooLow(Error, index=12):
        """The call weighs more than was said."""

    class AlreadyStored(Error, index=13):
        """The call is stored already."""

    @call(index=0)
    def as_multi_threshold_1(
        self, origin: Origin, other_signatories: Vec[AccountId], call: RuntimeCall
    ) -> PostInfo:
        """Make a call as an account whose members may each act alone.

        Raises: TooFewSignatories, TooManySignatories, SignatoriesOutOfOrder, SenderInSignatories, and what
        the call raises.
        """
        party = self._party(origin, 1, other_signatories)
        outcome = self.world.attempt(call, Origin.of(party.account))
        post = PostInfo(weights.alone(self._length(call)) + outcome.actual.weight)
        if outcome.failure is not None:
            outcome.failure.post = post
            raise outcome.failure
        return post

    @call(index=1)
    def as_multi(
        self,
        origin: Origin,
        threshold: u16,
        other_signatories: Vec[AccountId],
        maybe_timepoint: Timepoint | None,
        call: RuntimeCall,
        max_weight: Weight,
    ) -> PostInfo:
        """Approve a call, and make it if that suffices.

        Raises: MinimumThreshold, MaxWeightTooLow, AlreadyApproved, NoTimepoint, WrongTimepoint,
        UnexpectedTimepoint, InsufficientBalance (of the deposit), and of the members.
        Emits: NewMultisig, MultisigApproval, MultisigExecuted.
        """
        party = self._several(origin, threshold, other_signatories)
        encoded = self.world.runtime.call_codec.encode(call)
        call_hash, length = blake2_256(encoded), len(encoded)
        operation = self._operation(party, call_hash, maybe_timepoint)
        if operation is None:
            self._begin(party, call_hash)
            return PostInfo(weights.create(party.others, length))
        approvals = set(operation.approvals)
        if len(approvals) < threshold:
            approvals.add(party.who)
        if len(approvals) >= threshold:
            return self._execute(party, call_hash, operation, call, max_weight)
        self._approve(party, call_hash, operation)
        return PostInfo(weights.approve(party.others, length))

    @call(index=2)
    def approve_as_multi(
        self,
        origin: Origin,
        threshold: u16,
        other_signatories: Vec[AccountId],
        maybe_timepoint: Timepoint | None,
        call_hash: Bytes32,
        max_weight: Weight,
    ) -> PostInfo:
        """Approve a call by its hash. Raises as `as_multi`. Emits: NewMultisig, MultisigApproval."""
        party = self._several(origin, threshold, other_signatories)
        operation = self._operation(party, call_hash, maybe_timepoint)
        if operation is None:
            self._begin(party, call_hash)
            return PostInfo(weights.create_by_hash(party.others))
        if len(operation.approvals) >= threshold:
            raise self.AlreadyApproved(party.who)
        self._approve(party, call_hash, operation)
        return PostInfo(weights.approve_by_hash(party.others))

    @call(index=3)
    def cancel_as_multi(
        self,
        origin: Origin,
        threshold: u16,
        other_signatories: Vec[AccountId],
        timepoint: Timepoint,
        call_hash: Bytes32,
    ) -> None:
        """As who left the deposit: give a call up. Raises: NotFound, WrongTimepoint, NotOwner, and of the
        members. Emits: MultisigCancelled.
        """
        party = self._several(origin, threshold, other_signatories)
        operation = self._found(party, call_hash)
        if operation.when != timepoint:
            raise self.WrongTimepoint(operation.when, timepoint)
        self._require_depositor(party, operation)
        self._close(party, call_hash, operation)
        self.emit(self.MultisigCancelled(party.who, timepoint, party.account, call_hash))

    @call(index=4)
    def poke_deposit(
        self, origin: Origin, threshold: u16, other_signatories: Vec[AccountId], call_hash: Bytes32
    ) -> PostInfo:
        """As who left the deposit: bring it to what it must be now; free of charge if that changed it.

        Raises: NotFound, NotOwner, and of the members. Emits: DepositPoked.
        """
        party = self._several(origin, threshold, other_signatories)
        operation = self._found(party, call_hash)
        self._require_depositor(party, operation)
        old, new = operation.deposit, self._deposit(threshold)
        if old == new:
            return PostInfo(pays=Pays.Yes)
        if new > old:
            self.balances.reserve(party.who, new - old)
        else:
            self.balances.unreserve(party.who, old - new)
        self.multisigs[party.account, call_hash] = replace(operation, deposit=new)
        self.emit(self.DepositPoked(party.who, call_hash, old, new))
        return PostInfo(pays=Pays.No)

    def try_state(self) -> None:
        """Approvals are in order, each once."""
        for account, _, operation in self.multisigs.items():
            if operation is None or list(operation.approvals) != sorted(set(operation.approvals)):
                raise InvariantBroken(f"approvals of {account.hex()} are not in order")

    def _party(self, origin: Origin, threshold: int, others: tuple[bytes, ...]) -> Party:
        who = origin.signed()
        if not others:
            raise self.TooFewSignatories
        if len(others) >= self.max_signatories:
            raise self.TooManySignatories(len(others) + 1, self.max_signatories)
        if list(others) != sorted(set(others)):
            raise self.SignatoriesOutOfOrder
        if who in others:
            raise self.SenderInSignatories(who)
        return Party(who, multi_account((who, *others), threshold), len(others), threshold)

    def _several(self, origin: Origin, threshold: int, others: tuple[bytes, ...]) -> Party:
        origin.signed()
        if threshold < 2:
            raise self.MinimumThreshold(threshold)
        return self._party(origin, threshold, others)

    def _operation(
        self, party: Party, call_hash: bytes, timepoint: Timepoint | None
    ) -> MultisigOperation | None:
        operation = self.multisigs[party.account, call_hash]
        if operation is None and timepoint is not None:
            raise self.UnexpectedTimepoint(timepoint)
        if operation is not None and timepoint is None:
            raise self.NoTimepoint(operation.when)
        if operation is not None and operation.when != timepoint:
            raise self.WrongTimepoint(operation.when, timepoint)
        return operation

    def _found(self, party: Party, call_hash: bytes) -> MultisigOperation:
        operation = self.multisigs[party.account, call_hash]
        if operation is None:
            raise self.NotFound(call_hash)
        return operation

    def _require_depositor(self, party: Party, operation: MultisigOperation) -> None:
        if operation.depositor != party.who:
            raise self.NotOwner(party.who)

    def _begin(self, party: Party, call_hash: bytes) -> None:
        deposit = self._deposit(party.threshold)
        self.balances.reserve(party.who, deposit)
        when = Timepoint(self.system.number.get(), self.system.extrinsic_index())
        operation = MultisigOperation(when, deposit, party.who, (party.who,))
        self.multisigs[party.account, call_hash] = operation
        self.emit(self.NewMultisig(party.who, party.account, call_hash))

    def _approve(self, party: Party, call_hash: bytes, operation: MultisigOperation) -> None:
        if party.who in operation.approvals:
            raise self.AlreadyApproved(party.who)
        approvals = tuple(sorted((*operation.approvals, party.who)))
        self.multisigs[party.account, call_hash] = replace(operation, approvals=approvals)
        self.emit(self.MultisigApproval(party.who, operation.when, party.account, call_hash))

    def _execute(
        self, party: Party, call_hash: bytes, operation: MultisigOperation, call: RuntimeCall, limit: Weight
    ) -> PostInfo:
        weight = self.world.runtime.info(call).weight
        if not weight.fits(limit):
            raise self.MaxWeightTooLow(weight, limit)
        self._close(party, call_hash, operation)
        outcome = self.world.attempt(call, Origin.of(party.account))
        failure = outcome.failure
        result = Ok(()) if failure is None else Err(self.world.runtime.dispatch_error(failure))
        self.emit(self.MultisigExecuted(party.who, operation.when, party.account, call_hash, result))
        return PostInfo(weights.complete(party.others, self._length(call)) + outcome.actual.weight)

    def _close(self, party: Party, call_hash: bytes, operation: MultisigOperation) -> None:
        del self.multisigs[party.account, call_hash]
        self.balances.unreserve(operation.depositor, operation.deposit)

    def _deposit(self, threshold: int) -> int:
        return self.deposit_base + self.deposit_factor * threshold

    def _length(self, call: RuntimeCall) -> int:
        return len(self.world.runtime.call_codec.encode(call))


def multi_account(members: tuple[bytes, ...], threshold: int) -> bytes:
    """The account of several: blake2-256 of (b"modlpy/utilisuba", members ascending, threshold u16)."""
    listed = COUNT.encode(len(members)) + b"".join(sorted(members))
    return blake2_256(b"modlpy/utilisuba" + listed + threshold.to_bytes(2, "little"))
