"""What a call costs and how it can end.

Terms: *weight* is picoseconds of work (`ref_time`) and bytes of proof (`proof_size`); a *dispatch error*
is a failure that the chain records; pallets raise it as an exception derived from `DispatchFailed`.
Source: polkadot-sdk substrate/frame/support/src/dispatch.rs, substrate/primitives/runtime/src/lib.rs.
"""

from __future__ import annotations

import enum
from typing import ClassVar

from ganglion.scale import Enum, Struct, named
from ganglion.scale.record import record
from ganglion.scale.types import Bytes4, Compact, u8, u64

U64_MAX = (1 << 64) - 1


class Weight(Struct, path="sp_weights::weight_v2::Weight"):
    """Work in picoseconds and proof in bytes. Sums stop at the greatest u64."""

    ref_time: Compact[u64]
    proof_size: Compact[u64]

    def __add__(self, other: Weight) -> Weight:
        ref_time, proof_size = self.ref_time + other.ref_time, self.proof_size + other.proof_size
        if ref_time > U64_MAX or proof_size > U64_MAX:
            return Weight(min(ref_time, U64_MAX), min(proof_size, U64_MAX))
        return Weight(ref_time, proof_size)

    def fits(self, limit: Weight) -> bool:
        """Whether neither part is above the limit's."""
        return self.ref_time <= limit.ref_time and self.proof_size <= limit.proof_size


NO_WEIGHT = Weight(0, 0)


@named("frame_support::dispatch::DispatchClass")
class DispatchClass(enum.IntEnum):
    """Which share of a block a call may use."""

    Normal = 0
    Operational = 1
    Mandatory = 2


@named("frame_support::dispatch::Pays")
class Pays(enum.IntEnum):
    """Whether the sender pays for a call's weight."""

    Yes = 0
    No = 1


class DispatchInfo(Struct, path="frame_system::DispatchEventInfo"):
    """What a call is expected to cost, or did cost."""

    weight: Weight
    class_: DispatchClass
    pays_fee: Pays


@record
class PostInfo:
    """What a call reports after it ran: its true weight, and whether it is to be paid for."""

    weight: Weight | None = None
    pays: Pays | None = None

    def apply(self, info: DispatchInfo) -> DispatchInfo:
        """`info` corrected: the weight may only fall and the fee only be waived."""
        if self is NOTHING_REPORTED:
            return info
        weight = info.weight
        if self.weight is not None:
            weight = Weight(
                min(weight.ref_time, self.weight.ref_time), min(weight.proof_size, self.weight.proof_size)
            )
        pays = Pays.No if Pays.No in (self.pays, info.pays_fee) else Pays.Yes
        return DispatchInfo(weight, info.class_, pays)


NOTHING_REPORTED = PostInfo()
"""What a call reports that took what it was expected to take."""


@named("sp_runtime::TokenError")
class TokenErrorKind(enum.IntEnum):
    """Why a balance could not change."""

    FundsUnavailable = 0
    OnlyProvider = 1
    BelowMinimum = 2
    CannotCreate = 3
    UnknownAsset = 4
    Frozen = 5
    Unsupported = 6
    CannotCreateHold = 7
    NotExpendable = 8
    Blocked = 9


@named("sp_arithmetic::ArithmeticError")
class ArithmeticErrorKind(enum.IntEnum):
    """Why a number could not be computed."""

    Underflow = 0
    Overflow = 1
    DivisionByZero = 2


@named("sp_runtime::TransactionalError")
class TransactionalErrorKind(enum.IntEnum):
    """Why a storage transaction could not be opened."""

    LimitReached = 0
    NoLayer = 1


@named("sp_runtime::proving_trie::TrieError")
class TrieErrorKind(enum.IntEnum):
    """Why a proof failed; no call raises it, the type is part of the interface."""

    InvalidStateRoot = 0
    IncompleteDatabase = 1
    ValueAtIncompleteKey = 2
    DecoderError = 3
    InvalidHash = 4
    DuplicateKey = 5
    ExtraneousNode = 6
    ExtraneousValue = 7
    ExtraneousHashReference = 8
    InvalidChildReference = 9
    ValueMismatch = 10
    IncompleteProof = 11
    RootMismatch = 12
    DecodeError = 13


class ModuleError(Struct, path="sp_runtime::ModuleError"):
    """A pallet's own error: the pallet's index, and the error's in the first of four bytes."""

    index: u8
    error: Bytes4


class DispatchError(Enum, path="sp_runtime::DispatchError"):
    """A failure as the chain records it."""


class Other(DispatchError, index=0): ...


class CannotLookup(DispatchError, index=1): ...


class BadOriginError(DispatchError, index=2, name="BadOrigin"): ...


class Module(DispatchError, index=3, positional=True):
    error: ModuleError


class ConsumerRemaining(DispatchError, index=4): ...


class NoProviders(DispatchError, index=5): ...


class TooManyConsumers(DispatchError, index=6): ...


class Token(DispatchError, index=7, positional=True):
    error: TokenErrorKind


class Arithmetic(DispatchError, index=8, positional=True):
    error: ArithmeticErrorKind


class Transactional(DispatchError, index=9, positional=True):
    error: TransactionalErrorKind


class Exhausted(DispatchError, index=10): ...


class Corruption(DispatchError, index=11): ...


class Unavailable(DispatchError, index=12): ...


class RootNotAllowed(DispatchError, index=13): ...


class Trie(DispatchError, index=14, positional=True):
    error: TrieErrorKind


class DispatchFailed(Exception):
    """A call was refused or could not be carried out; its changes are undone.

    `post` is what the call reports all the same (weight used, fee waived).
    """

    post: PostInfo = NOTHING_REPORTED


class Refused(DispatchFailed):
    """A failure that is one of the runtime's own, not a pallet's."""

    def __init__(self, error: DispatchError) -> None:
        super().__init__(error)
        self.error = error


class BadOrigin(Refused):
    """The call was not made by whom it must be made by."""

    def __init__(self) -> None:
        super().__init__(BadOriginError())


class TokenError(Refused):
    """A balance cannot change that way."""

    def __init__(self, kind: TokenErrorKind) -> None:
        super().__init__(Token(kind))


class ArithmeticFailed(Refused):
    """A number left its range."""

    def __init__(self, kind: ArithmeticErrorKind) -> None:
        super().__init__(Arithmetic(kind))


class Error(DispatchFailed):
    """A pallet's declared error: `class TooLow(Error, index=3): \"\"\"What is wrong.\"\"\"`.

    Arguments are the values that broke the rule; the wire carries only the index.
    """

    scale_index: ClassVar[int] = -1

    def __init_subclass__(cls, index: int) -> None:
        super().__init_subclass__()
        cls.scale_index = index


class CallFiltered(Error, index=5):
    """The call is switched off, or whoever makes it may not make it. System declares it on the wire."""


@record
class Outcome:
    """How a call ended: its true cost, and its failure or None."""

    actual: DispatchInfo
    failure: DispatchFailed | None


class InvariantBroken(Exception):
    """The chain's own bookkeeping is wrong: a bug of ours, which stops the node."""
