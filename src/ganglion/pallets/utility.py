"""Utility: several calls in one, and calls as another.

Inner calls run as the caller. What they did not use of their weight is given back with the fee for it.
Source: subtensor pallets/utility/src/lib.rs (a fork of polkadot-sdk's), runtime/src/lib.rs
(NoNestingCallFilter).
"""

from __future__ import annotations

from ganglion.crypto.hashing import blake2_256
from ganglion.frame.call import RuntimeCall, call
from ganglion.frame.dispatch import (
    NO_WEIGHT,
    BadOrigin,
    DispatchError,
    DispatchFailed,
    Error,
    PostInfo,
    Weight,
)
from ganglion.frame.event import Event
from ganglion.frame.origin import NONE, Origin
from ganglion.frame.pallet import Pallet, constant
from ganglion.pallets.origin_caller import OriginCaller, origin_of
from ganglion.pallets.system import System
from ganglion.pallets.weights.core import IF_ELSE, WRAPPER, batch_weight
from ganglion.scale.containers import Err, Ok
from ganglion.scale.types import Unit, Vec, u16, u32

BATCHES = ("Utility.batch", "Utility.batch_all", "Utility.force_batch")
"""Only root may put these directly into one another."""


class Utility(Pallet, crate="pallet_subtensor_utility"):
    """Batches, alternatives, and calls as a derived account or, for root, as anybody."""

    batched_calls_limit: u32 = constant(10_922, name="batched_calls_limit")

    class BatchInterrupted(Event, index=0):
        """A batch stopped at a call that failed; those before it stand."""

        index: u32
        error: DispatchError

    class BatchCompleted(Event, index=1):
        """All calls of a batch succeeded."""

    class BatchCompletedWithErrors(Event, index=2):
        """A forced batch ended, and some of its calls failed."""

    class ItemCompleted(Event, index=3):
        """A call of a batch succeeded."""

    class ItemFailed(Event, index=4):
        """A call of a forced batch failed."""

        error: DispatchError

    class DispatchedAs(Event, index=5):
        """Root had a call made as another origin."""

        result: Ok[Unit] | Err[DispatchError]

    class IfElseMainSuccess(Event, index=6):
        """The first of two calls succeeded, so the other was not made."""

    class IfElseFallbackCalled(Event, index=7):
        """The first of two calls failed, and the other succeeded."""

        main_error: DispatchError

    class TooManyCalls(Error, index=0):
        """There are too many calls in the batch."""

    @call(index=0)
    def batch(self, origin: Origin, calls: Vec[RuntimeCall]) -> PostInfo:
        """Run calls in order up to the first that fails. Raises: TooManyCalls, CallFiltered."""
        succeeded, post, failure = self._up_to_a_failure(origin, calls)
        if failure is not None:
            self.emit(self.BatchInterrupted(succeeded, self.world.runtime.dispatch_error(failure)))
        return post

    @call(index=1)
    def as_derivative(self, origin: Origin, index: u16, call: RuntimeCall) -> PostInfo:
        """Run a call as the account derived from the sender and `index`. Raises: what the call raises."""
        outcome = self.world.attempt(call, origin.acting_as(derived_account(origin.signed(), index)))
        post = PostInfo(outcome.actual.weight + WRAPPER)
        if outcome.failure is not None:
            outcome.failure.post = post
            raise outcome.failure
        return post

    @call(index=2)
    def batch_all(self, origin: Origin, calls: Vec[RuntimeCall]) -> PostInfo:
        """Run all calls or none. Raises: TooManyCalls, CallFiltered, and what a call raises."""
        _, post, failure = self._up_to_a_failure(origin, calls)
        if failure is not None:
            failure.post = post
            raise failure
        return post

    @call(index=3)
    def dispatch_as(self, origin: Origin, as_origin: OriginCaller, call: RuntimeCall) -> None:
        """Root: make a call as another origin; it may fail. Emits: DispatchedAs."""
        origin.root()
        try:
            self.world.dispatch(call, origin_of(as_origin))
        except DispatchFailed as failure:
            self.emit(self.DispatchedAs(Err(self.world.runtime.dispatch_error(failure))))
        else:
            self.emit(self.DispatchedAs(Ok(())))

    @call(index=4)
    def force_batch(self, origin: Origin, calls: Vec[RuntimeCall]) -> PostInfo:
        """Run all calls, whichever fail. Raises: TooManyCalls, CallFiltered."""
        self._check_batch(origin, calls)
        used, failed = NO_WEIGHT, False
        for item in calls:
            outcome = self.world.attempt(item, origin)
            used += outcome.actual.weight
            if outcome.failure is None:
                self.emit(self.ItemCompleted())
            else:
                failed = True
                self.emit(self.ItemFailed(self.world.runtime.dispatch_error(outcome.failure)))
        self.emit(self.BatchCompletedWithErrors() if failed else self.BatchCompleted())
        return PostInfo(used + batch_weight(len(calls)))

    @call(index=5)
    def with_weight(self, origin: Origin, call: RuntimeCall, weight: Weight) -> None:
        """Root: make a call as root; `weight` is what it counts for. Raises: what the call raises."""
        origin.root()
        self.world.dispatch(call, origin)

    @call(index=6)
    def if_else(self, origin: Origin, main: RuntimeCall, fallback: RuntimeCall) -> PostInfo:
        """Make the first call or, if it fails, the other.

        Raises: what the other raises. Emits: IfElseMainSuccess, IfElseFallbackCalled.
        """
        if origin == NONE:
            raise BadOrigin
        first = self.world.attempt(main, origin)
        used = IF_ELSE + first.actual.weight
        if first.failure is None:
            self.emit(self.IfElseMainSuccess())
            return PostInfo(used)
        second = self.world.attempt(fallback, origin)
        post = PostInfo(used + second.actual.weight)
        if second.failure is not None:
            second.failure.post = post
            raise second.failure
        self.emit(self.IfElseFallbackCalled(self.world.runtime.dispatch_error(first.failure)))
        return post

    @call(index=7)
    def dispatch_as_fallible(self, origin: Origin, as_origin: OriginCaller, call: RuntimeCall) -> None:
        """Root: make a call as another origin. Raises: what the call raises. Emits: DispatchedAs."""
        origin.root()
        self.world.dispatch(call, origin_of(as_origin))
        self.emit(self.DispatchedAs(Ok(())))

    def _up_to_a_failure(
        self, origin: Origin, calls: tuple[RuntimeCall, ...]
    ) -> tuple[int, PostInfo, DispatchFailed | None]:
        """How many calls of a batch succeed before one fails, what all that ran cost, and the failure.

        Raises: TooManyCalls, CallFiltered. Emits: ItemCompleted for each, BatchCompleted if none fails.
        """
        self._check_batch(origin, calls)
        used = NO_WEIGHT
        for index, item in enumerate(calls):
            outcome = self.world.attempt(item, origin)
            used += outcome.actual.weight
            if outcome.failure is not None:
                return index, PostInfo(used + batch_weight(index + 1)), outcome.failure
            self.emit(self.ItemCompleted())
        self.emit(self.BatchCompleted())
        return len(calls), PostInfo(used + batch_weight(len(calls))), None

    def _check_batch(self, origin: Origin, calls: tuple[RuntimeCall, ...]) -> None:
        if origin == NONE:
            raise BadOrigin
        if len(calls) > self.batched_calls_limit:
            raise self.TooManyCalls(len(calls))
        if not origin.is_root and any(item.path in BATCHES for item in calls):
            raise System.CallFiltered("a batch directly inside a batch")


def derived_account(who: bytes, index: int) -> bytes:
    """The account that `as_derivative` acts as: blake2-256 of (b"modlpy/utilisuba", who, index u16)."""
    return blake2_256(b"modlpy/utilisuba" + who + index.to_bytes(2, "little"))
